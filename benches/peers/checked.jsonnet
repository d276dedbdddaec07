// The pillar of pillar.jsonnet, after checks. Jsonnet has no schema, so they are written as people would write them: of what
// tartgen refuses in these fleets, the keys of VMs and what they may be, names, references, disks that are smaller than the
// image's, and more than two macOS VMs on a Mac.
// Run as: jrsonnet -J FOLDER_OF_FLEET -m OUT checked.jsonnet
local fleet = import 'fleet.json';

local between(least, most) = function(value)
  std.isNumber(value) && std.floor(value) == value && value >= least && value <= most;
local text(most) = function(value) std.isString(value) && std.length(value) >= 1 && std.length(value) <= most;
local name(letters, most) = function(value)
  text(most)(value) && std.all([std.member(letters, letter) for letter in std.stringChars(value)]);

local lower = 'abcdefghijklmnopqrstuvwxyz', digits = '0123456789';
local is_vm_name = name(lower + digits + '-{}', 63);
local is_minion_id = name(lower + std.asciiUpper(lower) + digits + '._-', 246);
local fields = {
  profile: function(value) value in fleet.profiles,
  image: function(value) value in fleet.images || std.member(value, '/'),
  cpu: between(1, 128),
  memory: between(128, 1048576),
  disk: between(1, 65535),
  enabled: std.isBoolean,
  display: function(value) std.all([std.all(std.map(function(digit) std.member(digits, digit), std.stringChars(side)))
                                    for side in std.split(std.rstripChars(value, 'ptx'), 'x')]),
  daemon: function(value) std.isBoolean(value.keep_alive)
                          && std.all([std.isString(word) for word in std.objectValues(value.environment)]),
};

local check_fields(place, settings) = [
  key in fields && fields[key](settings[key]) || error '%s: wrong key or value: %s' % [place, key]
  for key in std.objectFields(settings)
];

// A VM with all that counts for it.
local vm(own) =
  local merged = { enabled: true } + fleet.defaults.vm + (if 'profile' in own then fleet.profiles[own.profile] else {}) + own;
  merged + { from: if merged.image in fleet.images then fleet.images[merged.image] else { os: 'linux', disk: 0 } };

// All that is said of a host or of the hosts of a group.
local check_host(place, host) =
  local names = std.objectFields(host.vms), vms = [vm(host.vms[name]) for name in names];
  std.flattenArrays([check_fields('%s, %s' % [place, name], host.vms[name]) for name in names])
  + [is_vm_name(name) || error '%s: no name of a VM: %s' % [place, name] for name in names]
  + [vm.disk >= vm.from.disk || error '%s: a disk that is smaller than its image' % place for vm in vms]
  + [
    std.length([vm for vm in vms if vm.enabled && vm.from.os == 'macos']) <= 2
    || error '%s: more than two macOS VMs' % place,
  ];

local groups = if 'groups' in fleet then fleet.groups else {};

assert std.all(check_fields('defaults', fleet.defaults.vm));
assert std.all(std.flattenArrays([check_fields(name, fleet.profiles[name]) for name in std.objectFields(fleet.profiles)]));
assert std.all(std.flattenArrays([check_host(name, groups[name]) for name in std.objectFields(groups)]));
assert std.all([is_minion_id(id) || error 'no minion id: ' + id for id in std.objectFields(fleet.hosts)]);
assert std.all(std.flattenArrays([check_host(id, fleet.hosts[id]) for id in std.objectFields(fleet.hosts)]));

import 'pillar.jsonnet'
