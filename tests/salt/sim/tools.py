"""Small macOS programs whose Linux namesakes differ or do not exist; each logs its call."""

import grp
import os
import plistlib
import pwd
import re
import shlex
import sys

import simlib

SU = f"{simlib.SIM}/real/su"


def mac():
    """What kind of machine this is: /var/sim/mac.json."""
    return {"arch": "arm64", "macos": "15.6", "build": "24G84", **simlib.control("mac", {})}


def uname(words):
    """uname(1): only the letters that name the machine matter."""
    parts = {"s": "Darwin", "n": os.uname().nodename, "r": "24.6.0", "v": "Darwin Kernel Version 24.6.0",
             "m": mac()["arch"], "p": "arm" if mac()["arch"] == "arm64" else "i386"}
    letters = "".join(word[1:] for word in words) or "s"
    print(" ".join(value for key, value in parts.items() if key in letters or ("a" in letters and key != "p")))


def sw_vers(words):
    """sw_vers(1), with and without an option."""
    rows = {"ProductName": "macOS", "ProductVersion": mac()["macos"], "BuildVersion": mac()["build"]}
    if not words:
        for key, value in rows.items():
            print(f"{key}:\t\t{value}")
        return
    wanted = words[0].lstrip("-").lower()
    for key, value in rows.items():
        if key.lower() == wanted:
            print(value)
            return
    simlib.fail("Usage: sw_vers [--help|--productName|--productVersion|--productVersionExtra|--buildVersion]")


def sysctl(words):
    """sysctl(8): the values a preflight may ask for."""
    values = {"hw.optional.arm64": "1" if mac()["arch"] == "arm64" else None, "hw.ncpu": "8",
              "hw.memsize": str(16 * 1024**3), "machdep.cpu.brand_string": "Apple M2", "kern.osrelease": "24.6.0"}
    bare = any("n" in word for word in words if word.startswith("-"))
    for word in words:
        if word.startswith("-"):
            continue
        if values.get(word) is None:
            simlib.fail(f"sysctl: unknown oid '{word}'")
        print(values[word] if bare else f"{word}: {values[word]}")


def plutil(words):
    """plutil(1): -lint, -extract KEYPATH raw, -convert xml1 -o -."""
    verb, files = words[0] if words else "", [word for word in words[1:] if word != "-s"]
    if verb == "-lint":
        broken = [file for file in files if not _lint(file, "-s" in words)]
        sys.exit(1 if broken else 0)
    if verb == "-extract" and len(files) >= 3 and files[1] in ("raw", "xml1", "json"):
        value = _load(files[-1])
        for part in files[0].split("."):
            try:
                value = value[int(part) if isinstance(value, list) else part]
            except (KeyError, IndexError, ValueError):
                simlib.fail(f"{files[-1]}: Could not extract value, error: No value at that key path or invalid "
                            f"key path: {files[0]}")
        print({True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value)
        return
    if verb in ("-p", "-convert"):
        sys.stdout.buffer.write(plistlib.dumps(_load(files[-1])))
        return
    simlib.fail("plutil: [command_option] [other_options] file...")


def _lint(path, silent):
    try:
        _parse(path)
    except Exception as error:
        print(f"{path}: {error}", file=sys.stderr)
        return False
    if not silent:
        print(f"{path}: OK")
    return True


def _parse(path):
    """Read a plist as strictly as Apple's parser: control characters are illegal even when escaped."""
    with open(path, "rb") as file:
        data = file.read()
    if re.search(rb"&#(x0*[0-8bcef]|x0*1[0-9a-f]|0*[0-8]|0*1[124-9]|0*2[0-9]|0*3[01]);", data, re.IGNORECASE):
        raise ValueError("Encountered illegal control character")
    return plistlib.loads(data)


def _load(path):
    try:
        return _parse(path)
    except Exception as error:
        simlib.fail(f"{path}: file does not exist or is not readable or is not a regular file ({error})")


def stat(words):
    """stat(1) as BSD has it: -f FORMAT; GNU's -c does not exist."""
    if not words or words[0] not in ("-f", "-Lf", "-s", "-n") or len(words) < 3:
        simlib.fail(f"stat: illegal option -- {words[0].lstrip('-') if words else ''}\n"
                    "usage: stat [-FLnq] [-f format | -l | -r | -s | -x] [-t timefmt] [file ...]")
    failed = False
    for path in words[2:]:
        try:
            info = os.stat(path) if words[0] == "-Lf" else os.lstat(path)
        except OSError as error:
            print(f"stat: {path}: stat: {error.strerror}", file=sys.stderr)
            failed = True
            continue
        values = {"z": info.st_size, "m": int(info.st_mtime), "u": info.st_uid, "g": info.st_gid, "i": info.st_ino,
                  "Su": _name(pwd.getpwuid, info.st_uid), "Sg": _name(grp.getgrgid, info.st_gid), "N": path,
                  "p": f"{info.st_mode:o}", "Lp": f"{info.st_mode & 0o7777:o}", "OLp": f"{info.st_mode & 0o7777:o}",
                  "b": info.st_blocks, "a": int(info.st_atime), "c": int(info.st_ctime), "d": info.st_dev}
        print(re.sub(r"%(OLp|Lp|Su|Sg|[zmugiNpbacd])", lambda match: str(values[match[1]]), words[1]))
    sys.exit(1 if failed else 0)


def _name(lookup, number):
    try:
        return lookup(number)[0]
    except KeyError:
        return str(number)


# What su runs, as Apple's does: one that was ended by a signal counts as a success (shell_cmds, su.c).
# Both shells are login shells, since the name of one says so.
AS_APPLE = ("import os,sys;_,shell,*words=sys.argv;name='-'+os.path.basename(shell);"
            "os._exit(max(os.spawnv(os.P_WAIT,shell,[name,*words]),0))")


def su(words):
    """The real su, after its call is logged: a test can count login shells."""
    if words[:1] == ["-l"] and words[2:3] == ["-c"]:
        run = [sys.executable, "-SEc", AS_APPLE, pwd.getpwnam(words[1]).pw_shell, "-c", words[3]]
        words = [*words[:3], "exec " + shlex.join(run)]
    os.execv(SU, ["su", *words])


def dscl(words):
    """dscl(1): `dscl . -read /Users/NAME [KEY]` is all that scripts use."""
    words = [word for word in words if word not in (".", "-q", "/Local/Default")]
    if words[:1] not in (["-read"], ["read"]) or not words[1].startswith("/Users/"):
        simlib.fail("dscl: simulated only for -read /Users/NAME")
    try:
        entry = pwd.getpwnam(words[1].removeprefix("/Users/"))
    except KeyError:
        simlib.fail("<dscl_cmd> DS Error: -14136 (eDSRecordNotFound)", 56)
    values = {"UniqueID": entry.pw_uid, "PrimaryGroupID": entry.pw_gid, "NFSHomeDirectory": entry.pw_dir,
              "UserShell": entry.pw_shell, "RecordName": entry.pw_name}
    for key in words[2:] or values:
        print(f"{key}: {values[key]}")


def main(name):
    """Run one of the programs above."""
    words = sys.argv[1:]
    simlib.log_call(name, words)
    simlib.inject_fault(name, words)
    globals()[name](words)
