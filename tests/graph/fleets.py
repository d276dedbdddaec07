"""Specs to draw."""

IMAGES = """images:
  sequoia: { ref: "ghcr.io/cirruslabs/macos-sequoia-base:15.6", os: macos, disk: 50 }
  ubuntu: { ref: "ghcr.io/cirruslabs/ubuntu:24.04", os: linux, disk: 20 }
"""

LAB = f"""version: 1
{IMAGES}
defaults: {{ run_user: dk }}
profiles:
  mac-ci: {{ image: sequoia, cpu: 4, memory: 8GiB, disk: 80 }}
  linux-ci: {{ image: ubuntu, cpu: 2, memory: 4GiB, disk: 40 }}
hosts:
  mm1.lab:
    hardware: {{ chip: M2, cpu: 8, memory: 24GiB, disk: 460, macos: "15.6" }}
    vms:
      ci-mac-1: {{ profile: mac-ci }}
      ci-mac-2: {{ profile: mac-ci, enabled: false }}
      ci-linux-1: {{ profile: linux-ci }}
    removed: [old-vm]
  mm2.lab:
    hardware: {{ chip: M4 Pro, cpu: 14, memory: 48GiB, disk: 920 }}
    vms: {{ ci-mac-1: {{ profile: mac-ci }} }}
  mm3: {{ vms: {{ one: {{ profile: linux-ci }} }} }}
"""

PLAIN = "version: 1\nhosts: { mm1: { run_user: dk } }\n"


def many(count):
    """Hosts that all differ."""
    hosts = "".join(
        f"  mm-{number:03}.a-long-domain.example.com:\n"
        f"    hardware: {{ chip: M2, cpu: 8, memory: 24GiB, disk: {400 + number} }}\n"
        f"    vms: {{ ci-mac-{number}: {{ image: sequoia, disk: 60, cpu: 4 }}, ci-linux-{number}: {{ image: ubuntu }} }}\n"
        for number in range(count))
    return f"version: 1\n{IMAGES}\ndefaults: {{ run_user: dk }}\nhosts:\n{hosts}"


def large(count):
    """Hosts of three kinds in turn."""
    hosts = "".join(f"  mm-{number}: {{ vms: {{ vm-{number}: {{ image: ubuntu, cpu: {number % 3 + 1} }} }} }}\n"
                    for number in range(count))
    images = IMAGES.replace(IMAGES.splitlines(keepends=True)[1], "")
    return f"version: 1\n{images}\ndefaults: {{ run_user: dk }}\nhosts:\n{hosts}"
