// What tartgen does with a fleet, without its checks: one pillar a host, with defaults and profile merged in.
// Run as: jrsonnet -J FOLDER_OF_FLEET -m OUT pillar.jsonnet
local fleet = import 'fleet.json';
local built_in = { cpu: 2, memory: 4096, disk: 20, enabled: true };

local vm(own) =
  local profile = if 'profile' in own then fleet.profiles[own.profile] else {};
  local merged = built_in + fleet.defaults.vm + profile + own;
  local image = merged.image;
  {
    image: if image in fleet.images then fleet.images[image].ref else image,
    cpu: merged.cpu,
    memory: merged.memory,
    disk: merged.disk,
    enabled: merged.enabled,
    [if 'display' in merged then 'display']: merged.display,
    [if 'daemon' in merged then 'keep_alive']: merged.daemon.keep_alive,
    [if 'daemon' in merged then 'environment']: merged.daemon.environment,
  };

// The ids of a group, which have one range.
local ids(pattern) =
  local open = std.split(pattern, '['), close = std.split(open[1], ']'), bounds = std.split(close[0], '-');
  local format = open[0] + '%0' + std.length(bounds[0]) + 'd' + close[1];
  [format % number for number in std.range(std.parseInt(bounds[0]), std.parseInt(bounds[1]))];

local groups = if 'groups' in fleet then fleet.groups else {};
local hosts = fleet.hosts + {
  [id]: groups[name]
  for name in std.objectFields(groups)
  for id in ids(groups[name].hosts[0])
};

{
  [id + '.json']: {
    tart: {
      run_user: fleet.defaults.run_user,
      vms: {
        [std.strReplace(name, '{host}', std.split(id, '.')[0])]: vm(hosts[id].vms[name])
        for name in std.objectFields(hosts[id].vms)
      },
    },
  }
  for id in std.objectFields(hosts)
}
