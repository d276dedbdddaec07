//! How the Salt master gets at the pillar.

use schemars::JsonSchema;
use serde::Deserialize;

/// # pillar
///
/// How the Salt master gets at the pillar of a host.
///
/// ```yaml
/// { layout: beside }
/// ```
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("defaultSnippets" = [{
    "label": "pillar",
    "description": "For a fleet of thousands of hosts",
    "body": { "layout": "${1|beside,inside|}" },
}]))]
pub(crate) struct Pillar {
    /// # where the hosts' files stand
    ///
    /// Where the files of the hosts stand: `inside` the folder that Salt serves as pillar, or `beside` it.
    ///
    /// Salt lists every file of its pillar folders for each pillar that it makes, so with `inside` a fleet of 10,000
    /// hosts costs the master several times as much for each of them as a small one. With `beside`, each costs the same
    /// whatever the size of the fleet, but `salt/hosts` must always be copied with `salt/pillar`.
    ///
    /// ```yaml
    /// layout: beside
    /// ```
    #[schemars(extend("default" = "inside"))]
    pub(crate) layout: Option<Layout>,
}

/// # where the hosts' files stand
///
/// Where the files of the hosts stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Layout {
    /// In `salt/pillar/tart/hosts`, inside what Salt serves as pillar.
    Inside,
    /// In `salt/hosts`, beside what Salt serves as pillar.
    Beside,
}
