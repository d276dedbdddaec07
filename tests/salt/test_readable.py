"""What operators read at night passes the linters of its languages."""

import subprocess
import sys
from pathlib import Path

import pytest
from harness import tree
from harness.checks import succeeded

TOOLS = Path(sys.executable).parent
# The original's names and Salt's own layout do not fit yamllint's taste of 80 columns, `---` and two blanks.
YAMLLINT = "{extends: default, rules: {line-length: {max: 160}, document-start: disable, empty-lines: {max: 3}, " \
           "comments: {min-spaces-from-content: 1}}}"


@pytest.fixture(scope="module")
def states(tmp_path_factory):
    """The directory of the flagship's states."""
    return tree.build(tree.KRI.read_text(encoding="utf-8"), tmp_path_factory.mktemp("readable")) / "salt"


def clean(*command, text=None):
    """The linter has nothing to say."""
    done = subprocess.run(list(map(str, command)), input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and not done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("shell", ["sh", "bash", "zsh"])
def test_the_script_parses(states, shell):
    clean(shell, "-n", states / "states/tart/files/tart-vm.sh")


def test_the_script_is_clean_in_shellcheck(states):
    clean("shellcheck", "-s", "sh", states / "states/tart/files/tart-vm.sh")


def test_the_states_are_clean_in_salt_lint(states):
    clean(TOOLS / "salt-lint", *sorted(states.rglob("*.sls")))


def test_the_pillar_is_clean_in_yamllint(states):
    clean(TOOLS / "yamllint", "-d", YAMLLINT, *sorted(states.glob("pillar/tart/hosts/*.sls")))


def test_the_rendered_states_are_clean_in_yamllint(mac, kri):
    """On a bare Mac and on a converged one, which are different states."""
    mac.use_tree(kri)
    for _ in range(2):
        for sls in ("init", "remove"):
            rendered = mac.salt("slsutil.renderer", f"/srv/salt/states/tart/{sls}.sls", "default_renderer=jinja").value
            assert "tart_" in rendered
            clean(TOOLS / "yamllint", "-d", YAMLLINT, "-", text=rendered.rstrip("\n") + "\n")
        succeeded(mac.apply())
