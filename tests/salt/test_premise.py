"""The suite's own premise: states with the mistakes of the hand-written original go wrong on this Mac as on a real one.

If one of these passes for good, the simulator has become too kind and the other scenarios prove nothing.
"""

import pytest

UBUNTU = "ghcr.io/cirruslabs/ubuntu:latest"
TART = "/opt/homebrew/bin/tart"
STATES = f"""
tart_clone_vm:
  cmd.run:
    - name: {TART} clone {UBUNTU} vm
    - runas: dk
    - unless: "{TART} list 2>/dev/null | awk 'NR>1{{print $1}}' | grep -qx vm"

tart_set_vm:
  cmd.run:
    - name: {TART} set vm --cpu 3 --disk 60
    - runas: dk

environment:
  cmd.run:
    - name: echo "marker=$MARKER shell=$0 path=$PATH"
    - runas: dk
    - env: [{{MARKER: lost}}]

glob:
  cmd.run:
    - name: echo *.nowhere
    - runas: dk

tart_service_vm:
  cmd.run:
    - name: launchctl load -w /Library/LaunchDaemons/com.tart.vm.plist
    - unless: launchctl list | grep -q com.tart.vm
"""


@pytest.fixture
def original(mac):
    """The original's guards, on a Mac with tart."""
    mac.install_tart()
    mac.write("/srv/salt/states/tart/init.sls", STATES)
    mac.use_pillar(empty="{}")
    return mac


def test_the_originals_guard_destroys_the_disk_at_the_second_apply(original):
    original.apply()
    first = original.vms()["vm"]["identity"]
    original.apply()
    assert original.vms()["vm"]["identity"] != first


def test_set_disk_fails_after_it_wrote_the_configuration(original):
    assert "tart_set_vm" in original.apply().failed()
    assert original.vms()["vm"]["cpu"] == 3


def test_runas_loses_the_environment_and_is_read_by_the_login_shell(original):
    result = original.apply()
    said = result.states["environment"].changes["stdout"]
    assert "marker= shell=-zsh" in said and "homebrew" not in said and "Last login" in said
    assert "glob" in result.failed(), "zsh refuses a glob that matches nothing"


def test_the_originals_service_state_is_green_without_a_service(original):
    result = original.apply()
    assert result.states["tart_service_vm"].result is True
    assert original.jobs() == {}
