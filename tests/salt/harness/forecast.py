"""What `tartgen plan` says an apply will do, and what a simulated Mac shows that it did."""

import json
import subprocess

from .tree import binary


def plan(new, against, *options):
    """`tartgen plan --format json` of the spec from which the tree `new` was built, against another tree."""
    argv = [str(binary()), "plan", "tartgen.yaml", "--against", str(against), "--format", "json", *options]
    done = subprocess.run(argv, cwd=new.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{argv} exited {done.returncode}: {done.stdout}{done.stderr}"
    return json.loads(done.stdout)


def told(document, host):
    """VM name -> what is said about it; none for a host that is not mentioned."""
    entry = next((entry for entry in document["hosts"] if entry["host"] == host), {"vms": []})
    return {vm["vm"]: vm for vm in entry["vms"]}


def look(mac):
    """VM name -> what an apply can change about it."""
    seen = {}
    for name, vm in mac.vms().items():
        if "disk" in vm:
            seen[name] = {"identity": vm["identity"], "disk": vm["disk"],
                          "pid": vm["boots"][-1]["pid"] if vm["running"] else None}
    return seen


def did(before, after):
    """VM name -> the kinds of what happened to it, in the words of the plan."""
    happened = {name: set() for name in before.keys() | after.keys()}
    for name, kinds in happened.items():
        old, new = before.get(name), after.get(name)
        if old and new and old["identity"] != new["identity"]:
            kinds |= {"destroy", "create"}
        elif not new:
            kinds.add("destroy")
        elif not old:
            kinds.add("create")
        else:
            if new["disk"] != old["disk"]:
                kinds.add("grow" if new["disk"] > old["disk"] else "shrink")
            if old["pid"] != new["pid"]:
                kinds.add("start" if not old["pid"] else "restart" if new["pid"] else "stop")
    return happened


def holds(said, before, happened, name):
    """Assert that what happened to a VM is what was said about it."""
    kinds = {action["action"] for action in said["actions"]}
    if "start" in kinds and name not in before:
        # A dormant VM that was never made, as the plan says.
        kinds = kinds - {"start"} | {"create"}
    elif "start" in kinds:
        # How large the disk of a dormant VM is nobody knows who only has pillar.
        happened = happened - {"grow"}
    if name not in before:
        assert not any(action.get("certain") for action in said["actions"]), (name, said)
        kinds -= {"destroy"}
    assert kinds == happened, f"{name}: the plan says {said}, the Mac shows {sorted(happened)}"


def fails(said):
    """Whether the apply of a VM must fail."""
    return any(problem["problem"] == "shrink" and problem["certain"] for problem in said["problems"])
