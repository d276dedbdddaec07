"""tart was killed while it wrote a config.json, which it does in place: the next apply puts everything right."""

import json

import pytest
from harness.checks import absent, dormant, fleet, idle, runs, succeeded

SONOMA = "ghcr.io/cirruslabs/macos-sonoma-base:latest"
CONFIG = "/Users/dk/.tart/vms/{}/config.json"


def tear(mac, name, upto, **changes):
    """Leaves the beginning of the config.json that tart would have written: up to a share of it, or just behind a text."""
    path = mac.path(CONFIG.format(name))
    text = json.dumps({**json.loads(path.read_text(encoding="utf-8")), **changes}, indent=2)
    end = int(len(text) * upto) if isinstance(upto, float) else text.index(upto) + len(upto)
    # In place: the file belongs to the user, and a running tart holds a lock on it.
    path.write_text(text[:end], encoding="utf-8")


def killed_in(mac, *words):
    """An apply that is killed, with all its children, when tart is called with these words."""
    start = mac.mark()
    result = mac.apply(kill_when=lambda mac: bool(mac.calls("tart", *words, since=start)))
    assert result.killed, result.explain()


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


@pytest.mark.parametrize("sls", ["tart", "tart.remove"])
def test_a_clone_that_outlives_its_apply_does_not_outlive_a_removal(mac, spec, sls):
    mac.set_image("ghcr.io/cirruslabs/ubuntu:latest", pull_seconds=20)
    mac.use_tree(spec(fleet({"vm": {}})))
    start = mac.mark()
    result = mac.apply(kill_when=lambda mac: bool(mac.calls("tart", "clone", since=start)), kill_children=False)
    assert result.killed, result.explain()
    if sls == "tart":
        mac.use_tree(spec(fleet({}, removed=["vm"])))
    result = succeeded(mac.apply(sls))
    assert result.seconds < 30, result.explain()
    mac.run("/bin/sleep", "60")
    absent(mac, "vm", "vm.tartgen")
    idle(mac.apply(sls))


@pytest.mark.parametrize("then", ["dormant", "removed", "changed"])
@pytest.mark.parametrize("times", [1, 100])
def test_launchd_that_does_not_answer_is_not_taken_for_one_without_the_job(mac, spec, then, times):
    mac.use_tree(spec(fleet({"vm": {}, "other": {}})))
    succeeded(mac.apply())
    identity = mac.vms()["vm"]["identity"]
    new = {"dormant": {"vm": {"enabled": False}}, "removed": {}, "changed": {"vm": {"run": {"no_audio": True}}}}[then]
    mac.use_tree(spec(fleet({"other": {}, **new}, removed=["vm"] if then == "removed" else [])))
    mac.set_faults({"tool": "launchctl", "args": ["print", "system/com.tart.vm"], "exit": 1, "text": "odd", "times": times})
    result = mac.apply()
    if times > 1:
        assert result.failed() and "answers 1" in result.text(), result.explain()
        assert mac.vms()["vm"]["identity"] == identity and mac.vms()["vm"]["running"]
        mac.set_faults()
        result = mac.apply()
    succeeded(result)
    if then == "dormant":
        dormant(mac, "vm", identity)
    elif then == "removed":
        absent(mac, "vm")
    else:
        assert mac.jobs()["com.tart.vm"]["pid"] == mac.vms()["vm"]["boots"][-1]["pid"]
    idle(mac.apply())


def test_a_bootstrap_that_took_effect_is_not_repeated(mac, spec):
    mac.use_tree(spec(fleet({"vm": {}})))
    mac.set_faults({"tool": "launchctl", "args": ["bootstrap"], "exit": 9, "text": "", "times": 1, "late": True})
    succeeded(mac.apply())
    runs(mac, "vm", 2, 4096, 20)
    assert len(mac.calls("launchctl", "bootstrap")) == 1
    idle(mac.apply())


def test_what_a_guest_said_when_it_stopped_is_shown(mac, spec):
    mac.use_tree(spec(fleet({"vm": {}})))
    mac.set_guest("vm", crash_after=1, exit=0, stdout="guest has stopped the virtual machine due to error: out of luck")
    result = mac.apply()
    assert result.failed() == ["tart_service_vm"] and "out of luck" in result.text("tart_service_vm"), result.explain()


def test_a_group_wheel_with_any_number(mac, spec):
    groups = mac.read("/etc/group")
    assert "wheel:x:0:" in groups or "wheel:*:0:" in groups, groups
    mac.write("/etc/group", groups.replace("wheel:x:0:", "wheel:x:77:").replace("wheel:*:0:", "wheel:*:77:"))
    mac.use_tree(spec(fleet({"vm": {}})))
    succeeded(mac.apply())
    idle(mac.apply())
    idle(mac.apply(test=True))
