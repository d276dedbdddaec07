//! The resolved fleet: what `lower` produces and `render` consumes.
//!
//! Profiles and defaults are gone, every value is present and has been checked, and lists keep the order of the spec.

/// A fleet ready to be rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    /// File name of the spec, without its directory, for the header of each emitted file.
    pub(crate) spec_name: String,
    /// How every host installs tart.
    pub(crate) tart: Tart,
    /// The hosts, in the order of the spec.
    pub(crate) hosts: Vec<Host>,
}

/// Where tart comes from and which version is enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tart {
    /// Homebrew tap, such as `openai/tools`.
    pub(crate) tap: String,
    /// Formula inside the tap, such as `tart`.
    pub(crate) formula: String,
    /// Formulae of the tap that Homebrew 6 must trust: the formula itself and its dependencies from the same tap.
    pub(crate) trust: Vec<String>,
    /// Oldest tart that will do, such as `2.13.0`.
    pub(crate) minimum_version: String,
    /// What an apply does about an older tart.
    pub(crate) outdated: Outdated,
    /// Absolute path of the tart executable.
    pub(crate) binary: String,
    /// Absolute path of the brew executable.
    pub(crate) brew: String,
}

/// What to do about a tart older than the minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outdated {
    /// Let Homebrew upgrade it.
    Upgrade,
    /// Fail and change nothing.
    Refuse,
}

/// One Mac.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Host {
    /// Salt's name for the host.
    pub(crate) minion_id: String,
    /// macOS account that owns `~/.tart` and runs the VMs.
    pub(crate) run_user: String,
    /// The VMs, in the order of the spec.
    pub(crate) vms: Vec<Vm>,
    /// Names of VMs that an apply deletes for good, in the order of the spec.
    pub(crate) removed: Vec<String>,
}

/// One VM on a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Vm {
    /// tart's name for the VM.
    pub(crate) name: String,
    /// OCI reference that `tart clone` starts from.
    pub(crate) image: String,
    /// Virtual CPUs.
    pub(crate) cpu: u32,
    /// Memory in MiB.
    pub(crate) memory: u64,
    /// Disk in GB of 10^9 bytes.
    pub(crate) disk: u64,
    /// Whether launchd keeps the VM running; otherwise it is stopped and its disk kept.
    pub(crate) enabled: bool,
}
