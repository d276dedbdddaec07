"""Loads Salt once and forks a salt-call for each request, inside the Mac that the request names.

Importing takes most of the time of a salt-call, and the suite makes thousands. What runs in the Mac is the same program
as in saltcall.py: it enters the Mac's namespaces as nsenter does, and only then reads its arguments and starts.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import signal
import socket
import sys

# What a salt-call imports before it is done; what a release does not have, it does not need.
IMPORTS = (
    "encodings.ascii", "encodings.unicode_escape", "multiprocessing.synchronize", "salt.cli.call", "salt.cli.caller",
    "salt.client.mixins", "salt.client.ssh.client", "salt.cloud", "salt.fileserver", "salt.grains.core",
    "salt.loader", "salt.minion", "salt.modules.network", "salt.modules.smbios", "salt.output", "salt.pillar",
    "salt.runner", "salt.runners.state", "salt.scripts", "salt.serializers.yaml", "salt.state", "salt.template",
    "salt.utils.find", "salt.utils.gitfs", "salt.utils.jinja", "salt.utils.parsers", "salt.utils.templates",
    "salt.utils.yamlloader", "salt.utils.zfs", "salt.wheel", "tarfile",
)


def serve(requests):
    """Forks a process for each request that arrives; returns in that process, with the arguments of the call."""
    for name in IMPORTS:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        request, descriptors, _, _ = socket.recv_fds(requests, 1 << 16, 3)
        if not request:
            os._exit(0)
        if os.fork() == 0:
            requests.close()
            return _enter(json.loads(request), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _enter(request, stdout, stderr, answer):
    """Becomes a process of the Mac; its parent stays outside and answers with the exit status."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    process = f"/proc/{request['launchd']}"
    root = os.open(f"{process}/root", os.O_RDONLY)
    libc = ctypes.CDLL(None, use_errno=True)
    for kind in ("mnt", "pid"):
        namespace = os.open(f"{process}/ns/{kind}", os.O_RDONLY)
        if libc.setns(namespace, 0):
            raise OSError(ctypes.get_errno(), f"cannot enter the {kind} namespace of the Mac")
        os.close(namespace)
    os.fchdir(root)
    os.chroot(".")
    os.close(root)
    child = os.fork()
    if child:
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.write(answer, str(status).encode())
        os._exit(0)
    os.close(answer)
    for target, source in ((1, stdout), (2, stderr)):
        os.dup2(source, target)
        os.close(source)
    os.environ.clear()
    os.environ.update(request["environment"])
    return request["arguments"]
