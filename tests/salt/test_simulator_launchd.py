"""The simulated launchd and brew against the table of facts."""

import plistlib
import sys

import pytest
from harness.mac import UBUNTU, USER, Mac

PLIST = "/Library/LaunchDaemons/com.tart.job.plist"
TARGET = "system/com.tart.job"
BREW = "/opt/homebrew/bin/brew"
DK = {"HOME": "/Users/dk", "USER": "dk"}


@pytest.fixture
def bare(tmp_path):
    """A bare Mac, no Salt involved."""
    mac = Mac(tmp_path / "mac", sys.executable)
    yield mac
    mac.shutdown()


def write_job(mac, program=("/bin/sleep", "1000"), **keys):
    """A plist as root would install it."""
    definition = {"Label": "com.tart.job", "UserName": "dk", "ProgramArguments": list(program), "RunAtLoad": True, **keys}
    mac.write(PLIST, plistlib.dumps(definition).decode())
    mac.path(PLIST).chmod(0o644)


def code(mac, *words):
    """Exit code of launchctl."""
    return mac.launchctl(*words).returncode


def test_bootstrap_bootout_and_the_drain(bare):
    write_job(bare)
    bare.set_launchd(drain_seconds=20)
    assert code(bare, "print", TARGET) == 113
    assert code(bare, "bootout", TARGET) == 3
    assert code(bare, "bootstrap", "system", PLIST) == 0
    assert code(bare, "bootstrap", "system", PLIST) == 5
    bare.wait(lambda: bare.jobs()["com.tart.job"]["state"] == "running")
    assert code(bare, "bootout", TARGET) == 0
    assert code(bare, "bootout", TARGET) == 36
    assert bare.launchctl("bootstrap", "system", PLIST).stderr == "Bootstrap failed: 5: Input/output error\n"
    assert code(bare, "kickstart", TARGET) == 37
    bare.set_launchd(drain_seconds=20, drain_code=37)
    assert code(bare, "bootstrap", "system", PLIST) == 37
    bare.wait(lambda: code(bare, "print", TARGET) == 113)
    assert code(bare, "bootstrap", "system", PLIST) == 0


def test_a_job_that_ignores_sigterm_is_killed_after_the_timeout(bare):
    write_job(bare, ["/bin/sh", "-c", "trap '' TERM; while :; do sleep 1; done"], ExitTimeOut=5)
    assert code(bare, "bootstrap", "system", PLIST) == 0
    bare.run("/bin/sleep", "2")
    assert code(bare, "bootout", TARGET) == 0
    assert bare.jobs()["com.tart.job"]["state"] == "SIGTERMed"
    bare.wait(lambda: code(bare, "print", TARGET) == 113)


def test_overrides_outlive_the_plist_and_a_reboot(bare):
    write_job(bare)
    assert code(bare, "disable", TARGET) == 0
    assert code(bare, "bootstrap", "system", PLIST) == 119
    bare.reboot()
    assert "com.tart.job" not in bare.jobs()
    assert '"com.tart.job" => disabled' in bare.launchctl("print-disabled", "system").stdout
    assert code(bare, "enable", TARGET) == 0
    bare.reboot()
    assert bare.jobs()["com.tart.job"]["state"] == "running"


def test_bad_plists_are_refused(bare):
    write_job(bare)
    bare.path(PLIST).chmod(0o666)
    refused = bare.launchctl("bootstrap", "system", PLIST)
    assert refused.returncode == 5 and "bad ownership/permissions" in refused.stderr
    bare.path(PLIST).chmod(0o644)
    bare.write(PLIST, "<plist>")
    assert code(bare, "bootstrap", "system", PLIST) == 5
    assert bare.run("/usr/bin/plutil", "-lint", PLIST).returncode == 1


def test_the_definition_is_the_one_of_the_bootstrap(bare):
    write_job(bare)
    bare.launchctl("bootstrap", "system", PLIST, check=True)
    write_job(bare, ["/bin/sleep", "2000"])
    assert code(bare, "kickstart", "-k", TARGET) == 0
    described = bare.launchctl("print", TARGET).stdout
    assert "\t\t1000\n" in described and "\truns = 2\n" in described


def test_keep_alive_restarts_start_to_start(bare):
    write_job(bare, ["/bin/sh", "-c", "exit 3"], KeepAlive=True, ThrottleInterval=10)
    bare.launchctl("bootstrap", "system", PLIST, check=True)
    bare.wait(lambda: bare.jobs()["com.tart.job"]["state"] == "spawn scheduled")
    described = bare.launchctl("print", TARGET).stdout
    assert "\tstate = spawn scheduled\n" in described and "\tlast exit code = 3\n" in described
    assert "\tpid = " not in described
    bare.wait(lambda: bare.jobs()["com.tart.job"]["runs"] >= 2)


def test_successful_exit_false_stays_down_after_exit_0(bare):
    write_job(bare, ["/bin/sh", "-c", "exit 0"], KeepAlive={"SuccessfulExit": False}, ThrottleInterval=1)
    bare.launchctl("bootstrap", "system", PLIST, check=True)
    bare.run("/bin/sleep", "5")
    assert bare.jobs()["com.tart.job"]["runs"] == 1
    assert bare.jobs()["com.tart.job"]["state"] == "not running"


def test_a_log_that_cannot_be_opened_stops_the_job(bare):
    write_job(bare, StandardErrorPath="/var/log/nowhere/err.log")
    bare.launchctl("bootstrap", "system", PLIST, check=True)
    bare.wait(lambda: "last exit code = 78: EX_CONFIG" in bare.launchctl("print", TARGET).stdout)


def test_environment_of_a_daemon(bare):
    bare.install_tart()
    bare.tart("clone", UBUNTU, "job", check=True)
    write_job(bare, ["/opt/homebrew/bin/tart", "run", "job"], EnvironmentVariables={"A": "b"})
    bare.launchctl("bootstrap", "system", PLIST, check=True)
    bare.wait(bare.boots)
    boot = bare.boots()[0]
    assert boot["uid"] == 501 and boot["ppid"] == 1
    assert boot["env"]["PATH"] == "/usr/bin:/bin:/usr/sbin:/sbin" and boot["env"]["A"] == "b"
    assert "HOME" not in boot["env"]


def test_list_and_the_legacy_verbs(bare):
    write_job(bare)
    assert code(bare, "load", "-w", "/nowhere.plist") == 0
    assert code(bare, "load", "-w", PLIST) == 0
    rows = bare.launchctl("list").stdout.splitlines()
    assert rows[0] == "PID\tStatus\tLabel"
    assert [row for row in rows if row.endswith("\tcom.tart.job")]
    assert not [row for row in bare.run("/bin/launchctl", "list", user=USER).stdout.splitlines() if "tart" in row]
    assert code(bare, "unload", "-w", PLIST) == 0
    assert bare.overrides()["com.tart.job"] is True
    assert code(bare, "bootout", "--wait", TARGET) == 64
    assert bare.run("/bin/launchctl", "bootstrap", "system", PLIST, user=USER).returncode == 5


@pytest.mark.parametrize(("version", "trusted", "code", "text"), [
    ("4.6.0", False, 0, ""), ("5.1.14", False, 0, ""), ("6.0.1", False, 1, "Refusing to load formula openai/tools/softnet"),
    ("6.0.1", True, 0, ""), ("7.0.0", False, 1, "invalid syntax in tap"), ("7.0.0", True, 0, ""),
])
def test_brew_and_trust(bare, version, trusted, code, text):
    bare.set_brew(version=version)
    if trusted:
        done = bare.run(BREW, "trust", "--formula", "openai/tools/tart", "openai/tools/softnet", user=USER, env=DK)
        assert done.returncode == 0
    done = bare.run(BREW, "install", "openai/tools/tart", user=USER, env=DK)
    assert done.returncode == code and text in done.stderr


def test_brew_refusals(bare):
    assert "as root" in bare.run(BREW, "list", env={"USER": "root"}).stderr
    assert bare.run(BREW, "list", user=USER).returncode == 1
    bare.set_brew(version="5.0.0")
    assert "Unknown command: brew trust" in bare.run(BREW, "trust", "openai/tools", user=USER, env=DK).stderr
    bare.set_brew(version="7.0.0")
    assert "invalid syntax in tap" in bare.run(BREW, "tap", "openai/tools", user=USER, env=DK).stderr
    stale = bare.run(BREW, "install", "cirruslabs/cli/tart", user=USER, env=DK)
    assert stale.returncode == 1 and "`depends_on macos:` is disabled!" in stale.stderr
    bare.run("/bin/chown", "-R", "root", "/opt/homebrew", check=True)
    refused = bare.run(BREW, "install", "openai/tools/tart", user=USER, env=DK)
    assert refused.returncode == 1 and "not writable by your user" in refused.stderr
