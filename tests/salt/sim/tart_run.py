"""`tart run`: one process is one running VM (facts/tart.md section 8).

What the guest does is decided by the image's "guest" entry in registry.json, overridden per VM name in guests.json:
{"start_seconds", "crash_after", "exit", "stderr", "shutdown_seconds", "ignore_int"}.
"""

import fcntl
import os
import signal
import sys
import time

import simlib
import tart_store as store
from tart_store import TartError

FLAGS = {
    "--no-graphics", "--graphics", "--vnc", "--vnc-experimental", "--serial", "--no-audio", "--no-clipboard",
    "--recovery", "--nested", "--net-softnet", "--net-host", "--suspendable", "--no-trackpad", "--no-pointer",
    "--no-keyboard", "--capture-system-keys",
}
OPTIONS = {
    "--serial-path", "--disk", "--rosetta", "--dir", "--net-bridged", "--net-softnet-allow", "--net-softnet-block",
    "--net-softnet-expose", "--net-softnet-control-fd", "--root-disk-opts", "--provisioning-opts",
}


def run(words):
    """Block for as long as the guest lives."""
    from tart import exactly, parse, usage
    repeated = [word for word in words if word.partition("=")[0] in ("--disk", "--dir", "--net-bridged")]
    positionals, found = parse("run", words, FLAGS, OPTIONS)
    (name,) = exactly("run", positionals, 1)
    if "--no-graphics" in found and "--capture-system-keys" in found:
        raise usage("run", "--captures-system-keys can only be used with the default VM view")
    if {"--net-bridged", "--net-host"} & set(found) and any(key.startswith("--net-softnet") for key in found):
        raise usage("run", "--net-softnet is mutually exclusive with --net-bridged and --net-host")
    try:
        path = store.open_vm(name)
    except TartError as error:
        raise TartError(f"Error: {error.text}", 1) from None
    _Guest(name, path, repeated).live()


class _Guest:
    """The VM behind the process: locks, start, signals, end."""

    def __init__(self, name, path, shares):
        self.name, self.path, self.shares = name, path, shares
        self.config = store.read_config(path)
        self.darwin = self.config.get("os", "darwin") == "darwin"
        image = store.disk_header(path).get("image")
        self.behaviour = dict(simlib.control("registry", {}).get(image, {}).get("guest", {}))
        self.behaviour.update(simlib.control("guests", {}).get(name, {}))

    def live(self):
        home_lock = store.flock(store.home())
        # Signals stay at their start-up disposition until the guest runs: a SIGINT before that is lost.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._avoid_mac_clash()
        self.config_file = self._lock_config()
        self.slot = self._take_macos_slot()
        os.close(home_lock)
        saved = os.path.join(self.path, "state.vzvmsave")
        if os.path.exists(saved):
            _say("restoring VM state from a snapshot...")
            _say("resuming VM...")
            os.unlink(saved)
        simlib.sleep(self.behaviour.get("start_seconds", 0))
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGUSR1, signal.SIGUSR2})
        self._record_boot()
        self._loop()

    def _avoid_mac_clash(self):
        for other, path in store.local_vms().items():
            if path == self.path or not store.lock_holder(path):
                continue
            if store.read_config(path)["macAddress"] == self.config["macAddress"]:
                _say(f"There is already a running VM ({other}) with MAC address {self.config['macAddress']}!")
                _say("Resetting VM to a new MAC address...")
                self.config["macAddress"] = store.new_mac()
                store.write_config(self.path, self.config)

    def _lock_config(self):
        file = open(os.path.join(self.path, "config.json"), "r+b")
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise TartError(f'VM "{self.name}" is already running!', 2) from None
        return file

    def _take_macos_slot(self):
        """Two macOS guests per host, whoever started them."""
        if not self.darwin:
            return None
        for slot in ("0", "1"):
            fd = os.open(f"{simlib.SIM}/state/macos-guest-{slot}", os.O_RDWR | os.O_CREAT, 0o666)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return fd
            except BlockingIOError:
                os.close(fd)
        others = [name for name, path in store.local_vms().items() if path != self.path and store.lock_holder(path)]
        raise TartError(f"The number of VMs exceeds the system limit (other running VMs: {', '.join(others)})")

    def _record_boot(self):
        """What a test wants to know about each start; the guest also writes to its disk, as guests do."""
        header = store.disk_header(self.path)
        simlib.append_json(f"{simlib.SIM}/boots.log", {
            "name": self.name, "cpu": self.config["cpuCount"], "memory": self.config["memorySize"] // store.MIB,
            "disk": store.disk_bytes(self.path), "identity": header.get("identity"), "pid": os.getpid(),
            "ppid": os.getppid(), "uid": os.getuid(), "argv": sys.argv[1:], "shares": self.shares,
            "env": dict(os.environ), "time": time.time(),
        })
        with open(os.path.join(self.path, "disk.img"), "r+b") as disk:
            disk.seek(store.HEADER)
            disk.write(f"booted by pid {os.getpid()}\n".encode())

    def _loop(self):
        """Wait for a signal or for the guest's own end."""
        crash_after = self.behaviour.get("crash_after")
        deadline = None if crash_after is None else time.monotonic() + crash_after * simlib.scale()
        while True:
            wait = 3600 if deadline is None else max(0, deadline - time.monotonic())
            received = signal.sigtimedwait({signal.SIGINT, signal.SIGUSR1, signal.SIGUSR2}, wait)
            if received is None and deadline is not None:
                self._crash()
            elif received is not None:
                self._handle(received.si_signo)

    def _crash(self):
        if "stderr" in self.behaviour:
            sys.stderr.write(self.behaviour["stderr"] + "\n")
        if "stdout" in self.behaviour:
            _say(self.behaviour["stdout"])
        sys.exit(self.behaviour.get("exit", 1))

    def _handle(self, number):
        if number == signal.SIGINT and not self.behaviour.get("ignore_int"):
            _say("Stopping VM...")
            sys.exit(0)
        if number == signal.SIGUSR1:
            self._suspend()
        if number == signal.SIGUSR2:
            _say("Requesting guest OS to stop...")
            if not self.darwin:
                simlib.sleep(self.behaviour.get("shutdown_seconds", 2))
                _say("guest has stopped the virtual machine")
                sys.exit(0)

    def _suspend(self):
        if not self.darwin or "--suspendable" not in sys.argv:
            sys.stderr.write('Error Domain=VZErrorDomain Code=2 "The virtual machine cannot be saved."\n')
            sys.exit(1)
        _say("pausing VM to take a snapshot...")
        with open(os.path.join(self.path, "state.vzvmsave"), "wb") as file:
            file.write(b"saved state")
        sys.exit(0)


def _say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
