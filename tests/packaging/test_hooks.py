"""The pre-commit hooks, installed by real pre-commit from a clone of this repository."""

import json
import subprocess

import pytest
from conftest import QUICK, REPOSITORY, SPEC, Folder


@pytest.fixture
def hooked(fleet, tmp_path):
    """The fleet with both hooks, from the files of this repository as they are now."""
    source = tmp_path / "tartgen"
    source.mkdir()
    names = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=REPOSITORY,
                           capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(lambda name: name and (REPOSITORY / name).is_file(), names):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((REPOSITORY / name).read_bytes())
    published = Folder(source, fleet.environment)
    published.must("git", "init", "--quiet")
    revision = published.commit("Publish")
    fleet.environment |= QUICK
    # JSON is YAML.
    hooks = {"repos": [{"repo": str(source), "rev": revision, "hooks": [{"id": "tartgen-validate"}, {"id": "tartgen-check"}]}]}
    fleet.write(".pre-commit-config.yaml", json.dumps(hooks))
    fleet.must("git", "add", ".pre-commit-config.yaml")
    return fleet


def test_hooks(hooked):
    """One test, since installing the hooks compiles tartgen."""
    hooked.must("pre-commit", "run", "--all-files")

    hooked.write("tartgen.yaml", SPEC.replace("cpu: 2", "cpu: 4"))
    hooked.must("git", "add", "--all")
    stale = hooked.run("pre-commit", "run")
    assert stale.returncode == 1, stale
    assert "stale out/salt/pillar/tart/hosts/mm1.sls" in stale.stdout and stale.stdout.count("Passed") == 1, stale

    hooked.must("tartgen", "build")
    hooked.must("git", "add", "--all")
    hooked.must("pre-commit", "run")

    hooked.write("tartgen.yaml", SPEC.replace("cpu: 2", "cpu: 4").replace("run_user: dk", "run_user: root"))
    hooked.must("git", "add", "--all")
    wrong = hooked.run("pre-commit", "run", "tartgen-validate")
    assert wrong.returncode == 1 and "root-run-user" in wrong.stdout, wrong

    hooked.write("notes.txt", "nothing of the fleet\n")
    hooked.must("git", "restore", "--staged", "--worktree", "tartgen.yaml")
    hooked.must("git", "add", "notes.txt")
    hooked.commit("Describe")
    hooked.write("notes.txt", "more\n")
    hooked.must("git", "add", "notes.txt")
    assert hooked.must("pre-commit", "run").count("Skipped") == 2
