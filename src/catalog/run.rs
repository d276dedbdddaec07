//! The flags of `tart run`. (tart: Commands/Run.swift; first versions from its tags)

use super::Guest;

/// How the value of a flag is written on tart's command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `--flag`.
    Switch,
    /// `--flag=VALUE`, once for each value.
    Each,
    /// `--flag=VALUE,VALUE`.
    List,
}

/// A flag of `tart run`.
#[derive(Debug)]
pub(crate) struct RunFlag {
    /// Its name in the spec, with `_` for tart's `-`.
    pub(crate) key: &'static str,
    /// How its value is written.
    pub(crate) form: Form,
    /// The only guest that can have it.
    pub(crate) guest: Option<Guest>,
    /// First tart that has it.
    pub(crate) since: [u64; 3],
    /// Oldest macOS of the host.
    pub(crate) macos: Option<u32>,
    /// Oldest generation of Apple's chips, as the 3 of `M3`.
    pub(crate) chip: Option<u32>,
    /// Flags that tart does not take together with it; each pair stands once.
    pub(crate) excludes: &'static [&'static str],
}

impl RunFlag {
    /// The flag on tart's command line.
    pub(crate) fn on_command_line(&self) -> String {
        format!("--{}", self.key.replace('_', "-"))
    }
}

const ANY: RunFlag =
    RunFlag { key: "", form: Form::Switch, guest: None, since: [0, 0, 0], macos: None, chip: None, excludes: &[] };
const NOT_SOFTNET: &[&str] = &["net_bridged", "net_host"];
const MACOS: Option<Guest> = Some(Guest::Macos);
const LINUX: Option<Guest> = Some(Guest::Linux);

/// All flags that a launchd job can use, in the order in which they are passed. `--net-softnet-control-fd` is not among
/// them: launchd has no descriptor to hand down.
pub(crate) const RUN_FLAGS: &[RunFlag] = &[
    RunFlag { key: "no_graphics", ..ANY },
    RunFlag { key: "vnc", ..ANY },
    RunFlag { key: "vnc_experimental", excludes: &["vnc"], ..ANY },
    RunFlag { key: "serial", since: [1, 1, 0], ..ANY },
    RunFlag { key: "serial_path", form: Form::Each, since: [1, 1, 0], ..ANY },
    RunFlag { key: "no_audio", since: [2, 6, 0], ..ANY },
    RunFlag { key: "no_clipboard", since: [2, 10, 0], ..ANY },
    RunFlag { key: "recovery", guest: MACOS, ..ANY },
    RunFlag { key: "disk", form: Form::Each, since: [2, 13, 0], ..ANY },
    RunFlag { key: "rosetta", form: Form::Each, guest: LINUX, since: [0, 35, 0], ..ANY },
    RunFlag { key: "dir", form: Form::Each, since: [0, 24, 0], ..ANY },
    RunFlag { key: "nested", guest: LINUX, since: [2, 20, 0], macos: Some(15), chip: Some(3), ..ANY },
    RunFlag { key: "net_bridged", form: Form::Each, since: [0, 28, 0], ..ANY },
    RunFlag { key: "net_softnet", since: [0, 31, 0], excludes: NOT_SOFTNET, ..ANY },
    RunFlag { key: "net_softnet_allow", form: Form::List, since: [2, 7, 1], excludes: NOT_SOFTNET, ..ANY },
    RunFlag { key: "net_softnet_block", form: Form::List, since: [2, 30, 0], excludes: NOT_SOFTNET, ..ANY },
    RunFlag { key: "net_softnet_expose", form: Form::List, since: [2, 23, 0], excludes: NOT_SOFTNET, ..ANY },
    RunFlag { key: "net_host", since: [2, 7, 0], excludes: &["net_bridged"], ..ANY },
    RunFlag { key: "root_disk_opts", form: Form::List, since: [2, 16, 0], ..ANY },
    RunFlag {
        key: "suspendable",
        guest: MACOS,
        since: [1, 8, 0],
        macos: Some(14),
        excludes: &["no_trackpad", "no_pointer", "no_keyboard"],
        ..ANY
    },
    RunFlag { key: "no_trackpad", guest: MACOS, since: [2, 25, 0], ..ANY },
    RunFlag { key: "no_pointer", since: [2, 29, 0], ..ANY },
    RunFlag { key: "no_keyboard", since: [2, 29, 0], ..ANY },
    RunFlag {
        key: "capture_system_keys",
        since: [2, 3, 0],
        excludes: &["no_graphics", "vnc", "vnc_experimental"],
        ..ANY
    },
    RunFlag { key: "provisioning_opts", form: Form::List, guest: MACOS, since: [2, 33, 0], macos: Some(27), ..ANY },
];

/// Oldest macOS whose VMs can have block devices and network block devices as disks. (tart: Commands/Run.swift)
pub(crate) const OLDEST_MACOS_FOR_BLOCK_DEVICES: u32 = 14;

/// First tart whose `clone` has `--prune-limit`. (tart: Commands/Clone.swift)
pub(crate) const PRUNE_LIMIT_SINCE: [u64; 3] = [2, 28, 5];

/// First tart whose `set --display` has units. (tart: Commands/Set.swift)
pub(crate) const DISPLAY_UNIT_SINCE: [u64; 3] = [2, 30, 0];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn flags_stand_once_and_exclude_flags_that_exist() {
        let keys: BTreeSet<_> = RUN_FLAGS.iter().map(|flag| flag.key).collect();
        assert_eq!(keys.len(), RUN_FLAGS.len());
        let pairs: Vec<_> =
            RUN_FLAGS.iter().flat_map(|flag| flag.excludes.iter().map(|other| (flag.key, *other))).collect();
        for (flag, other) in &pairs {
            assert!(keys.contains(other), "{other}");
            assert!(!pairs.contains(&(other, flag)), "{flag} and {other} exclude each other twice");
        }
    }
}
