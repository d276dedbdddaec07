//! Named images.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Disk, Memory};

/// # image
///
/// An OCI image that VMs are cloned from.
///
/// ```yaml
/// { ref: "ghcr.io/cirruslabs/ubuntu:24.04", os: linux, disk: 20 }
/// ```
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Image {
    /// # OCI reference
    ///
    /// OCI reference with a tag or a digest. A digest names the same image for ever, `latest` does not.
    ///
    /// `tart clone` pulls it once and then uses its cache: a tag that has moved since is not noticed.
    ///
    /// ```yaml
    /// ref: ghcr.io/cirruslabs/ubuntu:24.04
    /// ```
    #[serde(rename = "ref")]
    #[schemars(required, extend("examples" = ["ghcr.io/cirruslabs/ubuntu:24.04"]))]
    pub(crate) reference: Option<String>,
    /// # guest system
    ///
    /// The operating system inside. A Mac runs at most two macOS guests at once.
    ///
    /// ```yaml
    /// os: macos
    /// ```
    #[schemars(required)]
    pub(crate) os: Option<GuestOs>,
    /// # disk
    ///
    /// Size of the image's disk in GB of 10^9 bytes, or with the unit as in `50GB`. No VM of this image can have a
    /// smaller one.
    ///
    /// `tart set` refuses to make a disk smaller.
    ///
    /// ```yaml
    /// disk: 50GB
    /// ```
    pub(crate) disk: Option<Disk>,
    /// # fewest CPUs
    ///
    /// Fewest CPUs that a VM of this image can have.
    ///
    /// A macOS image carries this number, and `tart set --cpu` refuses less.
    ///
    /// ```yaml
    /// min_cpu: 4
    /// ```
    #[schemars(range(min = 1, max = 128), extend("examples" = [4]))]
    pub(crate) min_cpu: Option<u32>,
    /// # least memory
    ///
    /// Least memory that a VM of this image can have, in MiB, or with a unit as in `4GiB`.
    ///
    /// A macOS image carries this number, and `tart set --memory` refuses less.
    ///
    /// ```yaml
    /// min_memory: 4GiB
    /// ```
    pub(crate) min_memory: Option<Memory>,
}

/// # guest system
///
/// The operating system inside a VM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum GuestOs {
    /// macOS, of which a Mac runs at most two at once.
    Macos,
    /// Linux, of which a Mac runs as many as fit.
    Linux,
}
