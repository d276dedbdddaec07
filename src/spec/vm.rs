//! VMs, and profiles for them.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde_json::Value;

use super::{CloneOptions, Daemon, Disk, Memory, Run};

/// A VM on a host. What is not set here comes from the profile, then from `defaults.vm`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vm {
    /// What the VM is cloned from: a name in `images`, or an OCI reference with a tag or a digest.
    #[schemars(extend("examples" = ["sonoma", "ghcr.io/cirruslabs/macos-sonoma-base:latest"]))]
    pub(crate) image: Option<String>,
    /// A name in `profiles`, whose settings count where this VM sets none.
    #[schemars(extend("examples" = ["ci-mac"]))]
    pub(crate) profile: Option<String>,
    /// Whether launchd keeps the VM running. With `false` it is defined but dormant: stopped, its disk kept.
    #[schemars(extend("default" = true))]
    pub(crate) enabled: Option<bool>,
    /// Virtual CPUs.
    #[schemars(range(min = 1, max = 128), extend("default" = 2))]
    pub(crate) cpu: Option<u32>,
    /// Memory in MiB, or with a unit as in `8GiB`.
    #[schemars(extend("default" = 4096))]
    pub(crate) memory: Option<Memory>,
    /// Size of the disk in GB of 10^9 bytes, or with the unit as in `60GB`. It only ever grows.
    #[schemars(extend("default" = 20))]
    pub(crate) disk: Option<Disk>,
    /// Size of the screen, in pixels with `px` and in points with `pt`. Without it, the VM keeps that of its image.
    #[schemars(
        regex(pattern = "^[1-9][0-9]{0,4}x[1-9][0-9]{0,4}(px|pt)?$"),
        extend(
            "patternErrorMessage" = "write the width, `x` and the height, as in `1920x1080`, `1920x1080px` or `1280x800pt`",
            "examples" = ["1920x1080", "1920x1080px"]
        )
    )]
    pub(crate) display: Option<String>,
    /// How the VM is made: the options of `tart clone`.
    pub(crate) clone: Option<CloneOptions>,
    /// How the VM is started: the flags of `tart run`.
    pub(crate) run: Option<Run>,
    /// How launchd keeps the VM running.
    pub(crate) daemon: Option<Daemon>,
}

/// The settings of a VM without `profile`, as profiles and defaults have them.
pub(crate) struct Profile;

impl JsonSchema for Profile {
    fn schema_name() -> Cow<'static, str> {
        "Profile".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Vm::json_schema(generator);
        schema.insert("description".to_owned(), "VM settings to share.".into());
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            properties.shift_remove("profile");
        }
        schema
    }
}
