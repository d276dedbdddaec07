"""Somebody worked on the Mac by hand: one apply repairs it, and VMs that were not touched keep running."""

import plistlib

import pytest
from harness.checks import fleet, idle, runs, succeeded

PLIST = "/Library/LaunchDaemons/com.tart.vm.plist"
TARGET = "system/com.tart.vm"


@pytest.fixture
def pair(mac, spec):
    """A converged Mac with `vm` and `other`."""
    mac.use_tree(spec(fleet({"vm": {}, "other": {}})))
    succeeded(mac.apply())
    return mac


def edit(mac):
    """Another definition in the file, not in launchd."""
    definition = plistlib.loads(mac.path(PLIST).read_bytes())
    definition["ProgramArguments"].insert(2, "--no-audio")
    mac.path(PLIST).write_bytes(plistlib.dumps(definition))


def load_older(mac):
    """launchd runs another definition than the file has: it was edited, loaded and put back."""
    text = mac.read(PLIST)
    edit(mac)
    out(mac)
    mac.launchctl("bootstrap", "system", PLIST, check=True)
    mac.write(PLIST, text)
    mac.wait(lambda: mac.vms()["vm"]["running"])


def out(mac):
    """bootout, and the label free again."""
    mac.launchctl("bootout", TARGET, check=True)
    mac.wait(lambda: "com.tart.vm" not in mac.jobs())


def disable(mac):
    """What `launchctl unload -w` leaves: unloaded and disabled for ever."""
    mac.launchctl("unload", "-w", PLIST, check=True)
    mac.wait(lambda: "com.tart.vm" not in mac.jobs())


def disable_running(mac):
    """Disabled, and nobody noticed yet."""
    mac.launchctl("disable", TARGET, check=True)


def tear_config(mac):
    """A `tart set` by hand that was killed while it wrote."""
    path = mac.path("/Users/dk/.tart/vms/vm/config.json")
    path.write_text(path.read_text(encoding="utf-8")[:150], encoding="utf-8")


def corrupt(mac):
    """Not a plist any more."""
    mac.write(PLIST, "<plist>")


def stop_for_good(mac):
    """A guest that shut down while the job is disabled: loaded, and not running after the reboot."""
    mac.launchctl("disable", TARGET, check=True)
    mac.reboot()


DRIFTS = {
    "edited": edit, "deleted": lambda mac: mac.path(PLIST).unlink(), "mode": lambda mac: mac.path(PLIST).chmod(0o666),
    "booted out": out, "disabled": disable, "older definition": load_older, "corrupt": corrupt,
    "disabled, rebooted": stop_for_good, "disabled, running": disable_running, "torn config.json": tear_config,
}


@pytest.mark.parametrize("drift", DRIFTS)
def test_one_apply_repairs(pair, drift):
    identity = pair.vms()["vm"]["identity"]
    DRIFTS[drift](pair)
    bystander = pair.jobs()["com.tart.other"]["pid"]
    succeeded(pair.apply())
    runs(pair, "vm", 2, 4096, 20, identity)
    assert pair.path(PLIST).stat().st_mode & 0o7777 == 0o644
    assert pair.jobs()["com.tart.other"]["pid"] == bystander
    assert pair.overrides().get("com.tart.vm", False) is False
    idle(pair.apply())


@pytest.mark.parametrize("settings", [{"drain_seconds": 12}, {"drain_seconds": 8, "drain_code": 37},
                                      {"drain_seconds": 0}, {"bootout_code": 36}], ids=str)
def test_the_drain_of_bootout_is_waited_for(pair, settings):
    load_older(pair)
    pair.set_launchd(**settings)
    succeeded(pair.apply())
    runs(pair, "vm", 2, 4096, 20)


def test_a_label_that_never_becomes_free_is_a_clear_failure(pair):
    load_older(pair)
    pair.set_launchd(drain_seconds=100000)
    result = pair.apply()
    assert result.failed() == ["tart_load_vm", "tart_service_vm"], result.explain()
    assert "com.tart.vm" in result.text("tart_load_vm")
    assert result.seconds < 120
    runs(pair, "other", 2, 4096, 20)
    pair.set_launchd(drain_seconds=0)
    pair.reboot()
    succeeded(pair.apply())
    runs(pair, "vm", 2, 4096, 20)


def test_a_guest_that_is_slow_to_stop(pair):
    """A Linux guest that does not react to the power button is cut off in the end."""
    pair.set_guest("vm", shutdown_seconds=1000)
    load_older(pair)
    succeeded(pair.apply())
    runs(pair, "vm", 2, 4096, 20)


def test_a_plist_that_came_back_by_itself_costs_no_restart(pair):
    """The file is repaired; what launchd runs was right all along."""
    pid = pair.jobs()["com.tart.vm"]["pid"]
    edit(pair)
    succeeded(pair.apply())
    assert pair.jobs()["com.tart.vm"]["pid"] == pid


def test_a_dormant_vm_with_a_torn_config_does_not_hold_up_the_others(pair, spec):
    """tart reads every VM's config.json before it clones or runs any."""
    identity = pair.vms()["vm"]["identity"]
    tear_config(pair)
    pair.use_tree(spec(fleet({"vm": {"enabled": False}, "other": {}, "new": {}})))
    succeeded(pair.apply())
    runs(pair, "new", 2, 4096, 20)
    pair.use_tree(spec(fleet({"vm": {}, "other": {}, "new": {}})))
    succeeded(pair.apply())
    runs(pair, "vm", 2, 4096, 20, identity)
    idle(pair.apply())


def test_a_group_wheel_with_any_number(mac, spec):
    groups = mac.read("/etc/group")
    assert "wheel:x:0:" in groups or "wheel:*:0:" in groups, groups
    mac.write("/etc/group", groups.replace("wheel:x:0:", "wheel:x:77:").replace("wheel:*:0:", "wheel:*:77:"))
    mac.use_tree(spec(fleet({"vm": {}})))
    succeeded(mac.apply())
    idle(mac.apply())
    idle(mac.apply(test=True))
