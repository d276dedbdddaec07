"""What scenarios say about a Mac after an apply, with everything a failure needs in the message."""

import json


def fleet(vms, host="mm1", removed=(), **top):
    """A spec with one host, as text (JSON is YAML); VM settings that matter little are defaulted to be small."""
    described = {name: {"image": "ghcr.io/cirruslabs/ubuntu:latest", **vm} for name, vm in vms.items()}
    entry = {"run_user": "dk", "vms": described}
    if removed:
        entry["removed"] = list(removed)
    return json.dumps({"version": 1, "hosts": {host: entry}, **top})


def succeeded(result):
    """No state failed and Salt said so with its exit code."""
    assert result.exit == 0 and result.states and not result.failed(), result.explain()
    return result


def idle(result):
    """A run that found nothing to do."""
    succeeded(result)
    assert not result.changed(), result.explain()
    return result


def would_change(result):
    """A test=True run that has something to do and fails nothing."""
    assert result.states and not result.failed() and not result.errors, result.explain()
    assert None in [state.result for state in result.states.values()], result.explain()
    return result


def runs(mac, name, cpu, memory, disk, identity=None):
    """The VM is up under launchd with these values in force."""
    vm = mac.vms().get(name)
    assert vm and vm["complete"] and vm["running"], (name, vm)
    job = mac.jobs()[f"com.tart.{name}"]
    boot = vm["boots"][-1]
    assert job["pid"] == boot["pid"], (job, boot)
    assert (boot["cpu"], boot["memory"], boot["disk"]) == (cpu, memory, disk * 10**9), boot
    assert (vm["cpu"], vm["memory"], vm["disk"]) == (cpu, memory, disk * 10**9), vm
    assert boot["uid"] == 501 and "--no-graphics" in boot["argv"], boot
    assert identity in (None, vm["identity"]), (name, identity, vm)
    plist = mac.plist(name)
    assert job["definition"] == plist, (job["definition"], plist)


def dormant(mac, name, identity=None):
    """No job, no plist, not running; the disk is there."""
    vm = mac.vms()[name]
    assert vm["complete"] and not vm["running"], vm
    assert f"com.tart.{name}" not in mac.jobs() and mac.plist(name) is None
    assert identity in (None, vm["identity"]), vm


def absent(mac, *names):
    """Neither VM nor job nor plist."""
    for name in names:
        assert name not in mac.vms() and f"com.tart.{name}" not in mac.jobs() and mac.plist(name) is None, name


def nothing_left(mac):
    """Only what macOS itself had: no VM, no staging, no job, no plist."""
    assert mac.vms() == {} and mac.jobs() == {} and mac.plists() == [], (mac.vms(), mac.jobs(), mac.plists())
    left = mac.path("/Users/dk/.tart/tmp")
    assert not left.exists() or not list(left.iterdir())


def untouched(before, after):
    """Same inodes, sizes and times of every VM file and plist, same processes."""
    assert before == after, {key: (before.get(key), after.get(key)) for key in before.keys() | after.keys()
                             if before.get(key) != after.get(key)}
