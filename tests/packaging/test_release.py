"""The package for crates.io and the archive that a release has."""

import hashlib
import json
import os
import subprocess
import sys
import tarfile

import pytest
from conftest import REPOSITORY, TARGET, TARTGEN


def run(*argv, **environment):
    """The output of a command that has to work, run where the sources are."""
    done = subprocess.run(argv, cwd=REPOSITORY, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{argv}: {done.stdout}{done.stderr}"
    return done.stdout


def dependencies():
    """The crates in the binary, as NAME VERSION."""
    lines = run("cargo", "tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}").splitlines()
    return {" ".join(line.split()[:2]).replace(" v", " ") for line in lines if line and not line.startswith("tartgen ")}


def test_the_package_is_clean_and_builds():
    done = subprocess.run(["cargo", "package", "--locked", "--allow-dirty", "--color", "never"], cwd=REPOSITORY,
                          env={**os.environ, "CARGO_TARGET_DIR": str(TARGET)}, capture_output=True, text=True, check=False)
    # The tests stay behind, since they need the whole repository.
    warnings = [line for line in done.stderr.splitlines() if line.startswith("warning") and "ignoring test" not in line]
    assert done.returncode == 0 and not warnings, done.stderr
    files = set(run("cargo", "package", "--locked", "--allow-dirty", "--list").split())
    assert {"src/main.rs", "schema/fleet.schema.json", "README.md", "LICENSE-MIT", "LICENSE-APACHE"} <= files
    assert not [name for name in files if name.startswith(("tests/", "fixtures/", "out/", "snapshots/"))], files


@pytest.fixture(scope="module")
def archive():
    """The archive, with a binary that is not optimised."""
    path = run(".ci/release", PROFILE="dev", CARGO_TARGET_DIR=str(TARGET)).split()[-1]
    return REPOSITORY / path


def test_the_archive_has_everything(archive, tmp_path):
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path, filter="data")
    [top] = tmp_path.iterdir()
    assert archive.name == f"{top.name}.tar.gz"
    names = {str(path.relative_to(top)) for path in top.rglob("*") if path.is_file()}
    completions = {f"completions/tartgen.{shell}" for shell in ("bash", "elvish", "fish", "powershell", "zsh")}
    plain = {"README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "tartgen", "sbom.cdx.json",
             "schema/fleet.schema.json", "schema/fleet.draft7.schema.json", "man/tartgen.1", "man/tartgen-build.1"}
    assert plain | completions <= names, names
    version = run(str(TARTGEN), "--version")
    assert run(str(top / "tartgen"), "--version") == version
    assert (top / "schema/fleet.schema.json").read_bytes() == (REPOSITORY / "schema/fleet.schema.json").read_bytes()
    assert all((top / name).stat().st_size > 500 for name in names), names

    # It runs without the C library of the machine that it was built on.
    assert sys.platform != "linux" or b"/ld-linux" not in (top / "tartgen").read_bytes()

    bill = json.loads((top / "sbom.cdx.json").read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    assert bill["metadata"]["component"]["name"] == "tartgen"
    listed = {f"{component['name']} {component['version']}" for component in bill["components"]}
    assert dependencies() <= listed, dependencies() - listed
    assert not [part["name"] for part in bill["components"] if "licenses" not in part]


def test_the_checksum_fits_and_a_second_archive_is_the_same(archive):
    sum_, name = archive.with_name(f"{archive.name}.sha256").read_text(encoding="ascii").split()
    first = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert (sum_, name) == (first, archive.name)
    run(".ci/release", PROFILE="dev", CARGO_TARGET_DIR=str(TARGET))
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == first


def test_the_recorded_number_of_crates_is_right():
    recorded = (REPOSITORY / "docs/release.md").read_text(encoding="utf-8")
    assert f"| crates in it | {len(dependencies())} |" in recorded, len(dependencies())
