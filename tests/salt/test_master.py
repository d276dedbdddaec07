"""A real master and real minions: what `salt` and `salt-run` do with an emitted tree over ZeroMQ."""

import json

import pytest
from conftest import ENDS
from harness.checks import fleet, idle, runs, succeeded
from harness.mac import REGISTRY, UBUNTU

pytestmark = pytest.mark.parametrize("salt", ENDS, indirect=True)

OTHER = "ghcr.io/cirruslabs/debian:latest"
HOSTS = ["mm1", "mm2", "mm3.example.com"]
# One is named like another's file, one is a glob that matches everybody.
STRANGERS = ["mm3+example+com", "mm*"]
SMALL = {"cpu": 2, "memory": 4096, "disk": 20}


@pytest.fixture
def macs(cluster, make_mac):
    """A Mac for each host, with its minion."""
    macs = {host: make_mac(minion_id=host) for host in HOSTS}
    for mac in macs.values():
        mac.set_registry({**REGISTRY, OTHER: REGISTRY[UBUNTU]})
        cluster.join(mac)
    return macs


def hosts(vms=None, **top):
    """A spec in which each host has a VM of its own name, and besides these VMs."""
    one = {host: {f"only-{number}": {}, **(vms or {})} for number, host in enumerate(HOSTS)}
    described = {host: json.loads(fleet(own))["hosts"]["mm1"] for host, own in one.items()}
    return json.dumps({"version": 1, "hosts": described, **top})


@pytest.mark.parametrize("layout", ["inside", "beside"])
def test_a_fleet_converges(cluster, macs, spec, layout):
    """Each host gets its own and nothing else, a second run changes nothing, a failure stays where it is."""
    pillar = {"layout": layout}
    cluster.serve(spec(hosts(pillar=pillar)))
    cluster.wait()
    code, answers = cluster.apply("mm*")
    assert code == 0 and sorted(answers) == HOSTS, (code, answers)
    for number, (host, mac) in enumerate(macs.items()):
        succeeded(answers[host])
        assert list(mac.vms()) == [f"only-{number}"]
        runs(mac, f"only-{number}", **SMALL)
    code, answers = cluster.apply("mm*")
    assert code == 0 and sorted(answers) == HOSTS
    for answer in answers.values():
        idle(answer)

    cluster.serve(spec(hosts({"added": {"image": OTHER}}, pillar=pillar)))
    macs["mm2"].set_image(OTHER, fail="missing")
    # With --static, `salt` exits with 0 nevertheless.
    _, answers = cluster.apply("mm*")
    assert sorted(answers) == HOSTS
    assert answers["mm2"].failed() and all(state.endswith("_added") for state in answers["mm2"].failed())
    for host in ("mm1", "mm3.example.com"):
        succeeded(answers[host])
        runs(macs[host], "added", **SMALL)
    runs(macs["mm2"], "only-1", **SMALL)

    for stranger in STRANGERS:
        cluster.join(macs["mm1"], stranger)
    cluster.wait()
    # Compiled anew; pillar.raw says what a minion had when it started. From 3008 on, values are hidden unless asked for.
    _, pillars = cluster.salt("*", "pillar.items", "unmask=True")
    assert sorted(pillars) == sorted([*HOSTS, *STRANGERS])
    for number, host in enumerate(HOSTS):
        assert list(pillars[host]["tart"]["vms"]) == [f"only-{number}", "added"], pillars[host]
    assert [pillars[stranger] for stranger in STRANGERS] == [{}, {}]


WAVES = {"waves": [{"name": "canary", "hosts": ["mm1"]}, {"name": "second", "hosts": ["mm2"]}]}


def results(states):
    """The outcome of each batch, in order."""
    ordered = sorted(states.values(), key=lambda state: state["__run_num__"])
    return {state["__id__"].removeprefix("tart_rollout_"): state["result"] for state in ordered}


def test_a_rollout_stops_where_it_fails(cluster, macs, spec):
    """Wave after wave, nothing after a failure, and on from there when it is mended."""
    cluster.serve(spec(hosts(rollout=WAVES)))
    cluster.wait()
    code, states = cluster.rollout()
    assert (code, results(states)) == (0, {"canary_1": True, "second_1": True, "rest_1": True}), states
    starts = [mac.boots()[0]["name"] for mac in macs.values()]
    assert starts == ["only-0", "only-1", "only-2"]

    cluster.serve(spec(hosts({"added": {"image": OTHER}}, rollout=WAVES)))
    macs["mm2"].set_image(OTHER, fail="missing")
    code, states = cluster.rollout()
    assert (code, results(states)) == (1, {"canary_1": True, "second_1": False, "rest_1": False}), states
    assert "mm2" in states["tart_rollout_second_1"]["comment"]
    runs(macs["mm1"], "added", **SMALL)
    assert "added" not in macs["mm3.example.com"].vms()

    macs["mm2"].set_image(OTHER, fail=None)
    before = {host: mac.snapshot() for host, mac in macs.items()}
    code, states = cluster.rollout("test=True")
    assert (code, results(states)) == (0, {"canary_1": True, "second_1": None, "rest_1": None}), states
    assert {host: mac.snapshot() for host, mac in macs.items()} == before
    code, states = cluster.rollout()
    assert (code, set(results(states).values())) == (0, {True}), states
    for mac in macs.values():
        runs(mac, "added", **SMALL)


def test_a_wave_in_batches(cluster, macs, spec):
    """Of a batch of two, one may fail; a whole batch may not, nor the last, which is smaller."""
    everybody = {"waves": [{"name": "all", "hosts": ["*"]}], "batch": 2, "max_failures": 1}
    cluster.serve(spec(hosts(rollout=everybody)))
    cluster.wait()
    cluster.leave("mm2")
    code, states = cluster.rollout()
    assert (code, results(states)) == (0, {"all_1": True, "all_2": True}), states
    runs(macs["mm1"], "only-0", **SMALL)
    runs(macs["mm3.example.com"], "only-2", **SMALL)
    assert not macs["mm2"].boots()
    cluster.leave("mm3.example.com")
    code, states = cluster.rollout()
    assert (code, results(states)) == (1, {"all_1": True, "all_2": False}), states
    cluster.leave("mm1")
    code, states = cluster.rollout()
    assert (code, results(states)) == (1, {"all_1": False, "all_2": False}), states


def test_hosts_that_do_not_answer_count_as_failures(cluster, macs, spec):
    """They stop a rollout, unless that many may fail."""
    cluster.serve(spec(hosts(rollout=WAVES)))
    cluster.wait()
    cluster.leave("mm2")
    code, states = cluster.rollout()
    assert (code, results(states)) == (1, {"canary_1": True, "second_1": False, "rest_1": False}), states
    assert "mm2" in states["tart_rollout_second_1"]["comment"] and not macs["mm3.example.com"].boots()
    # What is said for all waves lets no whole batch fail.
    cluster.serve(spec(hosts(rollout={**WAVES, "max_failures": 1})))
    code, states = cluster.rollout()
    assert (code, results(states)) == (1, {"canary_1": True, "second_1": False, "rest_1": False}), states
    canary, second = WAVES["waves"]
    cluster.serve(spec(hosts(rollout={"waves": [canary, {**second, "max_failures": 1}]})))
    code, states = cluster.rollout()
    assert (code, set(results(states).values())) == (0, {True}), states
    runs(macs["mm3.example.com"], "only-2", **SMALL)
