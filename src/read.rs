//! Disk to [`Source`], and to the tree that a fleet is compared with.

mod git;
mod tree;

mod includes;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use camino::{Utf8Path, Utf8PathBuf};

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

/// What is to be read, for the advice where it cannot be.
struct Wanted {
    /// What to do where there is no such file.
    instead: &'static str,
    /// What to name where there is a directory.
    inside: &'static str,
}

const SPEC: Wanted =
    Wanted { instead: "check the name, or begin with the spec that `tartgen init` writes", inside: "the spec" };
const PILLAR: Wanted =
    Wanted { instead: "name a pillar file, as in `tartgen import pillar/tart/mm1.sls`", inside: "the pillar files" };
const TOP: Wanted = Wanted { instead: "name the top file, as in `--top pillar/top.sls`", inside: "the top file" };

/// Reads the spec at a path, and all files that it includes.
///
/// No more is read than [`SIZE_LIMIT`] allows, so that a huge file, or one without an end, is refused at once.
///
/// # Errors
///
/// Says in a full sentence that there is no such file, that it is a directory, or that it cannot be read.
pub fn read(path: &Utf8Path) -> Result<Source, ReadError> {
    let mut source = open(path, &SPEC)?;
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
    let mut source = open_stdin()?;
    includes::follow(&mut source, Path::new("."), None);
    Ok(source)
}

/// Reads the pillar file at a path; `-` is standard input. What it includes means something else than in a spec, and
/// is not read.
///
/// # Errors
///
/// Says the same as [`read`], of a pillar file.
pub fn read_pillar(path: &Utf8Path) -> Result<Source, ReadError> {
    if path == "-" { open_stdin() } else { open(path, &PILLAR) }
}

/// Reads the top file at a path.
///
/// # Errors
///
/// Says the same as [`read`], of a top file.
pub fn read_top(path: &Utf8Path) -> Result<Source, ReadError> {
    open(path, &TOP)
}

/// Reads one file.
fn open(path: &Utf8Path, wanted: &Wanted) -> Result<Source, ReadError> {
    let fail = |error: &io::Error| ReadError { message: describe(path, error, wanted) };
    let file = File::open(path).map_err(|error| fail(&error))?;
    let metadata = file.metadata().map_err(|error| fail(&error))?;
    if metadata.is_dir() {
        let (path, inside) = (printable(path.as_str()), wanted.inside);
        let message = format!("cannot read `{path}`: it is a directory; name {inside} inside it");
        return Err(ReadError { message });
    }
    let size = usize::try_from(metadata.len()).unwrap_or(SIZE_LIMIT).min(SIZE_LIMIT);
    read_from(path.as_str(), file, size).map_err(|error| fail(&error))
}

/// Reads standard input alone.
fn open_stdin() -> Result<Source, ReadError> {
    read_from(STDIN, io::stdin().lock(), 0)
        .map_err(|error| ReadError { message: format!("cannot read standard input: {error}") })
}

/// Reads to the end, of which `size` bytes are expected.
fn read_from(name: &str, reader: impl Read, size: usize) -> io::Result<Source> {
    Ok(Source::new(name, read_at_most(SIZE_LIMIT, reader, size)?))
}

/// Reads to the end, of which `size` bytes are expected, but no more than one byte beyond a limit, which tells that there is
/// more.
fn read_at_most(limit: usize, reader: impl Read, size: usize) -> io::Result<Vec<u8>> {
    // The room for one byte more tells the end.
    let mut bytes = Vec::with_capacity(size + 1);
    let one_too_many = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    reader.take(one_too_many).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The file whose name ends in the other of `.yaml` and `.yml`, if it is there.
fn in_the_other_spelling(path: &Utf8Path) -> Option<Utf8PathBuf> {
    let other = path.with_extension(if path.extension()? == "yaml" { "yml" } else { "yaml" });
    Some(other).filter(|other| other != path && other.is_file())
}

fn describe(path: &Utf8Path, error: &io::Error, wanted: &Wanted) -> String {
    let name = printable(path.as_str());
    if error.kind() == io::ErrorKind::NotFound {
        let other =
            in_the_other_spelling(path).map(|other| format!("name `{}`, which is there", printable(other.as_str())));
        format!("cannot read `{name}`: there is no such file; {}", other.as_deref().unwrap_or(wanted.instead))
    } else {
        format!("cannot read `{name}`: {}", reason(error))
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
