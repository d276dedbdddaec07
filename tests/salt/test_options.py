"""How a VM is made, started and kept running: flags of `tart run`, the launchd job, the screen, options of `tart clone`."""

import json

import pytest
from harness.checks import dormant, fleet, idle, nothing_left, runs, succeeded, untouched, would_change

UBUNTU = "ghcr.io/cirruslabs/ubuntu:latest"
# Nothing that reads it on its way may take it for anything but itself: YAML, Jinja, XML, shells, launchd.
HOSTILE = "it's \"q\" & <b> $(id >/tmp/pwned) `id` {{ 1 + 1 }} {% raw %} {# x #} ${HOME} \\n %s * ]]> 😀 =yes"


@pytest.fixture
def vm(mac, spec):
    """A function that applies a spec with the VM `vm`, which has these settings, and an ordinary `other`."""
    def apply(**settings):
        mac.use_tree(spec(fleet({"vm": settings, "other": {}})))
        return mac.apply()

    mac.apply_vm = apply
    return mac


def configuration(mac, name="vm"):
    """What config.json says of a VM."""
    return json.loads(mac.read(f"/Users/dk/.tart/vms/{name}/config.json"))


def display(mac, name="vm"):
    """What it says of the screen."""
    return configuration(mac, name)["display"]


def test_flags_and_job_settings(vm):
    succeeded(vm.apply_vm(
        run={"no_graphics": False, "vnc": True, "no_audio": True, "net_softnet_expose": ["2222:22", "8080:80"]},
        daemon={"keep_alive": False, "throttle_interval": 30, "environment": {"CI": "1", "EMPTY": ""},
                "standard_out_path": "/Users/dk/Library/Logs/new-folder/vm.log"}))
    boot = vm.vms()["vm"]["boots"][-1]
    assert boot["argv"] == ["run", "--vnc", "--no-audio", "--net-softnet-expose=2222:22,8080:80", "vm"]
    assert (boot["env"]["CI"], boot["env"]["EMPTY"]) == ("1", "")
    assert boot["env"]["PATH"].startswith("/opt/homebrew/bin:") and boot["env"]["HOME"] == "/Users/dk"
    plist = vm.plist("vm")
    assert plist["KeepAlive"] is False and plist["ThrottleInterval"] == 30, plist
    assert plist["StandardErrorPath"] == "/var/log/tart/vm.err.log"
    log = vm.path("/Users/dk/Library/Logs/new-folder/vm.log")
    assert log.exists() and log.stat().st_uid == 501
    # The neighbour has what it always had.
    assert vm.plist("other")["KeepAlive"] is True
    runs(vm, "other", 2, 4096, 20)
    before = vm.snapshot()
    idle(vm.apply())
    untouched(before, vm.snapshot())


def test_an_option_that_changes_restarts_only_its_own_vm(vm):
    succeeded(vm.apply_vm())
    identity, bystander = vm.vms()["vm"]["identity"], vm.jobs()["com.tart.other"]["pid"]
    succeeded(vm.apply_vm(run={"no_audio": True}))
    assert vm.vms()["vm"]["boots"][-1]["argv"] == ["run", "--no-graphics", "--no-audio", "vm"]
    runs(vm, "vm", 2, 4096, 20, identity)
    idle(vm.apply())
    succeeded(vm.apply_vm(daemon={"environment": {"A": "b"}}))
    assert vm.vms()["vm"]["boots"][-1]["env"]["A"] == "b"
    succeeded(vm.apply_vm())
    assert "A" not in vm.vms()["vm"]["boots"][-1]["env"]
    runs(vm, "vm", 2, 4096, 20, identity)
    assert vm.jobs()["com.tart.other"]["pid"] == bystander


def test_a_vm_without_keep_alive_stays_down_until_an_apply(vm):
    succeeded(vm.apply_vm(daemon={"keep_alive": False}))
    identity = vm.vms()["vm"]["identity"]
    vm.tart("stop", "vm", check=True)
    vm.wait(lambda: vm.jobs()["com.tart.vm"]["pid"] is None)
    assert not vm.vms()["vm"]["running"]
    assert "tart_service_vm" in succeeded(vm.apply()).changed()
    runs(vm, "vm", 2, 4096, 20, identity)
    idle(vm.apply())
    vm.reboot()
    vm.wait(lambda: vm.vms()["vm"]["running"])
    succeeded(vm.apply())
    runs(vm, "vm", 2, 4096, 20, identity)


def test_hostile_strings_arrive_as_they_are(vm):
    folder = "/Users/dk/" + HOSTILE.replace("/", "-").replace(":", "")
    vm.path(folder).mkdir()
    succeeded(vm.apply_vm(run={"dir": [{"name": "a'b {{ x }} <&>", "path": folder, "ro": True}]},
                          daemon={"environment": {"HOSTILE": HOSTILE, "SPACES": "  two  ", "NO": "no", "N": "012"}}))
    boot = vm.vms()["vm"]["boots"][-1]
    assert boot["shares"] == [["--dir", "a'b {{ x }} <&>", folder, {"ro": ""}]]
    found = {key: boot["env"][key] for key in ("HOSTILE", "SPACES", "NO", "N")}
    assert found == {"HOSTILE": HOSTILE, "SPACES": "  two  ", "NO": "no", "N": "012"}
    assert not vm.path("/tmp/pwned").exists()
    before = vm.snapshot()
    idle(vm.apply())
    untouched(before, vm.snapshot())


def test_a_flag_that_tart_refuses_fails_in_its_own_words(vm):
    """What no spec can know: this Mac has no such interface. The error is read from the log that the spec names."""
    log = "/Users/dk/Library/Logs/vm.err.log"
    result = vm.apply_vm(run={"net_bridged": ["en7"]}, daemon={"standard_error_path": log})
    assert result.failed() and all(state.endswith("_vm") for state in result.failed()), result.explain()
    text = result.text(result.failed()[0])
    assert "en7" in text and "available interfaces" in text and log in text, text
    runs(vm, "other", 2, 4096, 20)
    succeeded(vm.apply_vm(run={"net_bridged": ["Thunderbolt Ethernet"]}))
    assert vm.vms()["vm"]["boots"][-1]["shares"] == [["--net-bridged", None, "Thunderbolt Ethernet", {}]]


def test_a_log_that_the_user_cannot_write_is_a_clear_failure(vm):
    succeeded(vm.apply_vm())
    pid = vm.jobs()["com.tart.vm"]["pid"]
    result = vm.apply_vm(daemon={"standard_out_path": "/var/log/vm.log"})
    assert result.failed() and all(state.endswith("_vm") for state in result.failed()), result.explain()
    assert "dk cannot write /var/log/vm.log" in result.text(result.failed()[0]), result.explain()
    assert vm.jobs()["com.tart.vm"]["pid"] == pid
    assert not vm.path("/var/log/vm.log").exists()
    succeeded(vm.apply_vm())
    runs(vm, "vm", 2, 4096, 20)


def test_the_screen(vm):
    succeeded(vm.apply_vm())
    identity, bystander = vm.vms()["vm"]["identity"], vm.jobs()["com.tart.other"]["pid"]
    assert display(vm) == {"width": 1024, "height": 768}
    for text, wanted in (("1920x1080px", {"width": 1920, "height": 1080, "unit": "px"}),
                         ("1920x1080", {"width": 1920, "height": 1080}),
                         ("800x600pt", {"width": 800, "height": 600, "unit": "pt"})):
        pid = vm.jobs()["com.tart.vm"]["pid"]
        succeeded(vm.apply_vm(display=text))
        assert display(vm) == wanted
        runs(vm, "vm", 2, 4096, 20, identity)
        assert vm.jobs()["com.tart.vm"]["pid"] != pid
        before = vm.snapshot()
        idle(vm.apply())
        untouched(before, vm.snapshot())
    # Left alone, it stays as it is; changed by hand, it is repaired.
    succeeded(vm.apply_vm())
    assert display(vm) == {"width": 800, "height": 600, "unit": "pt"}
    succeeded(vm.apply_vm(display="800x600pt"))
    vm.tart("set", "vm", "--display", "640x480", check=True)
    assert "800x600pt" in would_change(vm.apply(test=True)).text("tart_set_vm")
    succeeded(vm.apply())
    assert display(vm) == {"width": 800, "height": 600, "unit": "pt"}
    assert vm.jobs()["com.tart.other"]["pid"] == bystander


def test_a_new_vm_has_its_screen_before_it_starts(vm):
    succeeded(vm.apply_vm(display="1280x800"))
    assert display(vm) == {"width": 1280, "height": 800} and len(vm.vms()["vm"]["boots"]) == 1


@pytest.mark.parametrize("refit", [True, False])
def test_a_screen_that_follows_its_window_goes_on_doing_so(vm, refit):
    """`tart set` forgets it unless it is told again, whatever else it sets (Commands/Set.swift)."""
    vm.set_image(UBUNTU, refit=refit)
    succeeded(vm.apply_vm(disk=21, run={"net_bridged": ["en0"]}))
    assert configuration(vm)["displayRefit"] is refit
    succeeded(vm.apply_vm(cpu=3, disk=22, display="800x600", run={"net_bridged": ["en0"]}))
    assert configuration(vm)["displayRefit"] is refit
    runs(vm, "vm", 3, 4096, 22)
    idle(vm.apply())


def test_a_tart_that_knows_no_such_screen_is_not_asked_for_one(vm):
    vm.set_brew(tart="2.20.0")
    vm.set_image(UBUNTU, refit=True)
    succeeded(vm.apply_vm(cpu=3))
    assert "displayRefit" not in configuration(vm)
    runs(vm, "vm", 3, 4096, 20)


def test_options_of_clone(vm):
    succeeded(vm.apply_vm(clone={"concurrency": 2, "prune_limit": 0, "insecure": True}, run={"net_bridged": ["en0"]}))
    calls = {call["argv"][-1]: call["argv"] for call in vm.calls("tart", "clone")}
    assert calls["vm.tartgen"] == ["clone", "--concurrency=2", "--prune-limit=0", "--insecure", UBUNTU, "vm.tartgen"]
    assert calls["other.tartgen"] == ["clone", UBUNTU, "other.tartgen"]
    # Bridged clones of one image would have one address on every host.
    random = [call["argv"] for call in vm.calls("tart", "set") if "--random-mac" in call["argv"]]
    assert random == [["set", "vm.tartgen", "--random-mac"]]
    before = vm.snapshot()
    succeeded(vm.apply_vm(clone={"concurrency": 3, "timeout": 60}, run={"net_bridged": ["en0"]}))
    untouched(before, vm.snapshot())


def test_a_pull_that_hangs_is_ended(vm):
    slow = "ghcr.io/cirruslabs/slow:1"
    vm.set_image(slow, os="linux", disk=20, pull_seconds=100000)
    result = vm.apply_vm(image=slow, clone={"timeout": 60})
    assert "tart_clone_vm" in result.failed() and result.seconds < 200, result.explain()
    text = result.text("tart_clone_vm")
    assert "60 seconds" in text and "pulling manifest" in text and "timeout" in text, text
    assert all(state.endswith("_vm") for state in result.failed()), result.explain()
    runs(vm, "other", 2, 4096, 20)
    assert list(vm.vms()) == ["other"]
    assert vm.run("/usr/bin/pgrep", "-f", "tart.clone").returncode == 1
    # The registry recovers.
    vm.set_image(slow, os="linux", disk=20, pull_seconds=1)
    succeeded(vm.apply())
    runs(vm, "vm", 2, 4096, 20)
    idle(vm.apply())


def test_an_enabled_vm_that_becomes_dormant_and_is_removed(vm, spec):
    settings = {"run": {"no_audio": True}, "display": "800x600", "daemon": {"environment": {"A": "b"}}}
    succeeded(vm.apply_vm(**settings))
    identity = vm.vms()["vm"]["identity"]
    succeeded(vm.apply_vm(enabled=False, **settings))
    dormant(vm, "vm", identity)
    succeeded(vm.apply("tart.remove"))
    nothing_left(vm)


HAND_WRITTEN = {"image": UBUNTU}


@pytest.mark.parametrize("settings, words", [
    ({"arguments": "--no-audio"}, "arguments must be a list"),
    ({"arguments": ["--disk", 3]}, "arguments must be a list"),
    ({"environment": {"A": 1}}, "environment must map"),
    ({"display": "$(id)"}, "display must be"),
    ({"clone": {"timeout": "1; id"}}, "clone must map timeout"),
    ({"clone": [1]}, "clone must map"),
    ({"keep_alive": "maybe"}, "keep_alive must be"),
    ({"throttle_interval": "soon"}, "throttle_interval must be"),
    ({"standard_out_path": "/a b"}, "standard_out_path must be"),
], ids=str)
def test_a_hand_written_pillar_is_checked(mac, kri, settings, words):
    mac.use_tree(kri)
    mac.use_pillar(tart=json.dumps({"tart": {"run_user": "dk", "vms": {"vm": {**HAND_WRITTEN, **settings}}}}))
    result = mac.apply()
    assert result.failed() == ["tart_preflight"] and words in result.text("tart_preflight"), result.explain()
    nothing_left(mac)


def test_a_hand_written_pillar_with_and_without_options(mac, kri):
    mac.use_tree(kri)
    mac.use_pillar(tart=json.dumps({"tart": {"run_user": "dk", "vms": {"vm": HAND_WRITTEN}}}))
    succeeded(mac.apply())
    runs(mac, "vm", 2, 4096, 20)
    assert mac.vms()["vm"]["boots"][-1]["argv"] == ["run", "--no-graphics", "vm"]
    settings = {"arguments": [], "environment": {"A": "b"}, "keep_alive": False, "display": "800x600"}
    mac.use_pillar(tart=json.dumps({"tart": {"run_user": "dk", "vms": {"vm": {**HAND_WRITTEN, **settings}}}}))
    succeeded(mac.apply())
    assert mac.vms()["vm"]["boots"][-1]["argv"] == ["run", "vm"]
    assert display(mac)["width"] == 800
    idle(mac.apply())
