//! VMs, and profiles for them.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde_json::Value;

use super::{CloneOptions, Daemon, Disk, Memory, Run};

/// # VM
///
/// A tart VM on a host. What is not set here comes from the profile, then from `defaults.vm`.
///
/// An apply clones it from its image, sizes it with `tart set` and runs it with `tart run` under launchd, as the job
/// `com.tart.NAME`.
///
/// ```yaml
/// { image: ubuntu, cpu: 4, memory: 8GiB }
/// ```
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vm {
    /// # image
    ///
    /// What the VM is cloned from: a name in `images`, or an OCI reference with a tag or a digest.
    ///
    /// `tart clone` reads it once. A VM that exists keeps its disk when the image changes: remove the VM first to make
    /// it anew.
    ///
    /// ```yaml
    /// image: ghcr.io/cirruslabs/ubuntu:24.04
    /// ```
    #[schemars(extend("examples" = ["sonoma", "ghcr.io/cirruslabs/ubuntu:24.04"]))]
    pub(crate) image: Option<String>,
    /// # profile
    ///
    /// A name in `profiles`, whose settings count where this VM sets none.
    ///
    /// Profiles are gone once tartgen has run: neither Salt nor tart knows of them.
    ///
    /// ```yaml
    /// profile: ci-mac
    /// ```
    #[schemars(extend("examples" = ["ci-mac"]))]
    pub(crate) profile: Option<String>,
    /// # how many
    ///
    /// Makes so many VMs that are alike. The name must then have `{n}`, which stands for 1, 2 and so on.
    ///
    /// A lower number leaves the VMs with the higher ones on the Mac: list their names under `removed` to delete them.
    ///
    /// ```yaml
    /// count: 3
    /// ```
    #[schemars(range(min = 1, max = 1000), extend("examples" = [2]))]
    pub(crate) count: Option<u32>,
    /// # whether the VM runs
    ///
    /// Whether launchd keeps the VM running. With `false` it is defined but dormant: stopped, its disk kept.
    ///
    /// `true` loads the job `com.tart.NAME`, which starts `tart run` again whenever it ends. `false` unloads the job and
    /// stops the VM; one that does not exist is not cloned.
    ///
    /// ```yaml
    /// enabled: false
    /// ```
    #[schemars(extend("default" = true))]
    pub(crate) enabled: Option<bool>,
    /// # virtual CPUs
    ///
    /// How many CPUs the guest sees.
    ///
    /// Set with `tart set --cpu`. A change stops a running VM and starts it again. A macOS guest cannot have fewer than
    /// its image asks for.
    ///
    /// ```yaml
    /// cpu: 4
    /// ```
    #[schemars(range(min = 1, max = 128), extend("default" = 2))]
    pub(crate) cpu: Option<u32>,
    /// # memory
    ///
    /// Memory in MiB, or with a unit as in `8GiB`.
    ///
    /// Set with `tart set --memory`. A change stops a running VM and starts it again. A macOS guest cannot have less
    /// than its image asks for.
    ///
    /// ```yaml
    /// memory: 8GiB
    /// ```
    #[schemars(extend("default" = 4096))]
    pub(crate) memory: Option<Memory>,
    /// # disk
    ///
    /// Size of the disk in GB of 10^9 bytes, or with the unit as in `60GB`. It only ever grows.
    ///
    /// Set with `tart set --disk-size` while the VM is stopped. A smaller disk than the VM has is refused and the VM
    /// keeps running. The guest may have to grow its own file system.
    ///
    /// ```yaml
    /// disk: 60GB
    /// ```
    #[schemars(extend("default" = 20))]
    pub(crate) disk: Option<Disk>,
    /// # screen
    ///
    /// Size of the screen, in pixels with `px` and in points with `pt`. Without it, the VM keeps that of its image.
    ///
    /// Width and height may be 200 to 16384. Set with `tart set --display`. A change stops a running VM and starts it again. Units came with tart 2.30.0.
    ///
    /// ```yaml
    /// display: 1920x1080px
    /// ```
    #[schemars(
        regex(pattern = DISPLAY),
        extend(
            "patternErrorMessage" = DISPLAY_WORDS,
            "examples" = ["1920x1080", "1920x1080px"]
        )
    )]
    pub(crate) display: Option<String>,
    /// # cloning
    ///
    /// How the VM is made: the options of `tart clone`.
    ///
    /// They matter only when the VM is made. One that exists is not cloned again.
    ///
    /// ```yaml
    /// clone: { concurrency: 2, timeout: 7200 }
    /// ```
    pub(crate) clone: Option<Box<CloneOptions>>,
    /// # flags
    ///
    /// How the VM is started: the flags of `tart run`.
    ///
    /// The keys are tart's flags with `_` for `-`. They stand in the `ProgramArguments` of the launchd job.
    ///
    /// ```yaml
    /// run: { no_audio: true, net_softnet_expose: ["2222:22"] }
    /// ```
    pub(crate) run: Option<Box<Run>>,
    /// # launchd job
    ///
    /// How launchd keeps the VM running.
    ///
    /// The keys are those of the job `com.tart.NAME`, with `_` between words.
    ///
    /// ```yaml
    /// daemon: { throttle_interval: 30, environment: { CI: "1" } }
    /// ```
    pub(crate) daemon: Option<Box<Daemon>>,
}

/// The settings of a VM without `profile` and `count`, as profiles and defaults have them.
pub(crate) struct Profile;

/// What an editor shows for a profile.
const PROFILE_TEXT: &str = "\
VM settings to share.

The keys are those of a VM, without `profile` and `count`. A VM's own settings win over its profile's.

```yaml
{ image: sonoma, cpu: 4, memory: 8GiB, disk: 60 }
```";

impl JsonSchema for Profile {
    fn schema_name() -> Cow<'static, str> {
        "Profile".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Vm::json_schema(generator);
        schema.insert("title".to_owned(), "VM settings".into());
        schema.insert("description".to_owned(), PROFILE_TEXT.into());
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            properties.shift_remove("profile");
            properties.shift_remove("count");
        }
        schema
    }
}

/// 200 to 16384.
macro_rules! side {
    () => {
        "([2-9][0-9]{2}|[1-9][0-9]{3}|1[0-5][0-9]{3}|16[0-2][0-9]{2}|163[0-7][0-9]|1638[0-4])"
    };
}
const DISPLAY: &str = concat!("^", side!(), "x", side!(), "(px|pt)?$");
const DISPLAY_WORDS: &str =
    "write the width, `x` and the height, each from 200 to 16384, as in `1920x1080`, `1920x1080px` or `1280x800pt`";

/// Whether a text that the pattern of screens refuses is the size of a screen all the same, of which `check` says that it
/// is out of range.
pub(super) fn is_only_out_of_range(pattern: &str, text: &str) -> bool {
    let is_side = |side: &str| {
        let is_number = !side.starts_with('0') || side == "0";
        is_number && (1..=LONGEST).contains(&side.len()) && side.bytes().all(|byte| byte.is_ascii_digit())
    };
    let size = text.strip_suffix("px").or_else(|| text.strip_suffix("pt")).unwrap_or(text);
    pattern == DISPLAY && size.split_once('x').is_some_and(|(width, height)| is_side(width) && is_side(height))
}

/// Digits of the longest side that is called out of range.
const LONGEST: usize = 7;
