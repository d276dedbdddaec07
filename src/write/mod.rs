//! `Tree` -> disk, or how the disk differs from it.
//!
//! The output directory belongs to the user: only files that carry tartgen's header are replaced or removed, and each
//! is at any moment either the old one or the new one.

mod dir;
mod drift;
mod error;
mod file;
mod scan;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use camino::Utf8Path;

pub(crate) use self::drift::{DriftKind, drift};
pub(crate) use self::error::WriteError;
pub(crate) use self::file::{create_file, write_file, write_picture};
use self::scan::{Entry, Folders, Leftover, Scan, scan};
use crate::parallel::both;
use crate::tree::seal::{Seal, path_of, spec_of};
use crate::tree::{BESIDE_DIR, HOSTS_DIR, PILLAR_INIT, Tree, name_of, parent_of};
use crate::write::dir::{Dir, Found, Opened};

/// What a build did to the output directory; paths are relative to it and sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// Files that were not there before.
    pub(crate) created: Vec<String>,
    /// Files that held something else.
    pub(crate) updated: Vec<String>,
    /// Files of hosts that left the spec, and what it no longer asks for.
    pub(crate) removed: Vec<String>,
    /// Files among these that somebody had edited, so that the edits are lost.
    pub(crate) discarded: Vec<String>,
    /// How many files were already as they should be.
    pub(crate) unchanged: usize,
    /// Files among those of hosts that tartgen did not write, and that stay.
    pub(crate) strangers: Vec<String>,
}

/// What becomes of edits made by hand to files that tartgen wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edits {
    /// They stay, and nothing is written.
    Keep,
    /// They are lost. Files of other people stay nevertheless.
    Discard,
}

/// What tests replace to see a write fail.
struct Edge<'a> {
    put: &'a (dyn Fn(&mut File, &[u8]) -> io::Result<()> + Sync),
    patience: Duration,
}

/// Above this many files they are not flushed one by one, which takes a millisecond each and more. A flush of the whole
/// file system would be one call, but it waits for what all other programs have written, too.
const MANY: usize = 64;

/// What proves a tree, or says what is wrong with it.
type Proof<'a> = &'a (dyn Fn() -> Result<(), String> + Sync);

/// Makes the output directory hold the tree. Everything is checked before the first byte is written, and all new
/// bytes are written, and the tree is proven, before the first file is replaced, so that a full disk leaves the old tree
/// whole. What few files a usual build changes are also flushed first, so that not even a power cut leaves a broken one.
pub(crate) fn write(tree: &Tree, out: &Utf8Path, edits: Edits, proof: Proof<'_>) -> Result<Changes, WriteError> {
    let put = |file: &mut File, bytes: &[u8]| file.write_all(bytes);
    write_at(tree, out, edits, proof, &Edge { put: &put, patience: Duration::from_secs(10) })
}

fn write_at(
    tree: &Tree,
    out: &Utf8Path,
    edits: Edits,
    proof: Proof<'_>,
    edge: &Edge<'_>,
) -> Result<Changes, WriteError> {
    let root = open_root(out)?;
    lock(&root, out, edge.patience)?;
    let mut folders = Folders::new(out, Some(root));
    let mut scan = scan(tree, &mut folders)?;
    refuse(&scan, &folders, edits)?;
    clean_up(&scan, &folders)?;

    // Whoever reads the tree meanwhile must not be pointed to a file that is not there yet.
    scan.changed.sort_by_key(|entry| (rank(entry.path), entry.path));
    let process = std::process::id();
    let temporary = |number: u32| format!("{TEMPORARY}{process}-{number}{SUFFIX}");
    let staged: Vec<(&Entry<'_>, String)> =
        scan.changed.iter().zip(0..).map(|(entry, number)| (entry, temporary(number))).collect();
    let done = stage_proven(&staged, &mut folders, proof, edge).and_then(|()| swap(&staged, &mut folders));
    if let Err(error) = done {
        // The first error is the one to report; the next build tries again to remove these.
        for (entry, temporary) in &staged {
            if let Some(dir) = folders.get(parent_of(entry.path)) {
                let _ = dir.remove(folders.staged_name(entry.path, temporary));
            }
        }
        folders.abandon();
        return Err(error);
    }
    remove(&scan.leftovers, &mut folders)?;
    sync(&scan, &folders);
    Ok(changes(scan))
}

fn open_root(out: &Utf8Path) -> Result<Dir, WriteError> {
    let wrong = || WriteError::WrongKind { path: out.to_string(), folder_wanted: true };
    let open = || match Dir::root(out.as_str()) {
        Err(source) if source.kind() == io::ErrorKind::NotADirectory => Err(wrong()),
        other => other.map_err(WriteError::io("open the output directory", out.as_str())),
    };
    if let Some(root) = open()? {
        return Ok(root);
    }
    std::fs::create_dir_all(out).map_err(WriteError::io("create the output directory", out.as_str()))?;
    open()?.ok_or_else(wrong)
}

fn lock(root: &Dir, out: &Utf8Path, patience: Duration) -> Result<(), WriteError> {
    let start = Instant::now();
    while !root.try_lock().map_err(WriteError::io("lock", out.as_str()))? {
        if start.elapsed() >= patience {
            return Err(WriteError::Busy(out.to_string()));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Refuses to write over anything that somebody else wrote or, unless that is wanted, changed.
fn refuse(scan: &Scan<'_>, folders: &Folders<'_>, edits: Edits) -> Result<(), WriteError> {
    let with = |wanted: Seal| {
        scan.changed.iter().filter(move |entry| entry.seal() == Some(wanted)).map(|entry| folders.shown(entry.path))
    };
    let foreign: Vec<String> = with(Seal::Absent).collect();
    if !foreign.is_empty() {
        return Err(WriteError::Foreign(foreign));
    }
    // A changed file of a host that left is kept too: Salt would go on giving it to that minion, unnoticed.
    let leftovers = scan.leftovers.iter().filter(|file| file.seal == Seal::Broken);
    let edited: Vec<String> = with(Seal::Broken).chain(leftovers.map(|file| folders.shown(&file.path))).collect();
    if edits == Edits::Keep && !edited.is_empty() {
        return Err(WriteError::HandEdited(edited));
    }
    // Another spec's hosts have not left: that spec was built into the same directory.
    let strangers = scan.leftovers.iter().filter_map(|file| {
        let spec = spec_of(&file.on_disk).filter(|spec| Some(*spec) != scan.spec)?;
        Some((spec.to_owned(), folders.shown(&file.path)))
    });
    let strangers: Vec<(String, String)> = strangers.collect();
    match (strangers.first(), scan.spec) {
        (Some((other, _)), Some(spec)) => Err(WriteError::OtherSpec {
            other: other.clone(),
            spec: spec.to_owned(),
            paths: strangers.iter().map(|(_, path)| path.clone()).collect(),
        }),
        _ => Ok(()),
    }
}

const TEMPORARY: &str = ".tartgen-";
const SUFFIX: &str = ".tmp";

/// Whether a file or a folder is named as builds name what they have not finished: `.tartgen-PROCESS-NUMBER.tmp`.
fn is_temporary(name: &str) -> bool {
    let middle = name.strip_prefix(TEMPORARY).and_then(|rest| rest.strip_suffix(SUFFIX));
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    middle.and_then(|middle| middle.split_once('-')).is_some_and(|(process, file)| number(process) && number(file))
}

/// Removes what a killed build left behind. Only under the lock is it certain that no build needs them.
fn clean_up(scan: &Scan<'_>, folders: &Folders<'_>) -> Result<(), WriteError> {
    for (folder, name) in &scan.temporaries {
        let Some(dir) = folders.get(folder) else { continue };
        let shown = folders.shown(&if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") });
        let removed =
            dir.has_file(name).and_then(|is_file| if is_file { dir.remove(name) } else { clear(dir, name, "") });
        removed.map_err(WriteError::io("remove", shown))?;
    }
    Ok(())
}

/// Removes a folder that a build could not complete, with what it may have put there: files with a header that fits their
/// place, which ends like their path below the first such folder, and those that it had not come to fill. A folder with
/// anything else stays, and whatever else bears such a name no build made.
fn clear(above: &Dir, name: &str, path: &str) -> io::Result<()> {
    let Opened::Dir(folder) = above.open(name)? else { return Ok(()) };
    let mut names = Vec::new();
    folder.each_name(|name| names.push(name.to_owned()))?;
    for name in names {
        let path = format!("{path}/{name}");
        let is_ours = |bytes: &[u8]| path_of(bytes).is_some_and(|sealed| sealed.ends_with(path.as_bytes()));
        match folder.read(&name)? {
            Found::Bytes(bytes) if bytes.is_empty() || is_ours(&bytes) => folder.remove(&name)?,
            Found::Bytes(_) | Found::Link | Found::Nothing => {}
            Found::Other => clear(&folder, &name, &path)?,
        }
    }
    above.remove_folder(name)
}

/// Writes all new bytes of a tree that is proven: meanwhile if they are many, else before.
fn stage_proven(
    staged: &[(&Entry<'_>, String)],
    folders: &mut Folders<'_>,
    proof: Proof<'_>,
    edge: &Edge<'_>,
) -> Result<(), WriteError> {
    let prove = || proof().map_err(WriteError::Unproven);
    let is_much = staged.len() > MANY;
    if !is_much {
        prove()?;
    }
    for (entry, temporary) in staged {
        folders.make(parent_of(entry.path), temporary)?;
    }
    let stage = Stage { staged, folders, edge, next: AtomicUsize::new(0) };
    if !is_much {
        return stage.fill();
    }
    let prove_and_help = || stage.stop_at(prove()).and_then(|()| stage.fill());
    let (proven, filled) = both(true, prove_and_help, || stage.fill());
    proven.and(filled)
}

/// New files under temporary names beside the files they are for; those of a new folder, which has a temporary name
/// itself, have their own from the beginning. Threads write them together.
struct Stage<'a> {
    staged: &'a [(&'a Entry<'a>, String)],
    folders: &'a Folders<'a>,
    edge: &'a Edge<'a>,
    /// The first file that no thread has taken.
    next: AtomicUsize,
}

/// So many files a thread takes at a time.
const HANDFUL: usize = 16;

impl Stage<'_> {
    /// Writes files until there are none left.
    fn fill(&self) -> Result<(), WriteError> {
        loop {
            let taken = self.staged.iter().skip(self.next.fetch_add(HANDFUL, Ordering::Relaxed)).take(HANDFUL);
            if taken.len() == 0 {
                return Ok(());
            }
            for (entry, temporary) in taken {
                self.stop_at(self.write(entry, temporary))?;
            }
        }
    }

    fn write(&self, entry: &Entry<'_>, temporary: &str) -> Result<(), WriteError> {
        let Some(dir) = self.folders.get(parent_of(entry.path)) else { return Ok(()) };
        let done = dir.create(self.folders.staged_name(entry.path, temporary)).and_then(|mut file| {
            (self.edge.put)(&mut file, entry.wanted)?;
            if self.staged.len() <= MANY { file.sync_all() } else { Ok(()) }
        });
        done.map_err(|error| WriteError::io("write", self.folders.shown(entry.path))(error))
    }

    /// Lets no thread take another file after an error.
    fn stop_at(&self, done: Result<(), WriteError>) -> Result<(), WriteError> {
        if done.is_err() {
            self.next.store(self.staged.len(), Ordering::Relaxed);
        }
        done
    }
}

/// Puts the new files in the place of the old ones, unless somebody wrote there since the tree was looked at. A new
/// folder comes when the last of its files would.
fn swap(staged: &[(&Entry<'_>, String)], folders: &mut Folders<'_>) -> Result<(), WriteError> {
    let new = staged.iter().enumerate().filter_map(|(at, (entry, _))| Some((folders.new_around(entry.path)?, at)));
    let last: BTreeMap<String, usize> = new.map(|(folder, at)| (folder.to_owned(), at)).collect();
    for (at, (entry, temporary)) in staged.iter().enumerate() {
        if let Some(folder) = folders.new_around(entry.path) {
            if last.get(folder) == Some(&at) {
                let folder = folder.to_owned();
                folders.settle(&folder)?;
            }
            continue;
        }
        let name = name_of(entry.path);
        let Some(dir) = folders.find(parent_of(entry.path))? else {
            continue;
        };
        let done = match &entry.on_disk {
            None => dir.rename_to_free(temporary, name),
            Some(bytes) => still_holds(dir, name, bytes)
                .and_then(|same| if same { dir.rename(temporary, name).map(|()| true) } else { Ok(false) }),
        };
        if !done.map_err(|error| WriteError::io("replace", folders.shown(entry.path))(error))? {
            return Err(WriteError::Meanwhile(folders.shown(entry.path)));
        }
    }
    Ok(())
}

/// Removes the files of hosts that left the spec, unless somebody wrote there since the tree was looked at.
fn remove(leftovers: &[Leftover], folders: &mut Folders<'_>) -> Result<(), WriteError> {
    for file in leftovers {
        let shown = folders.shown(&file.path);
        let name = name_of(&file.path);
        let Some(dir) = folders.find(parent_of(&file.path))? else {
            continue;
        };
        let done = still_holds(dir, name, &file.on_disk)
            .and_then(|same| if same { dir.remove(name).map(|()| true) } else { Ok(false) });
        if !done.map_err(WriteError::io("remove", shown.as_str()))? {
            return Err(WriteError::Meanwhile(shown));
        }
    }
    Ok(())
}

/// Makes the new names last, in the folders that have some, if the files do.
fn sync(scan: &Scan<'_>, folders: &Folders<'_>) {
    if scan.changed.len() > MANY {
        return;
    }
    let paths = scan.changed.iter().map(|entry| entry.path).chain(scan.leftovers.iter().map(|file| file.path.as_str()));
    let changed: BTreeSet<&str> = paths.map(parent_of).chain(folders.grown()).collect();
    changed.into_iter().filter_map(|path| folders.get(path)).for_each(Dir::sync);
}

fn still_holds(dir: &Dir, name: &str, bytes: &[u8]) -> io::Result<bool> {
    Ok(matches!(dir.read(name)?, Found::Bytes(found) if found == bytes))
}

/// The order of replacement: pillar of hosts, then what the states use, the states, and what points to pillar last.
fn rank(path: &str) -> u8 {
    match parent_of(path) {
        HOSTS_DIR | BESIDE_DIR => 0,
        _ if path == PILLAR_INIT => 1,
        folder if folder.ends_with("/files") => 1,
        folder if folder.starts_with("salt/states") => 2,
        _ => 3,
    }
}

fn changes(scan: Scan<'_>) -> Changes {
    let mut changes = Changes { unchanged: scan.unchanged, strangers: scan.strangers, ..Changes::default() };
    for entry in scan.changed {
        let list = if entry.on_disk.is_some() { &mut changes.updated } else { &mut changes.created };
        list.push(entry.path.to_owned());
        if entry.seal() == Some(Seal::Broken) {
            changes.discarded.push(entry.path.to_owned());
        }
    }
    let edited = scan.leftovers.iter().filter(|file| file.seal == Seal::Broken);
    changes.discarded.extend(edited.map(|file| file.path.clone()));
    changes.created.sort_unstable();
    changes.updated.sort_unstable();
    changes.discarded.sort_unstable();
    changes.removed = scan.leftovers.into_iter().map(|file| file.path).collect();
    changes
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]
mod tests;
