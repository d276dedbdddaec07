"""One job of the simulated launchd: its definition as it was at bootstrap, its process, and when it runs again."""

import fcntl
import os
import plistlib
import pwd
import signal
import stat
import time

import simlib

DEFAULT_PATH = "/usr/bin:/bin:/usr/sbin:/sbin"
EX_CONFIG = 78


class Refused(Exception):
    """Why a plist cannot be loaded: launchctl's number and, for some, a line before it."""

    def __init__(self, code, detail=""):
        super().__init__(detail)
        self.code, self.detail = code, detail


def read_plist(path):
    """The definition in a plist file, if launchd would accept the file."""
    try:
        info = os.stat(path)
    except OSError:
        raise Refused(5) from None
    if info.st_uid != 0 or stat.S_IMODE(info.st_mode) & 0o022:
        raise Refused(5, f"{path}: Path had bad ownership/permissions")
    try:
        with open(path, "rb") as file:
            definition = plistlib.load(file)
        if not isinstance(definition["Label"], str) or not (
                definition.get("Program") or definition["ProgramArguments"]):
            raise ValueError
    except Exception:
        raise Refused(5, f"{path}: Invalid property list") from None
    return definition


class Job:
    """A loaded job."""

    def __init__(self, path, definition):
        self.path, self.definition = path, definition
        self.label = definition["Label"]
        self.arguments = [str(word) for word in definition.get("ProgramArguments") or [definition["Program"]]]
        self.program = definition.get("Program") or self.arguments[0]
        self.throttle = int(definition.get("ThrottleInterval", 10))
        self.exit_timeout = int(definition.get("ExitTimeOut", 5))
        self.pid = None
        self.runs = 0
        self.status = None
        self.last_spawn = None
        self.next_spawn = None
        self.kill_at = None
        self.terminated = False
        self.leaving = False
        self.gone_at = None
        self.waiters = []

    def keeps_alive(self):
        """Whether the job is to be started again, given how it ended; the keys of the dictionary are ORed."""
        rule = self.definition.get("KeepAlive", False)
        if not isinstance(rule, dict):
            return bool(rule)
        if self.status is None:
            return "SuccessfulExit" in rule or any(map(os.path.exists, rule.get("PathState", {})))
        succeeded = os.WIFEXITED(self.status) and os.WEXITSTATUS(self.status) == 0
        crashed = os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) in (
            signal.SIGSEGV, signal.SIGILL, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGTRAP)
        return any((
            "SuccessfulExit" in rule and rule["SuccessfulExit"] == succeeded,
            "Crashed" in rule and rule["Crashed"] == crashed,
            any(os.path.exists(path) == wanted for path, wanted in rule.get("PathState", {}).items()),
        ))

    def load(self):
        """What loading does: start at once if the definition says so."""
        if self.definition.get("RunAtLoad") or self.keeps_alive():
            self.spawn()

    def spawn(self):
        """Start the process; a job that cannot be set up ends with EX_CONFIG and is tried again like any other."""
        self.runs += 1
        self.last_spawn, self.next_spawn = time.monotonic(), None
        self.kill_at, self.terminated = None, False
        pid = os.fork()
        if pid == 0:
            console = fcntl.fcntl(2, fcntl.F_DUPFD_CLOEXEC, 256)
            try:
                self._become()
            except (OSError, LookupError) as error:
                os.write(console, f"launchd: {self.label}: {error}\n".encode())
            finally:
                os._exit(EX_CONFIG)
        self.pid = pid

    def _become(self):
        """In the child: session, logs, account, directory, program, in an environment of its own."""
        os.setsid()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        environment = {"PATH": DEFAULT_PATH, "XPC_SERVICE_NAME": self.label, "XPC_FLAGS": "0x0"}
        user = self.definition.get("UserName")
        if user:
            entry = pwd.getpwnam(user)
            os.initgroups(user, entry.pw_gid)
            os.setgid(entry.pw_gid)
            os.setuid(entry.pw_uid)
            environment.update(USER=user, LOGNAME=user, SHELL=entry.pw_shell)
        declared = self.definition.get("EnvironmentVariables", {})
        environment.update({key: value for key, value in declared.items() if isinstance(value, str)})
        for fd, key in ((1, "StandardOutPath"), (2, "StandardErrorPath")):
            log = os.open(self.definition.get(key, "/dev/null"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            os.dup2(log, fd)
        os.dup2(os.open(self.definition.get("StandardInPath", "/dev/null"), os.O_RDONLY), 0)
        os.closerange(3, 256)
        os.chdir(self.definition.get("WorkingDirectory", "/"))
        os.execve(self.program, self.arguments, environment)

    def ended(self, status):
        """The process was reaped: kill what is left of its group, then decide what comes next."""
        if not self.definition.get("AbandonProcessGroup"):
            try:
                os.killpg(self.pid, signal.SIGKILL)
            except OSError:
                pass
        self.pid, self.status, self.kill_at = None, status, None
        now = time.monotonic()
        if self.leaving:
            self._drain()
        elif self.keeps_alive():
            self.next_spawn = max(now, self.last_spawn + self.throttle * simlib.scale())

    def terminate(self):
        """SIGTERM now, SIGKILL after the exit time-out."""
        if self.pid and not self.terminated:
            self.terminated = True
            os.kill(self.pid, signal.SIGTERM)
            if self.exit_timeout:
                self.kill_at = time.monotonic() + self.exit_timeout * simlib.scale()

    def leave(self):
        """bootout: the label stays taken until the process is dead and the clean-up is over."""
        self.leaving, self.next_spawn = True, None
        if self.pid:
            self.terminate()
        else:
            self._drain()

    def _drain(self):
        self.gone_at = time.monotonic() + simlib.control("launchd", {}).get("drain_seconds", 3) * simlib.scale()

    def deadline(self):
        """When this job next needs attention."""
        return min((at for at in (self.next_spawn, self.kill_at, self.gone_at) if at is not None), default=None)

    def tick(self):
        """Do what is due."""
        now = time.monotonic()
        if self.kill_at is not None and now >= self.kill_at:
            self.kill_at = None
            os.kill(self.pid, signal.SIGKILL)
        if self.next_spawn is not None and now >= self.next_spawn:
            self.spawn()

    def gone(self):
        """Whether a job that was booted out has freed its label."""
        return self.gone_at is not None and time.monotonic() >= self.gone_at

    def state(self):
        """The word `launchctl print` uses."""
        if self.pid:
            return "SIGTERMed" if self.terminated else "running"
        return "spawn scheduled" if self.next_spawn is not None else "not running"

    def describe(self):
        """Everything `launchctl` prints about the job."""
        return {
            "label": self.label, "path": self.path, "program": self.program, "arguments": self.arguments,
            "state": self.state(), "pid": self.pid, "runs": self.runs, "status": self.status,
            "throttle": self.throttle, "exit_timeout": self.exit_timeout, "leaving": self.leaving,
            "definition": self.definition,
        }
