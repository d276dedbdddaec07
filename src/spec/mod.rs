//! The spec as types: what `tartgen.yaml` may say.
//!
//! The comments on fields are what an editor shows beside them, because the JSON Schema is made from these types: the
//! heading is the title, the first paragraph the description, and all of it, with an example as YAML, what editors show
//! that render Markdown. The schema is what a spec is checked against; here nearly everything is optional, so that a
//! spec with mistakes can be read without them and checked further. A `pattern` is explained to the user in the words of
//! its `patternErrorMessage`, unless it [`is_explained_by_check`].

mod clone;
mod daemon;
mod group;
mod host;
mod image;
mod lints;
mod pillar;
mod rollout;
mod run;
mod size;
mod tart;
mod vm;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::map::Map;

pub(crate) use clone::CloneOptions;
pub(crate) use daemon::Daemon;
pub(crate) use group::Group;
use group::MINION_IDS;
pub(crate) use host::{Defaults, Hardware, Host, HostDefaults};
pub(crate) use image::{GuestOs, Image};
pub(crate) use lints::LintLevel;
use lints::{Lints, LintsSchema};
pub(crate) use pillar::{Layout, Pillar};
pub(crate) use rollout::{Batch, Rollout, Wave};
pub(crate) use run::{Caching, Provisioning, RootDisk, Run, RunDisk, Share, SyncMode};
pub(crate) use size::{Disk, Memory};
pub(crate) use tart::{Outdated, Tart};
pub(crate) use vm::{Profile, Vm};

/// # tartgen fleet spec
///
/// The Macs of a fleet and the tart VMs on them. `tartgen build` compiles this file into a Salt tree.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{
    "version": 1,
    "hosts": { "mm1": { "run_user": "dk", "vms": { "ci-1": { "image": "ghcr.io/cirruslabs/ubuntu:24.04" } } } },
}]))]
pub(crate) struct Fleet {
    /// # format version
    ///
    /// Version of the spec's format. Always `1`.
    ///
    /// ```yaml
    /// version: 1
    /// ```
    #[schemars(required, extend("const" = 1))]
    #[expect(dead_code, reason = "the schema allows one value")]
    pub(crate) version: Option<u32>,
    /// # tart installation
    ///
    /// Where the hosts get tart from. Leave it out to install the current release with Homebrew.
    ///
    /// ```yaml
    /// tart: { minimum_version: 2.30.0, outdated: refuse }
    /// ```
    pub(crate) tart: Option<Tart>,
    /// # levels of warnings
    ///
    /// What is done about warnings: `allow`, `warn` or `deny`, by their codes. The command line goes before it.
    ///
    /// ```yaml
    /// lints: { moving-tag: deny }
    /// ```
    #[serde(default)]
    #[schemars(with = "LintsSchema")]
    pub(crate) lints: Lints,
    /// # pillar
    ///
    /// How the Salt master gets at the pillar of a host. For fleets of thousands of hosts.
    ///
    /// ```yaml
    /// pillar: { layout: beside }
    /// ```
    pub(crate) pillar: Option<Pillar>,
    /// # rollout in waves
    ///
    /// In which order the hosts are brought up to date, and when that stops. `{}` takes the first host and then all
    /// others.
    ///
    /// With it, the tree has `tart/rollout.sls`, for `salt-run state.orchestrate tart.rollout` on the master.
    ///
    /// ```yaml
    /// rollout:
    ///   waves: [{ name: canary, hosts: [mm1] }]
    ///   batch: 25%
    /// ```
    pub(crate) rollout: Option<Rollout>,
    /// # images by name
    ///
    /// Names for OCI images, for use as the `image` of a VM.
    ///
    /// `tart clone` pulls them. A VM may also give a reference directly, but only a named image can say which system is
    /// inside and how much it needs at least.
    ///
    /// ```yaml
    /// images:
    ///   ubuntu: { ref: "ghcr.io/cirruslabs/ubuntu:24.04", os: linux, disk: 20 }
    /// ```
    #[serde(default)]
    #[schemars(extend(
        "propertyNames" = names("image name", NAME, NAME_WORDS),
        "defaultSnippets" = [{
            "label": "image",
            "description": "A name for an OCI image",
            "body": { "${1:ubuntu}": { "ref": "${2:ghcr.io/cirruslabs/ubuntu:24.04}", "os": "${3|linux,macos|}" } },
        }],
    ))]
    pub(crate) images: Map<Image>,
    /// # defaults
    ///
    /// Settings for all hosts and VMs that do not say otherwise.
    ///
    /// ```yaml
    /// defaults: { run_user: dk, vm: { cpu: 2, memory: 4096 } }
    /// ```
    pub(crate) defaults: Option<Defaults>,
    /// # profiles by name
    ///
    /// Named VM settings. A VM that names a profile takes from it what it does not set itself.
    ///
    /// ```yaml
    /// profiles:
    ///   ci-mac: { image: sonoma, cpu: 4, memory: 8GiB, disk: 60 }
    /// ```
    #[serde(default)]
    #[schemars(with = "Map<Profile>", extend(
        "propertyNames" = names("profile name", NAME, NAME_WORDS),
        "defaultSnippets" = [{
            "label": "profile",
            "description": "VM settings under a name",
            "body": { "${1:small}": { "cpu": "${2:4}", "memory": "${3:8GiB}" } },
        }],
    ))]
    pub(crate) profiles: Map<Vm>,
    /// # hosts by Salt minion id
    ///
    /// The Macs, each under its Salt minion id.
    ///
    /// Salt gives each minion its own pillar, made from what stands here. Dots are allowed: Salt names a minion by its
    /// full domain name unless told otherwise.
    ///
    /// ```yaml
    /// hosts:
    ///   mm1: { run_user: dk, vms: { linux-1: { image: ubuntu } } }
    /// ```
    #[schemars(extend(
        "propertyNames" = minion_ids(),
        "defaultSnippets" = [{
            "label": "host",
            "description": "A Mac with one VM",
            "body": { "${1:mm1}": {
                "run_user": "${2:dk}",
                "vms": { "${3:ubuntu}": { "image": "${4:ghcr.io/cirruslabs/ubuntu:24.04}" } },
            } },
        }],
    ))]
    #[serde(default)]
    pub(crate) hosts: Map<Host>,
    /// # groups by name
    ///
    /// Hosts that are alike, under a name that only people see.
    ///
    /// Each of the hosts gets a pillar of its own, as if it stood under `hosts`. What is wrong with a group is reported
    /// once.
    ///
    /// ```yaml
    /// groups:
    ///   lab: { hosts: ["mm[010-499]"], vms: { "ci-{host}": { image: ubuntu } } }
    /// ```
    #[serde(default)]
    #[schemars(extend(
        "propertyNames" = names("group name", NAME, NAME_WORDS),
        "defaultSnippets" = [{
            "label": "group",
            "description": "Macs that are alike, with one VM each",
            "body": { "${1:lab}": {
                "hosts": ["${2:mm[01-20]}"],
                "run_user": "${3:dk}",
                "vms": { "${4:ubuntu}": { "image": "${5:ghcr.io/cirruslabs/ubuntu:24.04}" } },
            } },
        }],
    ))]
    pub(crate) groups: Map<Group>,
    /// # included files
    ///
    /// Files with more `images`, `profiles`, `hosts` and `groups`, named from the directory of this file. `*`, `?`, `[a-z]`
    /// and `**` match names as in a shell.
    ///
    /// A name that is defined twice is an error, and so is a pattern that matches no file. All files lie below the
    /// directory of the spec.
    ///
    /// ```yaml
    /// include: ["sites/*.yaml"]
    /// ```
    #[serde(default)]
    #[schemars(extend(
        "items" = {
            "type": "string",
            "title": "path or pattern",
            "description": "Path of a file, or a pattern for paths, from the directory of this file.",
        },
        "examples" = [["sites/*.yaml"]],
    ))]
    #[expect(dead_code, reason = "files are read before the types")]
    pub(crate) include: Vec<String>,
}

impl Fleet {
    /// The VM settings for all hosts.
    pub(crate) fn default_vm(&self) -> Option<&Vm> {
        self.defaults.as_ref().and_then(|defaults| defaults.vm.as_ref())
    }
}

/// The schema of the names in a mapping. An editor offers the snippets of the mapping instead of an empty name.
fn names(title: &str, pattern: &str, words: &str) -> Value {
    json!({ "title": title, "pattern": pattern, "patternErrorMessage": words, "doNotSuggest": true })
}

/// The schema of the texts in a list.
fn item(title: &str, description: &str, pattern: &str, words: &str) -> Value {
    json!({
        "type": "string",
        "title": title,
        "description": description,
        "pattern": pattern,
        "patternErrorMessage": words,
    })
}

/// The schema of minion ids. `check` knows more: the length counts capitals twice.
fn minion_ids() -> Value {
    let mut schema = names("Salt minion id", MINION_ID, MINION_ID_WORDS);
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("maxLength".to_owned(), 246.into());
    }
    schema
}

/// Whether `check` says more than the schema can about a text that does not match a pattern.
pub(crate) fn is_explained_by_check(pattern: &str, text: &str) -> bool {
    [NAME, MINION_ID, MINION_IDS, VM_NAME, REMOVED_NAME, ACCOUNT].contains(&pattern)
        || size::is_only_out_of_range(pattern, text)
        || run::is_only_out_of_range(pattern, text)
        || vm::is_only_out_of_range(pattern, text)
        || daemon::is_misplaced_log(pattern, text)
}

/// Names of images and profiles.
const NAME: &str = "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$";
const NAME_WORDS: &str = "use letters, digits, `.`, `_` and `-`, beginning with a letter or digit";

/// Salt's names for hosts.
const MINION_ID: &str = r"^[A-Za-z0-9]((\.?[A-Za-z0-9_-])*\.?[A-Za-z0-9])?$";
const MINION_ID_WORDS: &str = "write the Salt minion id: letters, digits, `.`, `_` and `-`, with a letter or digit at \
                               both ends and no two dots in a row";

/// Names of VMs: plain ones, and those with placeholders, of which `check` knows how long they become. A pattern that
/// looks ahead would be shorter, but is matched by backtracking, which takes longer on each of forty thousand names.
const VM_NAME: &str = r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?|([a-z0-9][a-z0-9-]{0,62})?(\{host\}|\{n\})(([a-z0-9-]|\{host\}|\{n\})*([a-z0-9]|\{host\}|\{n\}))?)$";
const VM_NAME_WORDS: &str = "use lower-case letters, digits and `-`, at most 63, with a letter or digit at both ends; `{host}` \
                             and `{n}` may stand for a part";

/// Names of VMs to remove.
const REMOVED_NAME: &str = r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?|([a-z0-9][a-z0-9-]{0,62})?\{host\}(([a-z0-9-]|\{host\})*([a-z0-9]|\{host\}))?)$";
const REMOVED_NAME_WORDS: &str = "use lower-case letters, digits and `-`, at most 63, with a letter or digit at both \
                                  ends; `{host}` may stand for a part";

/// Short names of macOS accounts.
const ACCOUNT: &str = "^[a-z][a-z0-9._-]{0,30}$";
const ACCOUNT_WORDS: &str = "write the short name of a macOS account, as in `dk`: lower-case letters, digits, `.`, `_` \
                             and `-`, at most 31, beginning with a letter";
