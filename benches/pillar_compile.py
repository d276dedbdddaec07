"""What the pillar of one minion costs a Salt master, in fleets of 1, 100, 1,000 and 10,000 hosts and in both layouts.

    cargo build --release && .venv/salt3008/bin/python benches/pillar_compile.py [TARTGEN] [RUNS] [HOSTS]...

For each size and layout a fleet with four VMs a host is built, and the pillar of its last host is compiled as a worker
of the master does it: in a process that has Salt's modules loaded, with options and grains at hand. Medians of
interleaved runs, in milliseconds and as a ratio to the fleet of one host in the same layout. Exits with 1 if `beside`
exceeds 1.2 times its fleet of one.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import salt.config
import salt.pillar
import salt.version

ROOT = Path(__file__).resolve().parents[1]
IMAGE = "ghcr.io/cirruslabs/ubuntu:24.04"
GOAL = 1.2


def build(tartgen, home, layout, hosts):
    """The tree of a fleet of so many hosts."""
    place = home / f"{layout}-{hosts}"
    place.mkdir()
    head = f"version: 1\npillar: {{ layout: {layout} }}\ndefaults: {{ run_user: dk, vm: {{ image: '{IMAGE}' }} }}\nhosts:\n"
    vms = ", ".join(f"vm-{number}: {{}}" for number in range(4))
    spec = place / "fleet.yaml"
    spec.write_text(head + "".join(f"  {name(host)}: {{ vms: {{ {vms} }} }}\n" for host in range(hosts)))
    subprocess.run([tartgen, "build", spec, "--out", place / "out"], check=True, capture_output=True)
    return place / "out"


def name(host):
    return f"mm{host:05}.example.com"


def options(home, out):
    """What a master has that serves a tree."""
    return salt.config.apply_master_config({
        "root_dir": str(home), "file_roots": {"base": [str(out / "salt/states")]},
        "pillar_roots": {"base": [str(out / "salt/pillar")]}, "fileserver_backend": ["roots"],
    })


def milliseconds(master, minion):
    """One compile, whose result is looked at."""
    start = time.perf_counter()
    pillar = salt.pillar.get_pillar(master, {"id": minion, "os": "MacOS"}, minion, "base").compile_pillar()
    taken = (time.perf_counter() - start) * 1000
    assert len(pillar["tart"]["vms"]) == 4, pillar
    return taken


def main():
    """Prints a row for each size."""
    tartgen = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/release/tartgen").resolve()
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 15
    sizes = [int(size) for size in sys.argv[3:]] or [1, 100, 1000, 10000]
    home = Path(tempfile.mkdtemp(prefix="pillar-"))
    try:
        cases = {(layout, size): options(home, build(tartgen, home, layout, size))
                 for size in sizes for layout in ("inside", "beside")}
        taken = {case: [] for case in cases}
        for run in range(runs + 1):
            for case, master in cases.items():
                one = milliseconds(master, name(case[1] - 1))
                # The first loads Salt's modules.
                taken[case] += [one] if run else []
        medians = {case: statistics.median(times) for case, times in taken.items()}
        ratios = {case: medians[case] / medians[case[0], sizes[0]] for case in cases}
        print(f"Salt {salt.version.__version__}, medians of {runs}")
        print("hosts  | inside           | beside")
        for size in sizes:
            row = [f"{medians[layout, size]:6.1f} ms, {ratios[layout, size]:.2f} x" for layout in ("inside", "beside")]
            print(f"{size:6} | {row[0]:16} | {row[1]}", flush=True)
        return any(ratio > GOAL for case, ratio in ratios.items() if case[0] == "beside")
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
