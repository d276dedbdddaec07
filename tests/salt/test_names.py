"""Names that contain each other, and strings that try to be code in some layer."""

import json

import pytest
from harness.checks import fleet, idle, runs, succeeded, untouched

CANARY = "/tmp/canary"
# Each of these would leave the canary behind if one layer took it for code; each gets an apply of its own.
SHARP = [
    f"$(touch {CANARY})", f"`touch {CANARY}`", f"'; touch {CANARY}; '", f'"; touch {CANARY}; "', f"x; touch {CANARY}",
    f"x\ntouch {CANARY}\n", f"x && touch {CANARY}", "{{ salt['cmd.run']('touch " + CANARY + "') }}",
    f"__slot__:salt:cmd.run('touch {CANARY}')",
]
# These can only break something; they come all together.
DULL = ["a'b", 'a"b', "a b", "{#", "-rf", "--help", "..", "../../x", "", "*", "[a]", "=ls", "~", "a&b", "<key>", "vm\n",
        "</string><key>Program</key>", "__slot__:salt:test.ping()", "x" * 255, "ü"]


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


def pillar(place, payloads):
    """A hand-written pillar in the original shape, with the payloads where `place` says."""
    vm = {"image": "ghcr.io/cirruslabs/none:latest", "cpu": 2, "memory": 4096, "disk": 20, "enabled": True}
    tart = {"run_user": "dk", "vms": {"vm": vm}}
    if place == "run_user":
        tart["run_user"] = payloads[0]
    elif place == "removed":
        tart.update(vms={}, removed=payloads)
    elif place == "name":
        tart["vms"] = {payload: vm for payload in payloads}
    elif place == "image":
        tart["vms"] = {f"vm{number}": {**vm, "image": payload} for number, payload in enumerate(payloads)}
    else:
        tart["vms"] = {f"vm{number}": {**vm, "cpu": payload, "memory": payload, "disk": payload, "enabled": payload}
                       for number, payload in enumerate(payloads)}
    return "#!yaml\n" + json.dumps({"tart": tart})


@pytest.mark.parametrize("place", ["image", "run_user", "name", "removed", "numbers"])
def test_hostile_strings_in_a_hand_written_pillar(mac, kri, place):
    """Refused or harmless: nothing of it is executed, nothing of it becomes a VM, a job or a plist."""
    mac.install_tart()
    mac.use_tree(kri)
    before = mac.snapshot()
    for payloads in [[payload] for payload in SHARP] + [DULL]:
        mac.use_pillar(tart=pillar(place, payloads))
        result = mac.apply()
        assert not mac.path(CANARY).exists(), (payloads, result.explain())
        assert not mac.vms() and not mac.jobs(), (payloads, result.explain())
    mac.use_pillar(tart=pillar(place, SHARP))
    result = mac.apply("tart.remove")
    assert not mac.path(CANARY).exists(), result.explain()
    untouched(before, mac.snapshot())
