"""salt-call on a Linux machine that must behave like a Mac.

Only Salt's command module is told that this is macOS, so that `runas` becomes `su -l USER -c ...` parsed by the
account's login shell, without `env`; every other module keeps working on Linux. Sleeps of Salt itself are scaled
like those of the simulated programs, and every process Salt starts is written to /var/sim/spawned.log. Garbage
collection is off: a run is short, and the suite makes thousands. `--serve DESCRIPTOR` instead of salt-call's arguments:
load Salt once, and fork a salt-call for each request (saltfork.py).
"""

import gc
import json
import socket
import sys
import time

import salt.utils.platform
import saltfork


def pretend():
    """Make Salt behave as on a Mac, in this process and those it forks."""
    salt.utils.platform.is_darwin = _darwin_for_cmdmod
    _scale_sleep()


def _darwin_for_cmdmod():
    return sys._getframe(1).f_globals["__name__"].endswith(".cmdmod")


def _scale_sleep():
    real = time.sleep
    with open("/var/sim/timescale", encoding="ascii") as file:
        scale = float(file.read())
    time.sleep = lambda seconds: real(seconds * scale)


def _log_spawned(event, args):
    if event == "subprocess.Popen":
        with open("/var/sim/spawned.log", "a", encoding="utf-8") as file:
            command = args[1] if isinstance(args[1], str) else list(map(str, args[1]))
            file.write(f"\n{json.dumps(command)}\n")


if __name__ == "__main__":
    gc.disable()
    if sys.argv[1] == "--serve":
        sys.argv[1:] = saltfork.serve(socket.socket(fileno=int(sys.argv[2])))
    pretend()
    sys.addaudithook(_log_spawned)
    from salt.scripts import salt_call

    salt_call()
