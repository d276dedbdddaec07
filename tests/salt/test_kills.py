"""The apply is killed, with all its children, at every place that matters: the next one converges, no disk is lost."""

import pytest
from harness.checks import absent, fleet, idle, runs, succeeded

UBUNTU = "ghcr.io/cirruslabs/ubuntu:latest"


def called(tool, *words):
    """The moment a program was started with these words."""
    return lambda mac: bool(mac.calls(tool, *words, since=mac.start))


MOMENTS = {
    "brew install": called("brew", "install"),
    "pull": lambda mac: bool(list(mac.path("/Users/dk/.tart/tmp").glob("*/disk.img"))),
    "clone": lambda mac: bool(list(mac.path("/Users/dk/.tart/tmp").glob("*/config.json"))),
    "cloned": lambda mac: any(vm["complete"] for vm in mac.vms().values()),
    "set": called("tart", "set"),
    "renamed": lambda mac: mac.vms().get("vm", {}).get("complete"),
    "rename": called("tart", "rename"),
    "plist": lambda mac: mac.plist("vm") is not None,
    "enable": called("launchctl", "enable"),
    "bootstrap": called("launchctl", "bootstrap"),
    "started": lambda mac: "com.tart.vm" in mac.jobs(),
}


@pytest.fixture
def slow(mac, spec):
    """A bare Mac on which everything takes long enough to be hit."""
    mac.set_image(UBUNTU, pull_seconds=5)
    mac.control("tart", {"clone_seconds": 3})
    mac.use_tree(spec(fleet({"vm": {"cpu": 3, "memory": 2048, "disk": 30}, "zz": {}})))
    mac.start = 0
    return mac


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_while_creating(slow, moment):
    result = slow.apply(kill_when=MOMENTS[moment])
    assert result.killed, result.explain()
    found = slow.vms().get("vm", {}).get("identity")
    succeeded(slow.apply())
    runs(slow, "vm", 3, 2048, 30, found)
    runs(slow, "zz", 2, 4096, 20)
    assert sorted(slow.vms()) == ["vm", "zz"]
    idle(slow.apply())


@pytest.mark.parametrize("moment", ["pull", "clone", "set"])
def test_only_salt_is_killed_and_its_children_work_on(slow, moment):
    """The master's `salt-call` dies; su, the script and tart survive it, as they do on a Mac."""
    result = slow.apply(kill_when=MOMENTS[moment], kill_children=False)
    assert result.killed, result.explain()
    succeeded(slow.apply())
    runs(slow, "vm", 3, 2048, 30)
    assert sorted(slow.vms()) == ["vm", "zz"]
    slow.run("/bin/sleep", "20")
    runs(slow, "vm", 3, 2048, 30)
    idle(slow.apply())


RELOADS = {
    "bootout": called("launchctl", "bootout"),
    "unloaded": lambda mac: "com.tart.vm" not in mac.jobs(),
    "bootstrap": called("launchctl", "bootstrap"),
    "config written": lambda mac: mac.vms()["vm"].get("cpu") == 6,
    "disk grown": lambda mac: mac.vms()["vm"].get("disk") == 40 * 10**9,
    "set": called("tart", "set"),
}


@pytest.mark.parametrize("moment", RELOADS)
def test_killed_while_changing(mac, spec, moment):
    mac.use_tree(spec(fleet({"vm": {"disk": 30}, "zz": {}})))
    succeeded(mac.apply())
    identity = mac.vms()["vm"]["identity"]
    bystander = mac.jobs()["com.tart.zz"]["pid"]
    mac.use_tree(spec(fleet({"vm": {"cpu": 6, "disk": 40}, "zz": {}})))
    mac.start = mac.mark()
    assert mac.apply(kill_when=RELOADS[moment]).killed
    assert mac.vms()["vm"]["identity"] == identity
    succeeded(mac.apply())
    runs(mac, "vm", 6, 4096, 40, identity)
    assert mac.jobs()["com.tart.zz"]["pid"] == bystander
    idle(mac.apply())


REMOVALS = {
    "bootout": called("launchctl", "bootout"),
    "delete": called("tart", "delete"),
    "half deleted": lambda mac: not mac.vms()["vm"]["complete"],
}


@pytest.mark.parametrize("moment", REMOVALS)
def test_killed_while_removing(mac, spec, moment):
    mac.use_tree(spec(fleet({"vm": {}, "zz": {}})))
    succeeded(mac.apply())
    kept = mac.vms()["zz"]["identity"]
    mac.control("tart", {"delete_seconds": 3})
    mac.use_tree(spec(fleet({"zz": {}}, removed=["vm"])))
    mac.start = mac.mark()
    assert mac.apply(kill_when=REMOVALS[moment]).killed
    succeeded(mac.apply())
    assert list(mac.vms()) == ["zz"]
    runs(mac, "zz", 2, 4096, 20, kept)
    idle(mac.apply())


def test_tart_set_is_cut_off_while_it_writes(mac, spec):
    """tart writes config.json in place: killed in that instant, it leaves an empty file, which is written again."""
    mac.use_tree(spec(fleet({"vm": {}})))
    succeeded(mac.apply())
    identity, mark = mac.vms()["vm"]["identity"], mac.mark()
    mac.use_tree(spec(fleet({"vm": {"cpu": 6}})))
    mac.control("tart", {"die_in_write": True})
    assert mac.apply().failed()
    mac.control("tart", {})
    succeeded(mac.apply())
    assert not mac.calls("tart", "clone", since=mark)
    runs(mac, "vm", 6, 4096, 20, identity)


def test_the_mac_reboots_in_the_middle(slow):
    assert slow.apply(kill_when=MOMENTS["clone"]).killed
    slow.reboot()
    succeeded(slow.apply())
    runs(slow, "vm", 3, 2048, 30)


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
