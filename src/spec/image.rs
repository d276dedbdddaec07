//! Named images.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Disk, Memory};

/// An OCI image that VMs are cloned from.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Image {
    /// OCI reference with a tag or a digest. A digest names the same image for ever, `latest` does not.
    #[serde(rename = "ref")]
    #[schemars(required, extend("examples" = ["ghcr.io/cirruslabs/macos-sonoma-base:latest"]))]
    pub(crate) reference: Option<String>,
    /// The operating system inside. A Mac runs at most two macOS guests at once.
    #[schemars(required)]
    pub(crate) os: Option<GuestOs>,
    /// Size of the image's disk. No VM of this image can have a smaller one.
    pub(crate) disk: Option<Disk>,
    /// Fewest CPUs that a VM of this image can have.
    #[schemars(range(min = 1, max = 128))]
    pub(crate) min_cpu: Option<u32>,
    /// Least memory that a VM of this image can have.
    pub(crate) min_memory: Option<Memory>,
}

/// The operating system inside a VM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum GuestOs {
    /// macOS, of which a Mac runs at most two at once.
    Macos,
    /// Linux, of which a Mac runs as many as fit.
    Linux,
}
