"""One thing goes wrong: its own states say so, the rest converges, no disk is lost."""

import json

import pytest
from harness.checks import absent, dormant, fleet, idle, runs, succeeded, untouched

MISSING = "ghcr.io/cirruslabs/no-such-image:latest"


@pytest.mark.parametrize("fail", ["missing", "unauthorised", "network", "disk full"])
def test_one_image_fails(mac, spec, fail):
    mac.use_tree(spec(fleet({"bad": {"image": MISSING}, "good": {}, "zzz": {}})))
    mac.set_image(MISSING, fail=fail)
    result = mac.apply()
    assert result.exit != 0
    assert result.failed() and all(state.endswith("_bad") for state in result.failed()), result.explain()
    assert "tart_clone_bad" in result.failed() and MISSING in result.text("tart_clone_bad"), result.explain()
    absent(mac, "bad", "bad.tartgen")
    runs(mac, "good", 2, 4096, 20)
    runs(mac, "zzz", 2, 4096, 20)


@pytest.mark.parametrize("words", [["clone"], ["set", "vm.tartgen", "--cpu"], ["rename"]], ids=lambda words: words[0])
def test_a_tart_that_a_signal_ended_has_not_done_its_work(mac, spec, words):
    """To su, what a signal ended was a success."""
    mac.use_tree(spec(fleet({"vm": {"cpu": 3}, "zzz": {}})))
    mac.set_faults({"tool": "tart", "args": words, "signal": 9, "times": 1})
    result = mac.apply()
    assert "tart_clone_vm" in result.failed() and "failed" in result.text("tart_clone_vm"), result.explain()
    absent(mac, "vm", "vm.tartgen")
    runs(mac, "zzz", 2, 4096, 20)
    succeeded(mac.apply())
    runs(mac, "vm", 3, 4096, 20)
    idle(mac.apply())


def test_the_image_appears_later(mac, spec):
    mac.use_tree(spec(fleet({"late": {"image": MISSING}})))
    assert mac.apply().failed()
    mac.set_image(MISSING, os="linux", disk=20)
    succeeded(mac.apply())
    runs(mac, "late", 2, 4096, 20)
    idle(mac.apply())


QUERIES = [["list"], ["get"], ["fqn"], ["ip"], ["--version"]]
ONE_OR_ALL = [([words], 1) for words in QUERIES] + [(QUERIES, code) for code in (1, 2, 134)]


@pytest.mark.parametrize(("queries", "code"), ONE_OR_ALL, ids=lambda value: str(value).strip("[']") if value != QUERIES
                         else "all")
def test_a_query_that_fails_is_never_read_as_vm_absent(mac, spec, queries, code):
    """Whatever tart answers, an existing VM is not cloned over."""
    mac.use_tree(spec(fleet({"vm": {}})))
    succeeded(mac.apply())
    identity, mark = mac.vms()["vm"]["identity"], mac.mark()
    mac.launchctl("bootout", "system/com.tart.vm", check=True)
    mac.set_faults(*({"tool": "tart", "args": words, "exit": code, "text": "Library not loaded"} for words in queries))
    result = mac.apply()
    assert mac.vms()["vm"]["identity"] == identity, result.explain()
    assert not mac.calls("tart", "clone", since=mark)
    mac.set_faults()
    succeeded(mac.apply())
    runs(mac, "vm", 2, 4096, 20, identity)


def test_tart_is_broken_entirely(mac, spec):
    """A new VM cannot be made: the state fails with tart's words, the old VM is left alone."""
    mac.use_tree(spec(fleet({"old": {}})))
    succeeded(mac.apply())
    before = mac.snapshot()
    mac.use_tree(spec(fleet({"old": {}, "new": {}})))
    mac.set_faults({"tool": "tart", "exit": 134, "text": "dyld: Library not loaded: Virtualization"})
    result = mac.apply()
    assert result.exit != 0 and result.failed(), result.explain()
    assert "Library not loaded" in result.text(), result.explain()
    untouched(before, mac.snapshot())
    absent(mac, "new")


def test_a_directory_that_appears_while_an_image_is_pulled_is_not_replaced(mac, spec):
    """tart rename refuses only a whole VM; a disk that somebody copies there is none yet (Rename.swift)."""
    slow = "ghcr.io/cirruslabs/slow:1"
    mac.set_image(slow, os="linux", disk=20, pull_seconds=60)
    disk = mac.path("/Users/dk/.tart/vms/vm/disk.img")

    def copied(mac):
        if mac.calls("tart", "clone", slow) and not disk.exists():
            disk.parent.mkdir()
            disk.write_text("precious", encoding="ascii")
        return False

    # The directory of all VMs is there, and its owner's.
    mac.use_tree(spec(fleet({"zz": {}})))
    succeeded(mac.apply())
    mac.use_tree(spec(fleet({"vm": {"image": slow}, "zz": {}})))
    result = mac.apply(kill_when=copied)
    assert "tart_clone_vm" in result.failed() and "meanwhile" in result.text("tart_clone_vm"), result.explain()
    assert disk.read_text(encoding="ascii") == "precious"
    absent(mac, "vm.tartgen")
    runs(mac, "zz", 2, 4096, 20)
    result = mac.apply()
    assert "tart_clone_vm" in result.failed() and disk.read_text(encoding="ascii") == "precious", result.explain()


def test_a_stop_that_fails_keeps_no_vm_down_that_launchd_ran(mac, spec):
    mac.use_tree(spec(fleet({"vm": {}})))
    succeeded(mac.apply())
    identity = mac.vms()["vm"]["identity"]
    mac.set_faults({"tool": "tart", "args": ["stop"], "exit": 1, "text": "simulated failure"})
    mac.use_tree(spec(fleet({"vm": {"cpu": 3}})))
    succeeded(mac.apply())
    runs(mac, "vm", 3, 4096, 20, identity)
    idle(mac.apply())


def test_a_set_that_fails_and_tears_the_config_costs_no_restart(mac, spec):
    mac.use_tree(spec(fleet({"vm": {}})))
    succeeded(mac.apply())
    pid, config = mac.jobs()["com.tart.vm"]["pid"], "/Users/dk/.tart/vms/vm/config.json"
    before = mac.read(config)
    mac.set_faults({"tool": "tart", "args": ["set"], "exit": 1, "text": "simulated failure", "tear": config})
    mac.use_tree(spec(fleet({"vm": {"cpu": 3}})))
    for _ in range(2):
        result = mac.apply()
        assert "tart_set_vm" in result.failed(), result.explain()
        assert mac.jobs()["com.tart.vm"]["pid"] == pid and mac.read(config) == before
    mac.set_faults()
    succeeded(mac.apply())
    runs(mac, "vm", 3, 4096, 20)


@pytest.mark.parametrize("words", [["clone"], ["set"], ["rename"]], ids=lambda words: words[0])
def test_a_create_that_breaks_half_way_is_finished_later(mac, spec, words):
    mac.use_tree(spec(fleet({"vm": {"cpu": 3, "disk": 30}})))
    mac.set_faults({"tool": "tart", "args": words, "exit": 1, "text": "simulated failure"})
    result = mac.apply()
    assert "simulated failure" in result.text("tart_"), result.explain()
    assert not mac.jobs()
    mac.set_faults()
    succeeded(mac.apply())
    runs(mac, "vm", 3, 4096, 30)
    idle(mac.apply())


def test_remove_fails_when_tart_cannot_delete(mac, spec):
    mac.use_tree(spec(fleet({"vm": {}})))
    succeeded(mac.apply())
    mac.set_faults({"tool": "tart", "args": ["delete"], "exit": 1, "text": "permission denied"})
    result = mac.apply("tart.remove")
    assert "tart_delete_vm" in result.failed() and "permission denied" in result.text("tart_delete_vm")
    mac.set_faults()
    succeeded(mac.apply("tart.remove"))
    absent(mac, "vm")


def test_there_is_no_room_to_remember_what_was_loaded(mac, spec):
    """A VM whose new definition cannot be remembered would be loaded again by every apply, so it is left running."""
    mac.use_tree(spec(fleet({"vm": {}})))
    succeeded(mac.apply())
    pid = mac.jobs()["com.tart.vm"]["pid"]
    mac.run("/bin/sh", "-c", "cp -R /var/db/tartgen /var/db/kept && mount -t tmpfs -o size=64k tmpfs /var/db/tartgen && "
            "cp -R /var/db/kept/. /var/db/tartgen && cat /dev/zero >/var/db/tartgen/zeroes 2>/dev/null")
    mac.use_tree(spec(fleet({"vm": {"cpu": 3, "run": {"no_audio": True}}})))
    result = mac.apply()
    assert result.failed()[:2] == ["tart_set_vm", "tart_load_vm"], result.explain()
    assert "disk full" in result.text("tart_set_vm") and "disk full" in result.text("tart_load_vm"), result.explain()
    assert mac.jobs()["com.tart.vm"]["pid"] == pid
    mac.run("/bin/umount", "/var/db/tartgen", check=True)
    succeeded(mac.apply())
    runs(mac, "vm", 3, 4096, 20)
    assert "--no-audio" in mac.vms()["vm"]["boots"][-1]["argv"]
    idle(mac.apply())


def test_there_is_no_place_for_the_lock(mac, spec):
    """It fails, instead of waiting for a lock that nobody holds."""
    mac.install_tart()
    mac.path("/var/run").unlink()
    mac.write("/var/run", "")
    mac.use_tree(spec(fleet({"vm": {}})))
    result = mac.apply(timeout=120)
    assert "tart_clone_vm" in result.failed() and "tartgen-vm.lock" in result.text("tart_clone_vm"), result.explain()


def test_a_disk_that_only_tart_can_measure_is_larger_than_the_spec_says(mac, spec):
    """It costs one restart to learn that, and none afterwards."""
    mac.install_tart()
    mac.tart("clone", "ghcr.io/cirruslabs/ubuntu:latest", "vm", check=True)
    home = "/Users/dk/.tart/vms/vm"
    mac.write(f"{home}/config.json", mac.read(f"{home}/config.json").replace('"raw"', '"asif"'))
    with open(mac.path(f"{home}/disk.img"), "r+b") as disk:
        header = json.loads(disk.read(512).strip(b"\0 "))
        disk.seek(0)
        disk.write(json.dumps({**header, "virtual": 50 * 10**9}).encode().ljust(512))
    mac.use_tree(spec(fleet({"vm": {"disk": 40}})))
    assert mac.apply().failed() == ["tart_set_vm"]
    pid = mac.jobs()["com.tart.vm"]["pid"]
    result = mac.apply()
    assert result.failed() == ["tart_set_vm"] and "only ever grows" in result.text("tart_set_vm"), result.explain()
    assert mac.jobs()["com.tart.vm"]["pid"] == pid and mac.vms()["vm"]["identity"] == header["identity"]
    mac.use_tree(spec(fleet({"vm": {"disk": 60}})))
    succeeded(mac.apply())
    assert mac.vms()["vm"]["boots"][-1]["disk"] == 60 * 10**9
    idle(mac.apply())
    # From then on its size is known.
    pid = mac.jobs()["com.tart.vm"]["pid"]
    mac.use_tree(spec(fleet({"vm": {"disk": 55}})))
    result = mac.apply()
    assert result.failed() == ["tart_set_vm"] and "raise `disk`" in result.text("tart_set_vm"), result.explain()
    assert mac.jobs()["com.tart.vm"]["pid"] == pid


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
