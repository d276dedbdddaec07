//! Hosts that are alike.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    ACCOUNT, ACCOUNT_WORDS, Hardware, HostDefaults, REMOVED_NAME, REMOVED_NAME_WORDS, VM_NAME, VM_NAME_WORDS, Vm, item,
    names,
};
use crate::map::Map;

/// # group
///
/// Hosts that are alike: each gets what stands here.
///
/// ```yaml
/// { hosts: ["mm[010-499]"], vms: { "ci-{host}": { image: ubuntu } } }
/// ```
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Group {
    /// # minion ids
    ///
    /// The Salt minion ids of the hosts, also as ranges: `mm[001-500]`, `r[1-3]m[01-20]`, `mm[1-3,7]`, `mm[001-500/2]`.
    ///
    /// The first number of a range says how many digits each has: `[1-10]` gives 1 to 10, `[01-10]` gives 01 to 10. A
    /// number after `/` is the step. A host stands in one group, or under `hosts`.
    ///
    /// ```yaml
    /// hosts: ["mm[010-499]", spare1]
    /// ```
    #[schemars(required, extend("minItems" = 1, "items" = minion_ids(), "examples" = [["mm[01-20]"]]))]
    pub(crate) hosts: Option<Vec<String>>,
    /// # account
    ///
    /// macOS account that owns `~/.tart` and runs the VMs of these hosts. Without it, that of `defaults` counts.
    ///
    /// tart and brew run as this account, and it is the `UserName` of every launchd job. It must exist on the Macs and
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
    /// What each of the Macs has. With it, tartgen checks that the VMs fit.
    ///
    /// Nothing of it reaches the Macs.
    ///
    /// ```yaml
    /// hardware: { chip: M2, cpu: 8, memory: 16GiB, disk: 460, macos: "15.6" }
    /// ```
    pub(crate) hardware: Option<Box<Hardware>>,
    /// # defaults of these hosts
    ///
    /// Settings for all VMs of these hosts. They go before the `defaults` of the spec, and after profiles.
    ///
    /// ```yaml
    /// defaults: { vm: { cpu: 4, memory: 8GiB } }
    /// ```
    pub(crate) defaults: Option<Box<HostDefaults>>,
    /// # VMs by name
    ///
    /// The VMs that each of these hosts has. `{host}` in a name stands for the minion id up to its first dot.
    ///
    /// With `count`, a VM is several, and `{n}` stands for the number of each. Names have lower-case letters, digits and
    /// `-`. In braces, `vms: { ... }`, a name with `{host}` needs quotes.
    ///
    /// ```yaml
    /// vms:
    ///   ci-{host}-{n}: { image: ubuntu, count: 2 }
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
    /// VMs that an apply deletes from each of these hosts for good, with their disks. Names may have `{host}`.
    ///
    /// The launchd job is unloaded, the VM stopped and deleted with `tart delete`, the plist removed. The names may
    /// stay here: where there is no such VM, nothing happens.
    ///
    /// ```yaml
    /// removed: ["old-{host}"]
    /// ```
    #[serde(default)]
    #[schemars(extend(
        "items" = item("VM name", "Name of a VM to delete.", REMOVED_NAME, REMOVED_NAME_WORDS),
        "examples" = [["old-vm"]],
    ))]
    pub(crate) removed: Vec<String>,
}

/// The schema of minion ids with ranges. An expansion is never longer than what stands for it.
fn minion_ids() -> Value {
    let mut schema = item("minion id", "A Salt minion id, or several as a range.", MINION_IDS, MINION_IDS_WORDS);
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("maxLength".to_owned(), json!(4096));
        schema.insert("examples".to_owned(), json!(["mm[01-20]"]));
    }
    schema
}

/// Minion ids in which a range stands where a letter or digit may.
pub(super) const MINION_IDS: &str = concat!(
    r"^([A-Za-z0-9]|\[[0-9]{1,9}(-[0-9]{1,9}([/:][0-9]{1,9})?)?(,[0-9]{1,9}(-[0-9]{1,9}([/:][0-9]{1,9})?)?)*\])",
    r"((\.?([A-Za-z0-9_-]|\[[0-9]{1,9}(-[0-9]{1,9}([/:][0-9]{1,9})?)?(,[0-9]{1,9}(-[0-9]{1,9}([/:][0-9]{1,9})?)?)*\]))*",
    r"\.?([A-Za-z0-9]|\[[0-9]{1,9}(-[0-9]{1,9}([/:][0-9]{1,9})?)?(,[0-9]{1,9}(-[0-9]{1,9}([/:][0-9]{1,9})?)?)*\]))?$",
);
const MINION_IDS_WORDS: &str = "write a Salt minion id, or a range as in `mm[001-500]`, `mm[1-3,7]` or `mm[001-500/2]`";
