"""What tartgen does with a fleet, as a script of an afternoon: python pillar.py SPEC SCHEMA OUT.

Reads the spec with PyYAML's C loader, validates it with fastjsonschema, merges defaults and profiles, writes one pillar
a host. It reports one error without its place, proves nothing, and writes every file anew, in place.
"""

import json
import re
import sys
from pathlib import Path

import fastjsonschema
import yaml

BUILT_IN = {"cpu": 2, "memory": 4096, "disk": 20, "enabled": True}


def members(groups):
    """The hosts of groups, whose ids have one range each."""
    for group in groups.values():
        for pattern in group["hosts"]:
            before, first, last, after = re.fullmatch(r"(.*)\[(\d+)-(\d+)\](.*)", pattern).groups()
            for number in range(int(first), int(last) + 1):
                yield f"{before}{number:0{len(first)}}{after}", group


def main():
    spec, schema, out = sys.argv[1:]
    with open(spec, encoding="utf-8") as file:
        fleet = yaml.load(file, Loader=yaml.CSafeLoader)
    fastjsonschema.compile(json.loads(Path(schema).read_text(encoding="utf-8")))(fleet)
    hosts = Path(out) / "hosts"
    hosts.mkdir(parents=True, exist_ok=True)
    defaults, profiles, images = fleet["defaults"], fleet["profiles"], fleet["images"]
    for minion, host in [*fleet["hosts"].items(), *members(fleet.get("groups", {}))]:
        vms = {}
        for name, own in host["vms"].items():
            name = name.replace("{host}", minion.split(".")[0])
            merged = {**BUILT_IN, **defaults["vm"], **profiles.get(own.get("profile"), {}), **own}
            merged.pop("profile", None)
            image = merged["image"]
            vms[name] = {**merged, "image": images[image]["ref"] if image in images else image}
        pillar = {"tart": {"run_user": host.get("run_user", defaults["run_user"]), "vms": vms}}
        with open(hosts / f"{minion}.sls", "w", encoding="utf-8") as file:
            yaml.dump(pillar, file, Dumper=yaml.CSafeDumper, sort_keys=False)


if __name__ == "__main__":
    main()
