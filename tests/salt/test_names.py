"""Names that contain each other, and strings that try to be code in some layer."""

import json

import pytest
from harness.checks import fleet, idle, runs, succeeded, untouched

CANARY = "/tmp/canary"
PAYLOADS = [
    "a'b", 'a"b', "a b", f"$(touch {CANARY})", f"`touch {CANARY}`", f"'; touch {CANARY}; '", f"x; touch {CANARY}",
    "{{ salt['cmd.run']('touch " + CANARY + "') }}", "{% set x = salt['cmd.run']('touch " + CANARY + "') %}", "{#",
    f"x\ntouch {CANARY}\n", f"x && touch {CANARY}", f"x | touch {CANARY}", "-rf", "--help", "..", "../../x", "", "*",
    "[a]", "=ls", "~", "yes", "0123", "12:30", "a&b", "<key>", "</string><key>Program</key>", "__slot__:salt:test.ping()",
    "x" * 255, "vm\n", "ü", f"__slot__:salt:cmd.run('touch {CANARY}')",
]


def test_prefixes_of_each_other(mac, spec):
    vms = {"vm": {"cpu": 1}, "vm-1": {"cpu": 2}, "vm-10": {"cpu": 3}, "a-vm-1": {"cpu": 4}, "vm-1-b": {"cpu": 5}}
    mac.use_tree(spec(fleet(vms)))
    succeeded(mac.apply())
    for name, vm in vms.items():
        runs(mac, name, vm["cpu"], 4096, 20)
    identities = {name: vm["identity"] for name, vm in mac.vms().items()}
    assert len(set(identities.values())) == len(vms)
    idle(mac.apply())
    others = {name: vm for name, vm in vms.items() if name != "vm-1"}
    pids = {name: mac.jobs()[f"com.tart.{name}"]["pid"] for name in others}
    mac.use_tree(spec(fleet(others, removed=["vm-1"])))
    succeeded(mac.apply())
    assert sorted(mac.vms()) == sorted(others)
    assert {name: mac.jobs()[f"com.tart.{name}"]["pid"] for name in others} == pids


def test_vms_called_like_words_of_tart_list(mac, spec):
    mac.use_tree(spec(fleet({"local": {}, "name": {}, "source": {}})))
    succeeded(mac.apply())
    before = mac.snapshot()
    idle(mac.apply())
    untouched(before, mac.snapshot())


@pytest.mark.parametrize("place", ["image", "run_user", "name", "removed", "cpu", "enabled"])
def test_hostile_strings_in_a_hand_written_pillar(mac, kri, place):
    """Refused or harmless: nothing of it is executed, nothing of it becomes a file outside the VM store."""
    mac.install_tart()
    mac.use_tree(kri)
    before = mac.snapshot()
    for payload in PAYLOADS:
        vm = {"image": "ghcr.io/cirruslabs/none:latest", "cpu": 2, "memory": 4096, "disk": 20, "enabled": True}
        tart = {"run_user": "dk", "vms": {"vm": vm}}
        if place == "run_user":
            tart["run_user"] = payload
        elif place == "name":
            tart["vms"] = {payload: vm}
        elif place == "removed":
            tart.update(vms={}, removed=[payload])
        else:
            vm[place] = payload
        mac.use_pillar(tart="#!yaml\n" + json.dumps({"tart": tart}))
        for sls in ("tart", "tart.remove"):
            result = mac.apply(sls, test=sls == "tart.remove")
            assert not mac.path(CANARY).exists(), (payload, sls, result.explain())
            assert not mac.path(f"/Users/dk{CANARY}").exists()
            # An accepted name may leave a failed create, but never a running VM.
            assert not mac.vms() and not mac.jobs(), (payload, result.explain())
    mac.apply("tart.remove")
    untouched({**before, "runs": {}}, {**mac.snapshot(), "runs": {}})
