"""The simulated tart against the table of facts: what the suite proves is only worth what the simulator is."""

import json
import time

import pytest
from harness.mac import REGISTRY, SONOMA, UBUNTU, Mac


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """One Mac with tart for the whole file: no Salt is involved."""
    import sys
    mac = Mac(tmp_path_factory.mktemp("tart") / "mac", sys.executable)
    mac.install_tart()
    yield mac
    mac.shutdown()


def answer(mac, *words):
    """(exit code, stderr) of a tart command."""
    done = mac.tart(*words)
    return done.returncode, done.stderr.strip()


def test_the_wrapper_and_the_binary_behind_it(home):
    assert home.read("/opt/homebrew/bin/tart").startswith("#!/bin/bash\nexec ")
    assert home.tart("--version").stdout == "2.35.0\n"


@pytest.mark.parametrize(("words", "code", "text"), [
    (["get", "none"], 2, 'the specified VM "none" does not exist'),
    (["stop", "none"], 2, 'the specified VM "none" does not exist'),
    (["delete", "none"], 2, 'the specified VM "none" does not exist'),
    (["set", "none", "--cpu", "2"], 2, 'the specified VM "none" does not exist'),
    (["run", "none"], 1, 'Error: the specified VM "none" does not exist'),
    (["stop", "still"], 2, 'VM "still" is not running'),
    (["suspend", "still"], 2, 'VM "VM "still" is not running" is not running'),
    (["set", "still", "--disk-size", "10"], 1,
     "new disk size of 10 GB should be larger than the current disk size of 20 GB"),
    (["list", "--source", "x"], 64, "Error: 'x' is not a valid <source>"),
    (["clone", "ubuntu", "a"], 2, 'the specified VM "ubuntu" does not exist'),
])
def test_exit_codes_and_texts(home, words, code, text):
    if "still" not in home.vms():
        home.tart("clone", UBUNTU, "still", check=True)
    assert answer(home, *words) == (code, text)


@pytest.mark.parametrize("words", [
    ["frobnicate"], ["clone", UBUNTU, "a/b"], ["rename", "none", "other"], ["prune"], ["set", "still", "--frob"],
    ["run", "still", "--net-softnet", "--net-host"], ["get"],
])
def test_usage_errors_are_64(home, words):
    home.tart("clone", UBUNTU, "still", check=True)
    assert answer(home, *words)[0] == 64


def test_clone_replaces_without_a_word_and_rename_refuses(home):
    home.tart("clone", UBUNTU, "one", check=True)
    home.tart("clone", UBUNTU, "two", check=True)
    before = home.vms()["one"]["identity"]
    assert answer(home, "rename", "two", "one")[0] == 64
    assert home.vms()["one"]["identity"] == before
    assert answer(home, "clone", UBUNTU, "one") == (0, "")
    assert home.vms()["one"]["identity"] != before


def test_set_saves_the_configuration_before_it_touches_the_disk(home):
    home.tart("clone", UBUNTU, "half", check=True)
    assert answer(home, "set", "half", "--cpu", "7", "--disk", "60")[0] == 1
    assert home.vms()["half"]["cpu"] == 7
    assert home.vms()["half"]["disk"] == 20 * 10**9
    assert answer(home, "set", "half", "--disk-size", "60") == (0, "")
    assert home.vms()["half"]["disk"] == 60 * 10**9


def test_macos_minimum(home):
    home.tart("clone", SONOMA, "small", check=True)
    code, text = answer(home, "set", "small", "--cpu", "1")
    assert code == 1 and text.startswith("LessThanMinimalResourcesError: VM should have 2 CPU cores")


def test_list_has_source_first_and_an_empty_list_is_one_empty_line(home):
    home.tart("clone", UBUNTU, "listed", check=True)
    rows = home.tart("list").stdout.splitlines()
    assert rows[0].split() == ["Source", "Name", "Disk", "Size", "Accessed", "State"]
    assert "listed" in [row.split()[1] for row in rows]
    raw = home.tart("list", "--format", "json").stdout
    assert '"Name" : "ghcr.io\\/cirruslabs\\/ubuntu:latest"' in raw
    assert {"Source": "local", "Name": "listed"}.items() <= json.loads(raw)[1].items() or "listed" in raw
    empty = home.run("/opt/homebrew/bin/tart", "list", env={"TART_HOME": "/tmp/empty"})
    assert empty.stdout == "\n"


def test_running(home):
    home.tart("clone", UBUNTU, "runs", check=True)
    process = home.run_by_hand("runs")
    assert answer(home, "run", "runs") == (2, 'VM "runs" is already running!')
    assert answer(home, "delete", "runs") == (1, 'VM "runs" is running')
    assert answer(home, "set", "runs", "--cpu", "3") == (0, "")
    assert home.vms()["runs"]["boots"][-1]["cpu"] == 4
    assert answer(home, "stop", "runs") == (0, "")
    assert process.wait(5) == 0
    assert answer(home, "delete", "runs") == (0, "")


def test_third_macos_guest(home):
    processes = []
    for name in ("mac-1", "mac-2", "mac-3"):
        home.tart("clone", SONOMA, name, check=True)
        if name != "mac-3":
            processes.append(home.run_by_hand(name))
    code, text = answer(home, "run", "mac-3")
    assert code == 1 and text == "The number of VMs exceeds the system limit (other running VMs: mac-1, mac-2)"
    for name, process in zip(("mac-1", "mac-2"), processes, strict=True):
        home.tart("stop", name, check=True)
        assert process.wait(5) == 0


def test_a_linux_guest_shuts_down_when_asked(home):
    home.tart("clone", UBUNTU, "polite", check=True)
    process = home.run_by_hand("polite")
    home.crash("polite", 12)
    assert process.wait(5) == 0


def test_every_command_but_pull_and_clone_empties_tmp(home):
    left = home.path("/Users/dk/.tart/tmp/left")
    left.mkdir(parents=True, exist_ok=True)
    home.tart("clone", UBUNTU, "other", check=True)
    assert left.exists()
    home.tart("list", check=True)
    assert not left.exists()


@pytest.mark.parametrize(("fail", "text"), [
    ("missing", "code: 404"), ("unauthorised", "AuthFailed"), ("network", "offline"), ("disk full", "out of space")])
def test_failing_pulls(home, fail, text):
    image = "ghcr.io/example/broken:" + fail.replace(" ", "-")
    home.set_registry({**REGISTRY, image: {"fail": fail}})
    code, said = answer(home, "clone", image, "never")
    assert code == 1 and text in said and "never" not in home.vms()


def test_a_killed_vm_is_not_running(home):
    home.tart("clone", UBUNTU, "killed", check=True)
    process = home.run_by_hand("killed")
    home.crash("killed")
    process.wait(5)
    time.sleep(0.1)
    assert not home.vms()["killed"]["running"]
