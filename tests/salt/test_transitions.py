"""Edits of the spec: every change takes effect with the same disk, and other VMs do not notice."""

import pytest
from harness.checks import absent, dormant, fleet, idle, runs, succeeded, untouched, would_change

SONOMA = "ghcr.io/cirruslabs/macos-sonoma-base:latest"


@pytest.fixture
def pair(mac, spec):
    """A Mac with VMs `vm` and `other`, and a function that changes `vm` in the spec and applies it."""
    def change(apply=True, **settings):
        mac.use_tree(spec(fleet({"vm": settings, "other": {}})))
        return mac.apply() if apply else None

    succeeded(change())
    mac.change = change
    mac.identity = mac.vms()["vm"]["identity"]
    mac.bystander = mac.jobs()["com.tart.other"]["pid"]
    yield mac
    assert mac.jobs()["com.tart.other"]["pid"] == mac.bystander
    assert mac.jobs()["com.tart.other"]["runs"] == 1


def test_enabled_false_and_true_again(pair):
    succeeded(pair.change(enabled=False))
    dormant(pair, "vm", pair.identity)
    idle(pair.apply())
    pair.reboot()
    pair.bystander = pair.jobs()["com.tart.other"]["pid"]
    dormant(pair, "vm", pair.identity)
    succeeded(pair.change())
    runs(pair, "vm", 2, 4096, 20, pair.identity)
    idle(pair.apply())


def test_disabling_a_vm_that_was_started_by_hand(pair):
    pair.launchctl("bootout", "system/com.tart.vm", check=True)
    pair.wait(lambda: not pair.vms()["vm"]["running"])
    process = pair.run_by_hand("vm")
    succeeded(pair.change(enabled=False))
    dormant(pair, "vm", pair.identity)
    assert process.wait(5) == 0


def test_disabling_a_vm_that_crashes_in_a_loop(pair):
    pair.set_guest("vm", crash_after=0, exit=1, stderr="VZErrorDomain Code=1")
    pair.crash("vm")
    pair.wait(lambda: pair.jobs()["com.tart.vm"]["runs"] >= 2)
    succeeded(pair.change(enabled=False))
    dormant(pair, "vm", pair.identity)
    idle(pair.apply())


def test_a_vm_started_by_hand_is_taken_over_by_launchd(pair):
    pair.launchctl("bootout", "system/com.tart.vm", check=True)
    pair.wait(lambda: not pair.vms()["vm"]["running"])
    process = pair.run_by_hand("vm")
    pair.apply()
    process.wait(5)
    succeeded(pair.apply())
    runs(pair, "vm", 2, 4096, 20, pair.identity)


def test_cpu_and_memory(pair):
    succeeded(pair.change(cpu=6, memory=6144))
    runs(pair, "vm", 6, 6144, 20, pair.identity)
    idle(pair.apply())


def test_cpu_and_memory_say_so_before(pair):
    pair.change(apply=False, cpu=6)
    before = pair.snapshot()
    assert "6" in would_change(pair.apply(test=True)).text("tart_set_vm")
    untouched(before, pair.snapshot())


def test_drift_by_tart_set_is_repaired(pair):
    pair.tart("set", "vm", "--cpu", "7", "--memory", "1024", check=True)
    succeeded(pair.apply())
    runs(pair, "vm", 2, 4096, 20, pair.identity)


def test_disk_grows(pair):
    succeeded(pair.change(disk=80))
    runs(pair, "vm", 2, 4096, 80, pair.identity)
    idle(pair.apply())


def test_disk_never_shrinks(pair):
    succeeded(pair.change(disk=80))
    pid = pair.jobs()["com.tart.vm"]["pid"]
    result = pair.change(disk=70)
    assert "tart_set_vm" in result.failed() and "70" in result.text("tart_set_vm"), result.explain()
    assert all(state.endswith("_vm") for state in result.failed()), result.explain()
    assert pair.jobs()["com.tart.vm"]["pid"] == pid
    runs(pair, "vm", 2, 4096, 80, pair.identity)
    refused = pair.apply(test=True)
    assert refused.failed() == ["tart_set_vm"] and "only ever grows" in refused.text("tart_set_vm"), refused.explain()
    succeeded(pair.change(disk=80))


def test_a_refused_shrink_leaves_the_rest_of_the_vm_to_the_apply(pair):
    succeeded(pair.change(disk=80))
    pair.path("/Library/LaunchDaemons/com.tart.vm.plist").unlink()
    pair.launchctl("bootout", "system/com.tart.vm", check=True)
    assert pair.change(disk=70, cpu=3).failed() == ["tart_set_vm"]
    runs(pair, "vm", 2, 4096, 80, pair.identity)


def test_a_refused_size_costs_no_restart(pair):
    """tart knows the least that an image takes; what runs goes on."""
    pid = pair.jobs()["com.tart.vm"]["pid"]
    pair.set_faults({"tool": "tart", "args": ["set"], "exit": 1, "text": "VM should have at least 4 CPUs"})
    for _ in range(2):
        result = pair.change(cpu=3)
        assert result.failed() == ["tart_set_vm"] and "at least 4" in result.text("tart_set_vm"), result.explain()
        assert pair.jobs()["com.tart.vm"]["pid"] == pid


def test_another_image_does_not_destroy_the_disk(pair):
    pair.change(image="ghcr.io/cirruslabs/debian:latest")
    assert pair.vms()["vm"]["identity"] == pair.identity
    assert pair.vms()["vm"]["running"]


def test_a_moved_tag_changes_nothing(pair):
    pair.set_image("ghcr.io/cirruslabs/ubuntu:latest", generation=2)
    before = pair.snapshot()
    idle(pair.apply())
    untouched(before, pair.snapshot())


@pytest.mark.parametrize("state", ["running", "stopped", "by hand", "crashing", "never made"])
def test_tombstone(mac, spec, state):
    """`removed:` takes the VM whatever state it is in, and nothing else."""
    vms = {"vm": {}, "vm-2": {}}
    mac.use_tree(spec(fleet({"vm-2": {}} if state == "never made" else vms)))
    succeeded(mac.apply())
    mac.tart("clone", "ghcr.io/cirruslabs/ubuntu:latest", "private", check=True)
    kept = {name: mac.vms()[name]["identity"] for name in ("vm-2", "private")}
    pid = mac.jobs()["com.tart.vm-2"]["pid"]
    if state in ("stopped", "by hand"):
        mac.launchctl("bootout", "system/com.tart.vm", check=True)
        mac.wait(lambda: not mac.vms()["vm"]["running"])
    if state == "by hand":
        mac.run_by_hand("vm")
    if state == "crashing":
        mac.set_guest("vm", crash_after=0, exit=1)
        mac.crash("vm")
    mac.use_tree(spec(fleet({"vm-2": {}}, removed=["vm"])))
    succeeded(mac.apply())
    absent(mac, "vm")
    assert {name: vm["identity"] for name, vm in mac.vms().items()} == kept
    assert mac.jobs()["com.tart.vm-2"]["pid"] == pid
    idle(mac.apply())


def test_remove_one_vm_without_editing_the_spec(pair):
    succeeded(pair.apply("tart.remove", pillar={"tart": {"only": ["vm"]}}))
    absent(pair, "vm")
    runs(pair, "other", 2, 4096, 20)


def test_a_suspended_vm_that_gets_other_devices(mac, spec):
    """A saved state fits the devices that it was made with; the disk is what counts."""
    sonoma = {"image": SONOMA, "disk": 50, "daemon": {"keep_alive": False}}
    mac.use_tree(spec(fleet({"vm": {**sonoma, "run": {"suspendable": True}}})))
    succeeded(mac.apply())
    identity = mac.vms()["vm"]["identity"]
    mac.tart("suspend", "vm", check=True)
    mac.wait(lambda: mac.path("/Users/dk/.tart/vms/vm/state.vzvmsave").exists())
    # What says nothing about devices leaves the state alone.
    mac.use_tree(spec(fleet({"vm": {**sonoma, "run": {"suspendable": True}, "daemon": {**sonoma["daemon"], "environment": {"A": "b"}}}})))
    succeeded(mac.apply())
    assert "resuming" in mac.read("/var/log/tart/vm.out.log")
    mac.tart("suspend", "vm", check=True)
    mac.wait(lambda: mac.path("/Users/dk/.tart/vms/vm/state.vzvmsave").exists())
    mac.use_tree(spec(fleet({"vm": {**sonoma, "run": {"no_pointer": True}}})))
    succeeded(mac.apply())
    runs(mac, "vm", 2, 4096, 50, identity)


def test_a_suspended_vm_that_only_changes_its_size(mac, spec):
    """A saved state does not fit other hardware; the disk is what counts."""
    mac.use_tree(spec(fleet({"vm": {"image": SONOMA, "disk": 50, "enabled": False}})))
    mac.install_tart()
    mac.tart("clone", SONOMA, "vm", check=True)
    identity = mac.vms()["vm"]["identity"]
    process = mac.run_by_hand("vm", "--suspendable")
    mac.tart("suspend", "vm", check=True)
    process.wait(5)
    succeeded(mac.apply())
    dormant(mac, "vm", identity)
    mac.use_tree(spec(fleet({"vm": {"image": SONOMA, "disk": 50, "cpu": 6}})))
    succeeded(mac.apply())
    runs(mac, "vm", 6, 4096, 50, identity)
