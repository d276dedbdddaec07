"""The system calls of a build that change the disk, and builds that are killed, failed or held at one of them."""

import os
import re
import subprocess
import time
from pathlib import Path

from world import ENVIRONMENT

# Whatever a later version may use instead is traced too: a point that is not tried is the one that hurts.
CHANGING = ["open", "openat", "creat", "write", "pwrite64", "writev", "pwritev", "pwritev2", "sendfile",
            "copy_file_range", "ftruncate", "truncate", "fallocate", "mkdir", "mkdirat", "rmdir", "rename", "renameat",
            "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat", "chmod", "fchmod", "fchmodat",
            "fsync", "fdatasync", "syncfs"]
CALL = re.compile(r"(\w+)\((.*)")
STANDARD_STREAM = re.compile(r"[12][<,]")
PATIENCE = 30


def changes(name, arguments):
    """Whether a call changes the disk: not if it only opens a file to read it or writes to a standard stream."""
    if name in ("open", "openat"):
        return "O_CREAT" in arguments or "O_TRUNC" in arguments
    return not (name.startswith(("write", "pwrite")) and STANDARD_STREAM.match(arguments))


def points(world, name):
    """Where a build changes the disk, in order: the name of each call and how often it was called by then."""
    log = world.path.with_suffix(".log")
    done = world.run(["strace", "-o", log, "-e", f"trace={','.join(CHANGING)}", *world.command(name)])
    assert done.returncode == 0, done.stderr
    seen, found = {}, []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if call := CALL.match(line):
            seen[call[1]] = seen.get(call[1], 0) + 1
            if changes(*call.groups()):
                found.append((call[1], seen[call[1]]))
    log.unlink()
    assert found, "the build changes nothing"
    return found


def strace(world, name, point, fault):
    """The command of a build with a fault at a point, and strace's log."""
    log = world.path.with_suffix(".log")
    call, number = point
    inject = f"inject={call}:{fault}:when={number}"
    return ["strace", "-o", str(log), "-e", f"trace={call}", "-e", inject, *world.command(name)], log


def killed(world, name, point):
    """A build that dies on entering a call."""
    command, log = strace(world, name, point, "signal=KILL")
    done = world.run(command)
    assert done.returncode == -9, f"not killed at {point}: {done.returncode} {done.stderr}"
    assert "+++ killed by SIGKILL +++" in log.read_text(encoding="utf-8", errors="replace")
    log.unlink()


def failed(world, name, point, error):
    """A build of which one call fails."""
    command, log = strace(world, name, point, f"error={error}")
    done = world.run(command)
    assert "(INJECTED)" in log.read_text(encoding="utf-8", errors="replace"), f"nothing failed at {point}"
    log.unlink()
    return done


def held(world, name, point, meanwhile):
    """A build that sleeps after a call until something else was done."""
    command, log = strace(world, name, point, "signal=STOP")
    log.write_text("")
    os.chown(log, world.uid, world.uid)
    with subprocess.Popen(command, cwd=world.path, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, user=world.uid, group=world.uid, extra_groups=[]) as tracer:
        end = time.monotonic() + PATIENCE
        while "--- stopped by SIGSTOP ---" not in log.read_text(encoding="utf-8", errors="replace"):
            assert tracer.poll() is None and time.monotonic() < end, f"not held at {point}"
            time.sleep(0.002)
        meanwhile()
        for child in Path(f"/proc/{tracer.pid}/task/{tracer.pid}/children").read_text().split():
            subprocess.run(["kill", "-CONT", child], check=True)
        out, err = tracer.communicate(timeout=PATIENCE)
    log.unlink()
    return subprocess.CompletedProcess(command, tracer.returncode, out, err)
