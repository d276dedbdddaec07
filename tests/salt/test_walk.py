"""The random walk: no sequence of edits, applies, kills, crashes and tampering costs a disk or leaves a mess.

    SALT_SUITE_WALKS=200 tests/salt/run test_walk.py           many walks
    SALT_SUITE_SEED=17 tests/salt/run test_walk.py             one walk again, by the seed a failure prints
    SALT_SUITE_SEQUENCE='[["add", ...], ...]' tests/salt/run test_walk.py     one sequence, as a failure prints it
"""

import json
import os

import pytest
from harness.mac import Mac
from harness.walk import Walk, operations, shrink

STEPS = 30
WALKS = int(os.environ.get("SALT_SUITE_WALKS", "4"))
SEEDS = [int(os.environ["SALT_SUITE_SEED"])] if "SALT_SUITE_SEED" in os.environ else range(1, WALKS + 1)
SHRINK_SECONDS = int(os.environ.get("SALT_SUITE_SHRINK_SECONDS", "300"))


@pytest.fixture
def take(salt, spec, tmp_path):
    """Takes a walk on Macs of its own; returns what broke, or None."""
    count = 0

    def walk(sequence):
        nonlocal count
        macs = []

        def make_mac(**options):
            nonlocal count
            count += 1
            macs.append(Mac(tmp_path / f"walk{count}", salt, **options))
            return macs[-1]

        try:
            Walk(make_mac, spec).run(sequence)
        except AssertionError as error:
            return str(error)
        finally:
            for mac in macs:
                mac.shutdown()
        return None

    return walk


@pytest.mark.parametrize("seed", SEEDS)
def test_walk(take, seed, request):
    if "SALT_SUITE_SEQUENCE" in os.environ:
        sequence = json.loads(os.environ["SALT_SUITE_SEQUENCE"])
    else:
        # Each Salt version walks its own way.
        sequence = operations(f"{seed} {request.node.callspec.params['salt']}", STEPS)
    broken = take(sequence)
    if broken:
        shortest = shrink(sequence, take, SHRINK_SECONDS)
        pytest.fail(f"seed {seed}: {broken}\n\nshortest sequence that breaks:\n{json.dumps(shortest)}", pytrace=False)
