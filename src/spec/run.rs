//! How `tart run` starts a VM: its flags, in tart's words with `_` for `-`.

use schemars::JsonSchema;
use serde::Deserialize;

/// Flags of `tart run`. Each counts by itself: what a VM does not set comes from its profile, then from `defaults.vm`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Run {
    /// Open no window. A launchd daemon has no screen of its own, so VMs are headless unless this is `false`.
    #[schemars(extend("default" = true))]
    pub(crate) no_graphics: Option<bool>,
    /// Give access to the guest's own Screen Sharing over VNC. Excludes `vnc_experimental`.
    #[schemars(extend("default" = false))]
    pub(crate) vnc: Option<bool>,
    /// Serve the VM's screen over VNC by a private interface of macOS, which also works before the guest has booted.
    #[schemars(extend("default" = false))]
    pub(crate) vnc_experimental: Option<bool>,
    /// Give the VM a serial console on a new terminal device, whose name tart prints to the log.
    #[schemars(extend("default" = false))]
    pub(crate) serial: Option<bool>,
    /// Give the VM a serial console on this terminal device, which must exist when the VM starts.
    #[schemars(
        regex(pattern = DEVICE),
        extend("patternErrorMessage" = "write an absolute path, as in `/dev/ttys004`", "examples" = ["/dev/ttys004"])
    )]
    pub(crate) serial_path: Option<String>,
    /// Give the VM no sound.
    #[schemars(extend("default" = false))]
    pub(crate) no_audio: Option<bool>,
    /// Share no clipboard with the guest.
    #[schemars(extend("default" = false))]
    pub(crate) no_clipboard: Option<bool>,
    /// Boot into recovery mode, at every start. macOS guests only.
    #[schemars(extend("default" = false))]
    pub(crate) recovery: Option<bool>,
    /// More disks for the VM. An empty list takes away those of the profile.
    pub(crate) disk: Option<Vec<RunDisk>>,
    /// Share Rosetta with a Linux guest under this tag, so that it runs programs for Intel processors.
    #[schemars(
        regex(pattern = TAG),
        extend("patternErrorMessage" = TAG_WORDS, "examples" = ["rosetta"])
    )]
    pub(crate) rosetta: Option<String>,
    /// Directories of the host that the guest sees. An empty list takes away those of the profile.
    pub(crate) dir: Option<Vec<Share>>,
    /// Let a Linux guest run VMs itself. Needs an M3 or newer, and macOS 15 or newer.
    #[schemars(extend("default" = false))]
    pub(crate) nested: Option<bool>,
    /// Put the VM on these networks of the host: the identifier or the name of each interface.
    #[schemars(
        extend("items" = { "type": "string", "pattern": INTERFACE, "patternErrorMessage": INTERFACE_WORDS }),
        extend("examples" = [["en0"]])
    )]
    pub(crate) net_bridged: Option<Vec<String>>,
    /// Isolate the VM's network with Softnet, whose program must be owned by root and have the set-user-ID bit.
    #[schemars(extend("default" = false))]
    pub(crate) net_softnet: Option<bool>,
    /// Networks that Softnet lets the VM reach, as CIDR. Implies `net_softnet`.
    #[schemars(
        extend("items" = { "type": "string", "pattern": CIDR, "patternErrorMessage": CIDR_WORDS }),
        extend("examples" = [["192.168.0.0/24"]])
    )]
    pub(crate) net_softnet_allow: Option<Vec<String>>,
    /// Networks that Softnet keeps the VM from, as CIDR. Implies `net_softnet`.
    #[schemars(
        extend("items" = { "type": "string", "pattern": CIDR, "patternErrorMessage": CIDR_WORDS }),
        extend("examples" = [["10.0.0.0/8"]])
    )]
    pub(crate) net_softnet_block: Option<Vec<String>>,
    /// Ports of the host that lead to ports of the guest, as `EXTERNAL:INTERNAL`. Implies `net_softnet`.
    #[schemars(
        extend("items" = { "type": "string", "pattern": PORTS, "patternErrorMessage": PORTS_WORDS }),
        extend("examples" = [["2222:22"]])
    )]
    pub(crate) net_softnet_expose: Option<Vec<String>>,
    /// Let the VM reach the host only, by Softnet.
    #[schemars(extend("default" = false))]
    pub(crate) net_host: Option<bool>,
    /// How tart attaches the VM's own disk.
    pub(crate) root_disk_opts: Option<RootDisk>,
    /// Leave out the devices that cannot be saved, so that `tart suspend` works. macOS guests only.
    #[schemars(extend("default" = false))]
    pub(crate) suspendable: Option<bool>,
    /// Give a macOS guest a mouse instead of a trackpad.
    #[schemars(extend("default" = false))]
    pub(crate) no_trackpad: Option<bool>,
    /// Give the VM no pointing device.
    #[schemars(extend("default" = false))]
    pub(crate) no_pointer: Option<bool>,
    /// Give the VM no keyboard.
    #[schemars(extend("default" = false))]
    pub(crate) no_keyboard: Option<bool>,
    /// Pass the host's own key combinations to the guest. Needs the window, thus `no_graphics: false`.
    #[schemars(extend("default" = false))]
    pub(crate) capture_system_keys: Option<bool>,
    /// The account that a macOS guest creates at its first boot. Needs macOS 27 on the host and in the guest.
    pub(crate) provisioning_opts: Option<Provisioning>,
}

/// A disk besides the VM's own.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunDisk {
    /// An image file, a block device, an `nbd://` address, or the OCI reference of an image in tart's cache.
    #[schemars(
        required,
        regex(pattern = r"^(~?/|nbds?(\+unix)?://|[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]+)?/).+$"),
        extend(
            "patternErrorMessage" = "write an absolute path, as in `/Users/dk/tools.img`, or one that begins with `~/`",
            "examples" = ["/Users/dk/tools.img"]
        )
    )]
    pub(crate) path: Option<String>,
    /// Whether the guest can only read it.
    #[schemars(extend("default" = false))]
    pub(crate) ro: Option<bool>,
    /// When writes reach the host's disk.
    pub(crate) sync: Option<SyncMode>,
    /// Whether the host caches what is read and written.
    pub(crate) caching: Option<Caching>,
}

/// How tart attaches the VM's own disk.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RootDisk {
    /// When writes reach the host's disk.
    pub(crate) sync: Option<SyncMode>,
    /// Whether the host caches what is read and written.
    pub(crate) caching: Option<Caching>,
}

/// When writes reach the host's disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SyncMode {
    /// Whenever macOS likes: fastest, and a power cut loses data.
    None,
    /// When the guest asks, up to the drive's own cache.
    Fsync,
    /// When the guest asks, down to the medium.
    Full,
}

/// Whether the host caches a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Caching {
    /// As macOS decides.
    Automatic,
    /// Always. What tart does for Linux guests, whose disks were damaged otherwise.
    Cached,
    /// Never.
    Uncached,
}

/// A directory of the host that the guest sees.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Share {
    /// Name of the directory inside the guest. Where several share a tag, each needs one.
    #[schemars(
        regex(pattern = r"^[^/:,]+$"),
        extend("patternErrorMessage" = "write a name without `/`, `:` and `,`", "examples" = ["sources"])
    )]
    pub(crate) name: Option<String>,
    /// The directory, or the address of an archive to unpack, as in `https://example.org/tools.tar.gz`.
    #[schemars(
        required,
        regex(pattern = "^(~?/|https?://).*$"),
        extend(
            "patternErrorMessage" = "write an absolute path, as in `/Users/dk/src`, or one that begins with `~/`",
            "examples" = ["/Users/dk/src"]
        )
    )]
    pub(crate) path: Option<String>,
    /// Whether the guest can only read it.
    #[schemars(extend("default" = false))]
    pub(crate) ro: Option<bool>,
    /// Tag under which the guest mounts it. Without one, macOS guests mount it by themselves.
    #[schemars(
        regex(pattern = TAG),
        extend("patternErrorMessage" = TAG_WORDS, "examples" = ["src"])
    )]
    pub(crate) tag: Option<String>,
}

/// The account that a macOS guest creates at its first boot, in tart's words.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Provisioning {
    /// Full name of the person.
    pub(crate) full_name: Option<String>,
    /// Short name of the account.
    #[schemars(extend("examples" = ["admin"]))]
    pub(crate) username: Option<String>,
    /// Password of the account. Everybody on the host can read it, in the property list and in the list of processes.
    pub(crate) password: Option<String>,
    /// Whether the guest logs the account in when it boots.
    pub(crate) logs_in_automatically: Option<bool>,
    /// Whether the guest accepts SSH.
    pub(crate) enables_remote_login: Option<bool>,
}

const DEVICE: &str = "^/.+$";
const TAG: &str = "^[A-Za-z0-9._-]{1,36}$";
const TAG_WORDS: &str = "write at most 36 letters, digits, `.`, `_` and `-`";
const INTERFACE: &str = "^(?!list$)[^-].*$";
const INTERFACE_WORDS: &str = "write the identifier or the name of an interface of the host, as in `en0` or `Ethernet`";
const CIDR: &str = r"^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/(3[0-2]|[12]?[0-9])$";
const CIDR_WORDS: &str = "write a network as CIDR, as in `192.168.0.0/24`";
const PORTS: &str = "^[1-9][0-9]{0,4}:[1-9][0-9]{0,4}$";
const PORTS_WORDS: &str = "write the port of the host, `:` and the port of the guest, as in `2222:22`";
