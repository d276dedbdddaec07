"""The simulated Mac as a test sees it."""

import contextlib
import fcntl
import json
import os
import plistlib
import shutil
import signal
import struct
import subprocess
import time
from pathlib import Path

from . import minion
from .minion import SALTCALL
from .namespace import Namespace
from .result import Result

USER = (501, 20)
SCALE = float(os.environ.get("SALT_SUITE_TIMESCALE", "0.1"))
SONOMA = "ghcr.io/cirruslabs/macos-sonoma-base:latest"
UBUNTU = "ghcr.io/cirruslabs/ubuntu:latest"
REGISTRY = {
    SONOMA: {"os": "darwin", "disk": 50, "cpu": 4, "memory": 8192, "min_cpu": 2, "min_memory": 4096,
             "pull_seconds": 2},
    UBUNTU: {"os": "linux", "disk": 20, "cpu": 4, "memory": 4096, "pull_seconds": 1},
}


class Mac:
    """A Mac with its own disk, launchd and Salt minion; `shutdown()` removes every trace of it."""

    def __init__(self, disk, python, minion_id="mm1", shell="/bin/zsh", macos="15.6", arch="arm64"):
        self.python, self.minion_id = str(python), minion_id
        visible = [str(SALTCALL.parent), str(Path(self.python).parent.parent)]
        self.namespace = Namespace(disk, shell, visible)
        self.namespace.boot()
        self.control("mac", {"macos": macos, "arch": arch})
        self.write("/var/sim/timescale", f"{SCALE}\n")
        self.set_registry(REGISTRY)
        self._configure_minion(macos, arch)

    def _configure_minion(self, macos, arch):
        version = [int(part) for part in macos.split(".")]
        grains = {
            "kernel": "Darwin", "os": "MacOS", "os_family": "MacOS", "osfullname": "macOS", "osarch": arch,
            "cpuarch": arch, "osrelease": macos, "osmajorrelease": version[0], "osrelease_info": version,
            "kernelrelease": "24.6.0", "osfinger": f"macOS-{macos}", "init": "launchd", "id": self.minion_id,
            "osbuild": "24G84", "num_cpus": 8, "mem_total": 16384, "cpu_model": "Apple M2", "shell": "/bin/sh",
        }
        settings = {
            "root_dir": "/var/sim/salt", "file_client": "local", "grains": grains, "enable_lspci": False,
            "enable_fqdns_grains": False, "enable_gpu_grains": False, "log_level_logfile": "quiet",
            "grains_cache": True,
        }
        self.write("/var/sim/salt/etc/minion", json.dumps(settings))

    def shutdown(self):
        """Kill everything inside and delete the disk."""
        self.namespace.destroy()

    def reboot(self):
        """Power cut and start."""
        self.namespace.power_off()
        self.namespace.boot()

    # Files.

    def path(self, inside):
        """A path of the Mac, to be used from outside."""
        return self.namespace.path(inside)

    def write(self, inside, text):
        """Write a file, as root."""
        path = self.path(inside)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def read(self, inside):
        """A file's text."""
        return self.path(inside).read_text(encoding="utf-8")

    # Control of the simulator.

    def control(self, name, value):
        """Set /var/sim/NAME.json in one step."""
        self.write(f"/var/sim/{name}.json.new", json.dumps(value))
        os.rename(self.path(f"/var/sim/{name}.json.new"), self.path(f"/var/sim/{name}.json"))

    def set_registry(self, images):
        """Replace the registry: reference -> {os, disk, cpu, memory, min_cpu, min_memory, pull_seconds, fail, guest}."""
        self.registry = images
        self.control("registry", images)

    def set_image(self, reference, **changes):
        """Change one image of the registry."""
        self.set_registry({**self.registry, reference: {**self.registry.get(reference, {}), **changes}})

    def set_brew(self, **settings):
        """Choose brew's version and what it installs: version, tart, softnet, install_seconds."""
        self.control("brew", settings)

    def set_guest(self, name, **behaviour):
        """What the guest of one VM does: crash_after, exit, stderr, start_seconds, shutdown_seconds, ignore_int."""
        path = self.path("/var/sim/guests.json")
        guests = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        self.control("guests", {**guests, name: behaviour})

    def set_launchd(self, **settings):
        """drain_seconds, drain_code (5 or 37), bootout_code (0 or 36), gui_sessions, left_out (keys of `print`)."""
        self.control("launchd", settings)

    def set_faults(self, *faults):
        """Faults as {"tool", "args", "exit", "text", "delay", "times", "skip"}, or with "late" after the
        program has done its work; without arguments, none."""
        for used in self.path("/var/sim/state").glob("fault-*"):
            used.unlink()
        self.control("faults", list(faults))

    # Running things.

    def run(self, *argv, user=None, env=None, check=False, timeout=60):
        """Run a program inside as root or as the VM user."""
        process = self.namespace.start(list(argv), user=user, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                       text=True)
        stdout, stderr = process.communicate(timeout=timeout)
        if check and process.returncode:
            raise AssertionError(f"{argv} exited {process.returncode}: {stdout}{stderr}")
        return subprocess.CompletedProcess(argv, process.returncode, stdout, stderr)

    def tart(self, *words, check=False):
        """tart as the VM user, the way a person at the Mac would call it."""
        return self.run("/opt/homebrew/bin/tart", *words, user=USER, env={"HOME": "/Users/dk", "USER": "dk"},
                        check=check)

    def run_by_hand(self, name, *words):
        """`tart run` from a terminal: stays until stopped; returns the process."""
        boots = len(self.boots())
        process = self.namespace.start(["/opt/homebrew/bin/tart", "run", name, "--no-graphics", *words], user=USER,
                                       env={"HOME": "/Users/dk", "USER": "dk"},
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait(lambda: name in [boot["name"] for boot in self.boots()[boots:]])
        return process

    def launchctl(self, *words, check=False):
        """launchctl as root."""
        return self.run("/bin/launchctl", *words, check=check)

    def install_tart(self):
        """What `brew install` leaves behind, without Salt."""
        env = {"HOME": "/Users/dk", "USER": "dk"}
        self.run("/opt/homebrew/bin/brew", "trust", "openai/tools", user=USER, env=env)
        self.run("/opt/homebrew/bin/brew", "install", "openai/tools/tart", user=USER, env=env, check=True)

    def salt(self, *words, minion_id=None, timeout=300, kill_when=None, kill_children=True, afresh=False):
        """salt-call with the tree at /srv/salt; `afresh` loads Salt for this call alone, for measurements.

        `kill_when` is polled; once true, the run ends with SIGKILL for salt-call and, unless told otherwise, for
        everything it started. Jobs of launchd and what ran before live on.
        """
        start = time.monotonic()
        spared = set(self.namespace.processes())
        spawned = self.path("/var/sim/spawned.log")
        spawned.write_text("", encoding="utf-8")
        arguments = ["--local", "-c", "/var/sim/salt/etc", f"--id={minion_id or self.minion_id}",
                     "--file-root=/srv/salt/states", "--pillar-root=/srv/salt/pillar", "--out=json",
                     "--retcode-passthrough", *words]
        # Files, not pipes: what survives a kill must not keep the test waiting.
        logs = [open(self.namespace.disk / name, "w+", encoding="utf-8") for name in ("salt.out", "salt.err")]
        process = minion.start(self.python, self.namespace, arguments, *logs, afresh=afresh)
        killed = False
        while process.poll() is None:
            if time.monotonic() - start > timeout:
                self.namespace.kill_all_but(spared)
                raise AssertionError(f"salt-call {words} still ran after {timeout} s: {logs[1].read()}")
            if kill_when and not killed and kill_when(self):
                self._kill_apply(spared, kill_children)
                killed = True
            time.sleep(0.01)
        stdout, stderr = ((log.seek(0), log.read(), log.close())[1] for log in logs)
        return Result(process.returncode, stdout, stderr, time.monotonic() - start, killed,
                      self._log("/var/sim/spawned.log"))

    def _kill_apply(self, spared, children):
        if children:
            self.namespace.kill_all_but(spared)
            return
        for pid in set(self.namespace.processes()) - spared:
            # Its children come and go meanwhile.
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                if str(SALTCALL).encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                    os.kill(pid, signal.SIGKILL)

    def apply(self, sls="tart", test=False, pillar=None, **options):
        """state.apply; `pillar` is merged on top, as on the command line."""
        words = ["state.apply", sls]
        if test:
            words.append("test=True")
        if pillar is not None:
            words.append(f"pillar={json.dumps(pillar)}")
        return self.salt(*words, **options)

    def master_pillars(self, ids):
        """Minion id -> the pillar a master would compile for it; every minion claims to be mm10 in its grains."""
        argv = [self.python, str(SALTCALL.with_name("masterpillar.py")), json.dumps(list(ids))]
        return json.loads(self.run(*argv, check=True).stdout)

    # The tree under test.

    def use_tree(self, out):
        """Serve an emitted tree (a directory with salt/states and salt/pillar)."""
        shutil.rmtree(self.path("/srv/salt"), ignore_errors=True)
        shutil.copytree(Path(out) / "salt", self.path("/srv/salt"))

    def use_pillar(self, **files):
        """Replace the pillar by hand-written files: name (without .sls) -> text; top.sls serves them to everyone."""
        shutil.rmtree(self.path("/srv/salt/pillar"), ignore_errors=True)
        files.setdefault("top", json.dumps({"base": {"*": sorted(files)}}))
        for name, text in files.items():
            self.write(f"/srv/salt/pillar/{name}.sls", text)

    # What is there.

    def vms(self):
        """VM name -> complete, cpu, memory (MiB), disk (bytes), identity, image, running, boots; of ~dk/.tart only."""
        root = self.path("/Users/dk/.tart/vms")
        boots = self.boots()
        found = {}
        for directory in sorted(root.iterdir()) if root.exists() else []:
            vm = {"complete": False, "running": False, "boots": [b for b in boots if b["name"] == directory.name]}
            try:
                vm.update(self._disk(directory / "disk.img"))
                vm.update(self._settings(directory))
            except (FileNotFoundError, ValueError):
                pass  # Caught, or cut off, while it is written, moved or deleted: not complete.
            found[directory.name] = vm
        return found

    @staticmethod
    def _disk(path):
        with open(path, "rb") as disk:
            header = json.loads(disk.read(512).rstrip(b"\0 ") or b"{}")
            return {"disk": os.fstat(disk.fileno()).st_size, "identity": header.get("identity"),
                    "image": header.get("image")}

    def _settings(self, directory):
        config = json.loads((directory / "config.json").read_text(encoding="utf-8"))
        (directory / "nvram.bin").stat()
        return {"complete": True, "cpu": config["cpuCount"], "memory": config["memorySize"] // 2**20,
                "running": self._locked(directory / "config.json")}

    @staticmethod
    def _locked(path):
        query = struct.pack("hhqqi", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        with open(path, "rb") as file:
            return struct.unpack("hhqqi", fcntl.fcntl(file, fcntl.F_GETLK, query))[0] != fcntl.F_UNLCK

    def boots(self):
        """Every start of a guest, oldest first: name, cpu, memory, disk, identity, pid, ppid, uid, argv, env."""
        return self._log("/var/sim/boots.log")

    def jobs(self):
        """Label -> what launchd holds: definition, pid, runs, state, path, leaving."""
        answer = self.namespace.ask({"verb": "list", "uid": 0})
        return {job["label"]: job for job in answer["jobs"]}

    def overrides(self):
        """Label -> disabled, launchd's persistent override database."""
        return self.namespace.ask({"verb": "list", "uid": 0})["overrides"]

    def plist(self, name):
        """The plist of a VM, or None."""
        path = self.path(f"/Library/LaunchDaemons/com.tart.{name}.plist")
        return plistlib.loads(path.read_bytes()) if path.exists() else None

    def plists(self):
        """Names of the files in /Library/LaunchDaemons."""
        return sorted(entry.name for entry in self.path("/Library/LaunchDaemons").iterdir())

    def calls(self, tool=None, *leading, since=0):
        """Logged calls, from index `since`: of one tool, with these leading words."""
        return [call for call in self._log("/var/sim/calls.log")[since:]
                if tool in (None, call["tool"]) and tuple(call["argv"][:len(leading)]) == leading]

    def mark(self):
        """An index for `calls(since=...)`."""
        return len(self._log("/var/sim/calls.log"))

    def _log(self, inside):
        """The records of a log to which programs append while it is read.

        A line may be seen half written, and one whose writer was killed stays so: Linux ends a write at a page's
        edge when its process is killed. Neither is a record.
        """
        records = []
        for line in self.read(inside).splitlines():
            with contextlib.suppress(ValueError):
                records.append(json.loads(line))
        return records

    def snapshot(self):
        """Everything that changes when a VM file, a plist or the cache is touched: path -> (inode, size, times)."""
        found = {}
        for top in ("/Users/dk/.tart/vms", "/Users/dk/.tart/cache", "/Library/LaunchDaemons"):
            for path in sorted(self.path(top).rglob("*")):
                if path.is_file() and path.name != "control.sock":
                    info = path.stat()
                    key = str(path).partition("/root")[2]
                    found[key] = (info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_mode)
        found["runs"] = {label: (job["pid"], job["runs"]) for label, job in self.jobs().items()}
        return found

    # Events.

    def wait(self, condition, seconds=30):
        """Wait (real seconds) for something to become true."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, (
                "the simulated Mac did not reach the expected state; its console: "
                + (self.namespace.disk / "boot.log").read_text(encoding="utf-8"))
            time.sleep(0.02)

    def crash(self, name, number=signal.SIGKILL):
        """Kill a VM's process."""
        pid = self.vms()[name]["boots"][-1]["pid"]
        self.run("/bin/kill", f"-{int(number)}", str(pid), check=True)
