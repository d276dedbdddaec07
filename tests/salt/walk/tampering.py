"""What people and accidents do to a Mac between two applies. Whatever does not apply to the VM's state does nothing."""

import plistlib


def tamper(mac, name, how):
    """One act of TAMPERINGS on one VM."""
    globals()["_" + how.replace(" ", "_").replace("-", "_")](mac, name)


def _plist(name):
    return f"/Library/LaunchDaemons/com.tart.{name}.plist"


def _boot_out(mac, name):
    mac.launchctl("bootout", f"system/com.tart.{name}")


def _disable(mac, name):
    if mac.plist(name):
        mac.launchctl("unload", "-w", _plist(name))


def _delete_plist(mac, name):
    mac.path(_plist(name)).unlink(missing_ok=True)


def _edit_plist(mac, name):
    definition = mac.plist(name)
    if definition:
        definition["ThrottleInterval"] = 30
        mac.path(_plist(name)).write_bytes(plistlib.dumps(definition))


def _open_plist_to_all(mac, name):
    if mac.plist(name):
        mac.path(_plist(name)).chmod(0o666)


def _set_by_hand(mac, name):
    mac.tart("set", name, "--cpu", "7", "--memory", "1536")


def _stop_by_hand(mac, name):
    mac.tart("stop", name)


def _start_by_hand(mac, name):
    _boot_out(mac, name)
    mac.wait(lambda: f"com.tart.{name}" not in mac.jobs())
    if mac.vms().get(name, {}).get("complete") and not mac.vms()[name]["running"]:
        mac.run_by_hand(name)


def _older_definition(mac, name):
    definition = mac.plist(name)
    if definition is None:
        return
    text = mac.path(_plist(name)).read_bytes()
    definition["ProgramArguments"].insert(2, "--no-audio")
    _boot_out(mac, name)
    mac.wait(lambda: f"com.tart.{name}" not in mac.jobs())
    mac.path(_plist(name)).write_bytes(plistlib.dumps(definition))
    mac.launchctl("bootstrap", "system", _plist(name))
    mac.path(_plist(name)).write_bytes(text)


def _forget_everything(mac, _name):
    mac.run("/bin/rm", "-rf", "/var/db/tartgen")


def _left_over_staging(mac, name):
    mac.tart("clone", "ghcr.io/cirruslabs/ubuntu:latest", f"{name}.tartgen")


def _suspend(mac, name):
    mac.tart("suspend", name)
