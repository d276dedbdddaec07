//! The spec as types: what `tartgen.yaml` may say.
//!
//! The comments on fields are what an editor shows beside them, because the JSON Schema is made from these types. The
//! schema is what a spec is checked against; here nearly everything is optional, so that a spec with mistakes can be
//! read without them and checked further. A `pattern` with a `patternErrorMessage` is explained to the user in those
//! words; a pattern without one only helps the editor, and `check` says more about it.

mod clone;
mod daemon;
mod host;
mod image;
mod run;
mod size;
mod tart;
mod vm;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) use clone::CloneOptions;
pub(crate) use daemon::Daemon;
pub(crate) use host::{Defaults, Hardware, Host};
pub(crate) use image::{GuestOs, Image};
pub(crate) use run::{Caching, Provisioning, RootDisk, Run, RunDisk, Share, SyncMode};
pub(crate) use size::{Disk, Memory};
pub(crate) use tart::{Outdated, Tart};
pub(crate) use vm::{Profile, Vm};

/// The Macs of a fleet and the tart VMs on them. `tartgen build` compiles this file into a Salt tree.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "tartgen fleet spec", extend("examples" = [{
    "version": 1,
    "hosts": { "mm1": { "run_user": "dk", "vms": { "ci-1": { "image": "ghcr.io/cirruslabs/ubuntu:24.04" } } } },
}]))]
pub(crate) struct Fleet {
    /// Version of the spec's format. Always `1`.
    #[schemars(required, extend("const" = 1))]
    #[expect(dead_code, reason = "the schema allows one value")]
    pub(crate) version: Option<u32>,
    /// Where the hosts get tart from. Leave it out to install the current release with Homebrew.
    pub(crate) tart: Option<Tart>,
    /// Names for OCI images, for use as the `image` of a VM.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "pattern": NAME }))]
    pub(crate) images: IndexMap<String, Image>,
    /// Settings for all hosts and VMs that do not say otherwise.
    pub(crate) defaults: Option<Defaults>,
    /// Named VM settings. A VM that names a profile takes from it what it does not set itself.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, Profile>", extend("propertyNames" = { "pattern": NAME }))]
    pub(crate) profiles: IndexMap<String, Vm>,
    /// The Macs, each under its Salt minion id.
    #[schemars(required, extend("minProperties" = 1, "propertyNames" = { "pattern": MINION_ID }))]
    pub(crate) hosts: Option<IndexMap<String, Host>>,
}

impl Fleet {
    /// The hosts by their minion ids.
    pub(crate) fn hosts(&self) -> impl Iterator<Item = (&str, &Host)> {
        self.hosts.iter().flatten().map(|(minion_id, host)| (minion_id.as_str(), host))
    }

    /// The VM settings for all hosts.
    pub(crate) fn default_vm(&self) -> Option<&Vm> {
        self.defaults.as_ref().and_then(|defaults| defaults.vm.as_ref())
    }
}

/// Names of images and profiles.
const NAME: &str = "^[A-Za-z0-9][A-Za-z0-9._-]*$";

/// Salt's names for hosts.
const MINION_ID: &str = "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$";

/// Names of VMs.
const VM_NAME: &str = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$";

/// Short names of macOS accounts.
const ACCOUNT: &str = "^[a-z][a-z0-9._-]{0,30}$";
