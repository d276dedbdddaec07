"""python -m walk --salt PYTHON --seed N --steps N [--replay FILE] [--no-shrink]: one walk, outside pytest."""

import argparse
import json
import sys
from pathlib import Path

from .model import generate
from .runner import run, shrink


def main():
    """Walks; a failure is printed with its seed and the shortest steps that show it, to be replayed with --replay."""
    parser = argparse.ArgumentParser(prog="walk", description=__doc__)
    parser.add_argument("--salt", required=True, help="Python of a virtual environment with Salt")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--replay", type=Path, help="file with steps, as printed by a failure")
    parser.add_argument("--no-shrink", action="store_true")
    words = parser.parse_args()
    steps = json.loads(words.replay.read_text(encoding="utf-8")) if words.replay else generate(words.seed, words.steps)
    failure = run(steps, words.salt, log=sys.stderr)
    if failure is None:
        print(f"seed {words.seed}: {len(steps)} steps, nothing lost")
        return 0
    index, why = failure
    steps = steps[:index + 1]
    print(f"seed {words.seed}: step {index} failed\n{why}", file=sys.stderr)
    print(json.dumps(steps if words.no_shrink else shrink(steps, words.salt)))
    return 1


if __name__ == "__main__":
    sys.exit(main())
