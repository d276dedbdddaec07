//! Hosts and what they share.

use schemars::JsonSchema;
use serde::Deserialize;

use super::vm::Profile;
use super::{
    ACCOUNT, ACCOUNT_WORDS, Disk, Memory, REMOVED_NAME, REMOVED_NAME_WORDS, VM_NAME, VM_NAME_WORDS, Vm, item, names,
};
use crate::map::Map;

/// # defaults
///
/// Settings for all hosts and VMs that do not say otherwise.
///
/// They are written out for each host: Salt's pillar has no defaults of its own.
///
/// ```yaml
/// { run_user: dk, vm: { cpu: 2, memory: 4096, disk: 20 } }
/// ```
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("defaultSnippets" = [{
    "label": "defaults",
    "description": "The account that runs the VMs of all hosts",
    "body": { "run_user": "${1:dk}" },
}]))]
pub(crate) struct Defaults {
    /// # account
    ///
    /// macOS account that owns `~/.tart` and runs the VMs.
    ///
    /// tart and brew run as this account, and it is the `UserName` of every launchd job. It must exist on the Mac and
    /// cannot be `root`.
    ///
    /// ```yaml
    /// run_user: dk
    /// ```
    #[schemars(
        regex(pattern = ACCOUNT),
        extend("patternErrorMessage" = ACCOUNT_WORDS, "examples" = ["dk"])
    )]
    pub(crate) run_user: Option<String>,
    /// # VM settings
    ///
    /// Settings for all VMs. A VM's own settings and those of its profile go before.
    ///
    /// ```yaml
    /// vm: { cpu: 2, memory: 4096, disk: 20 }
    /// ```
    #[schemars(with = "Option<Profile>")]
    pub(crate) vm: Option<Vm>,
}

/// # defaults of a host
///
/// Settings for all VMs of a host, or of each host of a group, that do not say otherwise.
///
/// ```yaml
/// { vm: { cpu: 4, memory: 8GiB } }
/// ```
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("defaultSnippets" = [{
    "label": "defaults",
    "description": "Settings for all VMs here",
    "body": { "vm": { "cpu": "${1:4}", "memory": "${2:8GiB}" } },
}]))]
pub(crate) struct HostDefaults {
    /// # VM settings
    ///
    /// Settings for all VMs here. A VM's own settings and those of its profile go before; the `defaults` of the spec come
    /// after.
    ///
    /// ```yaml
    /// vm: { cpu: 4, memory: 8GiB }
    /// ```
    #[schemars(with = "Option<Profile>")]
    pub(crate) vm: Option<Vm>,
}

/// # host
///
/// A Mac that is a Salt minion.
///
/// `salt MINION_ID state.apply tart` makes it match what stands here.
///
/// ```yaml
/// { run_user: dk, vms: { linux-1: { image: ubuntu } } }
/// ```
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Host {
    /// # account
    ///
    /// macOS account that owns `~/.tart` and runs the VMs of this host. Without it, that of `defaults` counts.
    ///
    /// tart and brew run as this account, and it is the `UserName` of every launchd job. It must exist on the Mac and
    /// cannot be `root`.
    ///
    /// ```yaml
    /// run_user: dk
    /// ```
    #[schemars(
        regex(pattern = ACCOUNT),
        extend("patternErrorMessage" = ACCOUNT_WORDS, "examples" = ["dk"])
    )]
    pub(crate) run_user: Option<String>,
    /// # hardware
    ///
    /// What the Mac has. With it, tartgen checks that the VMs fit.
    ///
    /// Nothing of it reaches the Mac.
    ///
    /// ```yaml
    /// hardware: { chip: M2, cpu: 8, memory: 16GiB, disk: 460, macos: "15.6" }
    /// ```
    pub(crate) hardware: Option<Box<Hardware>>,
    /// # defaults of this host
    ///
    /// Settings for all VMs of this host. They go before the `defaults` of the spec, and after profiles.
    ///
    /// ```yaml
    /// defaults: { vm: { cpu: 4, memory: 8GiB } }
    /// ```
    pub(crate) defaults: Option<Box<HostDefaults>>,
    /// # VMs by name
    ///
    /// The VMs of this host by name. Names have lower-case letters, digits and `-`.
    ///
    /// `{host}` in a name stands for the minion id up to its first dot; with `count`, `{n}` stands for the number of each
    /// VM. In braces, `vms: { ... }`, such a name needs quotes. The name is that of the VM in `tart list`, and part of the launchd label `com.tart.NAME`. A VM that merely
    /// leaves this list stays on the Mac: list it under `removed` to delete it.
    ///
    /// ```yaml
    /// vms:
    ///   linux-1: { image: ubuntu }
    ///   mac-1: { profile: ci-mac }
    /// ```
    #[serde(default)]
    #[schemars(extend(
        "propertyNames" = names("VM name", VM_NAME, VM_NAME_WORDS),
        "defaultSnippets" = [{
            "label": "VM",
            "description": "A VM with its image",
            "body": { "${1:ubuntu}": { "image": "${2:ghcr.io/cirruslabs/ubuntu:24.04}" } },
        }],
    ))]
    pub(crate) vms: Map<Vm>,
    /// # removed VMs
    ///
    /// VMs that an apply deletes for good, with their disks.
    ///
    /// The launchd job is unloaded, the VM stopped and deleted with `tart delete`, the plist removed. The names may
    /// stay here: where there is no such VM, nothing happens.
    ///
    /// ```yaml
    /// removed: [old-vm]
    /// ```
    #[serde(default)]
    #[schemars(extend(
        "items" = item("VM name", "Name of a VM to delete.", REMOVED_NAME, REMOVED_NAME_WORDS),
        "examples" = [["old-vm"]],
    ))]
    pub(crate) removed: Vec<String>,
}

/// # hardware
///
/// What a Mac has. All of it is optional; what is known is checked.
///
/// ```yaml
/// { chip: M2, cpu: 8, memory: 16GiB, disk: 460, macos: "15.6" }
/// ```
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("defaultSnippets" = [{
    "label": "hardware",
    "description": "What the Mac has",
    "body": { "chip": "${1:M2}", "cpu": "${2:8}", "memory": "${3:16GiB}", "disk": "${4:460}" },
}]))]
pub(crate) struct Hardware {
    /// # chip
    ///
    /// Apple's name of the chip, as in `M2` or `M4 Max`.
    ///
    /// Some flags of `tart run` need a newer chip than others.
    ///
    /// ```yaml
    /// chip: M4 Max
    /// ```
    #[schemars(
        regex(pattern = r"^M[1-9][0-9]?( (Pro|Max|Ultra))?$"),
        extend("patternErrorMessage" = "write Apple's name of the chip, as in `M2` or `M4 Max`", "examples" = ["M2", "M4 Max"])
    )]
    pub(crate) chip: Option<String>,
    /// # CPU cores
    ///
    /// CPU cores of the Mac.
    ///
    /// The CPUs of the enabled VMs must fit into them: `tart set` takes any number, and the VM then fails to start.
    ///
    /// ```yaml
    /// cpu: 8
    /// ```
    #[schemars(range(min = 1, max = 128), extend("examples" = [8]))]
    pub(crate) cpu: Option<u32>,
    /// # memory
    ///
    /// Memory of the Mac in MiB, or with a unit as in `16GiB`.
    ///
    /// The enabled VMs of the host must fit into it.
    ///
    /// ```yaml
    /// memory: 16GiB
    /// ```
    pub(crate) memory: Option<Memory>,
    /// # disk
    ///
    /// Disk for VMs in GB of 10^9 bytes, or with the unit as in `460GB`.
    ///
    /// All VMs of the host must fit into it, dormant ones too, since they keep their disks.
    ///
    /// ```yaml
    /// disk: 460GB
    /// ```
    pub(crate) disk: Option<Disk>,
    /// # macOS version
    ///
    /// Version of macOS, in quotes: unquoted, `15.10` is the number 15.1.
    ///
    /// tart needs macOS 13 or newer.
    ///
    /// ```yaml
    /// macos: "15.6"
    /// ```
    #[schemars(
        regex(pattern = r"^[1-9][0-9]?(\.(0|[1-9][0-9]?)){0,2}$"),
        extend("patternErrorMessage" = "write a version of two or three numbers in quotes, as in `\"15.6\"` or `\"15.6.1\"`", "examples" = ["15.6"])
    )]
    pub(crate) macos: Option<String>,
}
