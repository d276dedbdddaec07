"""A pillar written by hand in the shape of the original works with the generated states."""

import json

from harness.checks import dormant, idle, nothing_left, runs, succeeded

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
