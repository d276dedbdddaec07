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
  };

{
  [id + '.json']: {
    tart: {
      run_user: fleet.defaults.run_user,
      vms: { [name]: vm(fleet.hosts[id].vms[name]) for name in std.objectFields(fleet.hosts[id].vms) },
    },
  }
  for id in std.objectFields(fleet.hosts)
}
