"""tart's files: ~/.tart with VM directories, the OCI cache, staging and the locks (facts/tart.md section 5)."""

import fcntl
import hashlib
import json
import os
import pwd
import re
import shutil
import signal
import struct
import uuid

import simlib

GB = 10**9
MIB = 1024 * 1024
HEADER = 512
FILES = ("config.json", "disk.img", "nvram.bin")
REFERENCE = re.compile(
    r"(?P<host>[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?:\.[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)*(?::[0-9]+)?)/"
    r"(?P<namespace>[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*[._-]?(?:/[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*[._-]?)*)"
    r"(?::(?P<tag>[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*)|@(?P<digest>sha256:[0-9a-fA-F]+))?\Z", re.ASCII)


class TartError(Exception):
    """A message and the exit code tart gives it."""

    def __init__(self, text, code=1):
        super().__init__(text)
        self.text, self.code = text, code


def home():
    """The storage root: TART_HOME, else from the account record of the uid, whatever $HOME says."""
    root = os.environ.get("TART_HOME") or os.path.join(pwd.getpwuid(os.getuid()).pw_dir, ".tart")
    for part in ("", "vms", "cache/OCIs", "tmp"):
        simlib.make_dirs(os.path.join(root, part))
    return root


def vm_dir(name):
    """Where a local VM lives; on a case-folding volume an existing directory answers to every spelling."""
    vms = os.path.join(home(), "vms")
    if simlib.control("mac", {}).get("casefold"):
        for existing in os.listdir(vms):
            if existing.casefold() == name.casefold():
                return os.path.join(vms, existing)
    return os.path.join(vms, name)


def exists(directory):
    """tart's own test: all three files."""
    return all(os.path.exists(os.path.join(directory, file)) for file in FILES)


def open_vm(name):
    """The directory of an existing VM, access date refreshed; else the error every command gives."""
    directory = vm_dir(name)
    if not os.path.exists(os.path.join(directory, "config.json")):
        if os.path.isdir(directory) and os.listdir(directory):
            raise TartError(f"VM is missing files {', '.join(missing(directory))}")
        raise TartError(f'the specified VM "{name}" does not exist', 2)
    if not exists(directory):
        raise TartError(f"VM is missing files {', '.join(missing(directory))}")
    os.utime(directory)
    return directory


def missing(directory):
    """Which of the three files are not there."""
    return [file for file in FILES if not os.path.exists(os.path.join(directory, file))]


def read_config(directory):
    """config.json of one VM."""
    try:
        with open(os.path.join(directory, "config.json"), encoding="utf-8") as file:
            return json.load(file)
    except ValueError:
        raise TartError("Error: The data couldn’t be read because it isn’t in the correct format.") from None


def write_config(directory, config):
    """Written in place: same inode.

    Real tart empties the file first, so a kill in that instant leaves it empty. Here that happens only when a test asks
    for it with `die_in_write`, not by chance in every test that kills.
    """
    fd = os.open(os.path.join(directory, "config.json"), os.O_WRONLY | os.O_CREAT, 0o644)
    if simlib.control("tart", {}).get("die_in_write"):
        os.ftruncate(fd, 0)
        os.kill(os.getpid(), signal.SIGKILL)
    os.ftruncate(fd, os.write(fd, foundation(config).encode()))
    os.close(fd)


def foundation(value, indent=""):
    """JSON as Foundation prints it: `"k" : v`, escaped slashes, an empty list with a blank line."""
    if isinstance(value, dict):
        inner = indent + "  "
        rows = [f'{inner}{json.dumps(key)} : {foundation(item, inner)}' for key, item in value.items()]
        return "{\n" + ",\n".join(rows) + f"\n{indent}}}"
    if isinstance(value, list):
        inner = indent + "  "
        return "[\n" + ",\n".join(inner + foundation(item, inner) for item in value) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False).replace("/", "\\/")


def lock_holder(directory):
    """The pid that runs this VM, or None: F_GETLK on config.json."""
    query = struct.pack("hhqqi", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    with open(os.path.join(directory, "config.json"), "rb") as file:
        answer = struct.unpack("hhqqi", fcntl.fcntl(file, fcntl.F_GETLK, query))
    return None if answer[0] == fcntl.F_UNLCK else answer[4]


def state(directory):
    """running, suspended or stopped."""
    if lock_holder(directory):
        return "running"
    return "suspended" if os.path.exists(os.path.join(directory, "state.vzvmsave")) else "stopped"


def local_vms():
    """Name -> directory of every complete local VM, by name."""
    vms = os.path.join(home(), "vms")
    return {name: os.path.join(vms, name) for name in sorted(os.listdir(vms)) if exists(os.path.join(vms, name))}


def flock(path):
    """Take an exclusive lock on a directory or file; kept until the process ends."""
    fd = os.open(path, os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_EX)
    return fd


def collect_garbage():
    """Delete every unlocked entry of tmp/."""
    tmp = os.path.join(home(), "tmp")
    for entry in os.listdir(tmp):
        path = os.path.join(tmp, entry)
        try:
            fd = os.open(path, os.O_RDONLY)
        except OSError:
            continue
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path, ignore_errors=True)
        except BlockingIOError:
            pass
        finally:
            os.close(fd)


def staging(name=None):
    """A locked directory below tmp/."""
    path = os.path.join(home(), "tmp", name or str(uuid.uuid4()).upper())
    simlib.make_dirs(path)
    return path, flock(path)


def replace(source, target):
    """Move a staged VM over a name: the old one, if any, vanishes in the same step."""
    doomed = os.path.join(home(), "tmp", "old-" + uuid.uuid4().hex)
    if os.path.isdir(target):
        os.rename(target, doomed)
    os.rename(source, target)
    shutil.rmtree(doomed, ignore_errors=True)


def copy_disk(source, target):
    """Copy a sparse disk without reading its holes."""
    with open(source, "rb") as reader, open(target, "wb") as writer:
        size = os.fstat(reader.fileno()).st_size
        writer.truncate(size)
        position = 0
        while position < size:
            try:
                position = os.lseek(reader.fileno(), position, os.SEEK_DATA)
            except OSError:
                return
            end = os.lseek(reader.fileno(), position, os.SEEK_HOLE)
            os.lseek(writer.fileno(), position, os.SEEK_SET)
            while position < end:
                position += os.sendfile(writer.fileno(), reader.fileno(), position, end - position)


def disk_header(directory):
    """The identity that a clone stamps into the first bytes of its disk."""
    with open(os.path.join(directory, "disk.img"), "rb") as file:
        return json.loads(file.read(HEADER).rstrip(b"\0 ") or b"{}")


def stamp_disk(directory, image):
    """Give a new disk an identity of its own, so that a test can prove a disk is still the same one."""
    header = json.dumps({"identity": str(uuid.uuid4()), "image": image}).encode()
    with open(os.path.join(directory, "disk.img"), "r+b") as file:
        file.write(header.ljust(HEADER, b" "))


def disk_bytes(directory):
    """The size that the guest sees: the length of a raw disk; a disk of another format says it in its header."""
    return disk_header(directory).get("virtual") or os.path.getsize(os.path.join(directory, "disk.img"))


def grow_disk(directory, size):
    """A raw disk becomes a longer file; in any other only the number changes."""
    path, header = os.path.join(directory, "disk.img"), disk_header(directory)
    if "virtual" not in header:
        os.truncate(path, size)
        return
    with open(path, "r+b") as disk:
        disk.write(json.dumps({**header, "virtual": size}).encode().ljust(HEADER))


def new_mac():
    """A random locally administered address."""
    return "7e:" + ":".join(f"{byte:02x}" for byte in os.urandom(5))


def cache_paths(reference):
    """(directory of the image's tags, tag or digest, digest of what the registry serves now)."""
    match = REFERENCE.fullmatch(reference)
    base = os.path.join(home(), "cache", "OCIs", match["host"].replace(":", "%3A"), match["namespace"])
    generation = simlib.control("registry", {}).get(reference, {}).get("generation", 1)
    digest = match["digest"] or "sha256:" + hashlib.sha256(f"{reference}#{generation}".encode()).hexdigest()
    return base, match["digest"] or match["tag"] or "latest", digest
