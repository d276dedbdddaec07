//! What a build does to the output directory, in words.

use std::fmt::{self, Write as _};

use camino::Utf8Path;

use crate::compile::{Outcome, Unproven};
use crate::counting::together;
use crate::source::printable;
use crate::write::{self, Changes, DriftKind, Edits, WriteError};

/// An output directory or a file that could not be read or written.
#[derive(Debug)]
pub struct OutError(WriteError);

impl fmt::Display for OutError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&printable(&self.0.to_string()))
    }
}

impl std::error::Error for OutError {}

/// What a build did to the output directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// What was done to which files, a line each, or that nothing had to be done.
    pub files: String,
    /// Files among those of hosts that tartgen did not write and Salt serves all the same, a line each.
    pub strangers: String,
}

/// How the output directory differs from the tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drift {
    /// The files that differ and how, a line each; empty if none does.
    pub files: String,
    /// Files among those of hosts that tartgen did not write and Salt serves all the same, a line each.
    pub strangers: String,
    /// The difference as unified diffs.
    pub diff: String,
    /// What to do about it, in full sentences on one line.
    pub advice: String,
    /// Whether a build would refuse to write.
    pub is_obstructed: bool,
}

/// Proves and writes the tree and says what changed. Without a tree, because the spec has errors, nothing
/// happens.
///
/// # Errors
///
/// Says in a full sentence what could not be proven or written; the files are then as they were, or as they should be.
pub fn write_tree(unproven: &Unproven, out: &Utf8Path) -> Result<Written, OutError> {
    write_with(unproven, out, Edits::Keep)
}

/// Like [`write_tree`], but files that tartgen wrote and somebody edited are written again, and the edits lost. Files
/// that tartgen did not write are refused as ever.
///
/// # Errors
///
/// Says in a full sentence what could not be proven or written.
pub fn overwrite_tree(unproven: &Unproven, out: &Utf8Path) -> Result<Written, OutError> {
    write_with(unproven, out, Edits::Discard)
}

fn write_with(unproven: &Unproven, out: &Utf8Path, edits: Edits) -> Result<Written, OutError> {
    let Some(tree) = unproven.tree() else { return Ok(Written::default()) };
    let changes = write::write(tree, out, edits, &|| unproven.proof()).map_err(OutError)?;
    Ok(Written { files: describe(&changes, out), strangers: strange(&changes.strangers, out) })
}

/// Tells how the output directory differs from the tree. Without a tree, because the spec has errors, it does not.
///
/// # Errors
///
/// Says in a full sentence what could not be read.
pub fn drift(outcome: &Outcome, out: &Utf8Path) -> Result<Drift, OutError> {
    let Some(tree) = outcome.tree() else { return Ok(Drift::default()) };
    let found = write::drift(tree, out).map_err(OutError)?;
    let is_obstructed = found.obstacle.is_some();
    let advice = match found.obstacle {
        None => "run `tartgen build` and commit the result".to_owned(),
        Some(obstacle) => printable(&obstacle.to_string()),
    };
    let kinds: Vec<(&str, &str)> = found.differing.iter().map(|file| (word(file.kind), file.path.as_str())).collect();
    let diff = found.differing.iter().map(|file| file.diff.as_str()).collect();
    Ok(Drift { files: lines(&kinds, out), strangers: strange(&found.strangers, out), diff, advice, is_obstructed })
}

/// Writes a new file and the folders it lies in; `false` if something is there already, which stays.
///
/// # Errors
///
/// Says in a full sentence why it cannot be written.
pub fn create_file(path: &Utf8Path, text: &str) -> Result<bool, OutError> {
    write::create_file(path, text).map_err(OutError)
}

/// Writes a file, in the place of an older one if there is one, and the folders it lies in.
///
/// # Errors
///
/// Says in a full sentence why it cannot be written.
pub fn write_file(path: &Utf8Path, text: &str) -> Result<(), OutError> {
    write::write_file(path, text).map_err(OutError)
}

/// Writes the page that [`graph`](crate::graph()) gave for a spec, and the folders it lies in. Only an older page is
/// replaced, or an empty file.
///
/// # Errors
///
/// Says in a full sentence why it cannot be written, or that another file would be lost.
pub fn write_page(path: &Utf8Path, page: &str, spec: &Utf8Path) -> Result<(), OutError> {
    // The start is the same for all fleets, and too long to be that of another page by chance.
    let mark = page.split("<title>").next().unwrap_or(page);
    write::write_picture(path, page, mark, spec).map_err(OutError)
}

const fn word(kind: DriftKind) -> &'static str {
    match kind {
        DriftKind::Missing => "missing",
        DriftKind::Stale => "stale",
        DriftKind::Extra => "extra",
        DriftKind::HandEdited => "hand-edited",
        DriftKind::Foreign => "not written by tartgen:",
    }
}

fn describe(changes: &Changes, out: &Utf8Path) -> String {
    let mut done: Vec<(&str, &str)> = Vec::new();
    for (kind, paths) in [("created", &changes.created), ("updated", &changes.updated), ("removed", &changes.removed)] {
        for path in paths {
            done.push((kind, path));
            if changes.discarded.binary_search(path).is_ok() {
                done.push(("discarded the edits made by hand to", path));
            }
        }
    }
    if done.is_empty() {
        let noun = if changes.unchanged == 1 { "file" } else { "files" };
        let out = printable(out.as_str());
        return format!("{out} is up to date ({} {noun})\n", changes.unchanged);
    }
    lines(&done, out)
}

/// What is to be said of files among those of hosts that are not tartgen's.
fn strange(paths: &[String], out: &Utf8Path) -> String {
    let what = "not written by tartgen, but Salt gives it to the minion of that name:";
    lines(&paths.iter().map(|path| (what, path.as_str())).collect::<Vec<_>>(), out)
}

/// A line for each file with what is to be said of it; files of hosts that only count on share one.
fn lines(files: &[(&str, &str)], out: &Utf8Path) -> String {
    let mut text = String::new();
    for (path, run) in together(files, |(_, path)| path, |(one, _), (other, _)| one == other) {
        let Some((kind, _)) = run.first() else { continue };
        let count = if run.len() > 1 { format!(" ({} files)", run.len()) } else { String::new() };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{kind} {}{count}", printable(out.join(path).as_str()));
    }
    text
}
