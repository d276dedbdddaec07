"""What the spec says, as the walk edits it; and which steps are worth trying next."""

import json
import random

HOSTS = ("mm1", "mm2")
NAMES = ("vm", "vm-1", "vm-10", "local")
IMAGES = ("ghcr.io/cirruslabs/ubuntu:latest", "ghcr.io/cirruslabs/debian:latest")
TAMPERINGS = ("boot out", "disable", "delete plist", "edit plist", "open plist to all", "set by hand", "stop by hand",
              "start by hand", "older definition", "forget everything", "left-over staging", "suspend")
# How often each kind of step is drawn.
WEIGHTS = {"apply": 10, "kill": 6, "test": 2, "add": 5, "tombstone": 3, "forget": 1, "bury": 2, "flip": 4, "resize": 5,
           "shrink": 1, "reimage": 1, "move": 2, "crash": 2, "reboot": 1, "tamper": 8}


class Spec:
    """The fleet spec: host -> VM name -> settings, and the tombstones of each host."""

    def __init__(self):
        self.vms = {host: {} for host in HOSTS}
        self.removed = {host: [] for host in HOSTS}

    def text(self):
        """The spec as tartgen reads it."""
        hosts = {host: {"run_user": "dk", "vms": self.vms[host], "removed": self.removed[host]} for host in HOSTS}
        return json.dumps({"version": 1, "hosts": hosts})

    def edit(self, step):
        """Carry out an edit; one that no longer makes sense, because a replay left out others, does nothing."""
        getattr(self, step["do"])(**{key: value for key, value in step.items() if key != "do"})

    def add(self, host, name, settings):
        """A new VM, or one that had left."""
        if name not in self.vms[host]:
            self.removed[host] = [other for other in self.removed[host] if other != name]
            self.vms[host][name] = dict(settings)

    def tombstone(self, host, name):
        """From the VMs to `removed`."""
        if self.vms[host].pop(name, None):
            self.removed[host].append(name)

    def forget(self, host, name):
        """Out of the spec without a tombstone: the VM stays on the Mac."""
        self.vms[host].pop(name, None)

    def bury(self, host, name):
        """The tombstone goes, or comes for a VM that was forgotten."""
        if name in self.removed[host]:
            self.removed[host].remove(name)
        elif name not in self.vms[host]:
            self.removed[host].append(name)

    def flip(self, host, name):
        """enabled, or not."""
        if name in self.vms[host]:
            self.vms[host][name]["enabled"] = not self.vms[host][name]["enabled"]

    def resize(self, host, name, cpu, memory, more):
        """Other hardware, and at times more disk."""
        if name in self.vms[host]:
            vm = self.vms[host][name]
            vm.update(cpu=cpu, memory=memory, disk=vm["disk"] + more)

    def shrink(self, host, name):
        """Less disk than there may be already: to be refused with words."""
        if name in self.vms[host]:
            self.vms[host][name]["disk"] = 20

    def reimage(self, host, name, image):
        """Another image under an existing VM: its disk stays."""
        if name in self.vms[host]:
            self.vms[host][name]["image"] = image

    def move(self, host, name, to):
        """To the other host; the disk does not travel."""
        if name in self.vms[host] and name not in self.vms[to]:
            settings = dict(self.vms[host][name])
            self.tombstone(host, name)
            self.add(to, name, settings)


def generate(seed, count):
    """`count` steps; the same for the same seed."""
    draw = random.Random(seed)
    spec, steps = Spec(), []
    for host in HOSTS:
        steps.append({"do": "add", "host": host, "name": NAMES[0], "settings": _settings(draw)})
    for step in steps:
        spec.edit(step)
    while len(steps) < count:
        step = _step(draw, spec)
        if step is None:
            continue
        steps.append(step)
        if hasattr(spec, step["do"]):
            spec.edit(step)
    return steps


def _settings(draw):
    return {"image": draw.choice(IMAGES), "cpu": draw.randint(1, 8), "memory": draw.choice((1024, 2048, 4096)),
            "disk": draw.randint(20, 30), "enabled": draw.random() < 0.8}


def _step(draw, spec):
    kind = draw.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    host = draw.choice(HOSTS)
    step = {"do": kind, "host": host}
    if kind in ("apply", "test", "reboot"):
        return step
    if kind == "kill":
        return step | {"after": round(draw.uniform(0.8, 6.0), 2), "children": draw.random() < 0.7}
    if kind in ("add", "bury"):
        free = [name for name in NAMES if name not in spec.vms[host]]
        if not free:
            return None
        step["name"] = draw.choice(free)
        return step | {"settings": _settings(draw)} if kind == "add" else step
    if not spec.vms[host]:
        return None
    step["name"] = draw.choice(sorted(spec.vms[host]))
    if kind == "resize":
        step |= {"cpu": draw.randint(1, 8), "memory": draw.choice((1024, 2048, 4096)), "more": draw.choice((0, 0, 1, 5))}
    elif kind == "reimage":
        step["image"] = draw.choice(IMAGES)
    elif kind == "move":
        step["to"] = draw.choice([other for other in HOSTS if other != host])
    elif kind == "tamper":
        step["how"] = draw.choice(TAMPERINGS)
    return step
