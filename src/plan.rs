//! The resolved fleet: what `lower` produces and `render` consumes.
//!
//! Profiles and defaults are gone, every value is present and has been checked, and lists keep the order of the spec.

use std::ops::Deref;
use std::sync::Arc;

/// A fleet ready to be rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    /// File name of the spec, without its directory, for the header of each emitted file.
    pub(crate) spec_name: String,
    /// How every host installs tart.
    pub(crate) tart: Tart,
    /// Where the hosts' pillar files stand.
    pub(crate) layout: Layout,
    /// The waves in which the hosts are brought up to date, each host in one; none without a rollout.
    pub(crate) waves: Vec<Wave>,
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

/// Where the pillar files of the hosts stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Inside the pillar root, where Salt lists them for each pillar that it compiles.
    Inside,
    /// Beside it, where only the one file that is wanted costs anything.
    Beside,
}

/// Hosts that are brought up to date before those of the next wave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wave {
    /// Its name.
    pub(crate) name: String,
    /// The minion ids, in the order of the spec.
    pub(crate) hosts: Vec<String>,
    /// How many at a time.
    pub(crate) batch: usize,
    /// How many of a batch may fail.
    pub(crate) max_failures: u32,
}

/// One Mac.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Vm {
    /// tart's name for the VM.
    pub(crate) name: String,
    /// What else there is to it. VMs of other hosts may have the same, and then they have it together: what follows from
    /// settings is worked out once for all of them.
    pub(crate) settings: Arc<Settings>,
}

impl Vm {
    /// A VM that has its settings for itself.
    pub(crate) fn new(name: &str, settings: Settings) -> Self {
        Self { name: name.to_owned(), settings: Arc::new(settings) }
    }
}

impl Deref for Vm {
    type Target = Settings;

    fn deref(&self) -> &Settings {
        &self.settings
    }
}

/// All there is to a VM but its name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Settings {
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
    /// Size of the screen as `tart set --display` takes it; nothing to leave the image's.
    pub(crate) display: Option<String>,
    /// How it is made.
    pub(crate) clone: CloneOptions,
    /// What stands between `tart run` and the VM's name.
    pub(crate) arguments: Vec<String>,
    /// How launchd keeps it running.
    pub(crate) daemon: Daemon,
}

/// Options of `tart clone`; what is missing is left to tart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct CloneOptions {
    /// Layers that are pulled at once.
    pub(crate) concurrency: Option<u32>,
    /// Most GiB to free in the cache.
    pub(crate) prune_limit: Option<u32>,
    /// Whether the registry is asked over HTTP.
    pub(crate) insecure: bool,
    /// Seconds after which it is given up.
    pub(crate) timeout: u32,
}

impl Default for CloneOptions {
    fn default() -> Self {
        Self { concurrency: None, prune_limit: None, insecure: false, timeout: 3600 }
    }
}

/// The launchd job of a VM.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Daemon {
    /// Whether launchd starts the VM again whenever it ends.
    pub(crate) keep_alive: bool,
    /// Least seconds from one start to the next.
    pub(crate) throttle_interval: u32,
    /// Environment variables, sorted by their names.
    pub(crate) environment: Vec<(String, String)>,
    /// File for what tart prints, unless it is the usual one.
    pub(crate) standard_out_path: Option<String>,
    /// File for tart's errors, unless it is the usual one.
    pub(crate) standard_error_path: Option<String>,
}

impl Default for Daemon {
    fn default() -> Self {
        Self {
            keep_alive: true,
            throttle_interval: 10,
            environment: Vec::new(),
            standard_out_path: None,
            standard_error_path: None,
        }
    }
}

/// What stands between `tart run` and the name of a VM that says nothing about it.
pub(crate) const HEADLESS: &str = "--no-graphics";

#[cfg(test)]
impl Settings {
    /// An image, and of all else what a VM has of which nothing is said.
    pub(crate) fn plain(image: &str) -> Self {
        Self {
            image: image.to_owned(),
            cpu: 2,
            memory: 4096,
            disk: 20,
            enabled: true,
            display: None,
            clone: CloneOptions::default(),
            arguments: vec![HEADLESS.to_owned()],
            daemon: Daemon::default(),
        }
    }
}
