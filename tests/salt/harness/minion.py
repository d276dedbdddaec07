"""Starts salt-call inside a Mac: from a Salt that is loaded once for all Macs, or afresh."""

import atexit
import json
import os
import select
import socket
import subprocess
from pathlib import Path

from .namespace import ENVIRONMENT, die_with_parent

SALTCALL = Path(__file__).resolve().parent.parent / "saltcall.py"
_servers = {}


class Call:
    """A running salt-call; `poll` and `returncode` are those of subprocess.Popen."""

    def __init__(self, answer):
        self.returncode = None
        self._answer = answer

    def poll(self):
        """The exit status once it has ended."""
        if self.returncode is None and select.select([self._answer], [], [], 0)[0]:
            status = os.read(self._answer, 16)
            os.close(self._answer)
            assert status, "salt-call was not started; tests/salt/saltfork.py says why on standard error"
            self.returncode = int(status)
        return self.returncode


class Server:
    """One loaded Salt of one version, for the Macs of this process."""

    def __init__(self, python):
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen([python, "-B", str(SALTCALL), "--serve", str(theirs.fileno())],
                                         env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                         pass_fds=[theirs.fileno()], preexec_fn=die_with_parent)
        theirs.close()
        atexit.register(self._process.kill)

    def start(self, launchd, arguments, stdout, stderr):
        """salt-call in the Mac whose first process is `launchd`, writing to two open files."""
        request = {"launchd": launchd, "arguments": arguments, "environment": ENVIRONMENT}
        answer, theirs = os.pipe()
        socket.send_fds(self._requests, [json.dumps(request).encode()], [stdout.fileno(), stderr.fileno(), theirs])
        os.close(theirs)
        return Call(answer)


def start(python, namespace, arguments, stdout, stderr, afresh=False):
    """salt-call in a namespace; `afresh` loads Salt for this call alone, as on a real Mac."""
    if afresh or os.environ.get("SALT_SUITE_AFRESH"):
        return namespace.start([python, str(SALTCALL), *arguments], stdout=stdout, stderr=stderr)
    if python not in _servers:
        _servers[python] = Server(python)
    return _servers[python].start(namespace.pid, arguments, stdout, stderr)
