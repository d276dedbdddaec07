"""What an apply with nothing to do costs the Mac: counted in processes, compared with a run that does nothing at all."""

import pytest
from harness.checks import fleet, idle, succeeded


@pytest.mark.parametrize("count", [1, 4, 16])
def test_processes_of_an_idle_apply(mac, spec, count):
    """At most one process for each VM, and no login shell."""
    mac.use_tree(spec(fleet({f"vm-{number}": {} for number in range(count)})))
    succeeded(mac.apply())
    mac.write("/srv/salt/states/nothing.sls", "nothing:\n  test.nop: []\n")
    idle(mac.apply("nothing"))
    empty = idle(mac.apply("nothing"))
    mark = mac.mark()
    full = idle(mac.apply())
    assert not mac.calls("su", since=mark) and not mac.calls("tart", since=mark) and not mac.calls("brew", since=mark)
    assert len(full.spawned) - len(empty.spawned) <= count, full.spawned
    print(f"{count} VMs: {len(full.spawned) - len(empty.spawned)} processes, {full.seconds / empty.seconds:.2f} x empty")
