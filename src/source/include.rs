//! What the patterns under `include` led to on disk.

/// A file that a pattern led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Its path from the root's directory.
    pub(crate) path: String,
    /// Its number among the files of the source, or why it is none of them.
    pub(crate) file: Result<usize, Obstacle>,
}

/// Why a file that a pattern led to was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// It is a directory.
    Directory,
    /// It is neither a file nor a directory: a pipe may never end.
    Special,
    /// It lies outside the root's directory, to which a symbolic link leads.
    Outside,
    /// It is the file with this number, by which this file was included.
    Cycle(usize),
    /// It is the file with this number, which was included before.
    Twice(usize),
    /// There are too many files already.
    TooMany,
    /// Its name is not UTF-8.
    Name,
    /// The system says why.
    Unreadable(String),
}
