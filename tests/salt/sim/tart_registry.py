"""Pulling: the registry is /var/sim/registry.json, reference -> what a pull of it does (facts/tart.md section 6)."""

import hashlib
import os
import shutil
import sys

import simlib
from tart_store import GB, MIB, TartError, cache_paths, flock, home, new_mac, staging, write_config

FAILURES = {
    "missing": 'Error: UnexpectedHTTPStatusCode(when: "pulling manifest", code: 404, '
               'details: "{\\"errors\\":[{\\"code\\":\\"MANIFEST_UNKNOWN\\",\\"message\\":\\"manifest unknown\\"}]}")',
    "unauthorised": 'Error: AuthFailed(why: "received unexpected HTTP status code 401 '
                    'while retrieving an authentication token", details: "UNAUTHORIZED")',
    "network": "Error: The Internet connection appears to be offline.",
    "disk full": "Error: You can’t save the file because the volume is out of space.",
}


def cached(reference):
    """The cached image's directory, or None; a tag is a symlink beside its digest directory."""
    base, name, _ = cache_paths(reference)
    path = os.path.realpath(os.path.join(base, name))
    return path if os.path.exists(os.path.join(path, "manifest.json")) else None


def pull(reference):
    """Fetch an image into the cache, through a deterministic staging directory, one pull per host at a time."""
    image = simlib.control("registry", {}).get(reference, {"fail": "missing"})
    base, name, digest = cache_paths(reference)
    _say(f"pulling {reference}...")
    _say("pulling manifest...")
    if image.get("fail") == "network":
        for _ in range(5):
            simlib.sleep(0.2)
    if image.get("fail") in ("missing", "unauthorised", "network"):
        raise TartError(FAILURES[image["fail"]])
    target = os.path.join(base, digest)
    if os.path.exists(os.path.join(target, "manifest.json")):
        _say(f"{reference} image is already cached and linked!")
        _link(base, name, digest)
        return target
    _lock_host(reference)
    path, lock = staging(hashlib.md5(reference.encode()).hexdigest())
    _download(path, image)
    simlib.make_dirs(base)
    os.rename(path, target)
    os.close(lock)
    _link(base, name, digest)
    return target


def _say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _lock_host(reference):
    """A second pull from the same registry host blocks without limit."""
    import fcntl
    host = os.path.join(home(), "cache", "OCIs", reference.split("/")[0].replace(":", "%3A"))
    simlib.make_dirs(host)
    fd = os.open(host, os.O_RDONLY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _say("waiting for lock...")
        flock(host)


def _download(path, image):
    """Layers arrive in ten steps; the manifest comes last, so a killed pull is never mistaken for an image."""
    disk = os.path.join(path, "disk.img")
    size = image.get("disk", 20) * GB
    with open(disk, "ab") as file:
        file.truncate(0)
        for step in range(1, 11):
            simlib.sleep(image.get("pull_seconds", 0) / 10)
            if step == 5 and image.get("fail") == "disk full":
                raise TartError(FAILURES["disk full"])
            file.truncate(size * step // 10)
    config = {
        "version": 1, "os": image.get("os", "linux"), "arch": "arm64",
        "cpuCountMin": image.get("min_cpu", 1), "cpuCount": image.get("cpu", 4),
        "memorySizeMin": image.get("min_memory", 512) * MIB, "memorySize": image.get("memory", 8192) * MIB,
        "macAddress": new_mac(), "display": {"width": 1024, "height": 768}, "diskFormat": "raw",
    }
    if "refit" in image:
        config["displayRefit"] = image["refit"]
    if config["os"] == "darwin":
        config.update(ecid="ZWNpZA==", hardwareModel="aGFyZHdhcmU=")
    write_config(path, config)
    with open(os.path.join(path, "nvram.bin"), "wb") as file:
        file.write(b"nvram")
    with open(os.path.join(path, "manifest.json"), "w", encoding="ascii") as file:
        file.write("{}")


def _link(base, name, digest):
    """Point the tag at the digest; drop the digest it pointed at before."""
    if name == digest:
        with open(os.path.join(base, digest, ".explicitly-pulled"), "w", encoding="ascii"):
            return
    link = os.path.join(base, name)
    old = os.readlink(link) if os.path.islink(link) else digest
    if os.path.islink(link):
        os.unlink(link)
    os.symlink(digest, link)
    if old != digest and not os.path.exists(os.path.join(base, old, ".explicitly-pulled")):
        shutil.rmtree(os.path.join(base, old), ignore_errors=True)
