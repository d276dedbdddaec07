"""A pillar written by hand in the shape of the original works with the generated states."""

import json

import pytest
from harness.checks import dormant, idle, nothing_left, runs, succeeded, untouched

ORIGINAL = """
tart:
  run_user: dk
  vms:
    kri-test-linux-1:
      image: ghcr.io/cirruslabs/ubuntu:latest
      cpu: 2
      memory: 4096
      disk: 20
      enabled: true
    kri-test-linux-2:
      image: ghcr.io/cirruslabs/ubuntu:latest
      cpu: 4
      memory: 8192
      disk: 60
      enabled: false
"""


def test_the_original_shape(mac, kri):
    mac.use_tree(kri)
    mac.use_pillar(tart=ORIGINAL)
    succeeded(mac.apply())
    runs(mac, "kri-test-linux-1", 2, 4096, 20)
    assert list(mac.vms()) == ["kri-test-linux-1"]
    idle(mac.apply())
    mac.use_pillar(tart=ORIGINAL.replace("enabled: true", "enabled: false"))
    succeeded(mac.apply())
    dormant(mac, "kri-test-linux-1")
    succeeded(mac.apply("tart.remove"))
    nothing_left(mac)


def test_only_an_image(mac, kri):
    """Everything else has the defaults of the original."""
    mac.use_tree(kri)
    vms = {"vm": {"image": "ghcr.io/cirruslabs/ubuntu:latest"}}
    mac.use_pillar(tart=json.dumps({"tart": {"run_user": "dk", "vms": vms}}))
    succeeded(mac.apply())
    runs(mac, "vm", 2, 4096, 20)
    idle(mac.apply())


def test_no_vms(mac, kri):
    mac.use_tree(kri)
    mac.use_pillar(tart=json.dumps({"tart": {"run_user": "dk", "vms": {}}}))
    idle(mac.apply())
    idle(mac.apply("tart.remove"))
    nothing_left(mac)


BAD = {
    "tart: [vms]": "must map", "tart: {run_user: dk, vms: [a]}": "vms must map",
    "tart: {run_user: dk, removed: {vm: true}}": "must be lists",
    "tart: {run_user: dk, vms: {vm: {image: x, enabled: 'false'}}}": "enabled must be",
    "tart: {run_user: dk, vms: {vm: {image: x, cpu: '1e3'}}}": "cpu must be",
    "tart: {run_user: dk, vms: {vm: {image: x, disk: -1}}}": "disk must be",
    "tart: {run_user: dk, vms: {vm: {image: '-x'}}}": "image must be",
    "tart: {run_user: dk, vms: {'../x': {image: x}}}": "cannot be the name",
    "tart: {run_user: 'dk;id', vms: {}}": "run_user must",
}


@pytest.mark.parametrize("text", BAD)
def test_a_bad_pillar_is_refused_in_words(mac, kri, text):
    mac.use_tree(kri)
    mac.use_pillar(tart=text)
    before = mac.snapshot()
    for sls in ("tart", "tart.remove"):
        result = mac.apply(sls)
        assert result.failed() == ["tart_preflight"] and BAD[text] in result.text("tart_preflight"), result.explain()
    untouched(before, mac.snapshot())
