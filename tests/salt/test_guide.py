"""The guide: every command of docs/guide.md, in its order, in one repository, with a real master and simulated Macs."""

import os
import re
import subprocess

import pytest
import yaml
from conftest import NEWEST
from harness import tree
from harness.checks import absent, dormant, nothing_left, runs
from harness.mac import REGISTRY, UBUNTU

GUIDE = tree.REPOSITORY / "docs" / "guide.md"
BLOCK = re.compile(r"^```([a-z]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"# ([\w./-]+)\n")
# The packaging suite runs this one, as the GitHub Action does on a machine without tartgen.
ELSEWHERE = "cargo install --locked --path ."
PINNED = "ghcr.io/cirruslabs/ubuntu:24.04"


def blocks():
    """What the guide shows, by the language of each block."""
    found = BLOCK.findall(GUIDE.read_text(encoding="utf-8"))
    assert len(found) > 15, "the guide's blocks are not found"
    return found


@pytest.fixture
def repository(cluster, tmp_path):
    """The repository of the guide, whose tree the master serves, and what runs a script in it."""
    home = tmp_path / "fleet"
    home.mkdir()
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "tartgen").symlink_to(tree.binary())
    for name in ("salt", "salt-run"):
        script = f'#!/bin/sh\nexec {cluster.programs / name} -c {cluster.home / "etc"} -t 300 "$@"\n'
        if name == "salt-run":
            script = script.replace(" -t 300", "")
        (programs / name).write_text(script, encoding="utf-8")
        (programs / name).chmod(0o755)
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8",
                   "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a",
                   "GIT_COMMITTER_EMAIL": "a@example.com"}

    def run(script):
        done = subprocess.run(["bash", "-euxo", "pipefail", "-c", script], cwd=home, env=environment, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=600, check=False)
        assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    run("git init --quiet")
    (cluster.home / "srv").symlink_to(home / "out")
    return home, run


def show(home, name, text):
    """Writes a file that the guide shows."""
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


# The guide is about commands, of which all versions have the same; the suite shows what differs.
@pytest.mark.parametrize("salt", NEWEST, indirect=True)
def test_guide(cluster, make_mac, repository):
    home, run = repository
    macs = {host: make_mac(minion_id=host) for host in ("mm1", "mm2")}
    for mac in macs.values():
        mac.set_registry({**REGISTRY, PINNED: REGISTRY[UBUNTU]})
        cluster.join(mac)
    cluster.wait()
    said, identity = {}, None
    for language, text in blocks():
        named = FILE.match(text)
        if language == "yaml" and named:
            if named[1].startswith("/"):
                served = yaml.safe_load(text)
                assert served == {f"{what}_roots": {"base": [f"/srv/fleet/out/salt/{folder}"]}
                                  for what, folder in (("file", "states"), ("pillar", "pillar"))}
            else:
                show(home, named[1], text)
            continue
        assert language == "sh", f"nothing is known of such a block: {text}"
        script = text.replace(f"{ELSEWHERE}\n", "")
        said[text] = run(script)
        if identity is None and "ci-2" in macs["mm1"].vms():
            identity = macs["mm1"].vms()["ci-2"]["identity"]
        if "--against git:HEAD" in script and "disk: 40" in script:
            runs(macs["mm1"], "ci-2", 2, 6144, 40, identity)
        if "enabled: false" in script:
            dormant(macs["mm1"], "ci-1")
        if '"only"' in script:
            assert macs["mm1"].vms()["ci-2"]["identity"] != identity
    dormant(macs["mm1"], "ci-1")
    absent(macs["mm1"], "ci-2")
    nothing_left(macs["mm2"])
    assert "DESTROYED" in next(output for script, output in said.items() if "removed: [ci-2]" in script)
