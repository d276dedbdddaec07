"""Who gets which pillar."""

import json

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


def pillar_of(mac, minion_id):
    """The compiled pillar of a minion that says it is called so."""
    result = mac.salt("pillar.raw", minion_id=minion_id)
    assert result.exit == 0 or result.value in (None, {}), result.explain()
    return result.value or {}


def test_the_flagship_pillar_is_exactly_that_of_the_original(mac, kri):
    mac.use_tree(kri)
    tart = pillar_of(mac, "mm1")["tart"]
    assert tart["run_user"] == "dk"
    assert {name: {key: vm[key] for key in KRI[name]} for name, vm in tart["vms"].items()} == KRI


@pytest.fixture
def many(mac, spec):
    """A Mac whose tree serves hosts with ids that resemble each other."""
    hosts = {host: json.loads(fleet({f"vm-{number}": {}}))["hosts"]["mm1"] for number, host in enumerate(HOSTS)}
    mac.use_tree(spec(json.dumps({"version": 1, "hosts": hosts})))
    return mac


def test_each_minion_gets_its_own(many):
    for number, host in enumerate(HOSTS):
        assert list(pillar_of(many, host)["tart"]["vms"]) == [f"vm-{number}"], host


def test_strangers_get_nothing(many):
    for stranger in STRANGERS:
        assert "vm-" not in json.dumps(pillar_of(many, stranger)), stranger


def test_a_claimed_grain_changes_nothing(many):
    path = "/var/sim/salt/etc/minion"
    settings = json.loads(many.read(path))
    settings["grains"].update(id="mm10", host="mm10", fqdn="mm10", nodename="mm10")
    many.write(path, json.dumps(settings))
    assert list(pillar_of(many, "mm1")["tart"]["vms"]) == ["vm-0"]
