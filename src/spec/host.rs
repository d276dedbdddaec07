//! Hosts and what they share.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::vm::Profile;
use super::{ACCOUNT, Disk, Memory, VM_NAME, Vm};

/// Settings for all hosts and VMs that do not say otherwise.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Defaults {
    /// macOS account that owns `~/.tart` and runs the VMs.
    #[schemars(regex(pattern = ACCOUNT), extend("examples" = ["dk"]))]
    pub(crate) run_user: Option<String>,
    /// Settings for all VMs. A VM's own settings and those of its profile go before.
    #[schemars(with = "Option<Profile>")]
    pub(crate) vm: Option<Vm>,
}

/// A Mac that is a Salt minion.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Host {
    /// macOS account that owns `~/.tart` and runs the VMs of this host.
    #[schemars(regex(pattern = ACCOUNT), extend("examples" = ["dk"]))]
    pub(crate) run_user: Option<String>,
    /// What the Mac has. With it, tartgen checks that the VMs fit.
    pub(crate) hardware: Option<Hardware>,
    /// The VMs of this host by name. Names have lower-case letters, digits and `-`.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "pattern": VM_NAME }))]
    pub(crate) vms: IndexMap<String, Vm>,
    /// VMs that an apply deletes for good, with their disks.
    #[serde(default)]
    #[schemars(inner(regex(pattern = VM_NAME)), extend("examples" = [["old-vm"]]))]
    pub(crate) removed: Vec<String>,
}

/// What a Mac has. All of it is optional; what is known is checked.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hardware {
    /// Apple's name of the chip, as in `M2` or `M4 Max`.
    #[schemars(
        regex(pattern = r"^M[1-9][0-9]?( (Pro|Max|Ultra))?$"),
        extend("patternErrorMessage" = "write Apple's name of the chip, as in `M2` or `M4 Max`", "examples" = ["M2", "M4 Max"])
    )]
    pub(crate) chip: Option<String>,
    /// CPU cores.
    #[schemars(range(min = 1, max = 128))]
    pub(crate) cpu: Option<u32>,
    /// Memory in MiB, or with a unit as in `16GiB`.
    pub(crate) memory: Option<Memory>,
    /// Disk for VMs in GB of 10^9 bytes, or with the unit as in `460GB`.
    pub(crate) disk: Option<Disk>,
    /// Version of macOS, in quotes: unquoted, `15.10` is the number 15.1.
    #[schemars(
        regex(pattern = r"^[1-9][0-9]?(\.(0|[1-9][0-9]?)){0,2}$"),
        extend("patternErrorMessage" = "write a version of two or three numbers in quotes, as in `\"15.6\"` or `\"15.6.1\"`", "examples" = ["15.6"])
    )]
    pub(crate) macos: Option<String>,
}
