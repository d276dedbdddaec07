"""The simulated tart command line (facts/tart.md sections 2 to 9); `tart run` is in tart_run."""

import json
import os
import shutil
import signal
import sys
import time

import simlib
import tart_registry
import tart_run
import tart_store as store
from tart_store import GB, MIB, TartError


def usage(command, text):
    """An ArgumentParser failure."""
    return TartError(f"Error: {text}\nUsage: tart {command}\n  See 'tart {command} --help' for more information.", 64)


def parse(command, words, flags=(), options=()):
    """Split words into (positionals, {option: value}); `--` ends the options, an unknown one is exit 64."""
    positionals, found = [], {}
    words = list(words)
    while words:
        word = words.pop(0)
        name, equals, value = word.partition("=")
        if word == "--":
            positionals += words
            break
        if word in flags:
            found[word] = True
        elif name in options:
            if not equals and not words:
                raise usage(command, f"Missing value for '{name}'")
            found[name] = value if equals else words.pop(0)
        elif word.startswith("-") and word != "-":
            raise usage(command, f"Unknown option '{word}'")
        else:
            positionals.append(word)
    return positionals, found


# Options and the first version that has them (facts/tart.md section 15).
ADDED = {("set", "--display-refit"): (2, 21, 0), ("set", "--no-display-refit"): (2, 21, 0)}


def refuse_later(words, version):
    """What came later, an older tart does not know."""
    for word in words[1:]:
        if ADDED.get((words[0], word), (0,)) > tuple(int(part) for part in version.split(".")):
            raise usage(words[0], f"Unknown option '{word}'")


def exactly(command, positionals, count):
    """The positionals, if there are as many as the command takes."""
    if len(positionals) < count:
        raise usage(command, "Missing expected argument")
    if len(positionals) > count:
        raise usage(command, f"Unexpected argument '{positionals[count]}'")
    return positionals


def number(command, text, minimum=0, maximum=65535):
    """An integer option."""
    if not text.isascii() or not text.isdigit() or not minimum <= int(text) <= maximum:
        raise usage(command, f"The value '{text}' is invalid")
    return int(text)


def table(rows):
    """Left-aligned padded columns; only the whole text is trimmed; no rows is one empty line."""
    if not rows:
        return ""
    rows = [list(rows[0])] + [[str(cell) for cell in row.values()] for row in rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(" ".join(cell.ljust(width) for cell, width in zip(row, widths)) for row in rows).strip()


def sizes(directory):
    """(length, allocation) of a VM in GB, and the allocation in bytes."""
    stats = [os.stat(os.path.join(directory, file)) for file in store.FILES]
    allocated = sum(stat.st_blocks * 512 for stat in stats)
    return sum(stat.st_size for stat in stats) // GB, allocated // GB, allocated


def list_(words):
    """`tart list`."""
    _, found = parse("list", words, ("-q", "--quiet"), ("--source", "--format"))
    source = found.get("--source")
    if source not in (None, "local", "oci"):
        raise TartError(f"Error: '{source}' is not a valid <source>", 64)
    as_json = _format("list", found) == "json"
    rows = []
    if source != "oci":
        rows += [_row("local", name, path, as_json) for name, path in store.local_vms().items()]
    if source != "local":
        rows += [_row("OCI", name, path, as_json) for name, path in sorted(_images())]
    if "-q" in found or "--quiet" in found:
        print("\n".join(row["Name"] for row in rows))
    else:
        print(store.foundation(rows) if as_json else table(rows))


def _format(command, found):
    form = found.get("--format", "text")
    if form not in ("text", "json"):
        raise usage(command, f"The value '{form}' is invalid for '--format <format>'")
    return form


def _row(source, name, path, as_json):
    store.read_config(path)
    disk, size, _ = sizes(path)
    state = store.state(path) if source == "local" else "stopped"
    accessed = os.stat(path).st_mtime
    if as_json:
        when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(accessed))
        return {"Disk": disk, "Running": state == "running", "Name": name, "Source": source,
                "Size": size, "Accessed": when, "State": state}
    minutes = int(time.time() - accessed) // 60
    when = f"{minutes} minutes ago" if minutes else "now"
    return {"Source": source, "Name": name, "Disk": disk, "Size": size, "Accessed": when, "State": state}


def _images():
    """One entry per tag and per digest of the cache."""
    root = os.path.join(store.home(), "cache", "OCIs")
    for path, directories, _ in os.walk(root):
        for entry in directories:
            full = os.path.join(path, entry)
            if os.path.exists(os.path.join(full, "manifest.json")):
                separator = "@" if entry.startswith("sha256:") else ":"
                yield f"{os.path.relpath(path, root).replace('%3A', ':')}{separator}{entry}", full


def get(words):
    """`tart get NAME`."""
    positionals, found = parse("get", words, (), ("--format",))
    (name,) = exactly("get", positionals, 1)
    form = _format("get", found)
    path = store.open_vm(name)
    config = store.read_config(path)
    disk, _, allocated = sizes(path)
    display = config["display"]
    state = store.state(path)
    row = {
        "OS": config.get("os", "darwin"), "CPU": config["cpuCount"], "Memory": config["memorySize"] // MIB,
        "Disk": disk, "DiskFormat": config.get("diskFormat", "raw"), "Size": f"{allocated / GB:.3f}",
        "Display": f"{display['width']}x{display['height']}{display.get('unit', '')}",
    }
    if form == "json":
        row["Running"] = state == "running"
    row["State"] = state
    print(store.foundation(row) if form == "json" else table([row]))


def pull(words):
    """`tart pull REMOTE`."""
    positionals, _ = parse("pull", words, ("--insecure", "--deduplicate"), ("--concurrency",))
    (reference,) = exactly("pull", positionals, 1)
    if not store.REFERENCE.fullmatch(reference):
        raise TartError(f"Error: failed to parse reference: {reference}")
    tart_registry.pull(reference)


def clone(words):
    """`tart clone SRC NAME`: replaces an existing NAME without a word, running or not."""
    flags = ("--insecure", "--deduplicate")
    positionals, found = parse("clone", words, flags, ("--concurrency", "--prune-limit"))
    source, name = exactly("clone", positionals, 2)
    number("clone", found.get("--concurrency", "4"), 1)
    number("clone", found.get("--prune-limit", "100"))
    if "/" in name:
        raise usage("clone", "<new-name> should be a local name")
    remote = bool(store.REFERENCE.fullmatch(source))
    origin = tart_registry.cached(source) or tart_registry.pull(source) if remote else store.open_vm(source)
    stage, _lock = store.staging()
    _home_lock = store.flock(store.home())
    config = store.read_config(origin)
    taken = [store.read_config(path)["macAddress"] for path in store.local_vms().values()]
    if config["macAddress"] in taken and not os.path.exists(os.path.join(origin, "state.vzvmsave")):
        config["macAddress"] = store.new_mac()
    store.write_config(stage, config)
    for file in ("nvram.bin", "state.vzvmsave"):
        if os.path.exists(os.path.join(origin, file)):
            shutil.copyfile(os.path.join(origin, file), os.path.join(stage, file))
    simlib.sleep(simlib.control("tart", {}).get("clone_seconds", 0.5))
    store.copy_disk(os.path.join(origin, "disk.img"), os.path.join(stage, "disk.img"))
    store.stamp_disk(stage, source if remote else store.disk_header(origin).get("image"))
    store.replace(stage, store.vm_dir(name))


def set_(words):
    """`tart set NAME`: config.json is saved before the disk is touched."""
    flags = ("--display-refit", "--no-display-refit", "--random-mac", "--random-serial")
    options = ("--cpu", "--memory", "--disk-size", "--disk", "--display")
    positionals, found = parse("set", words, flags, options)
    (name,) = exactly("set", positionals, 1)
    values = {key: number("set", found[key]) for key in ("--cpu", "--disk-size") if key in found}
    if "--memory" in found:
        values["--memory"] = number("set", found["--memory"], maximum=2**64 // MIB)
    path = store.open_vm(name)
    config = store.read_config(path)
    _set_cpu_and_memory(config, values)
    _set_display(config, found)
    if "--random-mac" in found:
        config["macAddress"] = store.new_mac()
    store.write_config(path, config)
    if "--disk" in found:
        _replace_disk(path, found["--disk"])
    if "--disk-size" in values:
        _grow_disk(path, values["--disk-size"])


def _set_cpu_and_memory(config, values):
    darwin = config.get("os", "darwin") == "darwin"
    if "--cpu" in values:
        least = max(config["cpuCountMin"] if darwin else 1, 1)
        if values["--cpu"] < least:
            raise TartError(f"LessThanMinimalResourcesError: VM should have {least} CPU cores at minimum "
                            f"(requested {values['--cpu']})")
        config["cpuCount"] = values["--cpu"]
    if "--memory" in values:
        least = max(config["memorySizeMin"] if darwin else 0, 128 * MIB)
        if values["--memory"] * MIB < least:
            raise TartError(f"LessThanMinimalResourcesError: VM should have {least} bytes of memory at minimum "
                            f"(requested {values['--memory'] * MIB})")
        config["memorySize"] = values["--memory"] * MIB


def _set_display(config, found):
    """Non-numeric parts become 0 and are ignored; a missing refit flag erases the stored value."""
    if "--display" in found:
        text = found["--display"]
        unit = text[-2:] if text[-2:] in ("pt", "px") else ""
        width, _, height = text.removesuffix(unit).partition("x")
        for key, part in (("width", width), ("height", height)):
            if part.isdigit() and int(part):
                config["display"][key] = int(part)
        config["display"].pop("unit", None)
        if unit:
            config["display"]["unit"] = unit
    config.pop("displayRefit", None)
    if "--display-refit" in found or "--no-display-refit" in found:
        config["displayRefit"] = "--display-refit" in found


def _replace_disk(path, source):
    """The trap since 2.13.0: `--disk` is a path whose contents replace the disk."""
    if not os.path.isfile(source):
        raise TartError(f"Error: The file “{os.path.basename(source)}” couldn’t be opened because there is no such file.")
    shutil.copyfile(source, os.path.join(path, "disk.img"))


def _grow_disk(path, gigabytes):
    current = store.disk_bytes(path)
    if gigabytes * GB < current:
        raise TartError(f"new disk size of {gigabytes} GB should be larger than the current disk size of "
                        f"{current // GB} GB")
    if gigabytes * GB > current:
        store.grow_disk(path, gigabytes * GB)


def stop(words):
    """`tart stop NAME`: a power cut for a running VM, the end of the saved state for a suspended one."""
    positionals, found = parse("stop", words, (), ("-t", "--timeout"))
    (name,) = exactly("stop", positionals, 1)
    timeout = number("stop", found.get("-t", found.get("--timeout", "30")))
    path = store.open_vm(name)
    pid = store.lock_holder(path)
    if not pid:
        if os.path.exists(os.path.join(path, "state.vzvmsave")):
            os.unlink(os.path.join(path, "state.vzvmsave"))
            return
        raise TartError(f'VM "{name}" is not running', 2)
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + timeout * simlib.scale()
    while time.monotonic() < deadline:
        if store.lock_holder(path) is None:
            return
        simlib.sleep(0.1)
    os.kill(pid, signal.SIGKILL)


def suspend(words):
    """`tart suspend NAME`: SIGUSR1 to the VM, returns at once."""
    (name,) = exactly("suspend", parse("suspend", words)[0], 1)
    pid = store.lock_holder(store.open_vm(name))
    if not pid:
        raise TartError(f'VM "VM "{name}" is not running" is not running', 2)
    os.kill(pid, signal.SIGUSR1)


def delete(words):
    """`tart delete NAME…`: in order, until the first failure; a recursive remove, not atomic."""
    names, _ = parse("delete", words)
    if not names:
        raise usage("delete", "Missing expected argument '<name> ...'")
    for name in names:
        image = tart_registry.cached(name) if store.REFERENCE.fullmatch(name) else None
        if image:
            base, tag, _ = store.cache_paths(name)
            if os.path.islink(os.path.join(base, tag)):
                os.unlink(os.path.join(base, tag))
            shutil.rmtree(image)
            continue
        path = store.vm_dir(name)
        if not os.path.exists(os.path.join(path, "config.json")):
            raise TartError(f'the specified VM "{name}" does not exist', 2)
        if store.lock_holder(path):
            raise TartError(f'VM "{name}" is running')
        os.unlink(os.path.join(path, "config.json"))
        simlib.sleep(simlib.control("tart", {}).get("delete_seconds", 0))
        shutil.rmtree(path)


def rename(words):
    """`tart rename OLD NEW`: refuses an existing target."""
    old, new = exactly("rename", parse("rename", words)[0], 2)
    if "/" in new:
        raise usage("rename", "<new-name> should be a local name")
    if not store.exists(store.vm_dir(old)):
        raise usage("rename", f"failed to rename a non-existent local VM: {old}")
    if store.exists(store.vm_dir(new)):
        raise usage("rename", f"failed to rename VM {old}, target VM {new} already exists, delete it first!")
    store.replace(store.vm_dir(old), store.vm_dir(new))


def ip(words):
    """`tart ip NAME`: an address if the VM runs."""
    positionals, found = parse("ip", words, (), ("--wait", "--resolver"))
    (name,) = exactly("ip", positionals, 1)
    path = store.open_vm(name)
    if store.lock_holder(path):
        print("192.168.64.2")
        return
    simlib.sleep(number("ip", found.get("--wait", "0")))
    raise TartError("no IP address found, is your VM running?")


def fqn(words):
    """`tart fqn NAME`: the digest behind a cached tag."""
    (name,) = exactly("fqn", parse("fqn", words)[0], 1)
    if not store.REFERENCE.fullmatch(name):
        print(name)
        return
    image = tart_registry.cached(name)
    if not image:
        raise TartError(f'the specified VM "{name}" does not exist', 2)
    print(f"{name.split('@')[0].rpartition(':')[0] or name}@{os.path.basename(image)}")


def prune(words):
    """`tart prune`: caches by default; `--entries vms` deletes real VMs that do not run."""
    _, found = parse("prune", words, (), ("--entries", "--older-than", "--space-budget"))
    if not {"--older-than", "--space-budget"} & set(found):
        raise TartError("Error: at least one pruning criteria must be specified", 64)
    oldest = time.time() - 86400 * number("prune", found.get("--older-than", "0"))
    if found.get("--entries", "caches") == "vms":
        entries = [path for path in store.local_vms().values() if not store.lock_holder(path)]
    else:
        entries = [path for _, path in _images() if not os.path.islink(path)]
    for path in entries:
        if os.stat(path).st_mtime <= oldest:
            shutil.rmtree(path)


COMMANDS = {
    "list": list_, "get": get, "pull": pull, "clone": clone, "set": set_, "run": tart_run.run, "stop": stop,
    "suspend": suspend, "delete": delete, "rename": rename, "ip": ip, "fqn": fqn, "prune": prune,
}


def main(version):
    """Entry point of the binary in the Cellar."""
    words = sys.argv[1:]
    simlib.log_call("tart", words)
    simlib.inject_fault("tart", words)
    if words == ["--version"]:
        print(version)
        return
    if not words or words[0] not in COMMANDS:
        simlib.fail(f"Error: Unexpected argument '{(words or [''])[0]}'\nUsage: tart <subcommand>", 64)
    try:
        refuse_later(words, version)
        if words[0] not in ("pull", "clone"):
            store.collect_garbage()
        COMMANDS[words[0]](words[1:])
    except TartError as error:
        simlib.fail(error.text, error.code)
    except OSError as error:
        simlib.fail(f"Error: {error.strerror}: {error.filename}")
