"""Turns the Linux tree of a new Mac into something that looks like macOS to a script."""

import os
import shutil

USER, UID, GID, HOME = "dk", 501, 20, "/Users/dk"
PROGRAMS = {
    "/opt/homebrew/bin/brew": "import brew\nbrew.main()\n",
    "/usr/bin/launchctl": "import launchctl\nlaunchctl.main()\n",
    **{path: f"import tools\ntools.main({os.path.basename(path)!r})\n" for path in (
        "/usr/bin/uname", "/usr/bin/sw_vers", "/usr/sbin/sysctl", "/usr/bin/plutil", "/usr/bin/stat",
        "/usr/bin/su", "/usr/bin/dscl")},
}
# Scripts sleep a lot, so this one is not in Python.
SLEEP = """#!/bin/sh
read -r scale < /var/sim/timescale
exec /var/sim/real/sleep "$(awk "BEGIN { print $1 * $scale }")"
"""
# What macOS does not have; a script that relies on one of these must fail here too.
LINUX_ONLY = ("timeout", "flock", "setsid", "getent", "tac", "sha256sum", "md5sum", "nproc", "systemctl", "free")
# Login files print, as real ones do; the system's own set PATH as path_helper does, which knows no Homebrew.
CHATTY = 'echo "Last login: Tue Sep  1 on ttys000"\necho "login: 3 updates are available" >&2\n'
PATH_HELPER = "PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin\nexport PATH\n"
LOGIN_FILES = {
    "/etc/zsh/zshenv": "", "/etc/zsh/zprofile": PATH_HELPER + CHATTY, "/etc/profile": PATH_HELPER + CHATTY,
    f"{HOME}/.profile": CHATTY, f"{HOME}/.bash_profile": CHATTY, f"{HOME}/.zprofile": CHATTY,
}


def furnish(sources, settings):
    """Everything a bare Mac with Homebrew has; tart itself is not there yet."""
    _accounts(settings["shell"])
    _control_directory(sources)
    _programs(settings["interpreter"])
    for path, owner in (("/Library/LaunchDaemons", 0), ("/var/db/com.apple.xpc.launchd", 0), ("/var/root", 0),
                        ("/usr/local/var", 0), (HOME, UID), (f"{HOME}/Library/Logs", UID)):
        os.makedirs(path, mode=0o755, exist_ok=True)
        os.chown(path, owner, GID if owner else 0)
    for path in ("Library/Taps", "Cellar", "opt", "bin"):
        os.makedirs(f"/opt/homebrew/{path}", exist_ok=True)
    for path, directories, files in os.walk("/opt/homebrew"):
        for entry in [path] + [os.path.join(path, name) for name in directories + files]:
            os.chown(entry, UID, GID)
    for path, text in LOGIN_FILES.items():
        _write(path, text)
    _homes_to_user()


def _homes_to_user():
    """The login files were written by root."""
    for name in os.listdir(HOME):
        os.chown(f"{HOME}/{name}", UID, GID)


def _accounts(shell):
    """dk:staff, and wheel in the place of Linux's root group, as macOS numbers them."""
    with open("/etc/group", encoding="utf-8") as file:
        groups = [line for line in file if line.split(":")[2] not in ("0", "20") and not line.startswith("staff:")]
    _write("/etc/group", "".join(["wheel:x:0:\n", "staff:x:20:root\n", *groups]))
    with open("/etc/passwd", encoding="utf-8") as file:
        users = [line for line in file if line.split(":")[2] not in ("0", str(UID))]
    root = "root:x:0:0:System Administrator:/var/root:/bin/sh\n"
    _write("/etc/passwd", "".join([root, *users, f"{USER}:x:{UID}:{GID}::{HOME}:{shell}\n"]))
    with open("/etc/shadow", "a", encoding="utf-8") as file:
        file.write(f"{USER}:*:19000:0:99999:7:::\n")
    _write("/etc/environment", "")
    _write("/etc/login.defs", "ENV_PATH PATH=/bin:/usr/bin\nENV_SUPATH PATH=/bin:/usr/bin:/sbin:/usr/sbin\n")


def _control_directory(sources):
    """/var/sim: the simulator's programs, the test's settings, the logs that every account may write."""
    shutil.copytree(sources, "/var/sim/lib", ignore=shutil.ignore_patterns("__pycache__", "boot.py", "furnish.py"))
    os.makedirs("/var/sim/state")
    os.chmod("/var/sim/state", 0o777)
    for log in ("calls.log", "boots.log"):
        _write(f"/var/sim/{log}", "")
        os.chmod(f"/var/sim/{log}", 0o666)


def _programs(interpreter):
    """Install the simulated programs at their real places and take away what macOS does not have."""
    os.makedirs("/var/sim/real")
    for name in ("su", "sleep"):
        shutil.copy2(f"/usr/bin/{name}", f"/var/sim/real/{name}")
    _write("/usr/bin/sleep", SLEEP, 0o755)
    # Nothing here outlives a power cut; the real one would wait for all that the machine writes.
    _write("/usr/bin/sync", "#!/bin/sh\n", 0o755)
    for path, body in PROGRAMS.items():
        _write(path, f"#!{interpreter} -SE\nimport sys\nsys.path.insert(0, '/var/sim/lib')\n{body}", 0o755)
    for name in LINUX_ONLY:
        for directory in ("/usr/bin", "/usr/sbin"):
            if os.path.lexists(f"{directory}/{name}"):
                os.unlink(f"{directory}/{name}")


def _write(path, text, mode=0o644):
    """Replace a file; never write through a link or into the lower layer's inode."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.lexists(path):
        os.unlink(path)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)
