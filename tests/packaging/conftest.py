"""A scratch repository with a fleet in it, and a home that nothing of this machine's settings reaches."""

import os
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TARTGEN = Path(os.environ["TARTGEN_BIN"])
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")).absolute()
SPEC = """version: 1
hosts:
  mm1:
    run_user: dk
    vms:
      ci-1: { image: "ghcr.io/cirruslabs/ubuntu:24.04", cpu: 2 }
"""

# What users build with optimisation is built here without: the tests are about how it is built, not how fast it is.
QUICK = {"CARGO_TARGET_DIR": str(TARGET / "packaging"), "CARGO_PROFILE_RELEASE_LTO": "off",
         "CARGO_PROFILE_RELEASE_OPT_LEVEL": "0", "CARGO_PROFILE_RELEASE_CODEGEN_UNITS": "256"}


class Folder:
    """A git repository as its owner works in it."""

    def __init__(self, path, environment):
        self.path, self.environment = path, environment

    def run(self, *argv, **environment):
        """A command in it; never fails by itself."""
        return subprocess.run([str(word) for word in argv], cwd=self.path, env={**self.environment, **environment},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)

    def must(self, *argv, **environment):
        """The output of a command that has to work."""
        done = self.run(*argv, **environment)
        assert done.returncode == 0, f"{argv}: {done.stdout}{done.stderr}"
        return done.stdout

    def write(self, name, text):
        """Writes a file of it."""
        (self.path / name).write_text(text, encoding="utf-8")

    def commit(self, message):
        """Commits everything and says what the commit is called."""
        self.must("git", "add", "--all")
        self.must("git", "commit", "--quiet", "--allow-empty", "--no-verify", "-m", message)
        return self.must("git", "rev-parse", "HEAD").strip()


@pytest.fixture
def environment(tmp_path):
    """Variables with a home of their own, and the tartgen under test on PATH."""
    home, bin_ = tmp_path / "home", tmp_path / "bin"
    home.mkdir()
    bin_.mkdir()
    (bin_ / "tartgen").symlink_to(TARTGEN)
    (home / ".gitconfig").write_text("[user]\nname = a\nemail = a@example.com\n[init]\ndefaultBranch = main\n"
                                     "[protocol \"file\"]\nallow = always\n[safe]\ndirectory = *\n", encoding="utf-8")
    kept = {name: os.environ[name] for name in ("CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN") if name in os.environ}
    # cargo and rustup look for their own files below the home, which is not the usual one here.
    kept.setdefault("CARGO_HOME", str(Path.home() / ".cargo"))
    kept.setdefault("RUSTUP_HOME", str(Path.home() / ".rustup"))
    return {**kept, **{name: value for name, value in os.environ.items() if name.endswith(("_PROXY", "_proxy"))},
            "HOME": str(home), "PATH": f"{bin_}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}


@pytest.fixture
def fleet(tmp_path, environment):
    """A repository whose spec and tree are committed."""
    path = tmp_path / "fleet"
    path.mkdir()
    folder = Folder(path, environment)
    folder.must("git", "init", "--quiet")
    folder.write("tartgen.yaml", SPEC)
    folder.must("tartgen", "build")
    folder.commit("Begin the fleet")
    return folder
