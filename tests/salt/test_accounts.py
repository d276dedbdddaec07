"""The account that owns the VMs: one that cannot run anything, one whose login files talk, and one that takes over."""

import json

import pytest
from harness.checks import fleet, idle, runs, succeeded
from harness.forecast import plan, told


def owned_by(user, vms, **host):
    """The spec of `fleet` with another run_user."""
    described = json.loads(fleet(vms, **host))
    described["hosts"]["mm1"]["run_user"] = user
    return json.dumps(described)


def test_a_login_shell_that_runs_nothing(make_mac, spec):
    mac = make_mac(shell="/usr/bin/false")
    mac.use_tree(spec(fleet({"vm": {}})))
    result = mac.apply()
    assert "tart_tap" in result.failed() and "login shell" in result.text("tart_tap"), result.explain()
    assert not mac.calls("brew") and not mac.vms()


def test_a_login_file_does_not_speak_for_tart(mac, spec):
    """A tart that does not start has no version, whatever number the login files print."""
    mac.install_tart()
    mac.write("/Users/dk/.zprofile", "echo Welcome to macOS 15.6.1\n")
    mac.set_faults({"tool": "tart", "args": ["--version"], "exit": 134, "text": "dyld: Library not loaded"})
    mac.use_tree(spec(fleet({"vm": {}}, tart={"outdated": "refuse"})))
    result = mac.apply()
    assert "tart_install" in result.failed() and "unknown version" in result.text("tart_install"), result.explain()
    mac.set_faults()
    succeeded(mac.apply())
    runs(mac, "vm", 2, 4096, 20)


@pytest.mark.parametrize("words", [r"printf '\033]0;mac mini\007'", "echo -n 'Node 18.2.0 '"], ids=["title", "number"])
def test_a_login_file_whose_words_end_within_a_line(mac, spec, words):
    """What comes after them on that line is still tart's."""
    mac.install_tart()
    mac.write("/Users/dk/.zprofile", words + "\n")
    mac.set_image("ghcr.io/cirruslabs/ubuntu:latest", refit=True)
    mac.use_tree(spec(fleet({"vm": {}}, tart={"minimum_version": "2.34.0", "outdated": "refuse"})))
    succeeded(mac.apply())
    mac.use_tree(spec(fleet({"vm": {"cpu": 3}}, tart={"minimum_version": "2.34.0", "outdated": "refuse"})))
    succeeded(mac.apply())
    assert json.loads(mac.read("/Users/dk/.tart/vms/vm/config.json"))["displayRefit"] is True
    mac.use_tree(spec(fleet({"vm": {}}, tart={"minimum_version": "2.40.0", "outdated": "refuse"})))
    assert "tart 2.35.0 is installed" in mac.apply().text("tart_install")


def test_a_log_that_is_another_file_as_well_keeps_its_owner(mac, spec):
    """Whoever has the directory of the logs could take any file by linking it there."""
    mac.use_tree(spec(fleet({"vm": {}})))
    succeeded(mac.apply())
    mac.write("/var/secret", "root's\n")
    mac.run("/bin/sh", "-c", "cd /var/log/tart && rm -f vm.out.log vm.err.log && ln /var/secret vm.out.log && "
            "echo old >vm.err.log && chown 503 vm.err.log", check=True)
    mac.use_tree(spec(fleet({"vm": {"cpu": 3}})))
    mac.apply()
    assert mac.path("/var/secret").stat().st_uid == 0
    assert mac.path("/var/log/tart/vm.err.log").stat().st_uid == 501


def test_another_run_user_neither_takes_nor_replaces_the_vms(mac, spec):
    mac.write("/etc/passwd", mac.read("/etc/passwd") + "ci:x:502:20::/Users/ci:/bin/zsh\n")
    mac.write("/etc/shadow", mac.read("/etc/shadow") + "ci:*:19000:0:99999:7:::\n")
    mac.run("/bin/sh", "-c", "mkdir /Users/ci && chown 502:20 /Users/ci", check=True)
    old, new = spec(fleet({"vm": {}})), spec(owned_by("ci", {"vm": {}}))
    mac.use_tree(old)
    succeeded(mac.apply())
    identity, pid = mac.vms()["vm"]["identity"], mac.jobs()["com.tart.vm"]["pid"]
    said = told(plan(new, old), mac.minion_id)["vm"]
    assert (said["actions"], said["problems"]) == ([], [{"problem": "elsewhere", "user": "dk", "certain": True}])
    mac.use_tree(new)
    result = mac.apply()
    assert "tart_clone_vm" in result.failed() and "belongs to dk" in result.text("tart_clone_vm"), result.explain()
    assert mac.jobs()["com.tart.vm"]["pid"] == pid and not mac.path("/Users/ci/.tart/vms/vm").exists()
    removed = spec(owned_by("ci", {}, removed=["vm"]))
    said = told(plan(removed, old), mac.minion_id)["vm"]
    assert said["actions"] == [{"action": "stop"}], said
    assert [problem["problem"] for problem in said["problems"]] == ["elsewhere"], said
    mac.use_tree(removed)
    result = mac.apply()
    assert "tart_delete_vm" in result.failed() and "belongs to dk" in result.text("tart_delete_vm"), result.explain()
    assert mac.vms()["vm"]["identity"] == identity and not mac.vms()["vm"]["running"]
    # Moved by hand, as the error says.
    mac.run("/bin/sh", "-c", "mkdir -p /Users/ci/.tart/vms && mv /Users/dk/.tart/vms/vm /Users/ci/.tart/vms && "
            "chown -R 502:20 /Users/ci/.tart", check=True)
    mac.use_tree(spec(owned_by("ci", {"vm": {}})))
    succeeded(mac.apply())
    boot = mac.boots()[-1]
    assert (boot["identity"], boot["uid"]) == (identity, 502), boot
    idle(mac.apply())
