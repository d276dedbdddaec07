"""What the Mac or its people do beside the states: nothing that has a disk is lost or started twice for it."""

from harness.checks import absent, fleet, idle, runs, succeeded

SONOMA = "ghcr.io/cirruslabs/macos-sonoma-base:latest"
CONFIG = "/Users/dk/.tart/vms/{}/config.json"


def test_a_running_vm_whose_lock_is_lost_is_not_started_twice(mac, spec):
    """fcntl locks go when the process closes the file anywhere (openai/tart#967)."""
    mac.use_tree(spec(fleet({"vm": {}, "other": {}})))
    succeeded(mac.apply())
    mac.use_tree(spec(fleet({"vm": {"enabled": False}, "other": {}})))
    succeeded(mac.apply())
    source = mac.path("/var/sim/lib/tart_run.py")
    loses = "        if self.name == \"vm\": open(os.path.join(self.path, \"config.json\")).close()\n        self._loop()"
    text = source.read_text(encoding="utf-8")
    assert text.count("        self._loop()") == 1
    source.write_text(text.replace("        self._loop()", loses), encoding="utf-8")
    mac.run_by_hand("vm")
    process = mac.vms()["vm"]["boots"][-1]["pid"]
    identity = mac.vms()["vm"]["identity"]
    assert not mac.vms()["vm"]["running"], "tart goes by the lock"

    for new, state in [({"vm": {"enabled": False}}, "tart_stop_vm"), ({"vm": {}}, "tart_load_vm"), ({}, "tart_stop_vm")]:
        mac.use_tree(spec(fleet({"other": {}, **new}, removed=[] if new else ["vm"])))
        result = mac.apply()
        assert state in result.failed() and "a process of tart runs it" in result.text(state), result.explain()
        assert mac.path(f"/proc/{process}").exists() and mac.vms()["vm"]["boots"][-1]["pid"] == process
        assert "com.tart.vm" not in mac.jobs() and mac.vms()["vm"]["identity"] == identity
    runs(mac, "other", 2, 4096, 20)

    mac.run("/bin/kill", "-9", str(process), check=True)
    succeeded(mac.apply())
    absent(mac, "vm")


def test_a_directory_that_appears_while_the_disks_are_flushed_is_not_replaced(mac, spec):
    mac.use_tree(spec(fleet({"other": {}})))
    succeeded(mac.apply())
    home = "/Users/dk/.tart/vms/vm"
    mac.write("/usr/bin/sync", f"#!/bin/sh\nmkdir {home} && echo precious >{home}/disk.img && chown -R dk {home}\n")
    mac.path("/usr/bin/sync").chmod(0o755)
    mac.use_tree(spec(fleet({"vm": {}, "other": {}})))
    result = mac.apply()
    assert "came into being meanwhile" in result.text("tart_clone_vm"), result.explain()
    assert mac.read(f"{home}/disk.img") == "precious\n"
    absent(mac, "vm.tartgen")


def test_an_adopted_vm_is_not_changed_without_a_copy_of_what_it_is(mac, spec):
    """Without room for the copy, a tart set that the full disk tears would cost the guest its identity."""
    mac.install_tart()
    mac.tart("clone", SONOMA, "vm", check=True)
    before = mac.read(CONFIG.format("vm"))
    # An empty file can still be made there.
    mac.run("/bin/sh", "-c", "mkdir -p /var/db/tartgen && mount -t tmpfs -o size=64k tmpfs /var/db/tartgen && "
                             "cat /dev/zero >/var/db/tartgen/zeroes 2>/dev/null")
    mac.use_tree(spec(fleet({"vm": {"image": SONOMA, "cpu": 6, "memory": 8192, "disk": 50}})))
    result = mac.apply()
    assert "is the disk full?" in result.text("tart_set_vm"), result.explain()
    assert mac.read(CONFIG.format("vm")) == before
    mac.run("/bin/umount", "/var/db/tartgen", check=True)
    succeeded(mac.apply())
    runs(mac, "vm", 6, 8192, 50)
    idle(mac.apply())


def test_vms_on_a_volume_that_is_not_mounted_are_not_gone(mac, spec):
    mac.run("/bin/sh", "-c", "mkdir -p /Volumes/VMs/tart && chown dk /Volumes/VMs/tart && "
                             "ln -s /Volumes/VMs/tart /Users/dk/.tart && chown -h dk /Users/dk/.tart", check=True)
    mac.use_tree(spec(fleet({"vm": {}, "other": {}})))
    succeeded(mac.apply())
    config = mac.read("/Volumes/VMs/tart/vms/vm/config.json")
    for name in ("vm", "other"):
        mac.launchctl("bootout", f"system/com.tart.{name}")
    mac.wait(lambda: not mac.jobs())
    mac.run("/bin/mv", "/Volumes/VMs", "/away", check=True)
    mac.use_tree(spec(fleet({"other": {}}, removed=["vm"])))
    result = mac.apply()
    assert "is its volume mounted?" in result.text("tart_delete_vm"), result.explain()
    result = mac.apply("tart.remove")
    assert {"tart_delete_vm", "tart_delete_other"} <= set(result.failed()), result.explain()
    mac.run("/bin/mv", "/away", "/Volumes/VMs", check=True)
    assert mac.read("/Volumes/VMs/tart/vms/vm/config.json") == config
    succeeded(mac.apply())
    assert not mac.path("/Volumes/VMs/tart/vms/vm").exists() and list(mac.jobs()) == ["com.tart.other"]


def test_variables_stay_out_of_what_salt_reports(mac, spec):
    def secret(value):
        return spec(fleet({"vm": {"daemon": {"environment": {"GITHUB_TOKEN": value}}}}))

    mac.use_tree(secret("hunter-1"))
    results = [mac.apply()]
    mac.use_tree(secret("hunter-2"))
    results += [mac.apply(test=True), mac.apply()]
    succeeded(results[0])
    succeeded(results[2])
    assert not [result.stdout + result.stderr for result in results if "hunter" in result.stdout + result.stderr]
    assert "hunter-2" in mac.read("/Library/LaunchDaemons/com.tart.vm.plist")
