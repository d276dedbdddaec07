"""What every simulated macOS program shares: the control directory, the call log, faults and scaled time.

The programs run with `python3 -SE` and import as little as possible, because a scenario starts hundreds of them.
"""

import atexit
import errno
import fcntl
import json
import os
import sys
import time

SIM = "/var/sim"
ENV_LOGGED = ("HOME", "USER", "PATH", "TART_HOME", "TART_NO_AUTO_PRUNE")


def control(name, default):
    """The test's settings in /var/sim/NAME.json; read anew each time, so a test may change them at any moment."""
    try:
        with open(f"{SIM}/{name}.json", encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return default


def scale():
    """How long a simulated second lasts."""
    try:
        with open(f"{SIM}/timescale", encoding="ascii") as file:
            return float(file.read())
    except FileNotFoundError:
        return 1.0


def sleep(seconds):
    """Sleep simulated seconds."""
    time.sleep(float(seconds) * scale())


def log_call(tool, argv):
    """Append one line to the call log."""
    env = {k: v for k, v in os.environ.items() if k in ENV_LOGGED or k.startswith("HOMEBREW_")}
    append_json(f"{SIM}/calls.log", {
        "tool": tool, "argv": argv, "uid": os.getuid(), "pid": os.getpid(), "ppid": os.getppid(),
        "env": env, "cwd": _cwd(), "time": time.time(),
    })


def _cwd():
    try:
        return os.getcwd()
    except OSError:
        return None


def inject_fault(tool, argv):
    """Act out the first fault that matches this call: delay, then text and exit code.

    A fault is {"tool", "args": leading words or [] for any, "exit", "text", "delay", "times", "skip", "tear": a file,
    "signal": what ends the process}.
    """
    for index, fault in enumerate(control("faults", [])):
        words = fault.get("args", [])
        if fault["tool"] != tool or argv[:len(words)] != words or not _armed(index, fault):
            continue
        sleep(fault.get("delay", 0))
        if "tear" in fault:
            os.truncate(fault["tear"], os.path.getsize(fault["tear"]) // 2)
        if "signal" in fault:
            os.kill(os.getpid(), fault["signal"])
        if fault.get("late"):
            atexit.register(os._exit, fault["exit"])
            return
        if "exit" in fault:
            sys.stderr.write(fault.get("text", "simulated fault") + "\n")
            sys.exit(fault["exit"])
        return


def _armed(index, fault):
    """Count this use of a fault that is limited by `skip` (first calls spared) or `times` (last use)."""
    if "times" not in fault and "skip" not in fault:
        return True
    with open(f"{SIM}/state/fault-{index}", "a+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        used = len(file.read())
        file.write("x")
    skip = fault.get("skip", 0)
    return skip <= used < skip + fault.get("times", 10**9)


def fail(text, code=1):
    """Print to stderr and leave."""
    sys.stderr.write(text + "\n")
    sys.exit(code)


def append_json(path, value):
    """Add one JSON line to a file that several accounts write.

    O_APPEND and a single write keep concurrent lines apart; the leading line break does it for a line whose writer was
    killed half way. Readers skip what is not a whole record.
    """
    fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    os.write(fd, f"\n{json.dumps(value)}\n".encode())
    os.close(fd)


def make_dirs(path):
    """`mkdir -p` that does not mind races."""
    try:
        os.makedirs(path, exist_ok=True)
    except OSError as error:
        if error.errno != errno.EEXIST:
            raise
