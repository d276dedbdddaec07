"""A random walk: operations as plain data, a model of what must hold, and a shrinker for sequences that break it.

An operation is a list [kind, host, ...]; it never depends on what happened before and does nothing where it does not
apply, so any part of a sequence is a sequence too.
"""

import copy
import json
import os
import plistlib
import random
import time

from .checks import idle, runs
from .forecast import did, fails, holds, look, plan, told

UBUNTU = "ghcr.io/cirruslabs/ubuntu:latest"
OTHER = "ghcr.io/cirruslabs/debian:latest"
RARE = "ghcr.io/example/rare:1.0"
HOSTS = ("mm1", "mm2")
NAMES = ("vm", "vm-1", "vm-10", "ci", "box")
EDITS = {"add": 8, "drop": 1, "tombstone": 3, "flip": 4, "resize": 3, "disk": 3, "image": 1, "move": 1}
EVENTS = {"crash": 2, "reboot": 1, "bootout": 2, "disable": 1, "edit_plist": 2, "delete_plist": 1, "chmod_plist": 1,
          "tart_set": 2, "tear_config": 1, "override": 1, "tart_stop": 1, "by_hand": 2, "registry": 2, "guest": 1, "drain": 1}
APPLIES = {"apply": 14, "test": 2, "kill": 10, "remove": 1}


def operations(seed, steps):
    """A sequence; the same seed gives the same sequence."""
    dice = random.Random(seed)
    weights = {**EDITS, **EVENTS, **APPLIES}
    start = [["add", host, name, {}] for host in HOSTS for name in NAMES[:2]]
    return start + [_operation(dice, weights) for _ in range(steps)]


def _operation(dice, weights):
    kind = dice.choices(list(weights), list(weights.values()))[0]
    host, name = dice.choice(HOSTS), dice.choice(NAMES)
    if kind == "add":
        return [kind, host, name, {"image": dice.choice((UBUNTU, UBUNTU, RARE)), "enabled": dice.random() < 0.8}]
    if kind == "resize":
        return [kind, host, name, {"cpu": dice.randint(1, 8), "memory": 1024 * dice.randint(1, 8)}]
    if kind == "disk":
        return [kind, host, name, dice.choice((20, 25, 30, 40))]
    if kind == "image":
        return [kind, host, name, dice.choice((UBUNTU, OTHER))]
    if kind == "registry":
        return [kind, host, dice.choice((None, None, "missing", "network", "disk full"))]
    if kind == "guest":
        return [kind, host, name, dice.choice(({}, {}, {"crash_after": 0, "exit": 1, "stderr": "VZErrorDomain"}))]
    if kind == "drain":
        return [kind, host, dice.choice((0, 3, 10))]
    if kind == "kill":
        return [kind, host, dice.randint(0, 40)]
    return [kind, host, name] if kind in EDITS or kind in EVENTS and kind != "reboot" else [kind, host]


class Walk:
    """Runs operations against one Mac per host and checks the promise after each of them."""

    def __init__(self, make_mac, build):
        self.build = build
        self.macs = {host: make_mac(minion_id=host) for host in HOSTS}
        self.spec = {host: {"run_user": "dk", "vms": {}, "removed": []} for host in HOSTS}
        self.disks = {host: {} for host in HOSTS}
        self.images = {host: {UBUNTU: {"os": "linux", "disk": 20}, OTHER: {"os": "linux", "disk": 20},
                              RARE: {"os": "linux", "disk": 20}} for host in HOSTS}
        self.crashing = {host: set() for host in HOSTS}
        # What `tartgen plan` may take for granted: the tree and the part of the spec to which a Mac has converged, until
        # something happens to it. And the kinds of what plans have foretold.
        self.converged = {host: None for host in HOSTS}
        self.asked = set()
        for host, mac in self.macs.items():
            mac.set_registry(self.images[host])

    def run(self, sequence):
        """Every operation in turn; the error names the one that broke the promise."""
        for number, operation in enumerate(sequence):
            try:
                if operation[0] in {*EVENTS, "kill", "remove"} - {"registry", "drain"}:
                    self.converged[operation[1]] = None
                getattr(self, operation[0])(*operation[1:])
                for host in HOSTS:
                    self._observe(host, gone=set())
            except AssertionError as error:
                raise AssertionError(f"step {number} {operation}: {error}") from error

    # Edits of the spec.

    def add(self, host, name, settings):
        self.spec[host]["vms"].setdefault(name, {"image": UBUNTU, "cpu": 2, "memory": 4096, "disk": 20}).update(settings)
        self.spec[host]["removed"] = [other for other in self.spec[host]["removed"] if other != name]

    def drop(self, host, name):
        self.spec[host]["vms"].pop(name, None)

    def tombstone(self, host, name):
        self.drop(host, name)
        if name not in self.spec[host]["removed"]:
            self.spec[host]["removed"].append(name)

    def flip(self, host, name):
        if vm := self.spec[host]["vms"].get(name):
            vm["enabled"] = not vm.get("enabled", True)

    def resize(self, host, name, settings):
        if vm := self.spec[host]["vms"].get(name):
            vm.update(settings)

    def disk(self, host, name, gigabytes):
        self.resize(host, name, {"disk": gigabytes})

    def image(self, host, name, reference):
        self.resize(host, name, {"image": reference})

    def move(self, host, name):
        if vm := self.spec[host]["vms"].pop(name, None):
            self.add(next(other for other in HOSTS if other != host), name, vm)

    # What happens on the Mac.

    def crash(self, host, name):
        if self.macs[host].vms().get(name, {}).get("running"):
            self.macs[host].crash(name)

    def reboot(self, host):
        self.macs[host].reboot()

    def bootout(self, host, name):
        self.macs[host].launchctl("bootout", f"system/com.tart.{name}")

    def disable(self, host, name):
        self.macs[host].launchctl("disable", f"system/com.tart.{name}")
        self.bootout(host, name)

    def override(self, host, name):
        """Disabled, while the job goes on until the next boot."""
        self.macs[host].launchctl("disable", f"system/com.tart.{name}")

    def edit_plist(self, host, name):
        if definition := self.macs[host].plist(name):
            definition["ProgramArguments"].insert(2, "--no-audio")
            self._plist(host, name).write_bytes(plistlib.dumps(definition))

    def delete_plist(self, host, name):
        self._plist(host, name).unlink(missing_ok=True)

    def chmod_plist(self, host, name):
        if self._plist(host, name).exists():
            self._plist(host, name).chmod(0o666)

    def _plist(self, host, name):
        return self.macs[host].path(f"/Library/LaunchDaemons/com.tart.{name}.plist")

    def tart_set(self, host, name):
        if name in self.disks[host]:
            self.macs[host].tart("set", name, "--cpu", "7")

    def tear_config(self, host, name):
        """What a `tart set` by hand leaves that was killed while it wrote; only where an apply has seen the VM."""
        config = self.macs[host].path(f"/Users/dk/.tart/vms/{name}/config.json")
        if config.exists() and self.macs[host].path(f"/var/db/tartgen/{name}.config").exists():
            os.truncate(config, 100)

    def _torn(self, host):
        """Whether some VM cannot be read, for which tart refuses to clone or run any other."""
        return any(path.stat().st_size <= 100 for path in self.macs[host].path("/Users/dk/.tart/vms").glob("*/config.json"))

    def tart_stop(self, host, name):
        if name in self.disks[host]:
            self.macs[host].tart("stop", name)

    def by_hand(self, host, name):
        if name in self.disks[host] and name not in self.crashing[host] and not self._torn(host):
            mac = self.macs[host]
            mac.launchctl("bootout", f"system/com.tart.{name}")
            mac.wait(lambda: not mac.vms()[name]["running"] and f"com.tart.{name}" not in mac.jobs())
            if mac.vms()[name]["complete"]:
                mac.run_by_hand(name)

    def registry(self, host, fail):
        self.images[host][RARE] = {"os": "linux", "disk": 20, **({"fail": fail} if fail else {})}
        self.macs[host].set_registry(self.images[host])

    def guest(self, host, name, behaviour):
        self.macs[host].set_guest(name, **behaviour)
        (self.crashing[host].add if behaviour else self.crashing[host].discard)(name)
        if behaviour:
            self.crash(host, name)

    def drain(self, host, seconds):
        self.macs[host].set_launchd(drain_seconds=seconds)

    # Applies.

    def test(self, host):
        mac = self._serve(host)
        before = mac.snapshot() if not self.crashing[host] else None
        result = mac.apply(test=True)
        self._fails_only(result, self._hopeless(host))
        if before:
            changed = {key for key, value in mac.snapshot().items() if before.get(key) != value} - {"runs"}
            assert not {key for key in changed if not key.endswith("disk.img")}, changed

    def kill(self, host, calls):
        """SIGKILL for Salt and its children after so many calls of programs."""
        mac = self._serve(host)
        mark, start = mac.mark(), time.monotonic()
        mac.apply(kill_when=lambda mac: mac.mark() - mark >= calls and time.monotonic() - start > 0.5)
        self._observe(host, gone=set(self.spec[host]["removed"]))

    def remove(self, host):
        mac = self._serve(host)
        if self.crashing[host]:
            return
        named = set(self.spec[host]["vms"]) | set(self.spec[host]["removed"])
        result = mac.apply("tart.remove")
        assert result.exit == 0, result.explain()
        self._observe(host, gone=named)
        assert not named & set(mac.vms()), (named, mac.vms())

    def apply(self, host):
        """One undisturbed apply converges everything that can converge; the next changes nothing."""
        mac = self._serve(host)
        hopeless = self._hopeless(host)
        before, said = look(mac), self._foretold(host)
        result = mac.apply()
        self._observe(host, gone=set(self.spec[host]["removed"]))
        self._fails_only(result, hopeless)
        self._came_true(host, said, before, hopeless)
        assert bool(result.failed()) == bool(hopeless), (hopeless, result.explain())
        for name, vm in self.spec[host]["vms"].items():
            if name not in hopeless:
                self._converged(mac, name, vm)
        for name in self.spec[host]["removed"]:
            assert name not in mac.vms() and f"com.tart.{name}" not in mac.jobs(), (name, mac.vms().get(name))
        if not hopeless:
            idle(mac.apply())

    def _foretold(self, host):
        """What the plan says about each VM, if the Mac is what the plan takes it for."""
        if not self.converged[host]:
            return {}
        tree, earlier = self.converged[host]
        said = told(plan(self.build(self._text(host)), tree), host)
        # What left the spec without a tombstone is on the Mac, and no tree tells of it.
        orphans = set(self.disks[host]) - set(earlier["vms"])
        return {name: vm for name, vm in said.items() if name not in orphans}

    def _came_true(self, host, said, before, hopeless):
        """What was said happened, where nothing kept it from happening."""
        happened = did(before, look(self.macs[host]))
        for name, vm in said.items():
            assert not fails(vm) or name in hopeless, (name, vm, hopeless)
            if name not in hopeless:
                holds(vm, before, happened.get(name, set()), name)
                self.asked |= {action["action"] for action in vm["actions"]}
        self.converged[host] = None if hopeless else (self.build(self._text(host)), copy.deepcopy(self.spec[host]))

    @staticmethod
    def _fails_only(result, names):
        """It ran, and no state failed but those of these VMs."""
        strangers = [state for state in result.failed() if not any(state.endswith(f"_{name}") for name in names)]
        assert result.states and not strangers, (names, result.explain())

    @staticmethod
    def _converged(mac, name, vm):
        if vm.get("enabled", True):
            runs(mac, name, vm["cpu"], vm["memory"], vm["disk"])
        else:
            found = mac.vms().get(name, {"running": False})
            assert not found["running"] and f"com.tart.{name}" not in mac.jobs() and mac.plist(name) is None, found

    def _text(self, host):
        hosts = {key: entry for key, entry in self.spec.items() if entry["vms"] or entry["removed"]}
        hosts.setdefault(host, self.spec[host])
        return json.dumps({"version": 1, "hosts": hosts})

    def _serve(self, host):
        self.macs[host].use_tree(self.build(self._text(host)))
        return self.macs[host]

    def _hopeless(self, host):
        """VMs whose own states must fail: image not to be had, disk larger than the spec's, guest that crashes."""
        vms = self.macs[host].vms()
        found = set()
        for name, vm in self.spec[host]["vms"].items():
            there = "disk" in vms.get(name, {})
            if not vm.get("enabled", True):
                continue
            if not there and self.images[host][vm["image"]].get("fail") and not self._cached(host, vm["image"]):
                found.add(name)
            elif name in self.crashing[host] or (there and vms[name]["disk"] > vm["disk"] * 10**9):
                found.add(name)
        return found

    def _cached(self, host, image):
        name, _, tag = image.rpartition(":")
        return self.macs[host].path(f"/Users/dk/.tart/cache/OCIs/{name}/{tag}/manifest.json").exists()

    def _observe(self, host, gone):
        """The promise: every disk that was there is there, unless the spec that was applied removes it."""
        now = {}
        root = self.macs[host].path("/Users/dk/.tart/vms")
        for path in root.glob("*/disk.img") if root.exists() else []:
            with open(path, "rb") as disk:
                now[path.parent.name] = disk.read(512).strip()
        lost = {name for name, identity in self.disks[host].items() if now.get(name) != identity} - gone
        assert not lost, f"disks of {host} lost: {lost}; there are {sorted(now)}"
        self.disks[host] = {name: identity for name, identity in now.items() if not name.endswith(".tartgen")}


def shrink(sequence, breaks, seconds=300):
    """The shortest sequence that still breaks, as far as can be found in this time: parts are left out, large first."""
    deadline = time.monotonic() + seconds
    size = max(len(sequence) // 2, 1)
    while size and time.monotonic() < deadline:
        start = 0
        while start < len(sequence) and time.monotonic() < deadline:
            shorter = sequence[:start] + sequence[start + size:]
            if shorter and breaks(shorter):
                sequence = shorter
            else:
                start += size
        size //= 2
    return sequence
