"""What a fleet costs to build, beside its limit and its peers: fleets of 10 to 10,000 hosts with four VMs each.

A fleet is written in three forms: in ten groups of hosts that are alike, as people write large ones, with one host that
differs; with each host and each VM for itself, no two hosts alike; and so that hosts have VMs of all kinds mixed, which
have words and variables of their own.

    cargo build --release
    python3 benches/fleet.py [--hosts 10,100,1000,10000] [--forms grouped,listed,mixed] [--rounds 7] [--strict] [TARTGEN]

Each round takes every measurement, so that all of them meet the same noise: `cp -r` of the finished tree, which is the
limit; a build into an empty directory, one with nothing to do, and `build --check`; three times by turns, as they are
nearly the same, a build after one VM changed and the one with nothing to do that follows (again); jrsonnet -m, which
makes the same pillar files of whatever it is given, jrsonnet -m with the checks that its language has words for, and a
Python script with a JSON Schema. Every tree is written into a directory of its own, and nothing is deleted before the
end, because ext4 creates files slowly after a deletion. Figures are the least of all rounds, in ms of wall clock and, in
brackets, of processor time; ratios are of wall clock.

Installs jrsonnet from crates.io below target/tools and the script's two packages from PyPI below .venv, once. With
`--strict` the exit status is 1 if a goal is missed by more than half. Goals are for 10,000 hosts on two processors.
"""

import argparse
import itertools
import json
import os
import random
import shutil
import string
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / "benches" / "peers"
JRSONNET = "0.5.0-pre98"
# Goals are for fleets of this size.
LARGE = 10_000
# How many groups a fleet in groups has.
GROUPS = 10
# A goal that is missed by more than this factor fails the run, if asked.
MARGIN = 1.5
JRSONNETS = {"jrsonnet": "pillar.jsonnet", "with checks": "checked.jsonnet"}
SCHEDULE = ["cp -r", "cold", "warm", "check", "changed", "again", *JRSONNETS, "python"]


def vms(number, name):
    """The VMs of a host, or of the hosts of a group: what they set differs from one to the next."""
    return {
        f"mac-{name}-1": {"profile": "ci-mac", "cpu": 4 + number % 3, "memory": 8192},
        f"mac-{name}-2": {"profile": "ci-mac", "enabled": number % 5 != 0},
        f"linux-{name}-1": {"profile": "ci-linux", "cpu": 1 + number % 4, "memory": 2048 * (1 + number % 3)},
        # A word of its own, for which there are other rules.
        f"debian{name}": {"image": "debian", "disk": 20 + number % 7},
    }


def listed(count):
    """Each host for itself."""
    return {"hosts": {f"mm{host:05}.lab.example.com": {"vms": vms(host, f"{host:05}")} for host in range(count)}}


def grouped(count):
    """Groups of hosts that are alike, and one host that differs from all others."""
    groups, size = {}, -(-count // GROUPS)
    for number, start in enumerate(range(0, count - 1, size)):
        pattern = f"mm[{start:05}-{min(start + size, count - 1) - 1:05}].lab.example.com"
        groups[f"rack{number}"] = {"hosts": [pattern], "vms": vms(number, "{host}")}
    last = count - 1
    return {"groups": groups, "hosts": {f"mm{last:05}.lab.example.com": {"vms": vms(last, f"{last:05}")}}}


def mixed(count):
    """Each host for itself, with VMs of any kind in any order."""
    chance = random.Random(count)

    def word():
        return "".join(chance.choices(string.ascii_lowercase, k=chance.randint(3, 8)))

    def vm(number):
        kind = {"profile": chance.choice(("ci-mac", "ci-linux"))} if number < 2 else {"image": "debian"}
        settings = {**kind, "cpu": chance.randint(1, 8), "enabled": chance.random() < 0.8}
        if chance.random() < 0.3:
            settings["display"] = chance.choice(("1920x1080", "2560x1440px"))
        place = "".join(chance.choices(f"{string.ascii_letters}{string.digits}+/", k=20))
        settings["daemon"] = {"keep_alive": chance.random() < 0.9, "environment": {"RUNNER": word(), "PLACE": f"t:{place}"}}
        return settings

    hosts = (f"mm{host:05}.lab.example.com" for host in range(count))
    return {"hosts": {host: {"vms": {f"{word()}-{word()}{number}": vm(number) for number in range(4)}} for host in hosts}}


FORMS = {"grouped": grouped, "listed": listed, "mixed": mixed}


def fleet(count, form):
    """A fleet of so many hosts, as data."""
    registry = "ghcr.io/cirruslabs"
    return {
        "version": 1,
        # Said, it is not warned of.
        "pillar": {"layout": "inside"},
        "images": {
            "sonoma": {"ref": f"{registry}/macos-sonoma-base:2024.9", "os": "macos", "disk": 50},
            "ubuntu": {"ref": f"{registry}/ubuntu:24.04", "os": "linux", "disk": 20},
            "debian": {"ref": f"{registry}/debian:12", "os": "linux", "disk": 20},
        },
        "defaults": {"run_user": "ci", "vm": {"cpu": 2, "memory": 4096, "disk": 20}},
        "profiles": {
            "ci-mac": {"image": "sonoma", "cpu": 4, "memory": 8192, "disk": 60},
            "ci-linux": {"image": "ubuntu", "disk": 30},
        },
        **FORMS[form](count),
    }


def flow(value):
    """A value as people write it on one line of YAML."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + " }"
    return json.dumps(value) if isinstance(value, bool) or ":" in str(value) else str(value)


def spec(data):
    """A fleet as people write it in YAML: blocks down to the VM, whose settings stand on one line."""
    lines = [f"version: {data['version']}"]
    for section in ("pillar", "images", "defaults", "profiles"):
        lines += ["", f"{section}:", *(f"  {key}: {flow(value)}" for key, value in data[section].items())]
    for section in ("groups", "hosts"):
        if section not in data:
            continue
        lines += ["", f"{section}:"]
        for name, settings in data[section].items():
            lines.append(f"  {name}:")
            if "hosts" in settings:
                lines.append(f"    hosts: {json.dumps(settings['hosts'])}")
            lines += ["    vms:", *(f"      {vm}: {flow(values)}" for vm, values in settings["vms"].items())]
    return "\n".join(lines) + "\n"


class Figure:
    """Wall clock, processor time and memory of one measurement, over all rounds."""

    def __init__(self):
        self.wall, self.processor, self.memory = [], [], []

    def run(self, command, expected=0):
        """Runs the command once and returns what it said on standard error."""
        with tempfile.TemporaryFile() as said:
            start = time.perf_counter()
            child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
            _, status, usage = os.wait4(child.pid, 0)
            self.wall.append((time.perf_counter() - start) * 1000)
            child.returncode = os.waitstatus_to_exitcode(status)
            said.seek(0)
            words = said.read().decode(errors="replace")
        assert child.returncode == expected, f"{command} ended with {child.returncode}: {words[:2000]}"
        self.processor.append((usage.ru_utime + usage.ru_stime) * 1000)
        self.memory.append(usage.ru_maxrss / 1024)
        return words

    def least(self):
        """The best wall clock."""
        return min(self.wall)

    def __str__(self):
        return f"{min(self.wall):7.1f} ({min(self.processor):.0f})"


def tools():
    """Paths of jrsonnet and of a Python with the script's packages, installed if need be."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "tools"
    jrsonnet = target / "bin" / "jrsonnet"
    if not jrsonnet.exists():
        install = ["cargo", "install", "--quiet", "--locked", "--root", target, "jrsonnet", "--version", f"={JRSONNET}"]
        subprocess.run(install, check=True)
    environment = ROOT / ".venv" / "peers"
    made_of, wanted = environment / ".made-of", (PEERS / "requirements.txt").read_text(encoding="utf-8")
    if not made_of.exists() or made_of.read_text(encoding="utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
        pip = [environment / "bin" / "pip", "install", "--quiet", "--no-deps", "-r", PEERS / "requirements.txt"]
        subprocess.run(pip, check=True)
        made_of.write_text(wanted, encoding="utf-8")
    return jrsonnet, environment / "bin" / "python"


def measure(tartgen, jrsonnet, python, folder, data, rounds):
    """All figures of a fleet."""
    # Both versions bear one name, or one would be refused to replace the other's files.
    for version, cpu in (("a", 2), ("b", 3)):
        last = next(reversed(data["hosts"].values()))["vms"]
        last[next(reversed(last))]["cpu"] = cpu
        (folder / version).mkdir()
        (folder / version / "tartgen.yaml").write_text(spec(data), encoding="utf-8")
    (folder / "fleet.json").write_text(json.dumps(data), encoding="utf-8")
    schema = folder / "schema.json"
    schema.write_bytes(subprocess.run([tartgen, "schema", "--draft", "7"], check=True, stdout=subprocess.PIPE).stdout)
    files = [folder / version / "tartgen.yaml" for version in ("a", "b")]
    # The first of each is not counted: it fetches programs and files from the disk.
    figures = {}
    tree = folder / "tree"
    subprocess.run([tartgen, "build", files[0], "--out", tree], check=True, stderr=subprocess.DEVNULL)
    for number in range(rounds + 1):
        out = {name: folder / f"{name.replace(' ', '')}-{number}" for name in SCHEDULE}
        figures = figures if number > 1 else {name: Figure() for name in SCHEDULE}
        figures["cp -r"].run(["cp", "-r", tree, out["cp -r"]])
        figures["cold"].run([tartgen, "build", files[0], "--out", out["cold"]])
        # A tree that is built again was written long ago: who flushes one file would wait for all of these.
        os.sync()
        said = figures["warm"].run([tartgen, "build", files[0], "--out", out["cold"]])
        assert "is up to date" in said, said
        figures["check"].run([tartgen, "build", "--check", files[0], "--out", out["cold"]])
        # There and back, since a version that stands there already changes nothing.
        for version in (1, 0, 1):
            build = [tartgen, "build", files[version], "--out", out["cold"]]
            said = figures["changed"].run(build)
            assert said.count("\n") == 1 and said.startswith("updated "), said
            said = figures["again"].run(build)
            assert "is up to date" in said, said
        for name, program in JRSONNETS.items():
            out[name].mkdir()
            figures[name].run([jrsonnet, "-J", folder, "-m", out[name], PEERS / program])
        figures["python"].run([python, PEERS / "pillar.py", files[0], schema, out["python"]])
    return figures


def goals(large, small, start, usage):
    """Name, value, goal and whether more is better of everything that was promised."""
    wall = {name: figure.least() for name, figure in large.items()}
    memory = max(max(large[name].memory) for name in ("cold", "warm", "check", "changed", "again"))
    yield "cold build / cp -r", wall["cold"] / wall["cp -r"], 1.0, False
    for jrsonnet in JRSONNETS:
        yield f"{jrsonnet} / cold build", wall[jrsonnet] / wall["cold"], 6.0, True
    for name in ("warm", "check"):
        yield f"{name} / cp -r", wall[name] / wall["cp -r"], 0.5, False
        for jrsonnet in JRSONNETS:
            yield f"{jrsonnet} / {name}", wall[jrsonnet] / wall[name], 15.0, True
    yield "one VM changed / warm", wall["changed"] / wall["again"], 1.1, False
    yield "peak memory, MB", memory, 150.0, False
    yield "peak memory / jrsonnet's", memory / max(large["jrsonnet"].memory), 0.5, False
    for name in ("cold", "warm") if small else ():
        yield f"{name}, ten times the hosts", wall[name] / small[name].least(), 10.0, False
    yield "one host, ms", start.least(), 10.0, False
    yield "--help, ms", usage.least(), 3.0, False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tartgen", nargs="?", default=ROOT / "target" / "release" / "tartgen", type=Path)
    parser.add_argument("--hosts", default="10,100,1000,10000", help="sizes of fleets, with commas between them")
    parser.add_argument("--forms", default=",".join(FORMS), help="ways to write them, with commas between them")
    parser.add_argument("--rounds", default=7, type=int)
    parser.add_argument("--strict", action="store_true", help="fail if a goal is missed by a wide margin")
    options = parser.parse_args()
    jrsonnet, python = tools()
    results = {}
    # Beside the repository, so that trees are on a disk like it and not in memory.
    home = Path(tempfile.mkdtemp(prefix="fleet-", dir=options.tartgen.resolve().parent))
    try:
        # First, while the system has no large trees to write back.
        start, usage = Figure(), Figure()
        (home / "one.yaml").write_text(spec(fleet(1, "listed")), encoding="utf-8")
        for _ in range(5 * options.rounds):
            start.run([options.tartgen, "build", home / "one.yaml", "--out", home / "one"])
            usage.run([options.tartgen, "--help"])
        print("form    | hosts | " + " | ".join(f"{name:>14}" for name in SCHEDULE), flush=True)
        forms, counts = options.forms.split(","), [int(count) for count in options.hosts.split(",")]
        for form, count in itertools.product(forms, counts):
            folder = home / f"{form}-{count}"
            folder.mkdir()
            figures = measure(options.tartgen, jrsonnet, python, folder, fleet(count, form), options.rounds)
            print(f"{form:7} | {count:5} | " + " | ".join(f"{figure!s:>14}" for figure in figures.values()), flush=True)
            results[form, count] = figures
        if LARGE not in counts:
            return 0
    finally:
        shutil.rmtree(home, ignore_errors=True)
    missed = False
    for form in forms:
        print(f"\n{LARGE} hosts, {form:7}             is     goal")
        for name, value, goal, more in goals(results[form, LARGE], results.get((form, LARGE // 10)), start, usage):
            met = value >= goal if more else value <= goal
            missed |= (goal / value if more else value / goal) > MARGIN
            print(f"{name:26} {value:7.2f} {'>=' if more else '<='} {goal:6.2f}  {'met' if met else 'MISSED'}")
    return 1 if options.strict and missed else 0


if __name__ == "__main__":
    sys.exit(main())
