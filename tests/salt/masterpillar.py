"""Compiles pillars the way a Salt master does for minions that connect under given ids: JSON ids in, JSON map out."""

import json
import sys

import salt.config
import salt.pillar


def main():
    options = salt.config.apply_master_config({
        "root_dir": "/var/sim/salt/master", "file_roots": {"base": ["/srv/salt/states"]},
        "pillar_roots": {"base": ["/srv/salt/pillar"]}, "fileserver_backend": ["roots"],
    })
    claimed = {"id": "mm10", "host": "mm10", "nodename": "mm10", "os": "MacOS"}
    pillars = {}
    for minion_id in json.loads(sys.argv[1]):
        try:
            pillars[minion_id] = salt.pillar.get_pillar(options, claimed, minion_id, "base").compile_pillar()
        except Exception as error:
            pillars[minion_id] = {"_errors": [repr(error)]}
    print(json.dumps(pillars))


main()
