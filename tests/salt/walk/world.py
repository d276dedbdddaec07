"""Two simulated Macs, the spec, and what must be true of them after each step."""

import time
from pathlib import Path

from harness import tree
from harness.checks import dormant, idle, runs, untouched
from harness.mac import REGISTRY, Mac

from .model import HOSTS, IMAGES, Spec
from .tampering import tamper


class World:
    """Carries out steps and knows which disk must still be where."""

    def __init__(self, directory, python):
        self.directory = Path(directory)
        self.spec = Spec()
        self.macs = {host: Mac(self.directory / host, python, minion_id=host) for host in HOSTS}
        self.disks = {host: {} for host in HOSTS}
        for mac in self.macs.values():
            mac.set_registry(REGISTRY | {image: {"os": "linux", "disk": 20, "cpu": 4, "memory": 4096, "pull_seconds": 3}
                                         for image in IMAGES})
            mac.control("tart", {"clone_seconds": 1})

    def close(self):
        """Remove the Macs."""
        for mac in self.macs.values():
            mac.shutdown()

    def do(self, step):
        """One step, then what must hold after any step."""
        kind, host = step["do"], step["host"]
        mac = self.macs[host]
        if hasattr(self.spec, kind):
            self.spec.edit(step)
        elif kind == "apply":
            self._apply(host)
        elif kind == "test":
            self._serve(host)
            before = self._disks(host)
            result = mac.apply(test=True)
            assert not result.failed() or self._shrinks(host), result.explain()
            assert before == self._disks(host), "test=True touched a disk"
        elif kind == "kill":
            self._serve(host)
            end = time.monotonic() + step["after"]
            mac.apply(kill_when=lambda _: time.monotonic() > end, kill_children=step["children"])
        elif kind == "crash":
            if mac.vms().get(step["name"], {}).get("running"):
                mac.crash(step["name"])
        elif kind == "reboot":
            mac.reboot()
        else:
            tamper(mac, step["name"], step["how"])
        self._account(host)

    def _serve(self, host):
        self.macs[host].use_tree(tree.build(self.spec.text(), self.directory / "trees"))

    def _apply(self, host):
        """Converged after at most one more undisturbed apply; the next one changes nothing."""
        self._serve(host)
        mac, expected = self.macs[host], self._shrinks(host)
        result = mac.apply()
        self._account(host)
        if result.failed() or not self._converged(host):
            result = mac.apply()
        wrong = [state for state in result.failed() if not any(state.endswith("_" + name) for name in expected)]
        assert not wrong and not result.errors, result.explain()
        self._converged(host, must=True)
        before = mac.snapshot()
        again = mac.apply()
        if expected:
            assert not again.changed(), again.explain()
        else:
            idle(again)
        untouched(before, mac.snapshot())

    def _shrinks(self, host):
        """VMs whose spec asks for less disk than they have: refused, and left alone."""
        found = self.macs[host].vms()
        return [name for name, vm in self.spec.vms[host].items() if vm["enabled"]
                and found.get(name, {}).get("complete") and found[name]["disk"] > vm["disk"] * 10**9]

    def _converged(self, host, must=False):
        """Whether the Mac is as the spec says; with `must`, fails instead of saying no."""
        try:
            mac, shrinks = self.macs[host], self._shrinks(host)
            for name, vm in self.spec.vms[host].items():
                if name in shrinks:
                    continue
                if vm["enabled"]:
                    runs(mac, name, vm["cpu"], vm["memory"], vm["disk"], self.disks[host].get(name))
                elif name in mac.vms():
                    dormant(mac, name, self.disks[host].get(name))
            for name in self.spec.removed[host]:
                assert name not in mac.vms() and f"com.tart.{name}" not in mac.jobs() and not mac.plist(name), name
        except (AssertionError, KeyError):
            if must:
                raise
            return False
        return True

    def _disks(self, host):
        return {name: vm.get("identity") for name, vm in self.macs[host].vms().items() if not name.endswith(".tartgen")}

    def _account(self, host):
        """No disk may be lost or exchanged that the spec did not say to remove."""
        now = self._disks(host)
        for name, identity in self.disks[host].items():
            gone = name in self.spec.removed[host]
            assert now.get(name) == identity or gone, f"{host}: the disk of {name} is lost: {identity}, now {now}"
        for name in now.keys() - self.disks[host].keys():
            assert name in self.spec.vms[host] or name in self.spec.removed[host], f"{host}: where does {name} come from?"
        self.disks[host] = {name: identity for name, identity in now.items() if identity}
