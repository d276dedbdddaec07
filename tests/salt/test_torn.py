"""tart was killed while it wrote a config.json, which it does in place: the next apply puts everything right."""

import json

import pytest
from harness.checks import absent, fleet, idle, runs, succeeded

SONOMA = "ghcr.io/cirruslabs/macos-sonoma-base:latest"
CONFIG = "/Users/dk/.tart/vms/{}/config.json"


def tear(mac, name, upto):
    """Leaves only the beginning of a config.json: up to a share of it, or just behind a text."""
    path = mac.path(CONFIG.format(name))
    text = json.dumps(json.loads(path.read_text(encoding="utf-8")), indent=2)
    end = int(len(text) * upto) if isinstance(upto, float) else text.index(upto) + len(upto)
    # In place: the file belongs to the user, and a running tart holds a lock on it.
    path.write_text(text[:end], encoding="utf-8")


def killed_in(mac, *words):
    """An apply that is killed, with all its children, when tart is called with these words."""
    start = mac.mark()
    # tart waits for the kill, or on a busy machine the apply would be further by then.
    mac.set_faults({"tool": "tart", "args": list(words), "delay": 600})
    result = mac.apply(kill_when=lambda mac: bool(mac.calls("tart", *words, since=start)))
    assert result.killed, result.explain()
    mac.set_faults()


@pytest.mark.parametrize("upto", [0.0, 0.3, 0.6, 0.9, 0.99, '"memorySize": 8589934592', "}"])
def test_a_torn_size_is_mended_by_the_next_apply(mac, spec, upto):
    mac.use_tree(spec(fleet({"vm": {"image": SONOMA, "cpu": 4, "memory": 8192, "disk": 50}, "zz": {}})))
    succeeded(mac.apply())
    identity = mac.vms()["vm"]["identity"]
    before = json.loads(mac.read(CONFIG.format("vm")))
    mac.use_tree(spec(fleet({"vm": {"image": SONOMA, "cpu": 6, "memory": 8192, "disk": 50}, "zz": {}})))
    killed_in(mac, "set", "vm")
    # The size comes first in the worst of cases, and a bracket of what is inside at the end.
    size = {"cpuCount": 6, "memorySize": 8192 * 2**20}
    rest = {key: value for key, value in before.items() if key not in size}
    mac.path(CONFIG.format("vm")).write_text(json.dumps({**size, "display": {"width": 1024}, **rest}), encoding="utf-8")
    tear(mac, "vm", upto)
    succeeded(mac.apply())
    runs(mac, "vm", 6, 8192, 50, identity)
    after = json.loads(mac.read(CONFIG.format("vm")))
    assert {key: after.get(key) for key in rest} == rest
    idle(mac.apply())
    idle(mac.apply(test=True))


def test_what_a_power_cut_left_of_a_config_is_mended_and_stops_no_other_vm(mac, spec):
    mac.use_tree(spec(fleet({"vm": {"image": SONOMA, "disk": 50, "display": "800x600px"}, "zz": {}})))
    succeeded(mac.apply())
    identity, before = mac.vms()["vm"]["identity"], mac.read(CONFIG.format("vm"))
    mac.use_tree(spec(fleet({"vm": {"image": SONOMA, "disk": 50, "display": "800x600px"}, "zz": {"cpu": 3}})))
    path = mac.path(CONFIG.format("vm"))
    for rest in (b"\0" * 800, before.encode()[:100] + b"\0" * 700, b"\xff\xfe\x00{" * 90):
        path.write_bytes(rest)
        succeeded(mac.apply())
        runs(mac, "vm", 2, 4096, 50, identity)
        runs(mac, "zz", 3, 4096, 20)
        assert json.loads(mac.read(CONFIG.format("vm"))) == json.loads(before)
        idle(mac.apply())


def test_a_config_that_only_its_owner_may_read_is_mended_too(mac, spec):
    for login in (".zprofile", ".profile", ".bash_profile"):
        mac.write(f"/Users/dk/{login}", "umask 077\n")
    mac.use_tree(spec(fleet({"vm": {"image": SONOMA, "disk": 50}})))
    succeeded(mac.apply())
    path = mac.path(CONFIG.format("vm"))
    path.chmod(0o600)
    identity, before = mac.vms()["vm"]["identity"], path.read_text(encoding="utf-8")
    mac.use_tree(spec(fleet({"vm": {"image": SONOMA, "disk": 50, "cpu": 3}})))
    killed_in(mac, "set", "vm")
    tear(mac, "vm", 0.5)
    succeeded(mac.apply())
    runs(mac, "vm", 3, 4096, 50, identity)
    assert json.loads(path.read_text(encoding="utf-8")) == {**json.loads(before), "cpuCount": 3}


@pytest.mark.parametrize("upto", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("then", ["the same", "dormant", "removed"])
def test_a_torn_staging_vm_is_in_nobodys_way(mac, spec, upto, then):
    mac.use_tree(spec(fleet({"vm": {"cpu": 3}})))
    killed_in(mac, "set", "vm.tartgen")
    tear(mac, "vm.tartgen", upto)
    vms = {"the same": {"vm": {"cpu": 3}}, "dormant": {"vm": {"cpu": 3, "enabled": False}}, "removed": {}}[then]
    mac.use_tree(spec(fleet({"new": {}, **vms}, removed=["vm"] if then == "removed" else [])))
    succeeded(mac.apply())
    runs(mac, "new", 2, 4096, 20)
    assert sorted(mac.vms()) == ["new"] + (["vm"] if then == "the same" else [])
    idle(mac.apply())


def test_a_staging_vm_of_a_host_that_needs_it_no_more_goes(mac, spec):
    mac.use_tree(spec(fleet({"vm": {"cpu": 3}})))
    killed_in(mac, "set", "vm.tartgen")
    mac.use_tree(spec(fleet({"vm": {"enabled": False}})))
    succeeded(mac.apply())
    absent(mac, "vm", "vm.tartgen")
    idle(mac.apply())
