//! How `tart run` starts a VM: its flags, in tart's words with `_` for `-`.
//!
//! Flags have examples and no `default`: of those, the YAML language server would write all below a new `run`.

mod disk;
mod provisioning;
mod share;

use schemars::JsonSchema;
use serde::Deserialize;

use super::item;

pub(crate) use self::disk::{Caching, RootDisk, RunDisk, SyncMode};
pub(crate) use self::provisioning::Provisioning;
pub(crate) use self::share::Share;

/// # flags
///
/// Flags of `tart run`. Each counts by itself: what a VM does not set comes from its profile, then from `defaults.vm`.
///
/// A VM undoes a flag of its profile with `false`, a list with `[]` and options with `{}`; its own list replaces that of
/// the profile. A change starts a running VM again.
///
/// ```yaml
/// { no_audio: true, net_softnet_expose: ["2222:22"] }
/// ```
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("defaultSnippets" = [{
    "label": "run",
    "description": "Neither sound nor a shared clipboard",
    "body": { "no_audio": true, "no_clipboard": true },
}]))]
pub(crate) struct Run {
    /// # no window
    ///
    /// Open no window. A launchd daemon has no screen of its own, so VMs are headless unless this is `false`.
    ///
    /// Passed as `tart run --no-graphics`.
    ///
    /// ```yaml
    /// no_graphics: false
    /// ```
    #[schemars(extend("examples" = [false]))]
    pub(crate) no_graphics: Option<bool>,
    /// # screen sharing of the guest
    ///
    /// Give access to the guest's own Screen Sharing over VNC. Excludes `vnc_experimental`.
    ///
    /// Passed as `tart run --vnc`. Screen Sharing must be switched on in the guest. tart prints the address to the log
    /// if `CI` is set in `daemon.environment`.
    ///
    /// ```yaml
    /// vnc: true
    /// ```
    #[schemars(extend("examples" = [true]))]
    pub(crate) vnc: Option<bool>,
    /// # screen by VNC
    ///
    /// Serve the VM's screen over VNC by a private interface of macOS, which also works before the guest has booted.
    ///
    /// Passed as `tart run --vnc-experimental`. It excludes `vnc`.
    ///
    /// ```yaml
    /// vnc_experimental: true
    /// ```
    #[schemars(extend("examples" = [true]))]
    pub(crate) vnc_experimental: Option<bool>,
    /// # serial console
    ///
    /// Give the VM a serial console on a new terminal device, whose name tart prints to the log.
    ///
    /// Passed as `tart run --serial`.
    ///
    /// ```yaml
    /// serial: true
    /// ```
    #[schemars(extend("examples" = [true]))]
    pub(crate) serial: Option<bool>,
    /// # serial console on a device
    ///
    /// Give the VM a serial console on this terminal device, which must exist when the VM starts. tart would write over any
    /// other file.
    ///
    /// Passed as `tart run --serial-path`.
    ///
    /// ```yaml
    /// serial_path: /dev/ttys004
    /// ```
    #[schemars(
        regex(pattern = DEVICE),
        extend("patternErrorMessage" = "write a terminal device, as in `/dev/ttys004`", "examples" = ["/dev/ttys004"])
    )]
    pub(crate) serial_path: Option<String>,
    /// # no sound
    ///
    /// Give the VM no sound.
    ///
    /// Passed as `tart run --no-audio`.
    ///
    /// ```yaml
    /// no_audio: true
    /// ```
    #[schemars(extend("examples" = [true]))]
    pub(crate) no_audio: Option<bool>,
    /// # no clipboard
    ///
    /// Share no clipboard with the guest.
    ///
    /// Passed as `tart run --no-clipboard`.
    ///
    /// ```yaml
    /// no_clipboard: true
    /// ```
    #[schemars(extend("examples" = [true]))]
    pub(crate) no_clipboard: Option<bool>,
    /// # recovery mode
    ///
    /// Boot into recovery mode, at every start. macOS guests only.
    ///
    /// Passed as `tart run --recovery`. Remove it when the work is done, or the VM never leaves recovery mode.
    ///
    /// ```yaml
    /// recovery: true
    /// ```
    #[schemars(extend("examples" = [true]))]
    pub(crate) recovery: Option<bool>,
    /// # more disks
    ///
    /// More disks for the VM. An empty list takes away those of the profile.
    ///
    /// Each is passed as `tart run --disk`.
    ///
    /// ```yaml
    /// disk:
    ///   - { path: /Users/dk/tools.img, ro: true }
    /// ```
    pub(crate) disk: Option<Vec<RunDisk>>,
    /// # Rosetta
    ///
    /// Share Rosetta with a Linux guest under this tag, so that it runs programs for Intel processors.
    ///
    /// Passed as `tart run --rosetta`. Rosetta must be installed on the host.
    ///
    /// ```yaml
    /// rosetta: rosetta
    /// ```
    #[schemars(
        regex(pattern = TAG),
        extend("patternErrorMessage" = TAG_WORDS, "examples" = ["rosetta"])
    )]
    pub(crate) rosetta: Option<String>,
    /// # directories of the host
    ///
    /// Directories of the host that the guest sees. An empty list takes away those of the profile.
    ///
    /// Each is passed as `tart run --dir`. The guest reaches what `run_user` can reach.
    ///
    /// ```yaml
    /// dir:
    ///   - { name: src, path: /Users/dk/src, ro: true }
    /// ```
    pub(crate) dir: Option<Vec<Share>>,
    /// # VMs inside the VM
    ///
    /// Let a Linux guest run VMs itself. Needs an M3 or newer, and macOS 15 or newer.
    ///
    /// Passed as `tart run --nested`, which came with tart 2.20.0.
    ///
    /// ```yaml
    /// nested: true
    /// ```
    #[schemars(extend("examples" = [true]))]
    pub(crate) nested: Option<bool>,
    /// # networks of the host
    ///
    /// Put the VM on these networks of the host: the identifier or the name of each interface.
    ///
    /// Each is passed as `tart run --net-bridged`. The VM gets its address there, and a MAC address of its own when it
    /// is made. Excludes Softnet and `net_host`.
    ///
    /// ```yaml
    /// net_bridged: [en0]
    /// ```
    #[schemars(
        extend("items" = item("interface", "The identifier or the name of an interface.", INTERFACE, INTERFACE_WORDS)),
        extend("examples" = [["en0"]])
    )]
    pub(crate) net_bridged: Option<Vec<String>>,
    /// # Softnet
    ///
    /// Isolate the VM's network with Softnet, whose program must be owned by root and have the set-user-ID bit.
    ///
    /// Passed as `tart run --net-softnet`. Make it so once for each version of Softnet: `sudo chown root SOFTNET &&
    /// sudo chmod u+s SOFTNET`. Excludes `net_bridged` and `net_host`.
    ///
    /// ```yaml
    /// net_softnet: true
    /// ```
    #[schemars(extend("examples" = [true]))]
    pub(crate) net_softnet: Option<bool>,
    /// # networks that Softnet allows
    ///
    /// Networks that Softnet lets the VM reach, as CIDR. Implies `net_softnet`.
    ///
    /// Passed as `tart run --net-softnet-allow`.
    ///
    /// ```yaml
    /// net_softnet_allow: [192.168.0.0/24]
    /// ```
    #[schemars(
        extend("items" = item("network", "A network as CIDR.", CIDR, CIDR_WORDS)),
        extend("examples" = [["192.168.0.0/24"]])
    )]
    pub(crate) net_softnet_allow: Option<Vec<String>>,
    /// # networks that Softnet blocks
    ///
    /// Networks that Softnet keeps the VM from, as CIDR. Implies `net_softnet`.
    ///
    /// Passed as `tart run --net-softnet-block`, which came with tart 2.30.0.
    ///
    /// ```yaml
    /// net_softnet_block: [10.0.0.0/8]
    /// ```
    #[schemars(
        extend("items" = item("network", "A network as CIDR.", CIDR, CIDR_WORDS)),
        extend("examples" = [["10.0.0.0/8"]])
    )]
    pub(crate) net_softnet_block: Option<Vec<String>>,
    /// # exposed ports
    ///
    /// Ports of the host that lead to ports of the guest, as `EXTERNAL:INTERNAL`. Implies `net_softnet`.
    ///
    /// Passed as `tart run --net-softnet-expose`. Two VMs of a host cannot have one port of it. Write each in quotes:
    /// some readers of YAML take `22:22` for a number.
    ///
    /// ```yaml
    /// net_softnet_expose: ["2222:22"]
    /// ```
    #[schemars(
        extend("items" = item("ports", "A port of the host, and one of the guest.", PORTS, PORTS_WORDS)),
        extend("examples" = [["2222:22"]])
    )]
    pub(crate) net_softnet_expose: Option<Vec<String>>,
    /// # network of the host only
    ///
    /// Let the VM reach the host only, by Softnet.
    ///
    /// Passed as `tart run --net-host`. Softnet must be set up as for `net_softnet`. Excludes `net_bridged` and
    /// Softnet.
    ///
    /// ```yaml
    /// net_host: true
    /// ```
    #[schemars(extend("examples" = [true]))]
    pub(crate) net_host: Option<bool>,
    /// # the VM's own disk
    ///
    /// How tart attaches the VM's own disk.
    ///
    /// Passed as `tart run --root-disk-opts`.
    ///
    /// ```yaml
    /// root_disk_opts: { sync: none, caching: cached }
    /// ```
    pub(crate) root_disk_opts: Option<RootDisk>,
    /// # suspendable
    ///
    /// Leave out the devices that cannot be saved, so that `tart suspend` works. macOS guests only.
    ///
    /// Passed as `tart run --suspendable`. Needs macOS 14 or newer on the host. Excludes `no_trackpad`, `no_pointer`
    /// and `no_keyboard`.
    ///
    /// ```yaml
    /// suspendable: true
    /// ```
    #[schemars(extend("examples" = [true]))]
    pub(crate) suspendable: Option<bool>,
    /// # no trackpad
    ///
    /// Give a macOS guest a mouse instead of a trackpad.
    ///
    /// Passed as `tart run --no-trackpad`. Excludes `suspendable`.
    ///
    /// ```yaml
    /// no_trackpad: true
    /// ```
    #[schemars(extend("examples" = [true]))]
    pub(crate) no_trackpad: Option<bool>,
    /// # no pointing device
    ///
    /// Give the VM no pointing device.
    ///
    /// Passed as `tart run --no-pointer`. Excludes `suspendable`.
    ///
    /// ```yaml
    /// no_pointer: true
    /// ```
    #[schemars(extend("examples" = [true]))]
    pub(crate) no_pointer: Option<bool>,
    /// # no keyboard
    ///
    /// Give the VM no keyboard.
    ///
    /// Passed as `tart run --no-keyboard`. Excludes `suspendable`.
    ///
    /// ```yaml
    /// no_keyboard: true
    /// ```
    #[schemars(extend("examples" = [true]))]
    pub(crate) no_keyboard: Option<bool>,
    /// # key combinations
    ///
    /// Pass the host's own key combinations to the guest. Needs the window, thus `no_graphics: false`.
    ///
    /// Passed as `tart run --capture-system-keys`. Excludes `vnc` and `vnc_experimental`.
    ///
    /// ```yaml
    /// capture_system_keys: true
    /// ```
    #[schemars(extend("examples" = [true]))]
    pub(crate) capture_system_keys: Option<bool>,
    /// # first account
    ///
    /// The account that a macOS guest creates at its first boot. Needs macOS 27 on the host and in the guest.
    ///
    /// Passed as `tart run --provisioning-opts`, which came with tart 2.33.0. tart takes no `,` inside a value.
    ///
    /// ```yaml
    /// provisioning_opts: { fullName: Ada Lovelace, username: ada, enablesRemoteLogin: true }
    /// ```
    pub(crate) provisioning_opts: Option<Provisioning>,
}

const DEVICE: &str = "^/dev/(tty|cu|pty)[A-Za-z0-9._-]+$";
const TAG: &str = "^[A-Za-z0-9._-]{1,36}$";
const TAG_WORDS: &str = "write at most 36 letters, digits, `.`, `_` and `-`";
const INTERFACE: &str = "^([^l-].*|l([^i].*)?|li([^s].*)?|lis([^t].*)?|list.+)$";
const INTERFACE_WORDS: &str = "write the identifier or the name of an interface of the host, as in `en0` or `Ethernet`";
const CIDR: &str = r"^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/(3[0-2]|[12]?[0-9])$";
const CIDR_WORDS: &str = "write a network as CIDR, as in `192.168.0.0/24`";

/// 1 to 65535.
macro_rules! port {
    () => {
        "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
    };
}
const PORTS: &str = concat!("^", port!(), ":", port!(), "$");
const PORTS_WORDS: &str = "write the port of the host, `:` and the port of the guest, as in `2222:22`";

/// Whether a text that a pattern of this file refuses is a pair of ports all the same, of which `check` says that there
/// is no such port.
pub(super) fn is_only_out_of_range(pattern: &str, text: &str) -> bool {
    let is_number = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && !port.starts_with('0');
    let is_port = |port: &str| is_number(port) && (1..=LONGEST).contains(&port.len());
    pattern == PORTS && text.split_once(':').is_some_and(|(external, internal)| is_port(external) && is_port(internal))
}

/// Digits of the longest port that is called out of range.
const LONGEST: usize = 7;
