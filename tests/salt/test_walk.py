"""The random walk, a share of it for each Salt version; `tests/salt/walk.sh` runs longer ones."""

import json
import os

import pytest
from walk.model import generate
from walk.runner import run

STEPS = int(os.environ.get("SALT_SUITE_STEPS", "55"))
SEEDS = [int(seed) for seed in os.environ.get("SALT_SUITE_SEEDS", "1,2").split(",")]


@pytest.mark.parametrize("seed", SEEDS)
def test_random_walk(salt, seed):
    version = int(salt.parents[1].name.removeprefix("salt"))
    seed = seed * 10000 + version
    steps = generate(seed, STEPS)
    failure = run(steps, salt)
    if failure:
        index, why = failure
        pytest.fail(f"seed {seed}, step {index} of {json.dumps(steps[:index + 1])}\n{why}")
