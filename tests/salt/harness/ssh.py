"""A real salt-ssh, and a real sshd inside each simulated Mac, on loopback addresses only."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from .cluster import LOOPBACK, PATIENCE, free_ports
from .mac import SALTCALL
from .namespace import interpreter
from .result import Result

# Who logs in is an administrator, as root may not on a Mac, where sudo keeps HOME.
ADMIN, UID, GID = "admin", 502, 20
SUDOERS = f'Defaults env_keep += "HOME MAIL"\nroot ALL=(ALL) ALL\n{ADMIN} ALL=(ALL) NOPASSWD: ALL\n'
SSHD = """\
ListenAddress {address}:{port}
HostKey /etc/ssh/key
AuthorizedKeysFile /etc/ssh/admins
PermitRootLogin no
PasswordAuthentication no
UsePAM no
PidFile none
Subsystem sftp internal-sftp
SetEnv PATH=/usr/bin:/bin:/usr/sbin:/sbin
"""
# Homebrew's, which those who log in this way do not find by themselves.
PYTHON = "/opt/homebrew/bin/python3"


class Ssh:
    """The machine that salt-ssh is called on; `shutdown()` removes its files, each sshd ends with its Mac."""

    def __init__(self, python):
        self.program = Path(python).with_name("salt-ssh")
        self.home = Path(tempfile.mkdtemp(prefix="tartgen-"))
        self.roster = {}
        self.key = self._make_key("key")
        (self.home / "etc").mkdir()
        # What docs/scaling.md shows, below a directory of the test's own.
        self._write("Saltfile", {"salt-ssh": {"config_dir": str(self.home / "etc")}})
        self._write("etc/master", {
            "file_roots": {"base": [str(self.home / "srv/salt/states")]},
            "pillar_roots": {"base": [str(self.home / "srv/salt/pillar")]},
            "root_dir": str(self.home), "cachedir": str(self.home / "cache"), "pki_dir": str(self.home / "pki"),
            "known_hosts_file": str(self.home / "known_hosts"),
        })

    def _write(self, name, value):
        (self.home / name).write_text(json.dumps(value), encoding="utf-8")

    def _make_key(self, name):
        path = self.home / name
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
        return path

    def serve(self, out):
        """Apply an emitted tree, in the place of the one before."""
        served = self.home / "srv"
        shutil.rmtree(served, ignore_errors=True)
        shutil.copytree(Path(out) / "salt", served / "salt")

    def join(self, mac):
        """Let an administrator log in to a Mac, and enter it into the roster under its own id."""
        port = free_ports(1)[0]
        _install(mac)
        host_key = self._make_key(f"host{port}")
        mac.write("/etc/ssh/key", host_key.read_text(encoding="utf-8"))
        mac.path("/etc/ssh/key").chmod(0o600)
        mac.write("/etc/ssh/admins", self.key.with_suffix(".pub").read_text(encoding="utf-8"))
        mac.write("/etc/ssh/sshd_config", SSHD.format(address=LOOPBACK, port=port))
        with open(self.home / "known_hosts", "a", encoding="utf-8") as known:
            known.write(f"[{LOOPBACK}]:{port} {host_key.with_suffix('.pub').read_text(encoding='utf-8')}")
        log = open(mac.namespace.disk / "sshd.log", "ab")
        daemon = mac.namespace.start(["/usr/sbin/sshd", "-D", "-e"], stdout=log, stderr=log)
        _wait(port, daemon, mac.namespace.disk / "sshd.log")
        settings = json.loads(mac.read("/var/sim/salt/etc/minion"))
        # A Mac's own Salt finds these by itself.
        pretended = {key: value for key, value in settings.items() if key == "grains" or key.startswith("enable_")}
        pretended["grains"].pop("id")
        self.enter(mac.minion_id, {"host": LOOPBACK, "port": port, "user": ADMIN, "sudo": True, "priv": str(self.key),
                                   "set_path": f"{Path(PYTHON).parent}:$PATH", "minion_opts": pretended})

    def enter(self, name, entry):
        """Add an entry to the roster."""
        self.roster[name] = entry
        self._write("etc/roster", self.roster)

    def run(self, *words):
        """The exit status of `salt-ssh`, what each host answered, and what was said besides."""
        done = subprocess.run([self.program, "--static", "--out=json", *words], cwd=self.home, capture_output=True,
                              text=True, stdin=subprocess.DEVNULL, timeout=PATIENCE, check=False,
                              env={"PATH": os.environ["PATH"], "HOME": str(self.home), "LC_ALL": "C.UTF-8"})
        try:
            answers = json.loads(done.stdout[done.stdout.find("{"):])
        except ValueError:
            raise AssertionError(f"salt-ssh exited {done.returncode}: {done.stdout}{done.stderr}") from None
        return done.returncode, answers, done.stderr

    def apply(self, target, *words):
        """Minion id -> result of `salt-ssh TARGET state.apply tart`."""
        start = time.monotonic()
        code, answers, errors = self.run(target, "state.apply", "tart", *words)
        seconds = time.monotonic() - start
        return code, {host: Result(code, json.dumps({"local": answer}), errors, seconds)
                      for host, answer in answers.items()}

    def shutdown(self):
        """Remove the keys and all else."""
        shutil.rmtree(self.home, ignore_errors=True)


def _install(mac):
    """What a Mac needs besides sshd: the account, sudo for it, and a Python that takes the machine for a Mac."""
    for path, line in (("/etc/passwd", f"{ADMIN}:x:{UID}:{GID}::/Users/{ADMIN}:/bin/zsh\n"),
                       ("/etc/shadow", f"{ADMIN}:*:19000:0:99999:7:::\n")):
        mac.write(path, mac.read(path) + line)
    mac.write("/etc/sudoers", SUDOERS)
    mac.path("/etc/sudoers").chmod(0o440)
    for path in (f"/Users/{ADMIN}", "/run/sshd"):
        mac.path(path).mkdir(mode=0o755, exist_ok=True)
    os.chown(mac.path(f"/Users/{ADMIN}"), UID, GID)
    mac.path(PYTHON).symlink_to(os.path.realpath(interpreter()))
    site = mac.run(PYTHON, "-c", "import site; print(site.getsitepackages()[0])", check=True).stdout.strip()
    for name in ("saltthin.py", "saltcall.py", "saltfork.py"):
        mac.write(f"{site}/{name}", SALTCALL.with_name(name).read_text(encoding="utf-8"))
    mac.write(f"{site}/saltthin.pth", "import saltthin\n")


def _wait(port, daemon, log):
    deadline = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(OSError):
            socket.create_connection((LOOPBACK, port)).close()
            return
        assert daemon.poll() is None and time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.05)
