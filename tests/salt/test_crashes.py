"""VMs that die, VMs that cannot start, Macs that reboot."""

import pytest
from harness.checks import fleet, idle, runs, succeeded

SONOMA = "ghcr.io/cirruslabs/macos-sonoma-base:latest"
KEYCHAIN = 'Error Domain=VZErrorDomain Code=1 "SecKeyCreateRandomKey_ios failed: -25308 Failed to generate keypair"'


@pytest.mark.parametrize("after", [0, 4, 9])
def test_a_crash_loop_fails_the_apply_in_the_vms_own_words(mac, spec, after):
    mac.use_tree(spec(fleet({"bad": {}, "good": {}})))
    mac.set_guest("bad", crash_after=after, exit=1, stderr=KEYCHAIN)
    result = mac.apply()
    assert result.failed() == ["tart_service_bad"], result.explain()
    assert "-25308" in result.text("tart_service_bad") and "bad" in result.text("tart_service_bad")
    assert result.seconds < 120
    runs(mac, "good", 2, 4096, 20)
    pid = mac.jobs()["com.tart.good"]["pid"]
    assert mac.apply().failed() == ["tart_service_bad"]
    assert mac.jobs()["com.tart.good"]["pid"] == pid
    mac.set_guest("bad")
    succeeded(mac.apply())
    runs(mac, "bad", 2, 4096, 20)
    idle(mac.apply())


def test_a_slow_crash_loop_where_launchd_says_little(mac, spec):
    """`launchctl print` is no API: without its interval and its count the plist and the processes tell enough."""
    mac.set_launchd(left_out=["minimum runtime", "runs"])
    mac.use_tree(spec(fleet({"bad": {"daemon": {"throttle_interval": 20}}, "good": {}})))
    mac.set_guest("bad", crash_after=16, exit=1, stderr=KEYCHAIN)
    result = mac.apply()
    assert result.failed() == ["tart_service_bad"] and "-25308" in result.text("tart_service_bad"), result.explain()
    runs(mac, "good", 2, 4096, 20)


def test_a_converged_vm_that_begins_to_crash_is_noticed(mac, spec):
    mac.use_tree(spec(fleet({"vm": {}, "other": {}})))
    succeeded(mac.apply())
    mac.set_guest("vm", crash_after=1, exit=1, stderr=KEYCHAIN)
    mac.crash("vm")
    mac.wait(lambda: mac.jobs()["com.tart.vm"]["runs"] >= 2)
    result = mac.apply()
    assert result.failed() == ["tart_service_vm"] and "-25308" in result.text("tart_service_vm"), result.explain()


def test_the_limit_of_macos_guests_is_taken_by_hand(mac, spec):
    mac.install_tart()
    for name in ("mine-1", "mine-2"):
        mac.tart("clone", SONOMA, name, check=True)
        mac.run_by_hand(name)
    mac.use_tree(spec(fleet({"vm": {"image": SONOMA, "disk": 50}, "linux": {}})))
    result = mac.apply()
    assert result.failed() == ["tart_service_vm"], result.explain()
    assert "exceeds the system limit" in result.text("tart_service_vm")
    runs(mac, "linux", 2, 4096, 20)
    mac.tart("stop", "mine-1", check=True)
    succeeded(mac.apply())
    runs(mac, "vm", 2, 4096, 50)


def test_a_killed_vm_comes_back_without_salt(mac, spec):
    mac.use_tree(spec(fleet({"vm": {}})))
    succeeded(mac.apply())
    first = mac.boots()[-1]
    mac.crash("vm")
    mac.wait(lambda: mac.boots()[-1]["pid"] != first["pid"])
    runs(mac, "vm", 2, 4096, 20, first["identity"])
    # Only its name is asked of launchd: that it is the same job, and stays up, an apply sees.
    idle(mac.apply(test=True))
    idle(mac.apply())
    idle(mac.apply(test=True))


def test_what_an_apply_would_do_is_said_of_a_vm_that_launchd_started_again(mac, spec):
    mac.use_tree(spec(fleet({"vm": {}, "other": {}})))
    succeeded(mac.apply())
    first = mac.jobs()["com.tart.vm"]["pid"]
    mac.crash("vm")
    mac.wait(lambda: mac.jobs()["com.tart.vm"]["pid"] not in (0, None, first))
    mac.use_tree(spec(fleet({"vm": {"daemon": {"throttle_interval": 11}}, "other": {}})))
    assert mac.apply(test=True).changed() == ["tart_plist_vm", "tart_load_vm", "tart_service_vm"]
    succeeded(mac.apply())
    idle(mac.apply(test=True))


def test_a_reboot_brings_everything_back_without_salt(mac, kri):
    mac.use_tree(kri)
    succeeded(mac.apply())
    identities = {name: vm["identity"] for name, vm in mac.vms().items()}
    mac.reboot()
    for name in ("kri-test-macos-1", "kri-test-linux-1"):
        mac.wait(lambda name=name: mac.jobs()[f"com.tart.{name}"]["pid"] == mac.vms()[name]["boots"][-1]["pid"])
    runs(mac, "kri-test-macos-1", 4, 8192, 60, identities["kri-test-macos-1"])
    runs(mac, "kri-test-linux-1", 2, 4096, 20, identities["kri-test-linux-1"])
    assert "com.tart.kri-test-macos-2" not in mac.jobs()
    before = [boot["pid"] for boot in mac.boots()]
    idle(mac.apply(test=True))
    idle(mac.apply())
    assert [boot["pid"] for boot in mac.boots()] == before
    idle(mac.apply())


def test_vms_are_waited_for_together(mac, spec):
    """Each of eight VMs is started before any of them is waited for."""
    names = [f"vm-{number}" for number in range(8)]
    mac.use_tree(spec(fleet({name: {} for name in names})))
    mark = mac.mark()
    succeeded(mac.apply())
    starts, waits = {}, {}
    for index, call in enumerate(mac.calls("launchctl", since=mark)):
        verb, job = call["argv"][0], call["argv"][-1].removesuffix(".plist").rpartition("com.tart.")[2]
        if verb == "bootstrap":
            starts[job] = index
        elif verb == "print" and job in starts:
            waits.setdefault(job, index)
    assert sorted(starts) == sorted(waits) == names
    assert max(starts.values()) < min(waits.values()), (starts, waits)


def test_what_a_guest_said_when_it_stopped_is_shown(mac, spec):
    mac.use_tree(spec(fleet({"vm": {}})))
    mac.set_guest("vm", crash_after=1, exit=0, stdout="guest has stopped the virtual machine due to error: out of luck")
    result = mac.apply()
    assert result.failed() == ["tart_service_vm"] and "out of luck" in result.text("tart_service_vm"), result.explain()
