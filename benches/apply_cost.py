"""What an apply with nothing to do costs a Mac: processes and seconds for 1, 4 and 16 VMs.

    SALT_SUITE_VENVS=.venv .venv/test/bin/python benches/apply_cost.py [SALT VERSION] [RUNS]

For each size two simulated Macs, one with the emitted states and one with the published hand-written states as
corrected in benches/corrected, so that both columns come from one run. Processes are what Salt spawns itself, minus
what it spawns for a state.apply of one test.nop; a process of the corrected states is mostly a `su` that starts a
login shell that starts tart, so the Mac sees about three times their number. Seconds are medians of interleaved runs,
as a ratio to the apply of test.nop: the simulated programs are Python, a real Mac's are not.
"""

import json
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "salt"))

from harness import tree
from harness.checks import fleet
from harness.mac import Mac

VENVS = Path(os.environ.get("SALT_SUITE_VENVS", ROOT / ".venv")).resolve()
NOTHING = "nothing:\n  test.nop: []\n"


def measure(mac, runs):
    """Processes and seconds of a no-op apply, both beyond and relative to an apply of test.nop."""
    mac.write("/srv/salt/states/nothing.sls", NOTHING)
    mac.apply()
    mac.apply()
    work, empty = [], []
    for _ in range(runs):
        empty.append(mac.apply("nothing", afresh=True))
        work.append(mac.apply(afresh=True))
        assert work[-1].states and not work[-1].failed() and not work[-1].changed(), work[-1].explain()
    spawned = [process for process in map(json.dumps, work[-1].spawned)]
    for process in map(json.dumps, empty[-1].spawned):
        if process in spawned:
            spawned.remove(process)
    through_su = sum(" -l dk " in process or '"su"' in process for process in spawned)
    ratio = statistics.median(one.seconds / other.seconds for one, other in zip(work, empty))
    return len(spawned), through_su, ratio


def main():
    """Prints a row for each size."""
    version = sys.argv[1] if len(sys.argv) > 1 else "3008"
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    python = VENVS / f"salt{version}" / "bin" / "python"
    print(f"Salt {version}, medians of {runs}")
    print("VMs | emitted: processes, through su, time | corrected original: processes, through su, time")
    for count in (1, 4, 16):
        row = []
        for corrected in (False, True):
            home = Path(tempfile.mkdtemp(prefix="cost-"))
            mac = Mac(home / "mac", python)
            try:
                mac.use_tree(tree.build(fleet({f"vm-{number}": {} for number in range(count)}), home / "trees"))
                if corrected:
                    shutil.copytree(ROOT / "benches" / "corrected", mac.path("/srv/salt/states"), dirs_exist_ok=True)
                row.append("{}, {}, {:.2f} x".format(*measure(mac, runs)))
            finally:
                mac.shutdown()
                shutil.rmtree(home, ignore_errors=True)
        print(f"{count:3} | {row[0]:37} | {row[1]}", flush=True)


if __name__ == "__main__":
    main()
