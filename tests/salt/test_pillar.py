"""Who gets which pillar."""

import json
import os
import shutil

import pytest
from harness.checks import fleet

KRI = {
    "kri-test-macos-1": {"image": "ghcr.io/cirruslabs/macos-sonoma-base:latest", "cpu": 4, "memory": 8192, "disk": 60,
                         "enabled": True},
    "kri-test-macos-2": {"image": "ghcr.io/cirruslabs/macos-sonoma-base:latest", "cpu": 4, "memory": 8192, "disk": 60,
                         "enabled": False},
    "kri-test-linux-1": {"image": "ghcr.io/cirruslabs/ubuntu:latest", "cpu": 2, "memory": 4096, "disk": 20,
                         "enabled": True},
}
HOSTS = ["mm1", "mm10", "MM2", "mm2", "mac-1.example.com", "mac-1-example-com", "mac-1.example.org"]
STRANGERS = ["*", "?m1", "mm[1]", "mm1*", "m*1", "**", "mm", "mm11", "Mm1", "mm1.", "mm1/", "../mm1", "mm1\n", "tart",
             "hosts", "top", "mac-1", "mac-1.example", "[!x]*", "{mm1,mm10}", "_mm1", "mm1+", "=mm2", "mac-1+example+com"]


def test_the_flagship_pillar_is_exactly_that_of_the_original(mac, kri):
    mac.use_tree(kri)
    tart = mac.salt("pillar.raw").value["tart"]
    assert tart["run_user"] == "dk"
    assert {name: {key: vm[key] for key in KRI[name]} for name, vm in tart["vms"].items()} == KRI
    assert mac.master_pillars(["mm1"])["mm1"]["tart"] == tart


@pytest.fixture(params=["inside", "beside"])
def many(mac, spec, request):
    """A Mac whose tree serves hosts with ids that resemble each other, in either layout."""
    hosts = {host: json.loads(fleet({f"vm-{number}": {}}))["hosts"]["mm1"] for number, host in enumerate(HOSTS)}
    mac.use_tree(spec(json.dumps({"version": 1, "hosts": hosts, "pillar": {"layout": request.param}})))
    return mac


def test_each_minion_gets_its_own(many):
    """Also when its grains claim to be somebody else."""
    pillars = many.master_pillars(HOSTS)
    for number, host in enumerate(HOSTS):
        assert list(pillars[host]["tart"]["vms"]) == [f"vm-{number}"], host


def test_strangers_get_nothing(many):
    pillars = many.master_pillars(STRANGERS)
    assert {stranger: pillar for stranger, pillar in pillars.items() if "vm-" in json.dumps(pillar)} == {}


@pytest.mark.parametrize("stranger", ["*", "mm[1]", "mm11"])
def test_strangers_get_nothing_masterless(many, stranger):
    result = many.salt("pillar.raw", minion_id=stranger)
    assert "vm-" not in result.stdout


@pytest.fixture
def beside(mac, spec):
    """A Mac with host files beside the pillar root, one of which is full of Jinja."""
    daemon = {"environment": {"TEXT": "{{ 1 + 1 }}{% raw %}{# no #}"}}
    tree = json.loads(fleet({"vm": {"daemon": daemon}}, pillar={"layout": "beside"}))
    mac.use_tree(spec(json.dumps(tree)))
    return mac


def test_files_beside_the_root_are_found_wherever_it_stands(beside):
    """Through a link and by a relative path as well, and what they hold is not rendered."""
    os.symlink("/srv/salt/pillar", beside.path("/srv/linked"))
    for root in ["/srv/salt/pillar", "/srv/linked", "../../../../../../srv/salt/pillar", "/srv/salt/states/../pillar"]:
        result = beside.salt("pillar.raw", f"--pillar-root={root}")
        vm = result.value["tart"]["vms"]["vm"]
        assert vm["environment"] == {"TEXT": "{{ 1 + 1 }}{% raw %}{# no #}"}, (root, vm)


def test_a_pillar_root_without_the_files_beside_it_is_refused(beside):
    """Nothing is applied, and the log says what to copy."""
    shutil.rmtree(beside.path("/srv/salt/hosts"))
    result = beside.apply()
    assert result.exit != 0 and not result.states and "Pillar failed to render" in str(result.errors), result.explain()
    assert "copy salt/hosts beside salt/pillar" in result.stderr
