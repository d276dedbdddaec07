"""A real Salt master, and minions of it inside simulated Macs, on loopback addresses only."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from .mac import SALTCALL
from .namespace import die_with_parent
from .result import Result

MINION = SALTCALL.with_name("saltminion.py")
LOOPBACK = "127.0.0.1"
# Starting up and answering, on a machine that runs other tests meanwhile.
PATIENCE = 300


class Cluster:
    """A master with its minions; `shutdown()` ends them all and removes the master's files."""

    def __init__(self, python):
        self.programs = Path(python).parent
        # Not below pytest's folder: the path of a socket has at most 107 bytes.
        self.home = Path(tempfile.mkdtemp(prefix="tartgen-"))
        self.ports = free_ports(2)
        self.minions = {}
        settings = {
            "root_dir": str(self.home), "pki_dir": str(self.home / "pki"), "interface": LOOPBACK,
            "publish_port": self.ports[0], "ret_port": self.ports[1], "auto_accept": True, "worker_threads": 3, "timeout": 20,
            "gather_job_timeout": 20, "fileserver_list_cache_time": 0, "user": "root",
            "file_roots": {"base": [str(self.home / "srv/salt/states")]},
            "pillar_roots": {"base": [str(self.home / "srv/salt/pillar")]},
        }
        (self.home / "etc").mkdir()
        (self.home / "etc" / "master").write_text(json.dumps(settings), encoding="utf-8")
        # In a process namespace of its own, nothing of the master outlives it.
        self.log = open(self.home / "log", "ab")
        self.master = subprocess.Popen(
            ["unshare", "-m", "-p", "-f", "--kill-child", "--mount-proc", self.programs / "salt-master",
             "-c", self.home / "etc", "-l", "warning"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, preexec_fn=die_with_parent)

    def serve(self, out):
        """Serve an emitted tree as a whole, in the place of the one before."""
        served = self.home / "srv"
        shutil.rmtree(served, ignore_errors=True)
        shutil.copytree(Path(out) / "salt", served / "salt")

    def join(self, mac, minion_id=None):
        """Start a minion inside a Mac, under the Mac's own id or another one."""
        minion_id = minion_id or mac.minion_id
        home = f"/var/sim/minion{len(self.minions)}"
        settings = json.loads(mac.read("/var/sim/salt/etc/minion"))
        settings["grains"]["id"] = minion_id
        settings.update(id=minion_id, root_dir=home, file_client="remote", master=LOOPBACK,
                        master_port=self.ports[1], acceptance_wait_time=1, log_level="warning")
        mac.write(f"{home}/etc/minion", json.dumps(settings))
        log = open(mac.namespace.disk / "minion.log", "ab")
        argv = [mac.python, str(MINION), "-c", f"{home}/etc", "--disable-keepalive"]
        self.minions[minion_id] = mac.namespace.start(argv, stdout=log, stderr=log)

    def leave(self, minion_id):
        """End a minion, as when its Mac is switched off."""
        os.killpg(self.minions.pop(minion_id).pid, signal.SIGKILL)

    def wait(self):
        """Wait until every minion answers."""
        deadline = time.monotonic() + PATIENCE
        keys = self.home / "pki/minions"
        while not keys.exists() or not set(self.minions) <= set(os.listdir(keys)):
            self._not_later_than(deadline)
            time.sleep(0.1)
        missing = set(self.minions)
        while missing:
            self._not_later_than(deadline)
            missing -= set(self.salt("-L", ",".join(sorted(missing)), "test.ping", timeout=5)[1])

    def _not_later_than(self, deadline):
        late = time.monotonic() > deadline or self.master.poll() is not None
        assert not late, f"not all of {sorted(self.minions)} joined: " + (self.home / "log").read_text(encoding="utf-8")

    def salt(self, *words, timeout=60):
        """The exit status of `salt`, and what each minion answered."""
        done = self._run("salt", "--static", "--out=json", "-t", str(timeout), *words)
        start = done.stdout.find("{")
        try:
            answers = json.loads(done.stdout[start:])
        except ValueError:
            answers = {}
        return done.returncode, {key: value for key, value in answers.items() if value is not False}

    def apply(self, target, *words):
        """Minion id -> result of `salt TARGET state.apply tart`."""
        start = time.monotonic()
        code, answers = self.salt(target, "state.apply", "tart", *words, timeout=120)
        seconds = time.monotonic() - start
        return code, {minion: Result(0, json.dumps({"local": answer}), "", seconds)
                      for minion, answer in answers.items()}

    def rollout(self, *words):
        """The exit status of the rollout, and its states by their IDs."""
        done = self._run("salt-run", "--out=json", "state.orchestrate", "tart.rollout", *words)
        try:
            answer = next(iter(json.loads(done.stdout[done.stdout.find("{"):])["data"].values()))
        except ValueError:
            raise AssertionError(f"salt-run exited {done.returncode}: {done.stdout}{done.stderr}") from None
        assert isinstance(answer, dict), answer
        return done.returncode, {state["__id__"]: state for state in answer.values()}

    def _run(self, program, *words):
        return subprocess.run([self.programs / program, "-c", self.home / "etc", *words], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=300, check=False)

    def shutdown(self):
        """End the master; minions end with their Macs."""
        self.master.kill()
        self.master.wait()
        self.log.close()
        shutil.rmtree(self.home, ignore_errors=True)


def free_ports(count):
    """Ports that nobody listens on."""
    sockets = [socket.create_server((LOOPBACK, 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
