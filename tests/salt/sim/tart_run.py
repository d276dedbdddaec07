"""`tart run`: one process is one running VM (facts/tart.md section 8).

What the guest does is decided by the image's "guest" entry in registry.json, overridden per VM name in guests.json:
{"start_seconds", "crash_after", "exit", "stderr", "shutdown_seconds", "ignore_int"}. "nested" in mac.json says that the
Mac has nested virtualisation.
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


DISK_OPTIONS = ("ro", "sync", "caching")
SHARE_OPTIONS = ("ro", "tag")
INTERFACES = ("en0", "en1", "Ethernet", "Thunderbolt Ethernet")
SOFTNET = {flag for flag in FLAGS | OPTIONS if flag.startswith("--net-softnet")}
# Flags that tart does not take together: one of the first with one of the second.
EXCLUSIVE = (
    ({"--vnc"}, {"--vnc-experimental"}),
    ({"--capture-system-keys"}, {"--no-graphics", "--vnc", "--vnc-experimental"}),
    ({"--graphics"}, {"--no-graphics"}),
    (SOFTNET, {"--net-bridged", "--net-host"}),
    ({"--net-bridged"}, {"--net-host"}),
    ({"--suspendable"}, {"--no-trackpad", "--no-pointer", "--no-keyboard"}),
)


def split_options(text, known):
    """A source and its options: tart splits at `:` and looks for options in the last piece only."""
    pieces = [piece for piece in text.split(":") if piece]
    options = dict(option.partition("=")[::2] for option in pieces[-1].split(",")) if pieces else {}
    found = {key: value for key, value in options.items() if key in known}
    return ":".join(pieces[:-1] if found else pieces), found


def run(words):
    """Block for as long as the guest lives."""
    from tart import exactly, parse, usage
    repeated = [word for word in words if word.partition("=")[0] in ("--disk", "--dir", "--net-bridged")]
    positionals, found = parse("run", words, FLAGS, OPTIONS)
    (name,) = exactly("run", positionals, 1)
    for one, other in EXCLUSIVE:
        if one & set(found) and other & set(found):
            raise usage("run", f"{min(one & set(found))} and {min(other & set(found))} are mutually exclusive")
    try:
        path = store.open_vm(name)
    except TartError as error:
        raise TartError(f"Error: {error.text}", 1) from None
    # The other devices of a suspendable VM (facts/tart.md section 8).
    if os.path.exists(os.path.join(path, "state.vzvmsave")) and {"--no-trackpad", "--no-pointer", "--no-keyboard"} & set(found):
        raise usage("run", "a suspended VM cannot be started without its devices")
    _check_values(found, repeated, usage)
    _check_guest(found, store.read_config(path).get("os", "darwin"))
    _Guest(name, path, [_read_share(word) for word in repeated]).live()


def _read_share(word):
    """What tart makes of `--disk=...`, `--dir=...` and `--net-bridged=...`: flag, name, source, options."""
    flag, _, value = word.partition("=")
    if flag == "--net-bridged":
        return [flag, None, value, {}]
    source, options = split_options(value, DISK_OPTIONS if flag == "--disk" else SHARE_OPTIONS)
    name = None
    if flag == "--dir" and not source.startswith(("http:", "https:")) and ":" in source:
        name, _, source = source.partition(":")
    if source.startswith("~/"):
        source = os.path.join(os.path.dirname(store.home()), source[2:])
    return [flag, name, source, options]


def _check_values(found, repeated, usage):
    shares = [_read_share(word) for word in repeated]
    for flag, _, source, _ in shares:
        if flag == "--net-bridged" and source not in INTERFACES:
            raise usage("run", f"no bridge interfaces matched \"{source}\", available interfaces: {', '.join(INTERFACES)}")
        if flag == "--disk" and source.endswith("-amd64.iso"):
            raise usage("run", "Seems you have a disk targeting x86 architecture (hence amd64 in the name)")
        if flag == "--disk" and source.startswith("/") and not os.path.exists(source):
            raise TartError(f"Error: disk {source} does not exist")
        if flag == "--dir" and source.startswith("/") and not os.path.isdir(source):
            raise TartError(f"Error: directory {source} does not exist")
    tags = [(options.get("tag"), name) for flag, name, _, options in shares if flag == "--dir"]
    for tag, name in tags:
        if name is None and [other for other, _ in tags].count(tag) > 1:
            raise usage("run", "invalid --dir syntax: for multiple directory shares each one of them should be named")
    if "--serial-path" in found and not os.path.exists(found["--serial-path"]):
        raise TartError(f"Error: {found['--serial-path']} does not exist")
    if "--nested" in found and not simlib.control("mac", {}).get("nested"):
        raise usage("run", "Virtual Machine Platform does not support nested virtualization")


def _check_guest(found, system):
    for_other = {"darwin": {"--nested", "--rosetta"}, "linux": {"--recovery", "--suspendable", "--no-trackpad",
                                                                "--provisioning-opts"}}[system]
    if for_other & set(found):
        raise TartError(f"Error: {min(for_other & set(found))} is not supported for this guest")


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
