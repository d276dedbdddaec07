"""The tree under test: built by the tartgen binary from a spec."""

import hashlib
import os
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
KRI = REPOSITORY / "fixtures" / "valid" / "kri.yaml"


def binary():
    """The tartgen to test."""
    path = Path(os.environ.get("TARTGEN_BIN") or REPOSITORY / "target" / "debug" / "tartgen")
    if not path.exists():
        raise RuntimeError(f"no tartgen at {path}: build it first or set TARTGEN_BIN")
    return path


def build(spec, directory):
    """`tartgen build` of a spec's text; the same spec is built once per directory."""
    home = Path(directory) / hashlib.sha256(spec.encode()).hexdigest()[:16]
    if not home.exists():
        home.mkdir(parents=True)
        (home / "tartgen.yaml").write_text(spec, encoding="utf-8")
        done = subprocess.run([str(binary()), "build", "tartgen.yaml", "--out", "out"], cwd=home,
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise AssertionError(f"tartgen build exited {done.returncode}:\n{done.stdout}{done.stderr}\n{spec}")
    return home / "out"
