//! Directories of the host that a guest sees.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{TAG, TAG_WORDS};

/// # directory
///
/// A directory of the host that the guest sees.
///
/// tart reads its name, where it is and its options from one text, `NAME:PATH:ro,tag=TAG`.
///
/// ```yaml
/// { name: src, path: /Users/dk/src, ro: true }
/// ```
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Share {
    /// # name in the guest
    ///
    /// Name of the directory inside the guest. Where several share a tag, each needs one.
    ///
    /// It goes before the path: `NAME:PATH`.
    ///
    /// ```yaml
    /// name: sources
    /// ```
    #[schemars(
        length(max = 255),
        regex(pattern = r"^(\.*[^/:,.][^/:,]*|\.{3,})$"),
        extend(
            "patternErrorMessage" = "write a name of at most 255 characters without `/`, `:` and `,`, and other than `.` and `..`",
            "examples" = ["sources"]
        )
    )]
    pub(crate) name: Option<String>,
    /// # where the directory is
    ///
    /// The directory, or the address of an archive to unpack, as in `https://example.org/tools.tar.gz`.
    ///
    /// `~` is the home of `run_user`. tart reads `:` and `,` as its own.
    ///
    /// ```yaml
    /// path: /Users/dk/src
    /// ```
    #[schemars(
        required,
        regex(pattern = "^(~?/|https?://).*$"),
        extend(
            "patternErrorMessage" = "write an absolute path, as in `/Users/dk/src`, or one that begins with `~/`",
            "examples" = ["/Users/dk/src"]
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
    /// # tag
    ///
    /// Tag under which the guest mounts it. Without one, macOS guests mount it by themselves.
    ///
    /// In a Linux guest: `mount -t virtiofs TAG /mnt`.
    ///
    /// ```yaml
    /// tag: src
    /// ```
    #[schemars(
        regex(pattern = TAG),
        extend("patternErrorMessage" = TAG_WORDS, "examples" = ["src"])
    )]
    pub(crate) tag: Option<String>,
}
