//! Why a tree or a file cannot be written, in words that say what to do.

use std::{fmt, io};

/// A tree was not written, or not completely. Each file is either as it was or as it should be.
#[derive(Debug)]
pub(crate) enum WriteError {
    /// The tree does not say what the plan says: a bug of tartgen. Nothing was written.
    Unproven(String),
    /// Files that tartgen did not write stand where it would write. Nothing was written.
    Foreign(Vec<String>),
    /// Files that tartgen wrote were changed by hand. Nothing was written.
    HandEdited(Vec<String>),
    /// Files of hosts that another spec describes would be deleted. Nothing was written.
    OtherSpec {
        /// The spec that was built into the directory before.
        other: String,
        /// The spec that is built now.
        spec: String,
        /// The files.
        paths: Vec<String>,
    },
    /// A symbolic link stands below the output directory. Nothing was written.
    Link(String),
    /// A folder stands where a file belongs, or the other way round. Nothing was written.
    WrongKind {
        /// What is in the way.
        path: String,
        /// Whether a folder belongs there.
        folder_wanted: bool,
    },
    /// Somebody wrote to a file between the look at it and its replacement. It was left as it is.
    Meanwhile(String),
    /// Another build holds the output directory.
    Busy(String),
    /// A picture would be written over its spec. Nothing was written.
    Spec(String),
    /// A picture would be written over a file that is none. Nothing was written.
    NoPicture(String),
    /// The system refused to write a single file.
    File {
        /// Where.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// The system refused.
    Io {
        /// What was attempted, such as `write`.
        action: &'static str,
        /// Where.
        path: String,
        /// What the system said.
        source: io::Error,
    },
}

impl WriteError {
    /// For `map_err`: the system refused to do `action` at `path`.
    pub(crate) fn io(action: &'static str, path: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }

    /// For `map_err`: the system refused to write a single file at `path`.
    pub(crate) fn file(path: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign(paths) => write!(
                f,
                "{} not written by tartgen and would be overwritten: {}; nothing was written. Move {} away, or choose \
                 another directory with `--out`",
                plural(paths, "this file was", "these files were"),
                list(paths),
                plural(paths, "it", "them")
            ),
            Self::HandEdited(paths) => write!(
                f,
                "{} changed by hand, or by a merge in git, since tartgen wrote {}: {}; nothing was written. Put what is \
                 worth keeping into the spec, then build with `--force`, which discards the changes; `--diff` shows them",
                plural(paths, "this file was", "these files were"),
                plural(paths, "it", "them"),
                list(paths)
            ),
            Self::OtherSpec { other, spec, paths } => write!(
                f,
                "{} generated from `{other}`, and would be deleted because `{spec}` has no such {}: {}; nothing was \
                 written. Build each spec into a directory of its own with `--out`; if `{spec}` takes the place of \
                 `{other}`, delete {} here first",
                plural(paths, "this file was", "these files were"),
                plural(paths, "host", "hosts"),
                list(paths),
                plural(paths, "this file", "these files")
            ),
            Self::Link(path) => write!(
                f,
                "`{path}` is a symbolic link, and tartgen follows none below the output directory; nothing was \
                 written. Replace it by what it points to, or choose another directory with `--out`"
            ),
            Self::WrongKind { path, folder_wanted: true } => write!(
                f,
                "`{path}` is not a directory, but files must be written below it. Move it away, or choose another \
                 directory with `--out`"
            ),
            Self::WrongKind { path, folder_wanted: false } => write!(
                f,
                "`{path}` is not a regular file, but a file must be written there; nothing was written. Move it away, \
                 or choose another directory with `--out`"
            ),
            Self::Meanwhile(path) => write!(
                f,
                "`{path}` was changed by somebody else during the build and was left as it is. Look at it, and build \
                 again"
            ),
            Self::Unproven(bug) => {
                write!(f, "tartgen has a bug: {bug}. Nothing was written. Please report this with the spec")
            }
            Self::Busy(path) => write!(
                f,
                "another `tartgen build` is writing to `{path}` and did not finish in time. Wait for it to end and \
                 build again"
            ),
            Self::Spec(path) => write!(
                f,
                "`{path}` is the spec itself and would be overwritten; nothing was written. Name another file with \
                 `--out`"
            ),
            Self::NoPicture(path) => write!(
                f,
                "`{path}` was not written by `tartgen graph` and would be overwritten; nothing was written. Name \
                 another file with `--out`, or move this one away"
            ),
            Self::File { path, source } => {
                write!(f, "cannot write `{path}`: {}{}", reason(source), advice_for_file(source))
            }
            Self::Io { action, path, source } => {
                write!(f, "cannot {action} `{path}`: {}{}", reason(source), advice(action, source))
            }
        }
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } | Self::File { source, .. } => Some(source),
            Self::Foreign(_)
            | Self::HandEdited(_)
            | Self::OtherSpec { .. }
            | Self::Link(_)
            | Self::WrongKind { .. }
            | Self::Meanwhile(_)
            | Self::Unproven(_)
            | Self::Busy(_)
            | Self::Spec(_)
            | Self::NoPicture(_) => None,
        }
    }
}

/// The system's words without its number, which means nothing to most people.
fn reason(source: &io::Error) -> String {
    let mut text = source.to_string();
    if let Some(at) = text.find(" (os error") {
        text.truncate(at);
    }
    text.to_lowercase()
}

#[expect(clippy::wildcard_enum_match_arm, reason = "most errors of a system need no advice")]
fn advice(action: &str, source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            ". Free some space and build again; every file there is still whole"
        }
        io::ErrorKind::PermissionDenied if ["read", "open", "list", "open the output directory"].contains(&action) => {
            ". Give yourself read access to it, or choose another directory with `--out`"
        }
        io::ErrorKind::PermissionDenied => {
            ". Give yourself write access to the directory, or choose another one with `--out`"
        }
        io::ErrorKind::ReadOnlyFilesystem => ". Choose a directory on a writable file system with `--out`",
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            ". A file is in the way: move it, or choose another directory with `--out`"
        }
        _ => "",
    }
}

/// What to do about a single file, which unlike a tree is written in one go and is not whole if that fails.
#[expect(clippy::wildcard_enum_match_arm, reason = "most errors of a system need no advice")]
fn advice_for_file(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            ". The file is not complete: free some space and run the command again, or choose another place"
        }
        io::ErrorKind::PermissionDenied => ". Give yourself write access, or choose another place",
        io::ErrorKind::ReadOnlyFilesystem => ". Choose a place on a writable file system",
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            ". A file stands where a folder is needed: move it, or choose another place"
        }
        io::ErrorKind::IsADirectory => ". Name a file inside it",
        _ => "",
    }
}

fn plural(paths: &[String], one: &'static str, many: &'static str) -> &'static str {
    if paths.len() == 1 { one } else { many }
}

fn list(paths: &[String]) -> String {
    let quoted: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
    quoted.join(", ")
}
