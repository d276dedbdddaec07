"""First program of a Mac's namespace: mounts its disk, furnishes it on the first boot, becomes launchd.

Run as `unshare -m -p -f python3 boot.py DISK`, where DISK holds `upper`, `work`, `merged` and `boot.json`
({"shell", "interpreter", "visible"}). Linux's own tree is the read-only lower layer; all changes stay in `upper`.
"""

import json
import os
import stat
import subprocess
import sys
import time

SOURCES = os.path.dirname(os.path.abspath(__file__))


def mount(*words):
    """mount(8), retried: the overlay of the previous boot may take a moment to let go of its directories."""
    for attempt in range(50):
        done = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return
        time.sleep(0.1 if attempt else 0)
    sys.exit(f"boot: mount {' '.join(words)}: {done.stderr.strip()}")


def devices(dev):
    """A /dev of the Mac's own: what its root does to it stays inside, and what the host's has become stays outside."""
    mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", dev)
    for name, minor in (("null", 3), ("zero", 5), ("full", 7), ("random", 8), ("urandom", 9)):
        try:
            os.mknod(f"{dev}/{name}", stat.S_IFCHR, os.makedev(1, minor))
            os.chmod(f"{dev}/{name}", 0o666)
        except PermissionError:  # In a container that may not make devices.
            os.close(os.open(f"{dev}/{name}", os.O_CREAT))
            mount("--bind", f"/dev/{name}", f"{dev}/{name}")
    os.symlink("/proc/self/fd", f"{dev}/fd")
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        os.symlink(f"/proc/self/fd/{number}", f"{dev}/{name}")
    os.mkdir(f"{dev}/shm")
    mount("-t", "tmpfs", "tmpfs", f"{dev}/shm")


def enter(disk, visible):
    """Make DISK the root directory, with /dev, /proc, /sys, an empty /run and the test's own files in it."""
    root = f"{disk}/merged"
    mount("-t", "overlay", "overlay", "-o", f"lowerdir=/,upperdir={disk}/upper,workdir={disk}/work", root)
    devices(f"{root}/dev")
    mount("--rbind", "/sys", f"{root}/sys")
    mount("-t", "proc", "proc", f"{root}/proc")
    mount("-t", "tmpfs", "tmpfs", f"{root}/run")
    for path in visible:
        if os.stat(path).st_dev != os.stat("/").st_dev:
            os.makedirs(root + path, exist_ok=True)
            mount("--bind", path, root + path)
    os.chroot(root)
    os.chdir("/")


def main():
    disk = sys.argv[1]
    with open(f"{disk}/boot.json", encoding="utf-8") as file:
        settings = json.load(file)
    enter(disk, settings["visible"])
    if not os.path.exists("/var/sim/lib"):
        sys.path.insert(0, SOURCES)
        import furnish
        furnish.furnish(SOURCES, settings)
    if os.path.exists("/var/sim/launchd.sock"):
        os.unlink("/var/sim/launchd.sock")
    environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin"}
    interpreter = settings["interpreter"]
    os.execve(interpreter, [interpreter, "-SE", "/var/sim/lib/launchd.py"], environment)


main()
