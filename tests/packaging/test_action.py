"""The GitHub Action, step by step, in repositories as a pull request leaves them."""

import re

import pytest
import yaml
from action import EXPRESSION, Action
from conftest import QUICK, REPOSITORY, SPEC, Folder

BASE = "github.event.pull_request.base.sha"
CHECK, PLAN = "Check the spec and its tree", "Show what the change will do"


@pytest.fixture
def make_action(tmp_path):
    """The action in a folder, for a pull request against a commit."""
    def make(folder, base=""):
        scratch = tmp_path / "runner"
        scratch.mkdir(exist_ok=True)
        return Action(REPOSITORY, folder, scratch, {BASE: base})
    return make


def test_what_users_choose_is_no_part_of_a_script(make_action, fleet):
    for step in make_action(fleet).definition["runs"]["steps"]:
        assert not EXPRESSION.search(step["run"]), step


def test_a_current_tree_passes_and_the_plan_is_shown(make_action, fleet):
    base = fleet.commit("Base")
    fleet.write("tartgen.yaml", SPEC.replace("cpu: 2", "cpu: 4"))
    fleet.must("tartgen", "build")
    action = make_action(fleet, base)
    done = action.run()
    assert [step.returncode for step in done.values()] == [0, 0, 0], done
    assert "ci-1" in action.summary() and "restart" in action.summary(), action.summary()
    with open(action.output()["plan"], encoding="utf-8") as plan:
        assert plan.read() == action.summary()


def test_a_stale_tree_fails_with_its_files(make_action, fleet):
    fleet.write("tartgen.yaml", SPEC.replace("cpu: 2", "cpu: 4"))
    done = make_action(fleet).run()
    assert list(done)[-1] == CHECK and done[CHECK].returncode == 1, done
    assert "stale out/salt/pillar/tart/hosts/mm1.sls" in done[CHECK].stderr


def test_an_error_is_an_annotation(make_action, fleet):
    fleet.write("tartgen.yaml", SPEC.replace("cpu: 2", "cpu: none"))
    done = make_action(fleet).run()
    assert done[CHECK].returncode == 1 and done[CHECK].stdout.startswith("::error file=tartgen.yaml,line=6,"), done


def test_warnings_fail_when_they_are_denied(make_action, fleet):
    fleet.write("tartgen.yaml", SPEC.replace("24.04", "latest"))
    fleet.must("tartgen", "build")
    action = make_action(fleet)
    assert action.run()[CHECK].returncode == 0
    for deny in ("moving-tag", "unused-image moving-tag", "warnings"):
        assert action.run(deny=deny)[CHECK].returncode == 1, deny


def test_without_a_commit_to_compare_with_there_is_no_plan(make_action, fleet):
    action = make_action(fleet)
    assert PLAN not in action.run() and action.output() == {}


def test_in_the_first_pull_request_every_vm_is_new(make_action, fleet):
    tree = fleet.path / "out"
    tree.rename(fleet.path.parent / "later")
    base = fleet.commit("Only the spec")
    (fleet.path.parent / "later").rename(tree)
    action = make_action(fleet, base)
    done = action.run()
    assert [step.returncode for step in done.values()] == [0, 0, 0], done
    assert "every VM is taken to be new" in action.summary() and "create" in action.summary(), action.summary()


def test_what_may_not_happen_fails_and_is_still_shown(make_action, fleet):
    base = fleet.commit("Base")
    fleet.write("tartgen.yaml", SPEC.partition("    vms:")[0] + "    removed: [ci-1]\n")
    fleet.must("tartgen", "build")
    action = make_action(fleet, base)
    assert action.run()[PLAN].returncode == 0
    done = action.run(**{"fail-on": "destroy"})
    assert done[PLAN].returncode == 1 and "ci-1" in action.summary(), done
    assert "plan" in action.output()


def test_a_shallow_clone_fetches_the_base(make_action, fleet, tmp_path):
    base = fleet.commit("Base")
    fleet.write("tartgen.yaml", SPEC.replace("cpu: 2", "cpu: 4"))
    fleet.must("tartgen", "build")
    fleet.commit("Change")
    fleet.must("git", "clone", "--quiet", "--depth=1", f"file://{fleet.path}", tmp_path / "shallow")
    shallow = Folder(tmp_path / "shallow", fleet.environment)
    assert shallow.run("git", "cat-file", "-e", base).returncode != 0
    action = make_action(shallow, base)
    assert action.run()[PLAN].returncode == 0 and "restart" in action.summary()


@pytest.mark.parametrize("name", ["my fleet.yaml", "$(touch planted).yaml", "a'; touch planted; '.yaml", "-x.yaml"])
def test_hostile_names_are_only_names(make_action, fleet, name):
    fleet.write(name, SPEC)
    spec = f"./{name}"
    fleet.must("tartgen", "build", spec, "--out", "$(touch planted)")
    done = make_action(fleet).run(spec=spec, out="$(touch planted)")
    assert done[CHECK].returncode == 0, done
    assert not (fleet.path / "planted").exists()


def test_the_documentation_of_ci_is_true(make_action, fleet):
    """What docs/ci.md shows exists, and what it runs does; other people's programs and actions are left to them."""
    text = (REPOSITORY / "docs/ci.md").read_text(encoding="utf-8")
    shown = [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)]
    hooks = {hook["id"] for hook in yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    repositories = [repository for block in shown if isinstance(block, dict) for repository in block["repos"]]
    used = [hook["id"] for repository in repositories for hook in repository["hooks"]]
    assert used and set(used) <= hooks, used
    steps = [step for block in shown if isinstance(block, list) for step in block]
    action = make_action(fleet).definition
    [own] = [step for step in steps if step.get("uses", "").startswith("OWNER/tartgen@")]
    assert set(own["with"]) <= set(action["inputs"]) and "plan" in action["outputs"], own
    assert own["with"]["spec"] == action["inputs"]["spec"]["default"] and own["with"]["out"] == action["inputs"]["out"]["default"]
    fleet.must("git", "update-ref", "refs/remotes/origin/main", "HEAD")
    commands = [step["run"] for step in steps if step.get("run", "").startswith("tartgen")]
    assert len(commands) == 3, commands
    for command in commands:
        fleet.must("bash", "-euo", "pipefail", "-c", command)
    assert (fleet.path / "tartgen.sarif").stat().st_size and (fleet.path / "plan.md").stat().st_size


def test_a_runner_without_tartgen_installs_it(make_action, fleet, tmp_path):
    root = tmp_path / "installed"
    path = ":".join([str(root / "bin"), *fleet.environment["PATH"].split(":")[1:]])
    assert fleet.run("bash", "-c", "command -v tartgen", PATH=path).returncode != 0
    done = make_action(fleet).run(environment={**QUICK, "CARGO_INSTALL_ROOT": str(root), "PATH": path})
    assert [step.returncode for step in done.values()] == [0, 0], done
    assert (root / "bin/tartgen").is_file()
