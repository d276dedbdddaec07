"""Fixtures: a Salt version, and Macs that disappear after the test."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from harness import tree
from harness.cluster import Cluster
from harness.mac import Mac
from harness.namespace import require_isolation
from harness.ssh import Ssh

REPOSITORY = Path(__file__).resolve().parents[2]
VENVS = Path(os.environ.get("SALT_SUITE_VENVS", REPOSITORY / ".venv"))
VERSIONS = os.environ.get("SALT_SUITE_VERSIONS", "3006,3007,3008").split(",")
# For what costs minutes and is the same in all versions as far as is known: the oldest and the newest, or that one.
ENDS = list(dict.fromkeys((VERSIONS[0], VERSIONS[-1])))
NEWEST = VERSIONS[-1:]


def pytest_sessionstart():
    """Without isolation nothing here may run."""
    require_isolation()


def pytest_collection_modifyitems(config, items):
    """Each scenario on one of the versions, in turn, unless all are asked for: three times as many take hours. The
    random walks, of which each version has its own, are all taken."""
    if os.environ.get("SALT_SUITE_EVERY") == "1":
        return
    versions = {}
    for item in items:
        if "test_walk.py" in item.nodeid:
            continue
        if version := getattr(item, "callspec", None) and item.callspec.params.get("salt"):
            versions.setdefault(item.nodeid.replace(version, "", 1), []).append((version, item))
    left = []
    for number, scenario in enumerate(versions.values()):
        left += [item for index, (_, item) in enumerate(scenario) if index != number % len(scenario)]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]


@pytest.fixture(params=VERSIONS)
def salt(request):
    """The Python of one Salt version; a test that takes it runs once per version."""
    python = VENVS / f"salt{request.param}" / "bin" / "python"
    assert python.exists(), f"no Salt {request.param} at {python}: start the suite with tests/salt/run"
    return python


@pytest.fixture
def make_mac(salt, tmp_path):
    """Makes Macs with options (shell, macos, arch, minion_id)."""
    macs = []

    def make(**options):
        macs.append(Mac(tmp_path / f"mac{len(macs)}", salt, **options))
        return macs[-1]

    yield make
    for mac in macs:
        mac.shutdown()


@pytest.fixture
def cluster(salt):
    """A master that ends with the test."""
    cluster = Cluster(salt)
    yield cluster
    cluster.shutdown()


@pytest.fixture
def ssh(salt):
    """A salt-ssh with a roster of its own."""
    ssh = Ssh(salt)
    yield ssh
    ssh.shutdown()


@pytest.fixture
def mac(make_mac):
    """A bare Mac with Homebrew."""
    return make_mac()


@pytest.fixture
def spec(tmp_path_factory):
    """Builds the tree of a spec: `spec(text)` -> directory."""
    directory = tmp_path_factory.getbasetemp() / "trees"
    return lambda text: tree.build(text, directory)


@pytest.fixture
def kri(spec):
    """The flagship fixture's tree."""
    return spec(tree.KRI.read_text(encoding="utf-8"))
