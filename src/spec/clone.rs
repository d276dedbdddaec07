//! How a VM is made.

use schemars::JsonSchema;
use serde::Deserialize;

/// # cloning
///
/// Options of `tart clone`. Each counts by itself: what a VM does not set comes from its profile, then from
/// `defaults.vm`.
///
/// They matter only when the VM is made. One that exists is not cloned again.
///
/// ```yaml
/// { concurrency: 2, timeout: 7200 }
/// ```
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("defaultSnippets" = [{
    "label": "clone",
    "description": "More time for a large image",
    "body": { "timeout": "${1:7200}" },
}]))]
pub(crate) struct CloneOptions {
    /// # layers at once
    ///
    /// How many layers of the image are pulled at once. tart's own default is 4.
    ///
    /// Passed as `tart clone --concurrency`. An image that the host has already is not pulled.
    ///
    /// ```yaml
    /// concurrency: 2
    /// ```
    #[schemars(range(min = 1, max = 64), extend("examples" = [2]))]
    pub(crate) concurrency: Option<u32>,
    /// # most to free
    ///
    /// Most GiB that tart frees in its cache to make room. tart's own default is 100.
    ///
    /// Passed as `tart clone --prune-limit`, which came with tart 2.28.5. Images that were not used for longest go
    /// first; VMs stay.
    ///
    /// ```yaml
    /// prune_limit: 50
    /// ```
    #[schemars(range(min = 0, max = 65535), extend("examples" = [50]))]
    pub(crate) prune_limit: Option<u32>,
    /// # without encryption
    ///
    /// Whether the registry is asked over HTTP, without encryption.
    ///
    /// Passed as `tart clone --insecure`, for a registry of one's own in a trusted network.
    ///
    /// ```yaml
    /// insecure: true
    /// ```
    #[schemars(extend("default" = false))]
    pub(crate) insecure: Option<bool>,
    /// # longest time
    ///
    /// Seconds after which a clone that has not ended, its pull included, is stopped and the apply fails.
    ///
    /// What was pulled until then stays for the next apply. Images with Xcode are large: give them more.
    ///
    /// ```yaml
    /// timeout: 7200
    /// ```
    #[schemars(range(min = 60, max = 604_800), extend("default" = 3600))]
    pub(crate) timeout: Option<u32>,
}
