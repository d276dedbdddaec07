//! How the tree on disk differs from the tree a build would write.

use camino::Utf8Path;

use crate::tree::Tree;
use crate::tree::seal::Seal;
use crate::write::dir::Dir;
use crate::write::error::WriteError;
use crate::write::scan::{Folders, scan};
use crate::write::{Edits, refuse};

/// A tree beside what is on disk.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    /// The files that a build would change, by path.
    pub(crate) differing: Vec<Drift>,
    /// Files among those of hosts that tartgen did not write.
    pub(crate) strangers: Vec<String>,
    /// Why a build would refuse to make them equal.
    pub(crate) obstacle: Option<WriteError>,
}

/// One file that a build would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Drift {
    /// Its path below the output directory.
    pub(crate) path: String,
    /// What is the matter with it.
    pub(crate) kind: DriftKind,
    /// What a build would do to it, as a unified diff.
    pub(crate) diff: String,
}

/// What is the matter with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DriftKind {
    /// It is not there.
    Missing,
    /// It holds something else.
    Stale,
    /// Its host left the spec.
    Extra,
    /// Somebody edited it since tartgen wrote it.
    HandEdited,
    /// tartgen did not write it.
    Foreign,
}

/// Compares a tree with the output directory.
pub(crate) fn drift(tree: &Tree, out: &Utf8Path) -> Result<Comparison, WriteError> {
    let root = Dir::root(out.as_str()).map_err(WriteError::io("open", out.as_str()))?;
    let mut folders = Folders::new(out, root);
    let scan = scan(tree, &mut folders)?;
    let obstacle = refuse(&scan, &folders, Edits::Keep).err();
    let mut differing: Vec<Drift> = scan
        .changed
        .into_iter()
        .map(|entry| {
            let kind = entry.seal().map_or(DriftKind::Missing, DriftKind::of);
            Drift::new(entry.path, kind, entry.on_disk.as_deref().unwrap_or_default(), entry.wanted)
        })
        .collect();
    differing.extend(scan.leftovers.iter().map(|file| {
        let kind = if file.seal == Seal::Broken { DriftKind::HandEdited } else { DriftKind::Extra };
        Drift { kind, ..Drift::new(&file.path, DriftKind::Extra, &file.on_disk, b"") }
    }));
    differing.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Comparison { differing, strangers: scan.strangers, obstacle })
}

impl DriftKind {
    /// What is the matter with a file that is in the tree and holds something else.
    const fn of(seal: Seal) -> Self {
        match seal {
            Seal::Intact => Self::Stale,
            Seal::Broken => Self::HandEdited,
            Seal::Absent => Self::Foreign,
        }
    }
}

impl Drift {
    fn new(path: &str, kind: DriftKind, old: &[u8], new: &[u8]) -> Self {
        let (before, after) = match kind {
            DriftKind::Missing => ("/dev/null".to_owned(), format!("b/{path}")),
            DriftKind::Stale | DriftKind::HandEdited | DriftKind::Foreign => (format!("a/{path}"), format!("b/{path}")),
            DriftKind::Extra => (format!("a/{path}"), "/dev/null".to_owned()),
        };
        let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
        let diff = similar::TextDiff::from_lines(&old, &new);
        let diff = diff.unified_diff().context_radius(3).header(&before, &after).to_string();
        Self { path: path.to_owned(), kind, diff }
    }
}
