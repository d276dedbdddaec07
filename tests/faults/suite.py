"""Writing under faults. Prints how many points were tried; a failure names its case and point.

Never a half-written file, never a file outside the output directory, never a user's file changed or deleted; and the
next undisturbed build always ends with the right tree and no litter.
"""

import itertools
import os
import subprocess
import sys
import tempfile
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

import cases
import world


def main():
    """Runs all cases, several at a time."""
    start = time.monotonic()
    base = tempfile.mkdtemp(prefix="tartgen-faults-")
    os.chmod(base, 0o755)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1g,mode=755", "tmpfs", base], check=True)
    failures = []
    processors = sorted(os.sched_getaffinity(0))
    keep_to(iter(processors))
    try:
        world.learn(base)
        for group in cases.GROUPS:
            begin = time.monotonic()
            tried = list(group(base))
            with ThreadPoolExecutor(len(processors) * 2, initializer=keep_to, initargs=[itertools.cycle(processors)]) as pool:
                failures += filter(None, pool.map(run, tried))
            print(f"{group.__name__}: {len(tried)} {group.__doc__.splitlines()[0]}, {time.monotonic() - begin:.0f} s", flush=True)
    finally:
        subprocess.run(["umount", "--lazy", base], check=True)
        os.rmdir(base)
    for failure in failures:
        print(f"FAILED {failure}", file=sys.stderr)
    print(f"{len(failures)} failures, {time.monotonic() - start:.0f} s")
    return 1 if failures else 0


def keep_to(processors):
    """Keeps what this thread starts to one processor: only then the calls of a build have one order."""
    os.sched_setaffinity(0, {next(processors)})


def run(case):
    """Nothing, or what is wrong."""
    function, *arguments = case
    try:
        function(*arguments)
    except Exception:
        return f"{function.__name__}{tuple(map(str, arguments))}: {traceback.format_exc(limit=-3)}"
    return None


sys.exit(main())
