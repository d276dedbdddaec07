"""Runs a sequence of steps; finds the shortest one that still fails."""

import json
import shutil
import sys
import tempfile
import traceback
from pathlib import Path

from .world import World


def run(steps, python, log=None):
    """None, or (index of the step that failed, why)."""
    directory = Path(tempfile.mkdtemp(prefix="walk-"))
    world = World(directory, python)
    try:
        for index, step in enumerate(steps):
            if log:
                print(f"{index:4} {json.dumps(step)}", file=log, flush=True)
            try:
                world.do(step)
            except Exception:  # whatever it is, the walk has found something
                return index, traceback.format_exc()
        return None
    finally:
        world.close()
        shutil.rmtree(directory, ignore_errors=True)


def shrink(steps, python, tries=40):
    """The shortest sequence found, in a bounded number of runs, that still fails."""
    size = max(len(steps) // 2, 1)
    while tries > 0:
        start = 0
        while start < len(steps) and tries > 0:
            shorter = steps[:start] + steps[start + size:]
            tries -= 1
            failure = run(shorter, python) if shorter else None
            if failure:
                steps = shorter[:failure[0] + 1]
                print(f"still fails with {len(steps)} steps", file=sys.stderr, flush=True)
            else:
                start += size
        if size == 1:
            break
        size = max(size // 2, 1)
    return steps
