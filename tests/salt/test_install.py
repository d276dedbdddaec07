"""First, second and simulated applies of the flagship fleet on a bare Mac."""

import pytest
from harness.checks import absent, dormant, idle, runs, succeeded, untouched, would_change

BREWS = ["4.6.0", "5.1.14", "5.1.15", "6.0.1", "7.0.0"]


def flagship_is_up(mac):
    """What mm1 must look like."""
    runs(mac, "kri-test-macos-1", cpu=4, memory=8192, disk=60)
    runs(mac, "kri-test-linux-1", cpu=2, memory=4096, disk=20)
    assert "com.tart.kri-test-macos-2" not in mac.jobs()
    assert mac.plist("kri-test-macos-2") is None
    assert not [boot for boot in mac.boots() if boot["name"] == "kri-test-macos-2"]
    info = mac.path("/Library/LaunchDaemons/com.tart.kri-test-macos-1.plist").stat()
    assert (info.st_uid, info.st_gid, info.st_mode & 0o7777) == (0, 0, 0o644)


@pytest.mark.parametrize("brew", BREWS)
def test_first_and_second_apply(mac, kri, brew):
    mac.set_brew(version=brew)
    mac.use_tree(kri)
    first = succeeded(mac.apply())
    flagship_is_up(mac)
    for state in ("tart_tap", "tart_install", "tart_clone_kri-test-macos-1", "tart_set_kri-test-macos-1",
                  "tart_plist_kri-test-macos-1", "tart_service_kri-test-macos-1"):
        assert state in first.states, first.explain()
    before, mark = mac.snapshot(), mac.mark()
    idle(mac.apply())
    untouched(before, mac.snapshot())
    assert not mac.calls("tart", since=mark) and not mac.calls("brew", since=mark)


@pytest.mark.parametrize("shell", ["/bin/zsh", "/bin/bash", "/bin/sh"])
def test_every_login_shell(make_mac, kri, shell):
    mac = make_mac(shell=shell)
    mac.use_tree(kri)
    succeeded(mac.apply())
    flagship_is_up(mac)
    idle(mac.apply())


def test_true_before_does_nothing(mac, kri):
    mac.use_tree(kri)
    before, mark = mac.snapshot(), mac.mark()
    result = would_change(mac.apply(test=True))
    assert "kri-test-linux-1" in result.text("tart_clone_")
    untouched(before, mac.snapshot())
    absent(mac, "kri-test-macos-1", "kri-test-linux-1")
    assert not mac.calls("brew", since=mark) and not mac.calls("tart", since=mark)
    assert not mac.path("/opt/homebrew/bin/tart").exists()


def test_true_after_has_nothing_to_do(mac, kri):
    mac.use_tree(kri)
    succeeded(mac.apply())
    before = mac.snapshot()
    idle(mac.apply(test=True))
    untouched(before, mac.snapshot())


def test_runs_as_a_login_shell_on_macos(mac, kri):
    """The suite's own premise: commands of the VM user go through `su -l`, without the caller's environment."""
    mac.use_tree(kri)
    succeeded(mac.apply())
    assert mac.calls("su", "-l", "dk")
    clone = mac.calls("tart", "clone")[0]
    assert clone["uid"] == 501 and clone["env"]["HOME"] == "/Users/dk"


def test_tart_is_there_already(mac, kri):
    mac.install_tart()
    mac.use_tree(kri)
    mark = mac.mark()
    succeeded(mac.apply())
    flagship_is_up(mac)
    assert not mac.calls("brew", since=mark)


def test_a_vm_that_was_made_by_hand_is_taken_over_with_its_disk(mac, kri):
    mac.install_tart()
    mac.tart("clone", "ghcr.io/cirruslabs/ubuntu:latest", "kri-test-linux-1", check=True)
    identity = mac.vms()["kri-test-linux-1"]["identity"]
    mac.use_tree(kri)
    succeeded(mac.apply())
    runs(mac, "kri-test-linux-1", cpu=2, memory=4096, disk=20, identity=identity)


def test_a_dormant_vm_keeps_its_disk(mac, kri):
    mac.install_tart()
    mac.tart("clone", "ghcr.io/cirruslabs/ubuntu:latest", "kri-test-macos-2", check=True)
    identity = mac.vms()["kri-test-macos-2"]["identity"]
    mac.use_tree(kri)
    succeeded(mac.apply())
    dormant(mac, "kri-test-macos-2", identity)
