"""The simulated launchctl: texts, exit codes and legacy verbs (facts/launchd.md section 4)."""

import json
import os
import signal
import socket
import sys

import simlib

TEXTS = {
    1: "Operation not permitted", 3: "No such process", 5: "Input/output error", 36: "Operation now in progress",
    37: "Operation already in progress", 64: "Usage error", 78: "Function not implemented",
    112: "Could not find specified domain", 113: "Could not find specified service", 119: "Service is disabled",
    125: "Domain does not support specified action", 150: "Operation not permitted while System Integrity "
    "Protection is engaged",
}
FOREIGN = ("com.apple.logd", "com.apple.mDNSResponder", "com.apple.configd", "com.tart", "com.tartufo.sync",
           "org.example.com.tart.vm-1", "com.apple.xpc.launchd.domain.system")


def ask(verb, **request):
    """One request to launchd."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(f"{simlib.SIM}/launchd.sock")
        connection.sendall(json.dumps({"verb": verb, "uid": os.getuid(), **request}).encode() + b"\n")
        with connection.makefile("r", encoding="utf-8") as stream:
            return json.loads(stream.readline())


def usage():
    """Wrong words."""
    simlib.fail("Usage: launchctl <subcommand> ... | help [subcommand]", 64)


def target(text):
    """The label of a service target in the system domain; other domains answer as they do without a session."""
    domain, slash, label = text.partition("/")
    if domain == "system":
        return label if slash and label else None
    if domain in ("gui", "user", "login", "pid") and slash:
        number = label.partition("/")[0]
        if domain == "gui" and number in map(str, simlib.control("launchd", {}).get("gui_sessions", [])):
            return None
        simlib.fail(f"Bad request.\nCould not find domain for user {domain}: {number}", 112)
    usage()
    return None


def finish(action, answer):
    """Leave with the answer's code, in the words of the verb."""
    code = answer["code"]
    if code == 0:
        return
    if answer.get("detail"):
        print(answer["detail"], file=sys.stderr)
    print(f"{action} failed: {code}: {TEXTS[code]}", file=sys.stderr)
    if code == 5 and os.getuid() != 0:
        print("Try re-running the command as root for richer errors.", file=sys.stderr)
    sys.exit(code)


def bootstrap(words):
    if len(words) < 2 or words[0].startswith("-"):
        usage()
    if words[0] != "system":
        finish("Bootstrap", {"code": 125 if words[0].startswith("gui/") else 112})
    for path in words[1:]:
        answer = ask("bootstrap", path=os.path.abspath(path))
        finish("Bootstrap", {"code": 5} if answer["code"] == 1 else answer)


def bootout(words):
    if not words or words[0].startswith("-"):
        usage()
    if len(words) == 1:
        label = target(words[0])
        finish("Boot-out", ask("bootout", label=label) if label else {"code": 125})
        return
    for path in words[1:]:
        finish("Boot-out", ask("bootout", path=os.path.abspath(path)))


def enable(words):
    _one_target("enable", words)


def disable(words):
    _one_target("disable", words)


def _one_target(verb, words):
    if len(words) != 1 or not target(words[0]):
        usage()
    finish(verb.capitalize(), ask(verb, label=target(words[0])))


def kickstart(words):
    flags = {word for word in words if word.startswith("-")}
    rest = [word for word in words if not word.startswith("-")]
    letters = {letter for flag in flags for letter in flag[1:]}
    if len(rest) != 1 or letters - set("kps") or not target(rest[0]):
        usage()
    label = target(rest[0])
    answer = ask("kickstart", label=label, kill="k" in letters)
    if answer["code"] == 113:
        unknown(label)
    if answer["code"]:
        simlib.fail(f'Could not kickstart service "{label}": {answer["code"]}: {TEXTS[answer["code"]]}', answer["code"])
    if "p" in letters:
        print(f"service spawned with pid: {answer['pid']}")


def kill(words):
    if len(words) != 2 or not target(words[1]):
        usage()
    name = words[0].upper().removeprefix("SIG")
    number = int(name) if name.isdigit() else getattr(signal, f"SIG{name}", None)
    if number is None:
        usage()
    label = target(words[1])
    answer = ask("kill", label=label, signal=int(number))
    if answer["code"] == 113:
        unknown(label)
    finish("Kill", answer)


def unknown(label, where="system"):
    """The answer for a label that is not loaded."""
    simlib.fail(f'Could not find service "{label}" in domain for {where}', 113)


def print_(words):
    if len(words) != 1:
        usage()
    label = target(words[0])
    if label is None:
        _print_domain(words[0])
        return
    answer = ask("print", label=label)
    if answer["code"] == 113 and label not in FOREIGN:
        unknown(label)
    if answer["code"] == 113:
        print(f"system/{label} = {{\n\tactive count = 1\n\ttype = LaunchDaemon\n\tstate = running\n\n\tpid = 99\n}}")
        return
    print(render(answer["job"]))


def _print_domain(domain):
    """The services block of `launchctl print system`."""
    print(f"{domain} = {{\n\ttype = system\n\thandle = 0\n\tactive count = 900\n\n\tservices = {{")
    for pid, status, label in rows():
        print(f"\t\t{pid or 0:>8} {status or '-':>6} \t{label}")
    print("\t}\n}")


def render(job):
    """The dump of one job, in the shape seen on macOS 14 to 26."""
    definition = job["definition"]
    lines = [
        f"system/{job['label']} = {{", f"\tactive count = {1 if job['pid'] else 0}", f"\tpath = {job['path']}",
        "\ttype = LaunchDaemon", f"\tstate = {job['state']}", "", f"\tprogram = {job['program']}",
        "\targuments = {", *(f"\t\t{word}" for word in job["arguments"]), "\t}", "",
    ]
    for key, name in (("WorkingDirectory", "working directory"), ("StandardOutPath", "stdout path"),
                      ("StandardErrorPath", "stderr path")):
        if key in definition:
            lines += [f"\t{name} = {definition[key]}"]
    lines += ["\tdefault environment = {", "\t\tPATH => /usr/bin:/bin:/usr/sbin:/sbin", "\t}", "", "\tenvironment = {"]
    lines += [f"\t\t{key} => {value}" for key, value in definition.get("EnvironmentVariables", {}).items()]
    lines += [f"\t\tXPC_SERVICE_NAME => {job['label']}", "\t}", "", "\tdomain = system"]
    if "UserName" in definition:
        lines += [f"\tusername = {definition['UserName']}"]
    lines += [f"\tminimum runtime = {job['throttle']}", f"\texit timeout = {job['exit_timeout']}",
              f"\truns = {job['runs']}"]
    if job["pid"]:
        lines += [f"\tpid = {job['pid']}", "\timmediate reason = speculative"]
    lines += [f"\t{_ending(job['status'])}", "", f"\tspawn type = {definition.get('ProcessType', 'daemon').lower()}",
              "\tjetsam priority = 40", "", f"\tproperties = {_properties(definition)}", "}"]
    # None of this is an API: a macOS may leave lines out.
    left_out = tuple(f"\t{key} = " for key in simlib.control("launchd", {}).get("left_out", []))
    return "\n".join(line for line in lines if not line.startswith(left_out))


def _ending(status):
    if status is None:
        return "last exit code = (never exited)"
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return f"last terminating signal = {signal.strsignal(number)}: {number}"
    code = os.WEXITSTATUS(status)
    return f"last exit code = {code}" + (": EX_CONFIG" if code == 78 else "")


def _properties(definition):
    names = ["keepalive"] if definition.get("KeepAlive") is True else []
    return " | ".join(names + (["runatload"] if definition.get("RunAtLoad") else []) + ["inferred program"])


def rows():
    """(pid, status, label) of every job in the system domain, Apple's and other people's among them."""
    found = [(80 + index, "0", label) for index, label in enumerate(FOREIGN)]
    for job in ask("list")["jobs"]:
        status = job["status"]
        code = 0 if status is None else os.waitstatus_to_exitcode(status)
        found.append((job["pid"], str(code), job["label"]))
    return found


def print_disabled(words):
    if len(words) != 1 or words[0] != "system":
        usage()
    print("disabled services = {")
    print('\t"com.apple.ftpd" => disabled')
    for label, disabled in ask("list")["overrides"].items():
        print(f'\t"{label}" => {"disabled" if disabled else "enabled"}')
    print("}")


def list_(words):
    """The legacy list: root sees the system domain, anybody else his own, where no VM is."""
    found = rows() if os.getuid() == 0 else [(300, "0", "com.apple.cfprefsd.xpc.agent")]
    if not words:
        print("PID\tStatus\tLabel")
        for pid, status, label in found:
            print(f"{pid or '-'}\t{status}\t{label}")
        return
    answer = ask("print", label=words[0])
    if os.getuid() != 0 or answer["code"]:
        unknown(words[0], "port")
    job = answer["job"]
    print("{")
    print(f'\t"Label" = "{job["label"]}";')
    print(f'\t"LastExitStatus" = {job["status"] or 0};')
    if job["pid"]:
        print(f'\t"PID" = {job["pid"]};')
    print(f'\t"Program" = "{job["program"]}";\n}};')


def load(words):
    """Exits 0 whatever happens; -w also writes the override."""
    override, paths = _legacy_words(words)
    for path in paths:
        if override and (label := _label(path)):
            ask("enable", label=label)
        code = ask("bootstrap", path=os.path.abspath(path))["code"]
        if code:
            _complain("Load", code)


def unload(words):
    """Exits 0 whatever happens; -w leaves a disabled override behind."""
    override, paths = _legacy_words(words)
    for path in paths:
        code = ask("bootout", path=os.path.abspath(path))["code"]
        if code:
            _complain("Unload", code)
        if override and (label := _label(path)):
            ask("disable", label=label)


def _legacy_words(words):
    paths = [word for word in words if not word.startswith("-")]
    if not paths or any(set(word[1:]) - set("wF") for word in words if word.startswith("-")):
        usage()
    return any("w" in word for word in words if word.startswith("-")), paths


def _label(path):
    import plistlib
    try:
        with open(path, "rb") as file:
            return plistlib.load(file).get("Label")
    except Exception:
        return None


def _complain(action, code):
    print(f"{action} failed: {code}: {TEXTS[code]}\n"
          f"Try running `launchctl {'bootstrap' if action == 'Load' else 'bootout'}` as root for richer errors.",
          file=sys.stderr)


def remove(words):
    ask("bootout", label=words[0])


def start(words):
    ask("kickstart", label=words[0])


def stop(words):
    ask("kill", label=words[0], signal=int(signal.SIGTERM))


def asuser(words):
    """Adopts a session, not the uid: here, just the command."""
    os.execvp(words[1], words[1:])


def error(words):
    print(f"{words[-1]}: {TEXTS.get(int(words[-1]), 'unknown error code')}")


COMMANDS = {
    "bootstrap": bootstrap, "bootout": bootout, "enable": enable, "disable": disable, "kickstart": kickstart,
    "kill": kill, "print": print_, "print-disabled": print_disabled, "list": list_, "load": load, "unload": unload,
    "remove": remove, "start": start, "stop": stop, "asuser": asuser, "error": error,
}


def main():
    """Entry point of /bin/launchctl."""
    words = sys.argv[1:]
    simlib.log_call("launchctl", words)
    simlib.inject_fault("launchctl", words)
    if not words or words[0] not in COMMANDS:
        simlib.fail(f"Unrecognized subcommand: {(words or [''])[0]}", 64)
    COMMANDS[words[0]](words[1:])
