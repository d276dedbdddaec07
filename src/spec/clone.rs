//! How a VM is made.

use schemars::JsonSchema;
use serde::Deserialize;

/// Options of `tart clone`. Each counts by itself: what a VM does not set comes from its profile, then from
/// `defaults.vm`. They matter only when the VM is made.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CloneOptions {
    /// How many layers of the image are pulled at once. tart's own default is 4.
    #[schemars(range(min = 1, max = 64))]
    pub(crate) concurrency: Option<u32>,
    /// Most GiB that tart frees in its cache to make room. tart's own default is 100.
    #[schemars(range(min = 0, max = 65535))]
    pub(crate) prune_limit: Option<u32>,
    /// Whether the registry is asked over HTTP, without encryption.
    #[schemars(extend("default" = false))]
    pub(crate) insecure: Option<bool>,
    /// Seconds after which a pull that has not ended is stopped and the apply fails.
    #[schemars(range(min = 60, max = 604_800), extend("default" = 3600))]
    pub(crate) timeout: Option<u32>,
}
