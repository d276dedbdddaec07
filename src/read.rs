//! Disk to [`Source`], and to the tree that a fleet is compared with.

mod git;
mod tree;

mod includes;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use camino::Utf8Path;

pub use self::tree::{Against, FoundTree, read_tree};
use crate::source::{SIZE_LIMIT, Source, printable};

/// Name under which diagnostics show standard input.
const STDIN: &str = "stdin";

/// A spec or a tree that could not be read.
#[derive(Debug)]
pub struct ReadError {
    message: String,
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for ReadError {}

/// Reads the spec at a path, and all files that it includes.
///
/// No more is read than [`SIZE_LIMIT`] allows, so that a huge file, or one without an end, is refused at once.
///
/// # Errors
///
/// Says in a full sentence that there is no such file, that it is a directory, or that it cannot be read.
pub fn read(path: &Utf8Path) -> Result<Source, ReadError> {
    let fail = |error: &io::Error| ReadError { message: describe(path, error) };
    let file = File::open(path).map_err(|error| fail(&error))?;
    let metadata = file.metadata().map_err(|error| fail(&error))?;
    if metadata.is_dir() {
        let path = printable(path.as_str());
        return Err(ReadError { message: format!("cannot read `{path}`: it is a directory; name the spec inside it") });
    }
    let size = usize::try_from(metadata.len()).unwrap_or(SIZE_LIMIT).min(SIZE_LIMIT);
    let mut source = read_from(path.as_str(), file, size).map_err(|error| fail(&error))?;
    let directory = path.parent().filter(|parent| !parent.as_str().is_empty()).unwrap_or_else(|| Utf8Path::new("."));
    includes::follow(&mut source, directory.as_std_path(), Some(path.as_std_path()));
    Ok(source)
}

/// Reads a spec from standard input. What it includes is looked for in the current directory.
///
/// # Errors
///
/// Says in a full sentence why standard input cannot be read.
pub fn read_stdin() -> Result<Source, ReadError> {
    let mut source = read_from(STDIN, io::stdin().lock(), 0)
        .map_err(|error| ReadError { message: format!("cannot read standard input: {error}") })?;
    includes::follow(&mut source, Path::new("."), None);
    Ok(source)
}

/// Reads to the end, of which `size` bytes are expected.
fn read_from(name: &str, reader: impl Read, size: usize) -> io::Result<Source> {
    // The room for one byte more tells the end.
    let mut bytes = Vec::with_capacity(size + 1);
    let one_too_many = u64::try_from(SIZE_LIMIT).unwrap_or(u64::MAX).saturating_add(1);
    reader.take(one_too_many).read_to_end(&mut bytes)?;
    Ok(Source::new(name, bytes))
}

fn describe(path: &Utf8Path, error: &io::Error) -> String {
    let path = printable(path.as_str());
    if error.kind() == io::ErrorKind::NotFound {
        // Any command may have been run, and for a spec as well as for a pillar.
        format!("cannot read `{path}`: there is no such file; check the name, or name another file")
    } else {
        format!("cannot read `{path}`: {}", reason(error))
    }
}

/// The system's words without its number, which means nothing to most people.
fn reason(error: &io::Error) -> String {
    let mut text = error.to_string();
    if let Some(at) = text.find(" (os error") {
        text.truncate(at);
    }
    text.to_lowercase()
}
