"""`tartgen show` says just what Salt makes of the states: IDs, functions, order and arguments."""

import json
import re
import subprocess

import pytest
from harness import tree
from harness.checks import fleet, succeeded

FIXTURES = ["kri", "everything", "options", "removed"]


def text(fixture):
    """A fixture whose VMs belong to the account that a simulated Mac has."""
    path = tree.REPOSITORY / "fixtures" / "valid" / f"{fixture}.yaml"
    return re.sub(r"run_user: [a-z_]+", "run_user: dk", path.read_text(encoding="utf-8"))


def shown(spec, *options):
    """The low chunks that tartgen shows for mm1."""
    argv = [str(tree.binary()), "show", "mm1", "-", "--format", "json", *options]
    return json.loads(subprocess.run(argv, input=spec, capture_output=True, text=True, check=True).stdout)


@pytest.mark.parametrize("fixture", FIXTURES)
def test_salt_runs_what_is_shown(mac, spec, fixture):
    mac.use_tree(spec(text(fixture)))
    for sls, options in [("tart", []), ("tart.remove", ["--remove"])]:
        result = mac.salt("state.show_low_sls", sls)
        assert result.exit == 0, result.stderr
        chunks = shown(text(fixture), *options)
        assert [chunk["__id__"] for chunk in chunks] == [chunk["__id__"] for chunk in result.value]
        assert chunks == result.value
        assert len(chunks) > 1
    # Nothing was done by looking.
    assert mac.vms() == {}


def test_a_mac_that_is_as_it_should_be(mac, spec):
    vms = {"runs": {}, "runs-2": {"display": "800x600"}, "dormant": {}}
    mac.use_tree(spec(fleet(vms)))
    succeeded(mac.apply())
    # Dormant, it keeps the disk that it has by now.
    described = fleet(vms | {"dormant": {"enabled": False}}, removed=["gone"])
    mac.use_tree(spec(described))
    succeeded(mac.apply())
    for sls, options in [("tart", []), ("tart.remove", ["--remove"])]:
        result = mac.salt("state.show_low_sls", sls)
        assert shown(described, "--on", "converged", *options) == result.value


def test_the_order_shown_is_the_order_run(mac, kri):
    mac.use_tree(kri)
    result = mac.apply(test=True)
    assert result.order == [chunk["__id__"] for chunk in shown(text("kri"))], result.explain()
