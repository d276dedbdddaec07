"""The simulated Homebrew (facts/tart.md section 12): versions with and without tap trust, one tap, two formulae.

/var/sim/brew.json: {"version", "tart", "softnet", "install_seconds"}; trust lives in ~/.homebrew/trust.json.
"""

import json
import os
import shutil
import stat
import sys

import simlib

PREFIX = "/opt/homebrew"
TAP = "openai/tools"
WRAPPER = '#!/bin/bash\nexec "{prefix}/Cellar/tart/{version}/libexec/tart.app/Contents/MacOS/tart" "$@"\n'


def settings():
    """The test's choice of versions, with today's as defaults."""
    return {"version": "6.0.1", "tart": "2.35.0", "softnet": "0.22.0", "install_seconds": 2,
            **simlib.control("brew", {})}


def version():
    """brew's own version as a tuple."""
    return tuple(int(part) for part in settings()["version"].split("."))


def _trust_file():
    base = os.environ.get("XDG_CONFIG_HOME")
    return os.path.join(base, "homebrew", "trust.json") if base else os.path.expanduser("~/.homebrew/trust.json")


def _trusted():
    try:
        with open(_trust_file(), encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {"taps": [], "formulae": [], "casks": [], "commands": []}


def trust(words):
    """`brew trust`: idempotent, works before tapping, unknown before 5.1.15."""
    if version() < (5, 1, 15):
        simlib.fail("Error: Unknown command: brew trust")
    store = _trusted()
    if "--json=v1" in words:
        print(json.dumps(store))
        return
    kind, label = ("taps", "tap")
    for flag, found in (("--formula", ("formulae", "formula")), ("--tap", ("taps", "tap"))):
        if flag in words:
            kind, label = found
    for name in (word for word in words if not word.startswith("-")):
        if kind == "taps" and name.count("/") == 2:
            kind, label = "formulae", "formula"
        if name in store[kind]:
            print(f"Already trusted {label}: {name}")
            continue
        store[kind].append(name)
        print(f"Trusted {label}: {name}")
    simlib.make_dirs(os.path.dirname(_trust_file()))
    with open(f"{_trust_file()}.{os.getpid()}", "w", encoding="utf-8") as file:
        json.dump(store, file)
    os.rename(file.name, _trust_file())


def _is_trusted(formula, explicit=False):
    """Explicitly named formulae are trusted by naming them; brew before 6 trusts everything."""
    if version() < (6,) or explicit or os.environ.get("HOMEBREW_NO_REQUIRE_TAP_TRUST"):
        return True
    store = _trusted()
    return formula in store["formulae"] or formula.rpartition("/")[0] in store["taps"]


def _tap_dir(name):
    user, repository = name.split("/")
    return os.path.join(PREFIX, "Library/Taps", user, f"homebrew-{repository}")


def tap(words):
    """`brew tap [NAME]`."""
    names = [word for word in words if not word.startswith("-")]
    if not names:
        taps = os.path.join(PREFIX, "Library/Taps")
        for user in sorted(os.listdir(taps)):
            for repository in sorted(os.listdir(os.path.join(taps, user))):
                print(f"{user}/{repository.removeprefix('homebrew-')}")
        return
    _add_tap(names[0])


def _add_tap(name):
    if name not in (TAP, "cirruslabs/cli"):
        simlib.fail(f"fatal: could not read from https://github.com/{name}\nError: Failure while executing; git clone")
    if os.path.isdir(_tap_dir(name)):
        return
    store = _trusted()
    known = name in store["taps"] or any(formula.startswith(name + "/") for formula in store["formulae"])
    if version() >= (7,) and not known and not os.environ.get("HOMEBREW_NO_REQUIRE_TAP_TRUST"):
        simlib.fail(f"Error: invalid syntax in tap! {name} is not trusted")
    print(f"==> Tapping {name}")
    simlib.make_dirs(_tap_dir(name))


def _writable():
    """Homebrew refuses to work on a prefix of somebody else."""
    if not os.access(PREFIX, os.W_OK) or not os.access(os.path.join(PREFIX, "bin"), os.W_OK):
        simlib.fail(f"Error: The following directories are not writable by your user:\n{PREFIX}\n\n"
                    "You should change the ownership of these directories to your user.\n"
                    f"  sudo chown -R $(whoami) {PREFIX}")


def installed(name):
    """Versions of a formula in the Cellar, oldest first."""
    cellar = os.path.join(PREFIX, "Cellar", name)
    if not os.path.isdir(cellar):
        return []
    return sorted(os.listdir(cellar), key=lambda text: [int(part) for part in text.split(".")])


def install(words):
    """`brew install`: an installed but outdated formula is upgraded unless the environment forbids it."""
    _writable()
    _auto_update()
    for name in (word for word in words if not word.startswith("-")):
        _install(_resolve(name), upgrade=not os.environ.get("HOMEBREW_NO_INSTALL_UPGRADE"))


def upgrade(words):
    """`brew upgrade [NAME…]`."""
    _writable()
    _auto_update()
    names = [word for word in words if not word.startswith("-")]
    for name in names or [f"{TAP}/{name}" for name in ("tart", "softnet") if installed(name)]:
        formula = _resolve(name)
        if not installed(formula.rpartition("/")[2]):
            simlib.fail(f"Error: {formula} not installed")
        _install(formula, upgrade=True)


def _auto_update():
    if not os.environ.get("HOMEBREW_NO_AUTO_UPDATE"):
        print("==> Auto-updating Homebrew...")
        simlib.sleep(3)


def _resolve(name):
    """The full name of a formula, or brew's own refusal."""
    if name in ("tart", "softnet"):
        if os.path.isdir(_tap_dir(TAP)):
            return f"{TAP}/{name}"
        if name == "tart":
            simlib.fail("Error: tart has been disabled because it changed its license to a non-free one! "
                        "It was disabled on 2025-02-28.")
    if name.startswith("cirruslabs/cli/"):
        simlib.fail("Error: cirruslabs/cli/tart: Calling `depends_on :macos` with `depends_on macos:` is disabled! "
                    "There is no replacement.")
    if name not in (f"{TAP}/tart", f"{TAP}/softnet"):
        simlib.fail(f'Warning: No available formula with the name "{name}".')
    return name


def _install(formula, upgrade):
    short = formula.rpartition("/")[2]
    wanted = settings()[short]
    have = installed(short)
    if have and (wanted in have or not upgrade):
        print(f"Warning: {formula} {have[-1]} is already installed and up-to-date.", file=sys.stderr)
        return
    _add_tap(TAP)
    if short == "tart" and not _is_trusted(f"{TAP}/softnet"):
        simlib.fail(f"Error: Refusing to load formula {TAP}/softnet from untrusted tap {TAP}.\n"
                    f"Run `brew trust --formula {TAP}/softnet` or `brew trust {TAP}` to trust it.")
    macos = int(simlib.control("mac", {}).get("macos", "15.6").split(".")[0])
    if macos < 15:
        simlib.fail(f"Error: {TAP}/softnet: This software does not run on macOS versions older than Sequoia.")
    if short == "tart" and not installed("softnet"):
        _pour("softnet", settings()["softnet"])
    _pour(short, wanted)
    if not os.environ.get("HOMEBREW_NO_INSTALL_CLEANUP"):
        for old in have:
            shutil.rmtree(os.path.join(PREFIX, "Cellar", short, old))


def _pour(short, number):
    """Fill the Cellar, then link: an interrupted install has no binary in bin/."""
    print(f"==> Installing {short} from {TAP}")
    keg = os.path.join(PREFIX, "Cellar", short, number)
    simlib.sleep(settings()["install_seconds"])
    if short == "tart":
        binary = os.path.join(keg, "libexec/tart.app/Contents/MacOS/tart")
        _script(binary, f"import tart\ntart.main({number!r})\n")
        _executable(os.path.join(PREFIX, "bin/tart"), WRAPPER.format(prefix=PREFIX, version=number))
    else:
        _executable(os.path.join(keg, "bin", short), "#!/bin/sh\nexit 0\n")
        link = os.path.join(PREFIX, "bin", short)
        if not os.path.lexists(link):
            os.symlink(os.path.join(keg, "bin", short), link)
    print(f"🍺  {keg}: 12 files, 60MB")


def _script(path, body):
    """A program of this simulator, started by the same interpreter as brew itself."""
    with open(sys.argv[0], encoding="utf-8") as file:
        shebang = file.readline()
    _executable(path, f"{shebang}import sys\nsys.path.insert(0, '{simlib.SIM}/lib')\n{body}")


def _executable(path, text):
    simlib.make_dirs(os.path.dirname(path))
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path + ".new", stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)
    os.rename(path + ".new", path)


def list_(words):
    """`brew list [--versions] [NAME…]`."""
    names = [word.rpartition("/")[2] for word in words if not word.startswith("-")]
    for name in names or [name for name in ("softnet", "tart") if installed(name)]:
        have = installed(name)
        if not have:
            simlib.fail(f"Error: No such keg: {PREFIX}/Cellar/{name}")
        print(f"{name} {' '.join(have)}" if "--versions" in words else name)


def prefix(words):
    """`brew --prefix [NAME]`."""
    print(f"{PREFIX}/opt/{words[0].rpartition('/')[2]}" if words else PREFIX)


def main():
    """Entry point of /opt/homebrew/bin/brew."""
    words = sys.argv[1:]
    simlib.log_call("brew", words)
    simlib.inject_fault("brew", words)
    if words == ["--version"]:
        print(f"Homebrew {settings()['version']}")
        return
    if os.getuid() == 0 and words[:1] != ["--prefix"]:
        simlib.fail("Error: Running Homebrew as root is extremely dangerous and no longer supported.\n"
                    "As Homebrew does not drop privileges on installation you would be giving all\n"
                    "build scripts full access to your system.")
    if not os.environ.get("USER"):
        simlib.fail("Error: $USER must be set to run brew.")
    commands = {"trust": trust, "tap": tap, "install": install, "upgrade": upgrade, "list": list_, "ls": list_,
                "--prefix": prefix, "update": lambda words: print("Already up-to-date.")}
    if not words or words[0] not in commands:
        simlib.fail(f"Error: Unknown command: brew {(words or [''])[0]}")
    commands[words[0]](words[1:])
