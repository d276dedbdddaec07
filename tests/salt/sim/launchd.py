"""The simulated launchd: PID 1 of the Mac, keeper of the jobs, reaper of orphans (facts/launchd.md).

launchctl talks to it over a unix socket, one JSON request and one JSON answer per connection:
{"verb", "uid", ...} -> {"code", "text", ...}.
"""

import json
import os
import plistlib
import selectors
import signal
import socket
import time

import simlib
from launchd_job import Job, Refused, read_plist

SOCKET = f"{simlib.SIM}/launchd.sock"
OVERRIDES = "/var/db/com.apple.xpc.launchd/disabled.plist"
DAEMONS = "/Library/LaunchDaemons"
NOT_PERMITTED = {"code": 1, "text": "Operation not permitted"}


class Launchd:
    """The system domain."""

    def __init__(self):
        self.jobs = {}
        self.overrides = self._read_overrides()
        self.selector = selectors.DefaultSelector()

    def boot(self):
        """Load every enabled, acceptable plist, as the start of the machine does."""
        for name in sorted(os.listdir(DAEMONS)):
            if name.endswith(".plist"):
                self.bootstrap({"path": os.path.join(DAEMONS, name)})

    def _read_overrides(self):
        try:
            with open(OVERRIDES, "rb") as file:
                return plistlib.load(file)
        except FileNotFoundError:
            return {}

    def _write_overrides(self):
        with open(OVERRIDES + ".new", "wb") as file:
            plistlib.dump(self.overrides, file)
        os.rename(OVERRIDES + ".new", OVERRIDES)

    # The verbs. Each takes a request and returns an answer.

    def bootstrap(self, request):
        try:
            definition = read_plist(request["path"])
        except Refused as refusal:
            return {"code": refusal.code, "detail": refusal.detail}
        label = definition["Label"]
        if label in self.jobs:
            leaving = self.jobs[label].leaving
            return {"code": simlib.control("launchd", {}).get("drain_code", 5) if leaving else 5}
        if self.overrides.get(label, definition.get("Disabled", False)):
            return {"code": 119}
        self.jobs[label] = Job(request["path"], definition)
        self.jobs[label].load()
        return {"code": 0}

    def bootout(self, request):
        job = self._find(request)
        if job is None:
            return {"code": 5 if "path" in request else 3}
        if job.leaving:
            return {"code": 36}
        job.leave()
        return {"code": simlib.control("launchd", {}).get("bootout_code", 0)}

    def enable(self, request):
        return self._override(request, False)

    def disable(self, request):
        return self._override(request, True)

    def _override(self, request, disabled):
        self.overrides[request["label"]] = disabled
        self._write_overrides()
        return {"code": 0}

    def kickstart(self, request):
        job = self._find(request)
        if job is None:
            return {"code": 113}
        if job.leaving:
            return {"code": 37}
        if job.pid is None:
            job.spawn()
        elif request.get("kill"):
            job.terminate()
            return None
        return {"code": 0, "pid": job.pid}

    def kill(self, request):
        job = self._find(request)
        if job is None:
            return {"code": 113}
        if job.pid is None:
            return {"code": 3}
        os.kill(job.pid, request["signal"])
        return {"code": 0}

    def print(self, request):
        job = self._find(request)
        return {"code": 113} if job is None else {"code": 0, "job": job.describe()}

    def list(self, _request):
        return {"code": 0, "jobs": [job.describe() for job in self.jobs.values()], "overrides": self.overrides}

    def _find(self, request):
        if "label" in request:
            return self.jobs.get(request["label"])
        return next((job for job in self.jobs.values() if job.path == request["path"]), None)

    # The machinery: sockets, children, time.

    def serve(self):
        """Run for ever."""
        wake, ring = os.pipe()
        for fd in (wake, ring):
            os.set_blocking(fd, False)
        signal.set_wakeup_fd(ring, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        server = socket.socket(socket.AF_UNIX)
        server.bind(SOCKET)
        os.chmod(SOCKET, 0o666)
        server.listen(64)
        self.selector.register(server, selectors.EVENT_READ)
        self.selector.register(wake, selectors.EVENT_READ)
        self.boot()
        while True:
            for key, _ in self.selector.select(self._patience()):
                if key.fileobj is server:
                    self._answer(server.accept()[0])
                else:
                    os.read(wake, 4096)
            self._reap()
            self._tick()

    def _patience(self):
        deadlines = [at for job in self.jobs.values() if (at := job.deadline()) is not None]
        return max(0, min(deadlines) - time.monotonic()) if deadlines else None

    def _answer(self, connection):
        request = _read(connection)
        if request is None:
            return
        # A verb sees the world as it is now, not as it was before the children that died meanwhile.
        self._reap()
        self._tick()
        reading = request["verb"] in ("print", "list")
        if request["uid"] != 0 and not reading:
            answer = NOT_PERMITTED
        else:
            answer = getattr(self, request["verb"])(request)
        if answer is None:
            self._find(request).waiters.append(connection)
            return
        _reply(connection, answer)

    def _reap(self):
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            job = next((job for job in self.jobs.values() if job.pid == pid), None)
            if job:
                job.ended(status)
                if job.waiters and not job.leaving:
                    job.spawn()
                for connection in job.waiters:
                    _reply(connection, {"code": 37 if job.leaving else 0, "pid": job.pid})
                job.waiters = []

    def _tick(self):
        for label, job in list(self.jobs.items()):
            job.tick()
            if job.gone():
                del self.jobs[label]


def _read(connection):
    """The request, or None from a client that was killed before it could say anything."""
    connection.settimeout(1)
    try:
        with connection.makefile("r", encoding="utf-8") as stream:
            return json.loads(stream.readline())
    except (OSError, ValueError):
        connection.close()
        return None


def _reply(connection, answer):
    with connection:
        try:
            connection.sendall(json.dumps(answer).encode() + b"\n")
        except OSError:
            pass


if __name__ == "__main__":
    Launchd().serve()
