"""A Mac that cannot run VMs: one clear failure first, nothing touched. And the versions of tart and brew."""

import pytest
from harness.checks import fleet, idle, runs, succeeded, untouched


def refused(mac, *words):
    """Exactly one state, it fails, says why, and the Mac is as before; also with test=True."""
    before, mark = mac.snapshot(), mac.mark()
    for test in (True, False):
        result = mac.apply(test=test)
        assert len(result.failed()) == 1 and result.exit != 0, result.explain()
        assert all(state.result is False or not state.changes for state in result.states.values()), result.explain()
        for word in words:
            assert word.lower() in result.text().lower(), result.explain()
    untouched(before, mac.snapshot())
    assert not mac.calls("tart", since=mark) and not mac.calls("brew", "install", since=mark)
    assert not mac.path("/var/log/tart").exists() and not mac.path("/opt/homebrew/Cellar/tart").exists()


@pytest.mark.parametrize(("options", "word"), [
    ({"arch": "x86_64"}, "arm64"), ({"macos": "12.7.6"}, "12.7.6"), ({"macos": "14.6"}, "15")], ids=str)
def test_machine(make_mac, spec, options, word):
    mac = make_mac(**options)
    mac.use_tree(spec(fleet({"vm": {}})))
    refused(mac, word)


def test_no_homebrew(mac, spec):
    mac.path("/opt/homebrew/bin/brew").unlink()
    mac.use_tree(spec(fleet({"vm": {}})))
    refused(mac, "brew")


def test_no_run_user(mac, kri):
    mac.use_tree(kri)
    mac.use_pillar(tart="#!yaml\ntart: {run_user: nobody-here, vms: {vm: {image: 'ghcr.io/cirruslabs/ubuntu:latest'}}}")
    refused(mac, "nobody-here")


def test_homebrew_of_somebody_else(mac, spec):
    mac.run("/bin/chown", "-R", "daemon", "/opt/homebrew", check=True)
    mac.use_tree(spec(fleet({"vm": {}})))
    refused(mac, "daemon")


def test_no_pillar(mac, kri):
    mac.use_tree(kri)
    mac.use_pillar(other="{}")
    refused(mac, "pillar")


def test_old_macos_with_tart_installed_by_hand(make_mac, spec):
    """Only the installation with Homebrew needs macOS 15."""
    mac = make_mac()
    mac.install_tart()
    mac.control("mac", {"macos": "14.6", "arch": "arm64"})
    mac.use_tree(spec(fleet({"vm": {}})))
    succeeded(mac.apply())
    runs(mac, "vm", 2, 4096, 20)


def test_tart_too_old_is_upgraded(mac, spec):
    mac.set_brew(tart="2.20.0")
    mac.install_tart()
    mac.set_brew()
    mac.use_tree(spec(fleet({"vm": {}}, tart={"minimum_version": "2.32.0"})))
    succeeded(mac.apply())
    assert mac.tart("--version").stdout.strip() == "2.35.0"
    runs(mac, "vm", 2, 4096, 20)
    idle(mac.apply())


def test_brew_fails(mac, spec):
    mac.set_faults({"tool": "brew", "args": ["install"], "exit": 1, "text": "Error: SHA256 mismatch"})
    mac.use_tree(spec(fleet({"vm": {}})))
    result = mac.apply()
    assert "tart_install" in result.failed() and "SHA256 mismatch" in result.text("tart_install"), result.explain()
    mac.set_faults()
    succeeded(mac.apply())
    runs(mac, "vm", 2, 4096, 20)
