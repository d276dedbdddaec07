"""tart.remove takes everything down, once, and then has nothing to do."""

from harness.checks import absent, fleet, idle, nothing_left, runs, succeeded, untouched, would_change


def test_remove_and_remove_again(mac, kri):
    mac.use_tree(kri)
    succeeded(mac.apply())
    removed = succeeded(mac.apply("tart.remove"))
    nothing_left(mac)
    assert {"tart_unload_kri-test-macos-1", "tart_stop_kri-test-macos-1", "tart_delete_kri-test-macos-1",
            "tart_plist_absent_kri-test-macos-1"} <= set(removed.states), removed.explain()
    idle(mac.apply("tart.remove"))
    nothing_left(mac)


def test_remove_on_a_clean_host(mac, kri):
    mac.use_tree(kri)
    before, mark = mac.snapshot(), mac.mark()
    idle(mac.apply("tart.remove"))
    idle(mac.apply("tart.remove", test=True))
    untouched(before, mac.snapshot())
    assert not mac.calls("brew", since=mark)


def test_true_removes_nothing(mac, kri):
    mac.use_tree(kri)
    succeeded(mac.apply())
    before = mac.snapshot()
    would_change(mac.apply("tart.remove", test=True))
    untouched(before, mac.snapshot())


def test_remove_a_stopped_a_dormant_and_a_hand_started_vm(mac, spec):
    mac.use_tree(spec(fleet({"a": {}, "b": {"enabled": False}, "c": {}})))
    mac.install_tart()
    mac.tart("clone", "ghcr.io/cirruslabs/ubuntu:latest", "b", check=True)
    succeeded(mac.apply())
    mac.launchctl("bootout", "system/com.tart.a", check=True)
    process = mac.run_by_hand("b")
    succeeded(mac.apply("tart.remove"))
    nothing_left(mac)
    process.wait(5)


def test_apply_after_remove_starts_again(mac, spec):
    mac.use_tree(spec(fleet({"vm": {}})))
    succeeded(mac.apply())
    succeeded(mac.apply("tart.remove"))
    succeeded(mac.apply())
    runs(mac, "vm", 2, 4096, 20)


def test_foreign_vms_and_jobs_stay(mac, spec):
    """Only what the spec names is removed."""
    mac.install_tart()
    mac.tart("clone", "ghcr.io/cirruslabs/ubuntu:latest", "private", check=True)
    identity = mac.vms()["private"]["identity"]
    mac.use_tree(spec(fleet({"vm": {}})))
    succeeded(mac.apply())
    succeeded(mac.apply("tart.remove"))
    assert list(mac.vms()) == ["private"] and mac.vms()["private"]["identity"] == identity


def test_a_misspelt_only_removes_nothing(mac, spec):
    mac.use_tree(spec(fleet({"vm": {}})))
    succeeded(mac.apply())
    before = mac.snapshot()
    result = mac.apply("tart.remove", pillar={"tart": {"onyl": ["vm"]}})
    assert result.failed() == ["tart_preflight"] and "onyl" in result.text("tart_preflight"), result.explain()
    untouched(before, mac.snapshot())


def test_an_orphan_that_still_runs_keeps_its_logs(mac, spec):
    """A VM that left the spec without a tombstone is not the pillar's any more; its job must be able to start again."""
    mac.use_tree(spec(fleet({"vm": {}, "orphan": {}})))
    succeeded(mac.apply())
    mac.use_tree(spec(fleet({"vm": {}})))
    succeeded(mac.apply("tart.remove"))
    absent(mac, "vm")
    first = mac.boots()[-1]["pid"]
    mac.crash("orphan")
    mac.wait(lambda: mac.boots()[-1]["pid"] != first)
    runs(mac, "orphan", 2, 4096, 20)


def test_an_orphan_whose_job_is_not_loaded_keeps_its_logs(mac, spec):
    """After a reboot it is, and launchd starts no job whose log it cannot open."""
    mac.use_tree(spec(fleet({"vm": {}, "orphan": {}})))
    succeeded(mac.apply())
    mac.launchctl("bootout", "system/com.tart.orphan", check=True)
    mac.use_tree(spec(fleet({"vm": {}})))
    result = succeeded(mac.apply("tart.remove"))
    assert "com.tart.orphan" in result.text("tart_logs_absent"), result.explain()
    absent(mac, "vm")
    boots = len(mac.boots())
    mac.reboot()
    mac.wait(lambda: len(mac.boots()) > boots)
    runs(mac, "orphan", 2, 4096, 20)


def test_a_half_deleted_vm_that_tart_refuses_to_delete(mac, spec):
    """Which file goes first when a delete is interrupted is not said."""
    mac.use_tree(spec(fleet({"vm": {"enabled": False}, "zz": {}})))
    mac.install_tart()
    mac.tart("clone", "ghcr.io/cirruslabs/ubuntu:latest", "vm", check=True)
    succeeded(mac.apply())
    mac.path("/Users/dk/.tart/vms/vm/disk.img").unlink()
    mac.set_faults({"tool": "tart", "args": ["delete"], "exit": 1, "text": "VM is missing files disk.img"})
    mac.use_tree(spec(fleet({"zz": {}}, removed=["vm"])))
    succeeded(mac.apply())
    absent(mac, "vm")
    idle(mac.apply())


def test_a_clone_that_outlived_its_apply_does_not_outlive_the_vm(mac, spec):
    mac.use_tree(spec(fleet({"vm": {}})))
    succeeded(mac.apply())
    mac.control("tart", {"clone_seconds": 600})
    orphan = mac.namespace.start(["/opt/homebrew/bin/tart", "clone", "ghcr.io/cirruslabs/ubuntu:latest", "vm.tartgen"],
                                 user=(501, 20), env={"HOME": "/Users/dk", "USER": "dk"})
    mac.wait(lambda: mac.calls("tart", "clone", "ghcr.io/cirruslabs/ubuntu:latest", "vm.tartgen")[-1:] and
             list(mac.path("/Users/dk/.tart/tmp").iterdir()))
    mac.use_tree(spec(fleet({"zz": {"enabled": False}}, removed=["vm"])))
    succeeded(mac.apply())
    assert orphan.wait(30) != 0
    absent(mac, "vm", "vm.tartgen")


def test_only_with_other_capitals_is_a_mistake(mac, spec):
    """On a file system that folds case, VM is vm, but to launchd it is not."""
    mac.control("mac", {"casefold": True})
    mac.use_tree(spec(fleet({"vm": {}})))
    succeeded(mac.apply())
    before = mac.snapshot()
    result = mac.apply("tart.remove", pillar={"tart": {"only": ["VM"]}})
    assert result.failed() == ["tart_preflight"] and "capitals" in result.text("tart_preflight"), result.explain()
    untouched(before, mac.snapshot())
