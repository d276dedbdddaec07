"""salt-ssh: what it does with an emitted tree, through a real sshd in each Mac, with the Salt that it brings along."""

import json

import pytest
from conftest import ENDS
from harness.checks import dormant, fleet, idle, runs, succeeded
from harness.mac import UBUNTU

pytestmark = pytest.mark.parametrize("salt", ENDS, indirect=True)

VMS = {"mm1": {"up": {}}, "mm2": {"down": {"enabled": False}}}
# One is in no spec, one is a glob that matches everybody.
STRANGERS = ["mm3", "mm*"]


def hosts(**top):
    """The spec of both hosts."""
    described = {host: json.loads(fleet(vms))["hosts"]["mm1"] for host, vms in VMS.items()}
    return json.dumps({"version": 1, "hosts": described, **top})


@pytest.mark.parametrize("layout", ["inside", "beside"])
def test_a_fleet_converges(ssh, make_mac, spec, layout):
    """Each host gets its own and nothing else, VMs start and stop, a second run changes nothing."""
    macs = {host: make_mac(minion_id=host) for host in VMS}
    # Somebody made and started by hand what should be dormant; only a look at the processes tells.
    macs["mm2"].install_tart()
    macs["mm2"].tart("clone", UBUNTU, "down", check=True)
    macs["mm2"].run_by_hand("down")
    for mac in macs.values():
        ssh.join(mac)
    ssh.serve(spec(hosts(pillar={"layout": layout})))

    code, answers = ssh.apply("mm?")
    assert code == 0 and sorted(answers) == sorted(VMS), (code, answers)
    for answer in answers.values():
        succeeded(answer)
    assert [list(mac.vms()) for mac in macs.values()] == [["up"], ["down"]]
    runs(macs["mm1"], "up", cpu=2, memory=4096, disk=20)
    assert "tart_stop_down" in answers["mm2"].changed(), answers["mm2"].explain()
    dormant(macs["mm2"], "down")

    before = {host: mac.snapshot() for host, mac in macs.items()}
    code, answers = ssh.apply("mm?")
    assert code == 0 and sorted(answers) == sorted(VMS), (code, answers)
    for answer in answers.values():
        idle(answer)
    # A look said so, not the script of a state, which test=True could not run.
    assert answers["mm2"].states["tart_stop_down"].function == "test.nop", answers["mm2"].explain()

    for stranger in STRANGERS:
        ssh.enter(stranger, ssh.roster["mm1"])
    code, pillars, errors = ssh.run("*", "pillar.items")
    assert code == 0, (pillars, errors)
    assert {host: list(pillars[host]["tart"]["vms"]) for host in VMS} == {host: list(vms) for host, vms in VMS.items()}
    assert {stranger: pillars[stranger] for stranger in STRANGERS} == {stranger: {} for stranger in STRANGERS}
    code, answers = ssh.apply("mm3")
    assert code and answers["mm3"].failed() == ["tart_preflight"] and not answers["mm3"].changed(), answers
    assert {host: mac.snapshot() for host, mac in macs.items()} == before
