"""An output directory that belongs to somebody: a git checkout with the user's files in it, and things beside it."""

import os
import re
import shutil
import stat
import subprocess
from itertools import count
from pathlib import Path

BIN = os.environ["TARTGEN_BIN"]
# All that this machine lets us use, before `suite` keeps builds to one.
PROCESSORS = ",".join(map(str, sorted(os.sched_getaffinity(0))))
INIT = "salt/states/tart/init.sls"
HOSTS = "salt/pillar/tart/hosts"
TEMPORARY = re.compile(r"\.tartgen-\d+-\d+\.tmp(?=/|\Z)")
ENVIRONMENT = {"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"}


def spec(hosts, version="2.13.0"):
    """A fleet of hosts that map to the CPUs of their one VM."""
    lines = ["version: 1", f'tart: {{ minimum_version: "{version}" }}', "defaults: { run_user: dk }", "hosts:"]
    image = "ghcr.io/cirruslabs/ubuntu:24.04"
    lines += [f'  {host}: {{ vms: {{ ci: {{ image: "{image}", cpu: {cpu} }} }} }}' for host, cpu in hosts.items()]
    return "\n".join(lines) + "\n"


# From the one to the other, `left` goes, `new` comes, `kept` and the states change.
SPECS = {"before": spec({"kept": 1, "left": 1, "same": 1}), "after": spec({"kept": 2, "new": 1, "same": 1}, "2.14.0")}
# Enough files for the flush of a whole file system instead of each file.
SPECS["many"] = spec({f"host{number}": 1 for number in range(70)} | {"kept": 3}, "2.14.1")
# Enough files for several threads to be at work when something happens.
SPECS["hundreds"] = spec({f"host{number}": 2 for number in range(600)} | {"kept": 4}, "2.14.2")

# What the user keeps among the files of the tree, down to names that resemble those of tartgen.
USERS = {
    "README.md": "ours\n", ".gitignore": "*.orig\n", "salt/states/top.sls": "base: {}\n", "salt/states/own/init.sls": "{}\n",
    f"{HOSTS}/own.sls": "tart: {}\n", f"{HOSTS}/left.sls.orig": "old\n", f"{HOSTS}/notes.txt": "notes\n",
    f"{HOSTS}/.tartgen-own.tmp": "ours\n", "salt/states/tart/files/.tartgen-1-2.tmp/inside": "ours\n",
    "salt/states/tart/.tartgen--1.tmp": "ours\n",
}


class World:
    """A directory with `out`, what lies beside it, and the specs."""

    serial = count()
    trees = {}

    def __init__(self, base, built=None, uid=0):
        self.path = Path(base) / f"world{next(self.serial)}"
        self.out = self.path / "out"
        self.uid = uid
        (self.path / "outside").mkdir(parents=True)
        (self.path / "outside/precious.sls").write_text("precious\n")
        for name, text in SPECS.items():
            (self.path / f"{name}.yaml").write_text(text)
            # All trees are built from files of one name, so that they can be compared.
            (self.path / name).mkdir()
            (self.path / name / "fleet.yaml").write_text(text)
        if built:
            for path, text in USERS.items():
                (self.out / path).parent.mkdir(parents=True, exist_ok=True)
                (self.out / path).write_text(text)
            (self.out / HOSTS / "link.sls").symlink_to("../../../../../outside/precious.sls")
            self.git("init", "-q")
            self.git("add", "-A")
            self.git("commit", "-q", "-m", "ours")
            for path, data in self.trees[built].items():
                (self.out / path).parent.mkdir(parents=True, exist_ok=True)
                (self.out / path).write_bytes(data)
            os.link(self.out / INIT, self.path / "outside/second-name-of-init")
        if uid:
            for folder, folders, files in os.walk(self.path):
                for name in [".", *folders, *files]:
                    os.chown(os.path.join(folder, name), uid, uid, follow_symlinks=False)
        tree = self.trees.get(built, {})
        self.users = {path: what for path, what in self.snapshot().items() if path.removeprefix("out/") not in tree}

    def git(self, *arguments):
        """What git says."""
        command = ["git", "-c", "user.name=u", "-c", "user.email=u@example.org", "-c", "safe.directory=*", *arguments]
        return subprocess.run(command, cwd=self.out, env=ENVIRONMENT, check=True, capture_output=True, text=True).stdout

    def command(self, name):
        """The build of a spec."""
        return [BIN, "build", f"{name}/fleet.yaml", "--out", "out"]

    def free(self, name):
        """The build of a spec on all processors."""
        return ["taskset", "--cpu-list", PROCESSORS, *self.command(name)]

    def run(self, command):
        """Runs a command in the world."""
        return subprocess.run(command, cwd=self.path, env=ENVIRONMENT, capture_output=True, text=True, check=False,
                              user=self.uid, group=self.uid, extra_groups=[])

    def build(self, name):
        """An undisturbed build, which succeeds."""
        done = self.run(self.command(name))
        assert done.returncode == 0, done.stderr
        return done

    def snapshot(self):
        """Everything in the world with its content; folders only count where nothing else is in them."""
        found = {}
        for folder, folders, files in os.walk(self.path):
            for name in [*folders, *files]:
                path = os.path.join(folder, name)
                try:
                    mode = os.lstat(path).st_mode
                    if stat.S_ISLNK(mode):
                        found[os.path.relpath(path, self.path)] = os.readlink(path)
                    elif stat.S_ISREG(mode):
                        found[os.path.relpath(path, self.path)] = Path(path).read_bytes()
                except FileNotFoundError:
                    # A build at work just took it away.
                    continue
        return found

    def check_whole(self, *names):
        """Every file of the tree is as one of these builds wants it, and nothing else in the world has changed."""
        found = self.snapshot()
        trees = [self.trees.get(name, {}) for name in names]
        for path, what in self.users.items():
            assert found.pop(path, None) == what, f"the user's {path} was changed"
        for path in {path for tree in trees for path in tree}:
            what = found.pop(f"out/{path}", None)
            assert any(what == tree.get(path) for tree in trees), f"{path} is neither old nor new"
        litter = [path for path in found if not TEMPORARY.search(path) or not path.startswith("out/")]
        assert not litter, f"{litter} do not belong here"
        return sorted(found)

    def check_exact(self, name):
        """The tree is that of one build, without litter."""
        left = self.check_whole(name)
        assert not left, f"{left} were left behind"

    def check_git(self, *names):
        """Nothing but files of the trees differs from what the user committed."""
        status = self.git("status", "--porcelain", "--untracked-files=all", "-z")
        known = {path for name in names for path in self.trees[name]}
        strange = [line[3:] for line in status.split("\0") if line and line[3:] not in known]
        assert not strange, f"git sees {strange}"

    def close(self):
        """Removes the world."""
        shutil.rmtree(self.path)


def learn(base):
    """What each spec's tree is, built where nothing is in the way."""
    for name in SPECS:
        world = World(base)
        world.build(name)
        World.trees[name] = {path.removeprefix("out/"): data for path, data in world.snapshot().items()
                             if path.startswith("out/")}
        assert len(World.trees[name]) > 5
        world.close()
