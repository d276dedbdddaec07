"""What a spec with very many errors costs, against a build of the same spec without them.

    cargo build --release && python3 benches/many_errors.py [TARTGEN] [ERRORS] [RUNS]

Each shape is one spec twice, with four VMs a host, sound and with a mistake in each VM: in blocks; on a single line
with letters of several bytes, where finding columns is hardest; with a thousand profiles that each mistake may mean.
A row tells how long it takes to check the bad spec and show all its errors in a format, as a ratio to building the
sound one into a fresh directory: medians of interleaved runs. Exits with 1 if any ratio reaches 1.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FORMATS = {
    "human": [],
    "human --all": ["--all"],
    "json": ["--format", "json"],
    "github": ["--format", "github"],
    "sarif": ["--format", "sarif"],
}
BAD = ["profile: q0", "cpus: 4", "cpu: '4'", "cpu: 0", "image: nope", "image: 'https://example.org/a/b'", "memory: 4GB"]


VMS = 4
NAMES = 1000
SHAPES = {
    "in blocks": (["profile: p0"], BAD, 1),
    "on one line": (["profile: p0"], BAD, 1),
    "many names": ([f"profile: p{n}" for n in range(NAMES)], [f"profile: x{n}" for n in range(NAMES)], NAMES),
}


def spec(count, settings, profiles, one_line):
    """A spec of so many VMs, which have these settings in turn."""
    image = "ghcr.io/cirruslabs/ubuntu:24.04"
    shared = ", ".join(f"p{n}: {{ cpu: 2 }}" for n in range(profiles))
    head = f"version: 1, defaults: {{ run_user: dk, vm: {{ image: '{image}' }} }}, profiles: {{ {shared} }}"
    vms = [f"ci-{n}: {{ {settings[n % len(settings)]} }}" for n in range(count)]
    hosts = [f"h{n}: {{ vms: {{ {', '.join(vms[n:n + VMS])} }} }}" for n in range(0, count, VMS)]
    if one_line:
        return f"{{ {head}, images: {{ ü: {{ ref: '{image}', os: linux }} }}, hosts: {{ {', '.join(hosts)} }} }}\n"
    head = head.replace(", profiles", "\nprofiles").replace(", defaults", "\ndefaults")
    return "\n  ".join([f"{head}\nhosts:", *hosts]) + "\n"


def seconds(command, expected):
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    taken = time.perf_counter() - start
    assert done.returncode == expected, done.stderr.decode()[:2000]
    return taken, done


def measure(tartgen, folder, errors, runs, shape):
    good, bad = folder / "good.yaml", folder / "bad.yaml"
    # A name of letters that take two bytes is a mistake of its own, so the sound spec has none.
    right, wrong, profiles = SHAPES[shape]
    one_line = shape == "on one line"
    good.write_text(spec(errors, right, profiles, one_line).replace("ü", "u"), encoding="utf-8")
    bad.write_text(spec(errors, wrong, profiles, one_line), encoding="utf-8")
    builds, shown = [], {name: [] for name in FORMATS}
    for run in range(runs):
        out = folder / f"out{run}"
        builds.append(seconds([tartgen, "build", good, "--out", out], 0)[0])
        for name, options in FORMATS.items():
            taken, done = seconds([tartgen, "validate", bad, *options], 1)
            shown[name].append(taken)
            if name == "json":
                assert done.stdout.count(b'"severity": "error"') >= errors, "there are fewer errors than that"
    build = statistics.median(builds)
    return build, {name: statistics.median(times) for name, times in shown.items()}


def main():
    tartgen = sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/release/tartgen"
    errors = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    slow = False
    for shape in SHAPES:
        with tempfile.TemporaryDirectory() as folder:
            build, shown = measure(tartgen, Path(folder), errors, runs, shape)
        print(f"{errors} errors {shape}: the build takes {build * 1000:.0f} ms")
        for name, taken in shown.items():
            slow |= taken >= build
            print(f"  {name:12} {taken * 1000:7.0f} ms  {taken / build:5.2f}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
