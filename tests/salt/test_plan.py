"""What `tartgen plan` says is what the next apply does."""

import json
import shutil

import pytest
from conftest import ENDS
from harness.checks import fleet, idle, succeeded
from harness.forecast import did, fails, holds, look, plan, told
from harness.walk import Walk

# An apply of so many VMs at once takes its time on a busy machine.
PATIENCE = 900
DEBIAN = "ghcr.io/cirruslabs/debian:latest"

# For each kind of change: the settings of a VM before and after it (None: not in the spec, "removed": a tombstone), and
# what the plan must say, so that a plan that says nothing does not pass.
KINDS = {
    "same": ({}, {}, []),
    "cpu": ({}, {"cpu": 4, "memory": 2048}, ["restart"]),
    "display": ({"display": "800x600"}, {"display": "801x600pt"}, ["restart"]),
    "screen-left": ({"display": "800x600"}, {}, []),
    "grow": ({}, {"disk": 30}, ["grow", "restart"]),
    "shrink-and-cpu": ({"disk": 40}, {"disk": 30, "cpu": 3}, ["shrink"]),
    "shrink-and-run": ({"disk": 40}, {"disk": 30, "run": {"no_audio": True}}, ["restart", "shrink"]),
    "run": ({}, {"run": {"no_audio": True}}, ["restart"]),
    "daemon": ({}, {"daemon": {"throttle_interval": 11, "keep_alive": False, "environment": {"A": "1"}}}, ["restart"]),
    "same-log": ({}, {"daemon": {"standard_out_path": "/var/log/tart/same-log.out.log"}}, []),
    "clone": ({}, {"clone": {"timeout": 99}}, []),
    "image": ({}, {"image": DEBIAN}, ["image"]),
    "new": (None, {"disk": 30}, ["create"]),
    "new-dormant": (None, {"enabled": False}, []),
    "stop": ({}, {"enabled": False, "cpu": 3}, ["stop"]),
    "start": ({"enabled": False}, {"cpu": 3}, ["start"]),
    "start-grown": ({"enabled": False}, {"disk": 30}, ["start"]),
    "never-made": ({"enabled": False}, {}, ["start"]),
    "waits": ({"enabled": False}, {"enabled": False, "cpu": 3}, []),
    "tombstone": ({}, "removed", ["destroy"]),
    "tombstone-dormant": ({"enabled": False}, "removed", ["destroy"]),
    "tombstone-never": (None, "removed", ["destroy"]),
    "back-again": ("removed", {}, ["create"]),
    "gone-already": ("removed", "removed", []),
    "orphan": ({}, None, ["orphan"]),
    "orphan-dormant": ({"enabled": False}, None, ["orphan"]),
}


def spec_of(column, **top):
    """The fleet of one column of the table."""
    settings = {name: row[column] for name, row in KINDS.items()}
    vms = {name: vm for name, vm in settings.items() if isinstance(vm, dict)}
    return fleet(vms, removed=[name for name, vm in settings.items() if vm == "removed"], **top)


def ask_and_apply(mac, new, against):
    """Asks the plan, applies the tree, and holds the one against the other; returns what was said."""
    said = told(plan(new, against), mac.minion_id)
    before = look(mac)
    mac.use_tree(new)
    result = mac.apply(timeout=PATIENCE)
    happened = did(before, look(mac))
    for name, vm in said.items():
        holds(vm, before, happened.get(name, set()), name)
    assert {name for name, kinds in happened.items() if kinds} <= set(said), (happened, said)
    failing = {f"tart_set_{name}" for name, vm in said.items() if fails(vm)}
    assert set(result.failed()) == failing, result.explain()
    return said


@pytest.mark.parametrize("salt", ENDS, indirect=True)
def test_each_kind_of_change(mac, spec):
    # Dormant VMs with a disk have run before.
    made = {name: {} for name in ("start", "start-grown", "waits", "tombstone-dormant", "orphan-dormant")}
    mac.use_tree(spec(fleet(made)))
    succeeded(mac.apply(timeout=PATIENCE))
    old, new = spec(spec_of(0)), spec(spec_of(1))
    mac.use_tree(old)
    succeeded(mac.apply(timeout=PATIENCE))
    said = ask_and_apply(mac, new, old)
    for name, (_, _, expected) in KINDS.items():
        vm = said.get(name, {"actions": [], "problems": []})
        found = [action["action"] for action in vm["actions"]] + [problem["problem"] for problem in vm["problems"]]
        assert sorted(found) == sorted(expected), (name, vm)
    # What could be done is done: the plan against the tree itself is empty, and nothing but the shrinks fails again.
    document = plan(new, new)
    assert set(document["summary"].values()) == {0, document["summary"]["unchanged"]}, document
    failed = {state.rpartition("_")[2] for state in mac.apply(timeout=PATIENCE).failed()}
    assert failed == {name for name in KINDS if name.startswith("shrink")}


def test_a_host_that_leaves(mac, spec):
    """Its VMs stay as they are, and its minion gets no pillar to apply."""
    old = spec(fleet({"runs": {}, "dormant": {"enabled": False}}))
    new = spec(fleet({}).replace("mm1", "mm2"))
    mac.use_tree(old)
    succeeded(mac.apply())
    document = plan(new, old)
    assert {host["host"]: host["presence"] for host in document["hosts"]} == {"mm1": "gone", "mm2": "new"}, document
    said = told(document, mac.minion_id)
    assert {name: [problem["problem"] for problem in vm["problems"]] for name, vm in said.items()} == {
        "runs": ["orphan"], "dormant": ["orphan"]}
    before = look(mac)
    mac.use_tree(new)
    result = mac.apply()
    assert result.exit != 0 and look(mac) == before and before, result.explain()


def test_other_states(mac, spec):
    """A template of another release and another place of tart restart what runs, and nothing else."""
    text = fleet({"runs": {}, "dormant": {"enabled": False}})
    new = spec(text)
    old = new.parent / "old"
    shutil.copytree(new, old, dirs_exist_ok=True)
    template = old / "salt/states/tart/files/com.tart.vm.plist.jinja"
    template.write_text(template.read_text().replace("Interactive", "Background"))
    mac.use_tree(old)
    succeeded(mac.apply())
    said = ask_and_apply(mac, new, old)
    assert "ProcessType" in said["runs"]["actions"][0]["reasons"][0]["key"], said
    mac.path("/usr/local/bin/tart").parent.mkdir(parents=True, exist_ok=True)
    mac.run("/bin/ln", "-s", "/opt/homebrew/bin/tart", "/usr/local/bin/tart", check=True)
    moved = spec(fleet({"runs": {}, "dormant": {"enabled": False}}, tart={"binary": "/usr/local/bin/tart"}))
    said = ask_and_apply(mac, moved, new)
    assert said["runs"]["actions"][0]["reasons"][0]["key"] == "tart.binary", said
    # An older minimum, as from a tree of long ago, restarts nothing.
    newer = spec(fleet({"runs": {}}, tart={"binary": "/usr/local/bin/tart", "minimum_version": "2.20.0"}))
    assert plan(newer, moved)["hosts"][0]["changes"] == [
        {"key": "tart.minimum_version", "from": "2.13.0", "to": "2.20.0"}]
    said = ask_and_apply(mac, newer, moved)
    assert said["runs"]["actions"] == [], said


HAND_WRITTEN = """
tart:
  run_user: dk
  vms:
    octal: {image: "ghcr.io/cirruslabs/ubuntu:latest", cpu: 03, memory: 4_096, disk: 25}
    dormant: {image: "ghcr.io/cirruslabs/ubuntu:latest", enabled: off}
    text: {image: "ghcr.io/cirruslabs/ubuntu:latest", cpu: "3"}
"""


def test_hand_written_pillar(mac, spec, tmp_path):
    """It is read as Salt reads it: what the plan takes for equal, Salt does."""
    vms = {"octal": {"cpu": 3, "disk": 25}, "dormant": {"cpu": 3}, "text": {"cpu": 3, "memory": 2048}}
    new = spec(fleet(vms))
    (tmp_path / "tart.sls").write_text(HAND_WRITTEN)
    mac.use_tree(new)
    mac.use_pillar(tart=HAND_WRITTEN)
    succeeded(mac.apply())
    assert plan(new, tmp_path / "tart.sls")["changed_states"] is None
    said = ask_and_apply(mac, new, tmp_path)
    assert {name: [action["action"] for action in vm["actions"]] for name, vm in said.items()} == {
        "octal": [], "dormant": ["start"], "text": ["restart"]}
    idle(mac.apply())


NUMBERS = ["012", "+012", "0x1F", "0b11", "1_000", "1:30", "190:20:30", "08", "'12'", "12.0", "1e3", "yes", "~", "00",
           "0o17", "-1", "2026-08-01", "on", "=", ".5", "1:60", "!!str 12"]


def test_numbers_are_read_as_salt_reads_them(salt, mac, spec, tmp_path):
    """One by one: what the states would take, the plan takes, with Salt's value."""
    new = spec(fleet({"vm": {}}))
    reader = "import sys, json, salt.utils.yaml\nfor text in json.loads(sys.argv[1]):\n" \
             "    try: print(json.dumps(salt.utils.yaml.safe_load('cpu: ' + text)['cpu'], default=str))\n" \
             "    except Exception: print('null')\n"
    read = mac.run(str(salt), "-c", reader, json.dumps(NUMBERS), check=True).stdout.splitlines()
    assert len(read) == len(NUMBERS)
    taken = 0
    for text, value in zip(NUMBERS, map(json.loads, read)):
        pillar = f"tart: {{run_user: dk, vms: {{vm: {{image: 'ghcr.io/cirruslabs/ubuntu:latest', cpu: {text}}}}}}}\n"
        (tmp_path / "mm1.sls").write_text(pillar)
        if str(value).isdigit() and not str(value).startswith("0"):
            [vm] = plan(new, tmp_path)["hosts"][0]["vms"]
            reasons = [reason for action in vm["actions"] for reason in action["reasons"]]
            assert reasons == [{"key": "cpu", "from": str(value), "to": "2"}], (text, value, vm)
            taken += 1
        else:
            with pytest.raises(AssertionError, match="`cpu` of the VM `vm`|cannot read `=`"):
                plan(new, tmp_path)
    assert taken == 9


@pytest.mark.parametrize("salt", ENDS, indirect=True)
def test_the_walk_asks_the_plan(make_mac, spec):
    """A sequence that shows most kinds; the walks of test_walk.py meet the rest."""
    resize = ["resize", "mm1", "vm", {"cpu": 3}]
    walk = Walk(make_mac, spec)
    walk.run([["add", "mm1", "vm", {}], ["add", "mm1", "ci", {}], ["apply", "mm1"], resize, ["flip", "mm1", "ci"],
              ["add", "mm1", "box", {}], ["apply", "mm1"], ["disk", "mm1", "vm", 30], ["flip", "mm1", "ci"],
              ["tombstone", "mm1", "box"], ["apply", "mm1"], ["tart_set", "mm1", "vm"], ["apply", "mm1"]])
    assert walk.asked == {"create", "restart", "stop", "grow", "start", "destroy"}
