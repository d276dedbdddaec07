//! Disks of a VM: more of them, and how its own is attached.

use schemars::JsonSchema;
use serde::Deserialize;

/// # disk
///
/// A disk besides the VM's own.
///
/// tart reads where it is and its options from one text, `PATH:ro,sync=none`.
///
/// ```yaml
/// { path: /Users/dk/tools.img, ro: true }
/// ```
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunDisk {
    /// # where the disk is
    ///
    /// An image file, a block device, an `nbd://` address, or the OCI reference of an image in tart's cache.
    ///
    /// `~` is the home of `run_user`. An OCI image must have been pulled on the host. tart reads `:` and `,` as its
    /// own.
    ///
    /// ```yaml
    /// path: /Users/dk/tools.img
    /// ```
    #[schemars(
        required,
        regex(pattern = r"^(~?/|nbds?(\+unix)?://|[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]+)?/).+$"),
        extend(
            "patternErrorMessage" = "write an absolute path, as in `/Users/dk/tools.img`, or one that begins with `~/`",
            "examples" = ["/Users/dk/tools.img"]
        )
    )]
    pub(crate) path: Option<String>,
    /// # read only
    ///
    /// Whether the guest can only read it.
    ///
    /// tart adds `ro` to the path.
    ///
    /// ```yaml
    /// ro: true
    /// ```
    #[schemars(extend("examples" = [true]))]
    pub(crate) ro: Option<bool>,
    /// # when writes reach the disk
    ///
    /// When writes reach the host's disk.
    ///
    /// tart uses `full` unless told otherwise.
    ///
    /// ```yaml
    /// sync: full
    /// ```
    pub(crate) sync: Option<SyncMode>,
    /// # caching
    ///
    /// Whether the host caches what is read and written.
    ///
    /// tart uses `cached` for Linux guests and `automatic` for macOS unless told otherwise.
    ///
    /// ```yaml
    /// caching: cached
    /// ```
    pub(crate) caching: Option<Caching>,
}

/// # options of the disk
///
/// How tart attaches the VM's own disk.
///
/// The guest can always write to it.
///
/// ```yaml
/// { sync: none, caching: cached }
/// ```
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RootDisk {
    /// # when writes reach the disk
    ///
    /// When writes reach the host's disk.
    ///
    /// tart uses `full` unless told otherwise.
    ///
    /// ```yaml
    /// sync: full
    /// ```
    pub(crate) sync: Option<SyncMode>,
    /// # caching
    ///
    /// Whether the host caches what is read and written.
    ///
    /// tart uses `cached` for Linux guests and `automatic` for macOS unless told otherwise.
    ///
    /// ```yaml
    /// caching: cached
    /// ```
    pub(crate) caching: Option<Caching>,
}

/// # when writes reach the disk
///
/// When writes reach the host's disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SyncMode {
    /// Whenever macOS likes: fastest, and a power cut loses data.
    None,
    /// When the guest asks, up to the drive's own cache.
    Fsync,
    /// When the guest asks, down to the medium.
    Full,
}

/// # caching
///
/// Whether the host caches a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Caching {
    /// As macOS decides.
    Automatic,
    /// Always. What tart does for Linux guests, whose disks were damaged otherwise.
    Cached,
    /// Never.
    Uncached,
}
