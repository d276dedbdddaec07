"""A Mac's processes: private mount and PID namespaces over an overlay of the Linux root (see sim/boot.py)."""

import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

BOOT = Path(__file__).resolve().parent.parent / "sim" / "boot.py"
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin"}
PR_SET_PDEATHSIG = 1


def require_isolation():
    """Say in one sentence what is missing, instead of skipping what the suite exists for."""
    if os.geteuid() != 0:
        raise RuntimeError("the Salt suite must run as root: it builds each simulated Mac in its own namespace")
    with open("/proc/filesystems", encoding="ascii") as file:
        if "overlay" not in file.read() and subprocess.run(["modprobe", "overlay"], check=False).returncode:
            raise RuntimeError("the Salt suite needs overlayfs in the kernel: each simulated Mac is an overlay of /")


def interpreter():
    """A Python every account of the Mac may run."""
    return next((path for path in ("/usr/bin/python3", "/usr/local/bin/python3") if os.access(path, os.X_OK)),
                os.path.realpath(sys.executable))


def die_with_parent():
    """For `preexec_fn`: no process outlives the tests that started it."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Namespace:
    """One Mac's disk, and the processes of its current boot."""

    def __init__(self, disk, shell, visible):
        require_isolation()
        self.disk = Path(disk)
        for name in ("upper", "work", "merged"):
            (self.disk / name).mkdir(parents=True)
        self.disk.chmod(0o755)
        settings = {"shell": shell, "interpreter": interpreter(), "visible": visible}
        (self.disk / "boot.json").write_text(json.dumps(settings), encoding="utf-8")
        self.outer = None
        self.pid = None

    def boot(self):
        """Start launchd on the disk and wait until it answers."""
        command = ["unshare", "-m", "-p", "-f", "--kill-child", "--propagation", "private",
                   interpreter(), "-SE", str(BOOT), str(self.disk)]
        self.outer = subprocess.Popen(command, env=ENVIRONMENT, preexec_fn=die_with_parent,
                                      stdout=open(self.disk / "boot.log", "ab"), stderr=subprocess.STDOUT)
        self.pid = self._first_process()
        self._wait(self._answers)

    def _first_process(self):
        children = f"/proc/{self.outer.pid}/task/{self.outer.pid}/children"
        self._wait(lambda: open(children, encoding="ascii").read().split())
        return int(open(children, encoding="ascii").read().split()[0])

    def _answers(self):
        """Whether launchd takes requests, which it does once its own jobs are loaded."""
        try:
            return bool(self.ask({"verb": "list", "uid": 0}))
        except OSError:
            return False  # The socket of the last boot may still lie there.

    def ask(self, request):
        """What launchd answers to a request."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self.path("/var/sim/launchd.sock")))
            connection.sendall(json.dumps(request).encode() + b"\n")
            with connection.makefile("r", encoding="utf-8") as stream:
                return json.loads(stream.readline())

    def _wait(self, ready):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.outer.poll() is None:
            if ready():
                return
            time.sleep(0.01)
        raise RuntimeError("the simulated Mac did not boot: " + (self.disk / "boot.log").read_text(encoding="utf-8"))

    def power_off(self):
        """Kill launchd, and with it everything; the disk stays."""
        self.outer.kill()
        self.outer.wait()
        while os.path.exists(f"/proc/{self.pid}"):
            time.sleep(0.005)

    def destroy(self):
        """Power off and delete the disk."""
        if self.outer and self.outer.poll() is None:
            self.power_off()
        shutil.rmtree(self.disk, ignore_errors=True)

    def path(self, inside):
        """A path of the Mac, seen from outside. Only for paths without absolute symlinks on the way."""
        return Path(f"/proc/{self.pid}/root{inside}")

    def start(self, argv, user=None, env=None, **options):
        """Start a program inside, as root or as (uid, gid)."""
        enter = ["nsenter", "-t", str(self.pid), "-m", "-p", "-r", "-w"]
        if user:
            enter += ["-S", str(user[0]), "-G", str(user[1])]
        options = {"stdin": subprocess.DEVNULL, "start_new_session": True, **options}
        return subprocess.Popen([*enter, *argv], env={**ENVIRONMENT, **(env or {})}, **options)

    def processes(self):
        """Host pids of everything inside: pid -> (parent, session)."""
        wanted = os.readlink(f"/proc/{self.pid}/ns/pid")
        found = {}
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                if os.readlink(f"/proc/{entry}/ns/pid") == wanted:
                    fields = open(f"/proc/{entry}/stat", encoding="utf-8").read().rpartition(")")[2].split()
                    found[int(entry)] = (int(fields[1]), int(fields[3]))
            except OSError:
                continue
        return found

    def kill_all_but(self, spared):
        """SIGKILL everything that is neither launchd, nor a job of launchd, nor among the spared pids."""
        while True:
            processes = self.processes()
            job_sessions = {session for pid, (parent, session) in processes.items()
                            if parent == self.pid and pid == session}
            doomed = [pid for pid, (_, session) in processes.items()
                      if pid not in spared and pid != self.pid and session not in job_sessions | {self._session()}]
            if not doomed:
                return
            for pid in doomed:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue

    def _session(self):
        return self.processes()[self.pid][1]
