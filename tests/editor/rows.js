// What the YAML language server must show at positions in specs.
//
//   spec        the text, with the cursor
//   offers      the labels of all completions; each is also taken, and the compiler must find no mistake of form
//   inserts     what some of them put in, once the user has accepted what it fills in
//   compiles    those after which the spec is complete and compiles
//   documented  words from the documentation of some of them
//   hover       words that hovering shows
//   errors      all diagnostics, as LINE:COLUMN MESSAGE
//   tolerates   mistakes that the spec has by itself

export const CURSOR = '‸';

const REFERENCE = 'ghcr.io/cirruslabs/ubuntu:24.04';

// A spec that is complete but for what the cursor stands for.
const inVm = (line) => `version: 1
hosts:
  mm1:
    run_user: dk
    vms:
      linux-1:
        image: ${REFERENCE}
        ${line}
`;
const inHost = (lines) => `version: 1
hosts:
  mm1:
    run_user: dk
    ${lines}
`;
const atTop = (lines) => `version: 1
hosts: { mm1: { run_user: dk, vms: { linux-1: { image: "${REFERENCE}" } } } }
${lines}
`;

const TOP = [
  'version', 'tart', 'lints', 'pillar', 'rollout', 'images', 'defaults', 'profiles', 'hosts', 'groups', 'include',
];
const VM = ['image', 'profile', 'count', 'enabled', 'cpu', 'memory', 'disk', 'display', 'clone', 'run', 'daemon'];
const CLONE = ['concurrency', 'prune_limit', 'insecure', 'timeout'];
const DAEMON = ['keep_alive', 'throttle_interval', 'environment', 'standard_out_path', 'standard_error_path'];
const SWITCHES = [
  'no_graphics', 'vnc', 'vnc_experimental', 'serial', 'no_audio', 'no_clipboard', 'recovery', 'nested', 'net_softnet', 'net_host',
  'suspendable', 'no_trackpad', 'no_pointer', 'no_keyboard', 'capture_system_keys',
];
const RUN = [
  ...SWITCHES, 'serial_path', 'disk', 'rosetta', 'dir', 'net_bridged', 'net_softnet_allow', 'net_softnet_block', 'net_softnet_expose',
  'root_disk_opts', 'provisioning_opts',
];
const IMAGE = ['ref', 'os', 'disk', 'min_cpu', 'min_memory'];
const HARDWARE = ['chip', 'cpu', 'memory', 'disk', 'macos'];
const TART = ['tap', 'formula', 'trust', 'minimum_version', 'outdated', 'binary', 'brew'];
const without = (names, ...gone) => names.filter((name) => !gone.includes(name));

export const ROWS = [
  // The top level.
  {
    name: 'empty file',
    spec: '‸',
    errors: ['1:1 Missing property "version".'],
    offers: [...TOP, 'tartgen fleet spec'],
    inserts: {
      version: 'version: 1',
      hosts: `hosts:\n  mm1:\n    run_user: dk\n    vms:\n      ubuntu:\n        image: ${REFERENCE}`,
      // All that every file must have; hosts may stand under `groups` or in other files.
      'tartgen fleet spec': 'version: 1',
    },
    documented: { hosts: 'Salt minion id', images: 'ref: "ghcr.io/' },
  },
  {
    name: 'top level, hosts missing',
    spec: 'version: 1\n‸\n',
    errors: [],
    offers: without(TOP, 'version'),
    inserts: { images: `images:\n  ubuntu:\n    ref: ${REFERENCE}\n    os: linux` },
    compiles: ['hosts', 'groups'],
  },
  {
    name: 'top level, complete',
    spec: atTop('‸'),
    errors: [],
    offers: without(TOP, 'version', 'hosts'),
    inserts: { profiles: 'profiles:\n  small:\n    cpu: 4\n    memory: 8GiB' },
    compiles: ['tart', 'images', 'profiles'],
  },
  { name: 'hover over version', spec: 'ver‸sion: 1\n', hover: ['#### format version', 'Always `1`.', '```yaml\nversion: 1'] },
  { name: 'hover over hosts', spec: atTop('').replace('hosts', 'ho‸sts'), hover: ['#### hosts by Salt minion id', 'pillar', 'hosts:\n  mm1:'] },
  { name: 'wrong version', spec: atTop('').replace('1', '2'), errors: ['1:10 Value must be 1.'] },
  { name: 'unknown key at the top', spec: atTop('vms: {}'), errors: ['3:1 Property vms is not allowed.'] },
  { name: 'hosts is a number', spec: 'version: 1\nhosts: 4\n', errors: ['2:8 Incorrect type. Expected "hosts by Salt minion id".'] },

  // Hosts.
  {
    name: 'inside hosts',
    spec: 'version: 1\nhosts:\n  ‸\n',
    offers: ['host'],
    inserts: { host: `mm1:\n    run_user: dk\n    vms:\n      ubuntu:\n        image: ${REFERENCE}` },
    compiles: ['host'],
    documented: { host: 'A Mac with one VM' },
  },
  {
    name: 'inside hosts, after another',
    spec: 'version: 1\nhosts:\n  mm2: { run_user: dk }\n  ‸\n',
    offers: ['host'],
    compiles: ['host'],
  },
  {
    name: 'inside a host',
    spec: inHost('‸'),
    errors: [],
    offers: ['hardware', 'defaults', 'vms', 'removed'],
    inserts: { vms: `vms:\n      ubuntu:\n        image: ${REFERENCE}`, removed: 'removed: []' },
    compiles: ['vms', 'removed'],
    documented: { removed: 'tart delete', vms: 'com.tart.NAME' },
  },
  {
    name: 'inside an empty host',
    spec: 'version: 1\nhosts:\n  mm1:\n    ‸\n',
    errors: ['3:7 Incorrect type. Expected "host".'],
    offers: ['run_user', 'hardware', 'defaults', 'vms', 'removed'],
    inserts: { run_user: 'run_user: dk' },
    compiles: ['run_user'],
  },
  { name: 'hover over a host', spec: inHost('').replace('mm1', 'm‸m1'), hover: ['#### host', 'A Mac that is a Salt minion', 'state.apply tart'] },
  { name: 'hover over removed', spec: inHost('remo‸ved: [old-vm]'), hover: ['#### removed VMs', 'for good', 'removed: [old-vm]'] },
  { name: 'hover over a removed VM', spec: inHost('removed: [old‸-vm]'), hover: ['#### VM name', 'Name of a VM to delete.'] },
  { name: 'hover over run_user', spec: inHost('').replace('run_user', 'run‸_user'), hover: ['#### account', '`UserName`', 'run_user: dk'] },
  { name: 'unknown key in a host', spec: inHost('vm: {}'), errors: ['5:5 Property vm is not allowed.'] },
  { name: 'host is a number', spec: 'version: 1\nhosts: { mm1: 5 }\n', errors: ['2:15 Incorrect type. Expected "host".'] },
  {
    name: 'bad minion id',
    spec: 'version: 1\nhosts: { "mm*": { run_user: dk } }\n',
    errors: ['2:10 write the Salt minion id: letters, digits, `.`, `_` and `-`, with a letter or digit at both ends and no two dots in a row'],
  },
  {
    name: 'bad account',
    spec: inHost('').replace('dk', 'D K'),
    errors: ['4:15 write the short name of a macOS account, as in `dk`: lower-case letters, digits, `.`, `_` and `-`, at most 31, beginning with a letter'],
  },
  {
    name: 'bad removed name',
    spec: inHost('removed: [Old]'),
    errors: ['5:15 use lower-case letters, digits and `-`, at most 63, with a letter or digit at both ends; `{host}` may stand for a part'],
  },
  { name: 'removed is a string', spec: inHost('removed: old-vm'), errors: ['5:14 Incorrect type. Expected "array".'] },

  // Groups and included files.
  {
    name: 'inside groups',
    spec: atTop('groups:\n  ‸'),
    offers: ['group'],
    inserts: { group: `lab:\n    hosts:\n      - mm[01-20]\n    run_user: dk\n    vms:\n      ubuntu:\n        image: ${REFERENCE}` },
    compiles: ['group'],
    documented: { group: 'Macs that are alike' },
  },
  {
    name: 'inside a group',
    spec: atTop('groups:\n  lab:\n    hosts: ["m[2-9]"]\n    run_user: dk\n    ‸'),
    errors: [],
    offers: ['hardware', 'defaults', 'vms', 'removed'],
    inserts: { defaults: 'defaults:\n      ' },
    compiles: ['vms', 'removed'],
    documented: { vms: '`{host}` in a name', removed: 'from each of these hosts' },
  },
  {
    name: 'inside the defaults of a group',
    spec: atTop('groups:\n  lab:\n    hosts: ["m[2-9]"]\n    run_user: dk\n    defaults:\n      ‸'),
    offers: ['vm', 'defaults'],
    inserts: { defaults: 'vm:\n        cpu: 4\n        memory: 8GiB' },
    compiles: ['defaults', 'vm'],
  },
  { name: 'hover over the hosts of a group', spec: atTop('groups: { lab: { ho‸sts: ["m[2-9]"], run_user: dk } }'), hover: ['#### minion ids', '`mm[001-500]`', 'hosts: ["mm[010-499]", spare1]'] },
  { name: 'hover over include', spec: atTop('incl‸ude: [a.yaml]'), hover: ['#### included files', 'include: ["sites/*.yaml"]'] },
  { name: 'hover over count', spec: inVm('cou‸nt: 2'), hover: ['#### how many', '`{n}`'] },
  { name: 'bad range', spec: atTop('groups: { lab: { hosts: ["m[a-z]"] } }'), errors: ['3:26 write a Salt minion id, or a range as in `mm[001-500]`, `mm[1-3,7]` or `mm[001-500/2]`'] },
  { name: 'group without hosts', spec: atTop('groups: { lab: { run_user: dk } }'), errors: ['3:11 Missing property "hosts".'] },
  { name: 'names with placeholders', spec: inHost(`vms: { "ci-{host}-{n}": { image: "${REFERENCE}", count: 2 } }`), errors: [] },

  // How the hosts are brought up to date, and how the master gets at their pillar.
  {
    name: 'inside rollout',
    spec: atTop('rollout:\n  ‸'),
    offers: ['waves', 'batch', 'max_failures', 'rollout'],
    inserts: { rollout: 'waves:\n    - name: canary\n      hosts:\n        - mm1\n  batch: 25%', max_failures: 'max_failures: 0' },
    compiles: ['rollout', 'max_failures'],
    documented: { waves: 'rest', batch: '25%', max_failures: 'before the rollout stops' },
  },
  {
    name: 'inside a wave',
    spec: atTop('rollout:\n  waves:\n    - name: canary\n      ‸'),
    errors: ['5:7 Missing property "hosts".'],
    offers: ['hosts', 'batch', 'max_failures', 'wave'],
    inserts: { hosts: 'hosts:\n        - ' },
    documented: { hosts: 'minion ids' },
  },
  { name: 'wave without hosts', spec: atTop('rollout: { waves: [{ name: canary }] }'), errors: ['3:20 Missing property "hosts".'] },
  { name: 'values of batch', spec: atTop('rollout:\n  batch: ‸'), offers: ['10', '25%'], compiles: ['10', '25%'] },
  { name: 'hover over rollout', spec: atTop('roll‸out: { batch: 1 }'), hover: ['#### rollout in waves', 'state.orchestrate tart.rollout'] },
  { name: 'bad batch', spec: atTop('rollout: { batch: 0% }'), errors: ['3:19 write a number of hosts, or a part of the wave from `1%` to `100%`'] },
  {
    name: 'bad name of a wave',
    spec: atTop('rollout: { waves: [{ name: A b, hosts: [mm1] }] }'),
    errors: ['3:28 use lower-case letters, digits and `-`, at most 32, with a letter or digit at both ends'],
  },
  {
    name: 'inside pillar',
    spec: atTop('pillar:\n  ‸'),
    offers: ['layout', 'pillar'],
    inserts: { pillar: 'layout: beside', layout: 'layout: ' },
    compiles: ['pillar'],
    documented: { layout: 'salt/hosts' },
  },
  {
    name: 'values of layout',
    spec: atTop('pillar:\n  layout: ‸'),
    offers: ['inside', 'beside'],
    compiles: ['inside', 'beside'],
    documented: { beside: 'beside what Salt serves' },
  },

  // Hardware.
  {
    name: 'inside hardware',
    spec: inHost('hardware:\n      ‸'),
    offers: [...HARDWARE, 'hardware'],
    inserts: { hardware: 'chip: M2\n      cpu: 8\n      memory: 16GiB\n      disk: 460', macos: 'macos: "15.6"', cpu: 'cpu: 8' },
    compiles: ['hardware', 'macos', 'cpu'],
  },
  { name: 'values of chip', spec: inHost('hardware:\n      chip: ‸'), offers: ['M2', 'M4 Max'], compiles: ['M2', 'M4 Max'] },
  { name: 'values of macos', spec: inHost('hardware:\n      macos: ‸'), offers: ['"15.6"'], compiles: ['"15.6"'] },
  { name: 'macos without quotes', spec: inHost('hardware: { macos: 15.6 }'), errors: ['5:24 Incorrect type. Expected "string".'] },
  { name: 'bad chip', spec: inHost('hardware: { chip: m2 }'), errors: ["5:23 write Apple's name of the chip, as in `M2` or `M4 Max`"] },

  // VMs.
  {
    name: 'inside vms',
    spec: inHost('vms:\n      ‸'),
    offers: ['VM'],
    inserts: { VM: `ubuntu:\n        image: ${REFERENCE}` },
    compiles: ['VM'],
  },
  { name: 'inside vms, after another', spec: inHost(`vms:\n      a: { image: "${REFERENCE}" }\n      ‸`), offers: ['VM'], compiles: ['VM'] },
  {
    name: 'inside a VM',
    spec: inVm('‸'),
    errors: [],
    offers: without(VM, 'image'),
    inserts: { enabled: 'enabled: true', cpu: 'cpu: 2', memory: 'memory: ', disk: 'disk: ', profile: 'profile: ci-mac' },
    compiles: ['enabled', 'cpu'],
    documented: { cpu: 'tart set --cpu', memory: 'memory: 8GiB', disk: 'only ever grows', enabled: 'launchd' },
  },
  {
    name: 'inside an empty VM',
    spec: inHost('vms:\n      linux-1:\n        ‸'),
    errors: ['6:15 Incorrect type. Expected "VM".'],
    offers: VM,
    inserts: { image: 'image: ' },
  },
  { name: 'values of image', spec: inHost('vms:\n      linux-1:\n        image: ‸'), offers: ['sonoma', REFERENCE], compiles: [REFERENCE] },
  { name: 'values of enabled', spec: inVm('enabled: ‸'), offers: ['true', 'false'], compiles: ['true', 'false'] },
  { name: 'values of cpu', spec: inVm('cpu: ‸'), offers: ['2'], compiles: ['2'] },
  { name: 'values of memory', spec: inVm('memory: ‸'), offers: ['4096', '8192', '8GiB'], compiles: ['4096', '8192', '8GiB'] },
  { name: 'values of disk', spec: inVm('disk: ‸'), offers: ['20', '60', '60GB'], compiles: ['20', '60', '60GB'] },
  { name: 'hover over a VM', spec: inVm('cpu: 4').replace('linux-1', 'lin‸ux-1'), hover: ['#### VM', 'A tart VM on a host', '`com.tart.NAME`'] },
  { name: 'hover over cpu', spec: inVm('c‸pu: 4'), hover: ['#### virtual CPUs', '`tart set --cpu`', '```yaml\ncpu: 4'] },
  { name: 'hover over the value of memory', spec: inVm('memory: 8‸GiB'), hover: ['#### memory', 'Memory in MiB', '`tart set --memory`'] },
  { name: 'hover over enabled', spec: inVm('ena‸bled: false'), hover: ['#### whether the VM runs', 'dormant', 'launchd'] },
  { name: 'unknown key in a VM', spec: inVm('cpus: 4'), errors: ['8:9 Property cpus is not allowed.'] },
  { name: 'cpu in quotes', spec: inVm('cpu: "4"'), errors: ['8:14 Incorrect type. Expected "integer".'] },
  { name: 'too many cpus', spec: inVm('cpu: 129'), errors: ['8:14 Value is above the maximum of 128.'] },
  { name: 'no cpus', spec: inVm('cpu: 0'), errors: ['8:14 Value is below the minimum of 1.'] },
  { name: 'bad memory', spec: inVm('memory: 8GB'), errors: ['8:17 write a number of MiB from 128 to 1048576, or a string such as `8GiB` or `8192MiB`'] },
  { name: 'bad disk', spec: inVm('disk: 60GiB'), errors: ['8:15 write a number of GB from 1 to 65535, or a string such as `60GB`'] },
  { name: 'memory is a list', spec: inVm('memory: [8]'), errors: ['8:17 Incorrect type. Expected one of integer, string.'] },
  { name: 'enabled is a word', spec: inVm('enabled: yes'), errors: ['8:18 Incorrect type. Expected "boolean".'] },
  {
    name: 'bad VM name',
    spec: inVm('cpu: 4').replace('linux-1', 'Linux_1'),
    errors: ['6:7 use lower-case letters, digits and `-`, at most 63, with a letter or digit at both ends; `{host}` and `{n}` may stand for a part'],
  },

  // How a VM is made, started and kept running.
  {
    name: 'inside run',
    spec: inVm('run:\n          ‸'),
    offers: [...RUN, 'run'],
    inserts: {
      run: 'no_audio: true\n          no_clipboard: true',
      no_audio: 'no_audio: true',
      no_graphics: 'no_graphics: false',
      serial_path: 'serial_path: /dev/ttys004',
    },
    compiles: ['run', 'no_audio', 'no_graphics', 'net_softnet', 'serial_path'],
    documented: { no_audio: 'tart run --no-audio', net_softnet: 'set-user-ID', dir: 'name: src', disk: '/Users/dk/tools.img' },
  },
  { name: 'values of a flag', spec: inVm('run:\n          no_audio: ‸'), offers: ['true', 'false'], compiles: ['true', 'false'] },
  {
    name: 'inside the options of the disk',
    spec: inVm('run:\n          root_disk_opts:\n            ‸'),
    offers: ['sync', 'caching'],
    documented: { sync: 'sync: full', caching: 'caching: cached' },
  },
  {
    name: 'values of sync',
    spec: inVm('run:\n          root_disk_opts:\n            sync: ‸'),
    offers: ['none', 'fsync', 'full'],
    compiles: ['none', 'fsync', 'full'],
    documented: { none: 'a power cut loses data' },
  },
  { name: 'hover over run', spec: inVm('r‸un: { no_audio: true }'), hover: ['#### flags', '`ProgramArguments`', 'net_softnet_expose'] },
  { name: 'hover over a flag', spec: inVm('run: { no_gra‸phics: false }'), hover: ['#### no window', '`tart run --no-graphics`', '```yaml\nno_graphics: false'] },
  { name: 'hover over ports', spec: inVm('run: { net_softnet_expose: ["22‸22:22"] }'), hover: ['#### ports', 'A port of the host'] },
  { name: 'unknown flag', spec: inVm('run: { graphics: false }'), errors: ['8:16 Property graphics is not allowed.'] },
  {
    name: 'a port that does not exist',
    spec: inVm('run: { net_softnet_expose: ["73860:22"] }'),
    errors: ['8:37 write the port of the host, `:` and the port of the guest, as in `2222:22`'],
  },
  { name: 'bad sync', spec: inVm('run: { root_disk_opts: { sync: never } }'), errors: ['8:40 Value is not accepted. Valid values: "none", "fsync", "full".'] },
  {
    name: 'inside daemon',
    spec: inVm('daemon:\n          ‸'),
    offers: [...DAEMON, 'daemon'],
    inserts: { daemon: 'throttle_interval: 30', keep_alive: 'keep_alive: true', throttle_interval: 'throttle_interval: 10' },
    compiles: ['daemon', 'keep_alive', 'throttle_interval', 'standard_out_path'],
    documented: { keep_alive: '`KeepAlive`', throttle_interval: '`ThrottleInterval`', environment: 'CI: "1"' },
  },
  { name: 'hover over daemon', spec: inVm('dae‸mon: { keep_alive: false }'), hover: ['#### launchd job', '`com.tart.NAME`'] },
  { name: 'bad variable', spec: inVm('daemon: { environment: { 9A: "1" } }'), errors: ['8:34 use letters, digits and `_`, beginning with no digit'] },
  { name: 'pause too short', spec: inVm('daemon: { throttle_interval: 5 }'), errors: ['8:38 Value is below the minimum of 10.'] },
  {
    name: 'inside clone',
    spec: inVm('clone:\n          ‸'),
    offers: [...CLONE, 'clone'],
    inserts: { clone: 'timeout: 7200', concurrency: 'concurrency: 2' },
    compiles: ['clone', ...CLONE],
  },
  { name: 'values of display', spec: inVm('display: ‸'), offers: ['1920x1080', '1920x1080px'], compiles: ['1920x1080', '1920x1080px'] },

  // Levels of warnings.
  {
    name: 'inside lints',
    spec: atTop('lints:\n  ‸'),
    inserts: { 'moving-tag': 'moving-tag: ' },
    documented: { 'moving-tag': 'moving-tag: deny' },
  },
  {
    name: 'values of a lint',
    spec: atTop('lints:\n  moving-tag: ‸'),
    offers: ['allow', 'warn', 'deny'],
    compiles: ['allow', 'warn', 'deny'],
    documented: { deny: 'nothing is built' },
  },
  { name: 'hover over a lint', spec: atTop('lints: { moving‸-tag: deny }'), hover: ['#### moving-tag', '```yaml\nmoving-tag: deny'] },
  { name: 'an error as a lint', spec: atTop('lints: { unknown-image: allow }'), errors: ['3:10 Property unknown-image is not allowed.'] },

  // Images.
  {
    name: 'inside images',
    spec: atTop('images:\n  ‸'),
    offers: ['image'],
    inserts: { image: `ubuntu:\n    ref: ${REFERENCE}\n    os: linux` },
    compiles: ['image'],
  },
  {
    name: 'inside an image',
    spec: atTop('images:\n  ubuntu:\n    ‸'),
    offers: [...IMAGE, 'image'],
    inserts: { ref: `ref: ${REFERENCE}`, os: 'os: ', image: `ref: ${REFERENCE}\n    os: `, min_cpu: 'min_cpu: 4' },
    documented: { ref: 'for ever', os: 'at most two macOS guests' },
  },
  {
    name: 'values of os',
    spec: atTop(`images:\n  ubuntu:\n    ref: ${REFERENCE}\n    os: ‸`),
    offers: ['macos', 'linux'],
    compiles: ['linux'],
    documented: { macos: 'at most two at once', linux: 'as many as fit' },
  },
  { name: 'hover over os', spec: atTop(`images: { ubuntu: { ref: "${REFERENCE}", o‸s: linux } }`), hover: ['#### guest system', '* `macos`: macOS, of which', '* `linux`: Linux, of which'] },
  { name: 'bad os', spec: atTop(`images: { ubuntu: { ref: "${REFERENCE}", os: windows } }`), errors: ['3:65 Value is not accepted. Valid values: "macos", "linux".'] },
  { name: 'image without ref', spec: atTop('images: { ubuntu: { os: linux } }'), errors: ['3:11 Missing property "ref".'] },

  // Profiles and defaults.
  {
    name: 'inside profiles',
    spec: atTop('profiles:\n  ‸'),
    offers: ['profile'],
    inserts: { profile: 'small:\n    cpu: 4\n    memory: 8GiB' },
    compiles: ['profile'],
  },
  {
    name: 'inside a profile',
    spec: atTop('profiles:\n  small:\n    ‸'),
    offers: without(VM, 'profile', 'count'),
    inserts: { cpu: 'cpu: 2' },
    compiles: ['cpu', 'enabled'],
    documented: { cpu: 'tart set --cpu' },
  },
  { name: 'hover over a key of a profile', spec: atTop('profiles: { small: { dis‸k: 60 } }'), hover: ['#### disk', 'only ever grows', '`tart set --disk-size`'] },
  { name: 'hover over a profile', spec: atTop('profiles: { sm‸all: { disk: 60 } }'), hover: ['#### VM settings', 'without `profile`'] },
  { name: 'profile in a profile', spec: atTop('profiles: { small: { profile: other } }'), errors: ['3:22 Property profile is not allowed.'] },
  {
    name: 'inside defaults',
    spec: atTop('defaults:\n  ‸'),
    offers: ['defaults', 'run_user', 'vm'],
    inserts: { defaults: 'run_user: dk', vm: 'vm:\n    enabled: true\n    cpu: 2\n    memory: 4096\n    disk: 20' },
    compiles: ['defaults', 'run_user', 'vm'],
  },
  { name: 'inside the defaults of VMs', spec: atTop('defaults:\n  vm:\n    ‸'), offers: without(VM, 'profile', 'count'), compiles: ['cpu'] },

  // tart.
  {
    name: 'inside tart',
    spec: atTop('tart:\n  ‸'),
    offers: [...TART, 'tart'],
    inserts: { tart: 'minimum_version: 2.13.0', trust: 'trust:\n    - tart\n    - softnet', binary: 'binary: /opt/homebrew/bin/tart' },
    compiles: ['tart', ...without(TART, 'outdated')],
  },
  {
    name: 'values of outdated',
    spec: atTop('tart:\n  outdated: ‸'),
    offers: ['upgrade', 'refuse'],
    compiles: ['upgrade', 'refuse'],
    documented: { upgrade: 'Homebrew upgrades it', refuse: 'changes nothing' },
  },
  { name: 'bad version of tart', spec: atTop('tart: { minimum_version: "2.13" }'), errors: ['3:26 write three numbers, as in `2.13.0`'] },
  { name: 'version of tart as a number', spec: atTop('tart: { minimum_version: 2.13 }'), errors: ['3:26 Incorrect type. Expected "string".'] },

  // Flow style, where the server offers nothing before the first letter of a key.
  {
    name: 'flow style, inside a host',
    spec: 'version: 1\nhosts:\n  mm1: { run_user: dk, h‸ }\n',
    offers: ['hardware', 'defaults', 'vms', 'removed'],
    documented: { vms: 'tart list' },
    // The server puts the block of a snippet into the braces as it is.
    tolerates: ['yaml-syntax'],
  },
  {
    name: 'flow style, inside a VM',
    spec: inHost(`vms: { linux-1: { image: "${REFERENCE}", c‸ } }`),
    offers: without(VM, 'image'),
    inserts: { enabled: 'enabled: true' },
    compiles: ['enabled'],
    // Where the letters typed begin a key, the server leaves out its colon. It puts `daemon` in as a block.
    tolerates: ['unknown-key', 'yaml-syntax'],
  },
  { name: 'flow style, hover', spec: inHost(`vms: { linux-1: { image: "${REFERENCE}", cp‸u: 4 } }`), hover: ['#### virtual CPUs'] },
  {
    name: 'flow style, several mistakes',
    spec: inHost(`vms: { linux-1: { image: "${REFERENCE}", cpu: x, memory: 8GB, bla: 1 } }`),
    errors: [
      '5:70 Incorrect type. Expected "integer".',
      '5:81 write a number of MiB from 128 to 1048576, or a string such as `8GiB` or `8192MiB`',
      '5:86 Property bla is not allowed.',
    ],
  },
];
