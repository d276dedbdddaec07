//! Compares a tree with what is on disk; writes nothing.

use std::collections::BTreeMap;

use camino::Utf8Path;

use crate::parallel::{both, parts};
use crate::tree::seal::{Seal, inspect, spec_of};
use crate::tree::{BESIDE_DIR, HOSTS_DIR, HOSTS_DIRS, OPTIONAL, PILLAR_INIT, Tree, name_of, parent_of};
use crate::write::dir::{Dir, Found, Opened};
use crate::write::error::WriteError;
use crate::write::is_temporary;

/// The folders below the output directory, each opened once.
#[derive(Debug)]
pub(crate) struct Folders<'a> {
    out: &'a Utf8Path,
    open: BTreeMap<String, Dir>,
    /// The folders that were made: the path of what each was made in, and its name there.
    made: Vec<(String, String)>,
    /// New folders by their paths, with the names that they have until they are complete.
    new: BTreeMap<String, String>,
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

impl Entry<'_> {
    /// What the file on disk says about its origin. An empty one is as good as ours: some file systems leave that of a
    /// new file when the power fails, and there is nothing in it to lose.
    pub(super) fn seal(&self) -> Option<Seal> {
        let bytes = self.on_disk.as_deref()?;
        Some(if bytes.is_empty() { Seal::Intact } else { inspect(self.path, bytes) })
    }
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
    /// Files of hosts that left the spec, and what only other specs have, by their paths.
    pub(crate) leftovers: Vec<Leftover>,
    /// Files among those of hosts that tartgen did not write, by their paths. Salt gives them to minions all the same.
    pub(crate) strangers: Vec<String>,
    /// What a killed build may have left behind: the folder and the name of each.
    pub(crate) temporaries: Vec<(String, String)>,
    /// The name of the spec that the tree is made from, as its files have it.
    pub(crate) spec: Option<&'a str>,
}

impl<'a> Folders<'a> {
    /// The folders below an output directory that may not exist yet.
    pub(crate) fn new(out: &'a Utf8Path, root: Option<Dir>) -> Self {
        let open = root.map(|root| (String::new(), root)).into_iter().collect();
        Self { out, open, made: Vec::new(), new: BTreeMap::new() }
    }

    /// How people know a path: with the output directory in front.
    pub(crate) fn shown(&self, path: &str) -> String {
        self.out.join(path).into_string()
    }

    /// The folder at a path, `None` if it does not exist.
    pub(crate) fn find(&mut self, path: &str) -> Result<Option<&Dir>, WriteError> {
        // Nearly always: there are thousands of files and a handful of folders.
        if self.open.contains_key(path) {
            return Ok(self.open.get(path));
        }
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

    /// Makes the folder at a path, unless it is there: the first of several that are missing under a temporary name, so
    /// that nobody sees it before it is complete.
    pub(crate) fn make(&mut self, path: &str, temporary: &str) -> Result<(), WriteError> {
        if self.open.contains_key(path) {
            return Ok(());
        }
        for child in prefixes(path) {
            if self.find(child)?.is_some() {
                continue;
            }
            let parent = parent_of(child);
            let name = self.staged_name(child, temporary);
            let Some(above) = self.get(parent) else { continue };
            let made = above.make(name).and_then(|()| above.open(name));
            match made.map_err(|error| WriteError::io("create the directory", self.shown(child))(error))? {
                Opened::Dir(dir) => self.open.insert(child.to_owned(), dir),
                Opened::Nothing | Opened::Link | Opened::Other => {
                    return Err(WriteError::Meanwhile(self.shown(child)));
                }
            };
            self.made.push((parent.to_owned(), name.to_owned()));
            if name == temporary {
                self.new.insert(child.to_owned(), name.to_owned());
            }
        }
        Ok(())
    }

    /// The new folder that a path lies in and that does not have its name yet.
    pub(crate) fn new_around(&self, path: &str) -> Option<&str> {
        let is_around = |folder: &&String| path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'));
        self.new.keys().find(is_around).map(String::as_str)
    }

    /// The name that a file or a folder has until all is written: its own inside a new folder, else a temporary one.
    pub(crate) fn staged_name<'n>(&self, path: &'n str, temporary: &'n str) -> &'n str {
        if self.new_around(path).is_some() { name_of(path) } else { temporary }
    }

    /// Gives a new folder its name, unless somebody else took that since.
    pub(crate) fn settle(&mut self, path: &str) -> Result<(), WriteError> {
        let (Some(temporary), Some(above)) = (self.new.get(path), self.get(parent_of(path))) else { return Ok(()) };
        let done = above.rename_to_free(temporary, name_of(path));
        if !done.map_err(|error| WriteError::io("create the directory", self.shown(path))(error))? {
            return Err(WriteError::Meanwhile(self.shown(path)));
        }
        self.new.remove(path);
        Ok(())
    }

    /// Removes the folders that were made and are empty, as far as that is possible.
    pub(crate) fn abandon(&self) {
        for (parent, name) in self.made.iter().rev() {
            let _ = self.get(parent).map(|above| above.remove_folder(name));
        }
    }

    /// The folder at a path, if it has been opened.
    pub(crate) fn get(&self, path: &str) -> Option<&Dir> {
        self.open.get(path)
    }

    /// The folders in which others were made.
    pub(crate) fn grown(&self) -> impl Iterator<Item = &str> {
        self.made.iter().map(|(parent, _)| parent.as_str())
    }

    /// The folders opened so far.
    pub(crate) fn opened(&self) -> impl Iterator<Item = (&str, &Dir)> {
        self.open.iter().map(|(path, dir)| (path.as_str(), dir))
    }
}

/// Fewest files that are worth a thread.
const PART: usize = 200;

/// Reads every file of the tree on disk, and the files of hosts that are not in it.
pub(crate) fn scan<'a>(tree: &'a Tree, folders: &mut Folders<'_>) -> Result<Scan<'a>, WriteError> {
    let files: Vec<(&str, &[u8])> = tree.iter().collect();
    let mut last = None;
    for (path, _) in &files {
        let parent = parent_of(path);
        if last.replace(parent) != Some(parent) {
            folders.find(parent)?;
        }
    }
    // Also where this tree has none.
    for folder in HOSTS_DIRS {
        folders.find(folder)?;
    }
    let compare_all = || parts(&files, PART, |files| compare(files, folders));
    let (compared, listed) = both(files.len() >= PART, compare_all, || list(folders));
    let (mut changed, mut unchanged) = (Vec::new(), 0);
    for part in compared {
        let (differing, same) = part?;
        changed.extend(differing);
        unchanged += same;
    }
    let listing = listed?;
    let (leftovers, strangers) = besides(tree, folders, &listing, &changed)?;
    let spec = files.iter().find_map(|(_, bytes)| spec_of(bytes));
    Ok(Scan { changed, unchanged, leftovers, strangers, temporaries: listing.temporaries, spec })
}

/// The files that are missing or different, and how many are neither.
fn compare<'a>(files: &[(&'a str, &'a [u8])], folders: &Folders<'_>) -> Result<(Vec<Entry<'a>>, usize), WriteError> {
    let (mut changed, mut unchanged, mut buffer) = (Vec::new(), 0, Vec::new());
    // Most files lie in the folder of the one before.
    let mut folder = ("", folders.get(""));
    for &(path, wanted) in files {
        let parent = parent_of(path);
        if parent != folder.0 {
            folder = (parent, folders.get(parent));
        }
        // Nearly always, and what kind of file it is need not be asked for that.
        if folder.1.is_some_and(|dir| dir.holds(name_of(path), wanted, &mut buffer)) {
            unchanged += 1;
            continue;
        }
        let found = folder.1.map_or(Ok(Found::Nothing), |dir| dir.read(name_of(path)));
        let on_disk = match found.map_err(|error| WriteError::io("read", folders.shown(path))(error))? {
            Found::Nothing => None,
            Found::Bytes(bytes) => Some(bytes),
            Found::Link => return Err(WriteError::Link(folders.shown(path))),
            Found::Other => return Err(WriteError::WrongKind { path: folders.shown(path), folder_wanted: false }),
        };
        changed.push(Entry { path, wanted, on_disk });
    }
    Ok((changed, unchanged))
}

/// What the folders hold.
#[derive(Default)]
struct Listing {
    /// What a killed build may have left behind.
    temporaries: Vec<(String, String)>,
    /// How many files there are with names of hosts' files, by folder.
    hosts: BTreeMap<String, usize>,
}

/// Whether a file is named as those of hosts are.
fn is_host(folder: &str, name: &str) -> bool {
    HOSTS_DIRS.contains(&folder) && name.strip_suffix(".sls").is_some()
}

fn list(folders: &Folders<'_>) -> Result<Listing, WriteError> {
    let mut listing = Listing::default();
    for (folder, dir) in folders.opened() {
        let mut hosts = 0;
        let take = |name: &str| {
            if is_temporary(name) {
                listing.temporaries.push((folder.to_owned(), name.to_owned()));
            } else if is_host(folder, name) {
                hosts += 1;
            }
        };
        dir.each_name(take).map_err(WriteError::io("list", folders.shown(folder)))?;
        listing.hosts.insert(folder.to_owned(), hosts);
    }
    listing.temporaries.sort_unstable();
    Ok(listing)
}

/// What is in the folders besides the tree: files of hosts that left and what only other specs have, and files of hosts that
/// tartgen did not write.
fn besides(
    tree: &Tree,
    folders: &mut Folders<'_>,
    listing: &Listing,
    changed: &[Entry<'_>],
) -> Result<(Vec<Leftover>, Vec<String>), WriteError> {
    let mut paths: Vec<String> = OPTIONAL.iter().map(|path| (*path).to_owned()).collect();
    for (folder, dir) in folders.opened() {
        // Nearly always: then these are the files of the tree, and each need not be looked for.
        let hosts = listing.hosts.get(folder).copied().unwrap_or_default();
        if hosts == 0 || hosts == present(tree, folder, changed) {
            continue;
        }
        let take = |name: &str| paths.extend(is_host(folder, name).then(|| format!("{folder}/{name}")));
        dir.each_name(take).map_err(WriteError::io("list", folders.shown(folder)))?;
    }
    paths.sort_unstable();
    // Salt reads no files of hosts from the folder that the other layout has.
    let folder_of_hosts = if tree.get(PILLAR_INIT).is_some() { BESIDE_DIR } else { HOSTS_DIR };
    let (mut leftovers, mut strangers) = (Vec::new(), Vec::new());
    for path in paths.into_iter().filter(|path| tree.get(path).is_none()) {
        let Some(dir) = folders.find(parent_of(&path))? else { continue };
        let found = dir.read(name_of(&path)).map_err(|error| WriteError::io("read", folders.shown(&path))(error))?;
        let found = match found {
            Found::Bytes(on_disk) => Some((inspect(&path, &on_disk), on_disk)),
            Found::Link => None,
            Found::Nothing | Found::Other => continue,
        };
        // Links are not ours, and neither is a file without a header.
        match found {
            Some((seal @ (Seal::Intact | Seal::Broken), on_disk)) => leftovers.push(Leftover { path, on_disk, seal }),
            Some((Seal::Absent, _)) | None => strangers.extend((parent_of(&path) == folder_of_hosts).then_some(path)),
        }
    }
    Ok((leftovers, strangers))
}

/// How many files of the tree are there in a folder.
fn present(tree: &Tree, folder: &str, changed: &[Entry<'_>]) -> usize {
    let all = tree.iter().filter(|(path, _)| parent_of(path) == folder).count();
    let missing = changed.iter().filter(|entry| entry.on_disk.is_none() && parent_of(entry.path) == folder).count();
    all - missing
}

/// `a`, `a/b`, `a/b/c` for `a/b/c`.
fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    ends.filter_map(|end| path.get(..end)).filter(|prefix| !prefix.is_empty())
}
