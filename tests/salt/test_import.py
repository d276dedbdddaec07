"""Pillar written by hand becomes a spec that gives each minion an equal pillar, as Salt itself reads both."""

import subprocess

import pytest
from harness import tree

SONOMA = "ghcr.io/cirruslabs/macos-sonoma-base:latest"
UBUNTU = "ghcr.io/cirruslabs/ubuntu:latest"

ORIGINAL = f"""
tart:
  run_user: dk
  vms:
    kri-test-macos-1:
      image: {SONOMA}
      cpu: 4
      memory: 8192
      disk: 60
      enabled: true
    kri-test-macos-2:
      image: {SONOMA}
      cpu: 4
      memory: 8192
      disk: 60
      enabled: false
    kri-test-linux-1:
      image: {UBUNTU}
      cpu: 2
      memory: 4096
      disk: 20
      enabled: true
"""

ODD = f"""
x-usual: &usual
  image: {UBUNTU}
  memory: 4_096
tart:
  run_user: dk
  removed: old-vm
  vms:
    words: {{<<: *usual, enabled: yes, cpu: "4", disk: 060}}
    capitals: {{<<: *usual, enabled: OFF, cpu: 0x4, disk: 1:00}}
    bare: {{image: {UBUNTU}}}
    "1e3": {{image: {UBUNTU}, disk: 30}}
    "no": {{image: {UBUNTU}, disk: 30}}
"""

EVERYTHING = f"""
tart:
  run_user: dk
  vms:
    all:
      image: {UBUNTU}
      display: 1920x1080px
      arguments: [--no-graphics, --no-audio, "--net-softnet-allow=10.0.0.0/8,192.168.0.0/16"]
      clone: {{concurrency: 2, prune_limit: 50, insecure: true, timeout: 60}}
      keep_alive: no
      throttle_interval: 30
      environment: {{CI: "1", LANG: en_US.UTF-8}}
      standard_out_path: /var/log/tart/out.log
      standard_error_path: /var/log/tart/err.log
"""

DEFAULTS = {"cpu": 2, "memory": 4096, "disk": 20, "enabled": True}
NUMBERS = ("cpu", "memory", "disk")


def tartgen(directory, *arguments, stdin=None):
    """Runs the command; its standard output."""
    done = subprocess.run([str(tree.binary()), *arguments], cwd=directory, input=stdin, capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
    return done.stdout


def meaning(tart):
    """What the states make of a pillar: every default in its place, digits as numbers."""
    vms = {name: {**DEFAULTS, **settings} for name, settings in (tart.get("vms") or {}).items()}
    for settings in vms.values():
        settings.update({key: int(settings[key]) for key in NUMBERS})
    removed = tart.get("removed") or []
    return {"run_user": tart["run_user"], "vms": vms, "removed": [removed] if isinstance(removed, str) else removed}


def pillar(mac):
    """The pillar `tart` as Salt gives it to the minion."""
    return mac.salt("pillar.raw").value["tart"]


@pytest.mark.parametrize("text", [ORIGINAL, ODD, EVERYTHING], ids=["original", "odd", "everything"])
def test_an_imported_pillar_is_given_back(mac, tmp_path, text):
    mac.use_pillar(mm1=text)
    before = mac.salt("pillar.raw")
    (tmp_path / "mm1.sls").write_text(text, encoding="utf-8")
    spec = tartgen(tmp_path, "import", "mm1.sls")
    # What Salt prints of a pillar can be imported as well, and says the same.
    printed = tartgen(tmp_path, "import", "-", "--host", "mm1", stdin=before.stdout)
    assert body(printed) == body(spec)

    (tmp_path / "tartgen.yaml").write_text(spec, encoding="utf-8")
    tartgen(tmp_path, "build")
    mac.use_tree(tmp_path / "out")
    after = pillar(mac)
    assert meaning(after) == meaning(before.value["tart"])
    assert list(after["vms"]) == list(before.value["tart"]["vms"])


def test_hidden_values_are_not_imported(mac, tmp_path):
    """From 3008 on, Salt prints asterisks in the place of pillar."""
    mac.use_pillar(mm1=ORIGINAL)
    printed = mac.salt("pillar.items")
    done = subprocess.run([str(tree.binary()), "import", "-", "--host", "mm1"], cwd=tmp_path, input=printed.stdout,
                          capture_output=True, text=True, check=False)
    if "*****" in printed.stdout:
        assert done.returncode == 1 and "pillar.raw" in done.stderr and done.stderr.count("error") == 1, done
    else:
        assert done.returncode == 0, done


def body(spec):
    """A spec without comments, which say where it comes from."""
    return [line for line in spec.splitlines() if not line.strip().startswith("#")]


def test_a_top_file_gives_merged_pillar(make_mac, tmp_path):
    files = {
        "top": "base:\n  '*': [common]\n  mm1: [tart.one]\n  mm2.example.com: [tart.two]\n",
        "common": "tart: {run_user: dk}\nntp: [a.example]\n",
        "tart/one": f"tart: {{vms: {{one: {{image: {UBUNTU}}}}}}}\n",
        "tart/two": f"tart: {{run_user: admin, vms: {{two: {{image: {UBUNTU}, cpu: 3}}}}}}\n",
    }
    for name, text in files.items():
        path = tmp_path / "pillar" / f"{name}.sls"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    sources = [f"pillar/{name}.sls" for name in files if name != "top"]
    spec = tartgen(tmp_path, "import", *sources, "--top", "pillar/top.sls")
    (tmp_path / "tartgen.yaml").write_text(spec, encoding="utf-8")
    tartgen(tmp_path, "build")
    for minion in ("mm1", "mm2.example.com"):
        mac = make_mac(minion_id=minion)
        mac.use_pillar(**files)
        before = pillar(mac)
        mac.use_tree(tmp_path / "out")
        assert meaning(pillar(mac)) == meaning(before)
