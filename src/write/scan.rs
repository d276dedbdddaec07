//! Compares a tree with what is on disk; writes nothing.

use std::collections::BTreeMap;

use camino::Utf8Path;

use crate::tree::seal::{Seal, inspect, spec_of};
use crate::tree::{HOSTS_DIRS, OPTIONAL, Tree};
use crate::write::dir::{Dir, Found, Opened};
use crate::write::error::WriteError;

/// The folders below the output directory, each opened once.
#[derive(Debug)]
pub(crate) struct Folders<'a> {
    out: &'a Utf8Path,
    open: BTreeMap<String, Dir>,
}

/// One file of the tree and what stands in its place.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    /// Its path in the tree.
    pub(crate) path: &'a str,
    /// What it should hold.
    pub(crate) wanted: &'a [u8],
    /// What it holds, if it is there.
    pub(crate) on_disk: Option<Vec<u8>>,
}

/// A file that tartgen once wrote and that the tree no longer has.
#[derive(Debug)]
pub(crate) struct Leftover {
    /// Its path in the tree it came from.
    pub(crate) path: String,
    /// What it holds.
    pub(crate) on_disk: Vec<u8>,
    /// Whether it was changed by hand.
    pub(crate) seal: Seal,
}

/// What differs between a tree and the disk.
#[derive(Debug)]
pub(crate) struct Scan<'a> {
    /// The files that are missing or different.
    pub(crate) changed: Vec<Entry<'a>>,
    /// How many files are as they should be.
    pub(crate) unchanged: usize,
    /// Files of hosts that left the spec, and what only other specs have.
    pub(crate) leftovers: Vec<Leftover>,
    /// The name of the spec that the tree is made from, as its files have it.
    pub(crate) spec: Option<&'a str>,
}

impl<'a> Folders<'a> {
    /// The folders below an output directory that may not exist yet.
    pub(crate) fn new(out: &'a Utf8Path, root: Option<Dir>) -> Self {
        Self { out, open: root.map(|root| (String::new(), root)).into_iter().collect() }
    }

    /// How people know a path: with the output directory in front.
    pub(crate) fn shown(&self, path: &str) -> String {
        self.out.join(path).into_string()
    }

    /// The folder at a path, `None` if it does not exist.
    pub(crate) fn find(&mut self, path: &str) -> Result<Option<&Dir>, WriteError> {
        let mut parent = "";
        for child in prefixes(path) {
            if !self.open.contains_key(child) {
                let Some(above) = self.open.get(parent) else {
                    return Ok(None);
                };
                match above.open(name_of(child)).map_err(WriteError::io("open", self.shown(child)))? {
                    Opened::Dir(dir) => self.open.insert(child.to_owned(), dir),
                    Opened::Nothing => return Ok(None),
                    Opened::Link => return Err(WriteError::Link(self.shown(child))),
                    Opened::Other => {
                        return Err(WriteError::WrongKind { path: self.shown(child), folder_wanted: true });
                    }
                };
            }
            parent = child;
        }
        Ok(self.open.get(path))
    }

    /// The folder at a path, made if need be. `None` only without an output directory.
    pub(crate) fn make(&mut self, path: &str) -> Result<Option<&Dir>, WriteError> {
        for child in prefixes(path) {
            if self.find(child)?.is_none() {
                let shown = self.shown(child);
                if let Some(above) = self.find(parent_of(child))? {
                    above.make(name_of(child)).map_err(WriteError::io("create the directory", shown))?;
                }
            }
        }
        self.find(path)
    }

    /// The folders opened so far.
    pub(crate) fn opened(&self) -> impl Iterator<Item = (&str, &Dir)> {
        self.open.iter().map(|(path, dir)| (path.as_str(), dir))
    }
}

/// Reads every file of the tree on disk, and the files of hosts that are not in it.
pub(crate) fn scan<'a>(tree: &'a Tree, folders: &mut Folders<'_>) -> Result<Scan<'a>, WriteError> {
    let spec = tree.iter().find_map(|(_, bytes)| spec_of(bytes));
    let mut scan = Scan { changed: Vec::new(), unchanged: 0, leftovers: Vec::new(), spec };
    for (path, wanted) in tree.iter() {
        let on_disk = match read(folders, path)? {
            Found::Nothing => None,
            Found::Bytes(bytes) if bytes == wanted => {
                scan.unchanged += 1;
                continue;
            }
            Found::Bytes(bytes) => Some(bytes),
            Found::Link => return Err(WriteError::Link(folders.shown(path))),
            Found::Other => return Err(WriteError::WrongKind { path: folders.shown(path), folder_wanted: false }),
        };
        scan.changed.push(Entry { path, wanted, on_disk });
    }
    scan.leftovers = leftovers(tree, folders)?;
    Ok(scan)
}

fn leftovers(tree: &Tree, folders: &mut Folders<'_>) -> Result<Vec<Leftover>, WriteError> {
    let mut paths: Vec<String> = OPTIONAL.iter().map(|path| (*path).to_owned()).collect();
    for folder in HOSTS_DIRS {
        let shown = folders.shown(folder);
        let Some(hosts) = folders.find(folder)? else { continue };
        let names = hosts.names().map_err(WriteError::io("list", shown))?;
        let names = names.iter().filter(|name| name.strip_suffix(".sls").is_some());
        paths.extend(names.map(|name| format!("{folder}/{name}")));
    }
    let mut found = Vec::new();
    for path in paths.into_iter().filter(|path| tree.get(path).is_none()) {
        // Links and folders under such a name are not ours, and neither is a file without a header.
        if let Found::Bytes(on_disk) = read(folders, &path)? {
            match inspect(&path, &on_disk) {
                Seal::Absent => {}
                seal @ (Seal::Intact | Seal::Broken) => found.push(Leftover { path, on_disk, seal }),
            }
        }
    }
    found.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(found)
}

fn read(folders: &mut Folders<'_>, path: &str) -> Result<Found, WriteError> {
    let shown = folders.shown(path);
    match folders.find(parent_of(path))? {
        Some(dir) => dir.read(name_of(path)).map_err(WriteError::io("read", shown)),
        None => Ok(Found::Nothing),
    }
}

/// The folder that holds a path.
pub(crate) fn parent_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The last part of a path.
pub(crate) fn name_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// `a`, `a/b`, `a/b/c` for `a/b/c`.
fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    ends.filter_map(|end| path.get(..end)).filter(|prefix| !prefix.is_empty())
}
