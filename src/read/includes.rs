//! The files that a spec includes, from disk into its source.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, DirEntry, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::{read_at_most, reason};
use crate::catalog::FILES;
use crate::diag::Report;
use crate::include::{Part, Pattern, matches, written};
use crate::parse;
use crate::source::{Found, Obstacle, Source, SourceFile};

/// Deeper below the root's directory, `**` finds nothing.
const DEEPEST: usize = 64;

/// Reads everything that the files of a source include, until nothing is new. What cannot be read is noted in the source,
/// to be reported at its place. `root` is the file that the source was read from, if it is one.
pub(super) fn follow(source: &mut Source, directory: &Path, root: Option<&Path>) {
    // Most specs are one file.
    if source.files().all(|file| patterns(file).is_empty()) {
        return;
    }
    let Ok(directory) = fs::canonicalize(directory) else { return };
    let mut reader = Reader { directory, seen: HashMap::new(), parents: vec![None] };
    if let Some(path) = root.and_then(|root| fs::canonicalize(root).ok()) {
        reader.seen.insert(path, 0);
    }
    let mut file = 0;
    while let Some(found) = source.file(file) {
        let folder = found.folder().to_owned();
        let mut read = HashSet::new();
        for text in patterns(found) {
            // A pattern that cannot be one, or that stands there twice, is reported from its text alone.
            let Ok(pattern) = Pattern::new(&folder, &text) else { continue };
            if !read.insert(text.clone()) {
                continue;
            }
            let paths = reader.paths(&pattern).into_iter();
            let found = paths.map(|(path, obstacle)| {
                let file = obstacle.map_or_else(|| reader.read(file, &path, source), Err);
                Found { path, file }
            });
            let found = found.collect();
            source.note(file, text, found);
        }
        file += 1;
    }
}

/// What stands under `include` in a file, as the compiler will see it.
fn patterns(file: &SourceFile) -> Vec<String> {
    // Parsing twice is for those that need it.
    if !file.text().contains("include") {
        return Vec::new();
    }
    parse::parse(file, 0, &mut Report::default()).map(|document| written(&document)).unwrap_or_default()
}

/// Paths from the root's directory, with what keeps them from being read.
type Paths = BTreeMap<String, Option<Obstacle>>;

/// Notes an error at a path, unless it says that nothing is there.
fn note(error: &io::Error, path: String, found: &mut Paths) {
    if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) {
        let path = if path.is_empty() { ".".to_owned() } else { path };
        found.insert(path, Some(Obstacle::Unreadable(reason(error))));
    }
}

/// What comes of a pattern, so far.
struct Walk {
    /// Whether it can lead to one path only.
    is_plain: bool,
    found: Paths,
    /// Directories, each with how many parts of the pattern were still to come: several `**` lead to one in many ways.
    walked: HashSet<(String, usize)>,
}

struct Reader {
    /// That of the root, without links.
    directory: PathBuf,
    /// The files read by their paths without links, with their numbers.
    seen: HashMap<PathBuf, usize>,
    /// By which file each was included.
    parents: Vec<Option<usize>>,
}

impl Reader {
    /// The paths that a pattern leads to, from the root's directory, in the order of their bytes. Patterns lead to files
    /// only; a path without any is looked at whatever is there. Where the system does not let us look, there may be
    /// hosts: that is an obstacle like a file that cannot be read.
    fn paths(&self, pattern: &Pattern) -> Paths {
        let mut walk = Walk { is_plain: pattern.is_plain(), found: Paths::new(), walked: HashSet::new() };
        self.walk("", &pattern.parts, &mut walk);
        walk.found
    }

    fn walk(&self, below: &str, parts: &[Part], walk: &mut Walk) {
        let Some((part, rest)) = parts.split_first() else { return };
        if !walk.walked.insert((below.to_owned(), rest.len())) {
            return;
        }
        let join = |name: &str| if below.is_empty() { name.to_owned() } else { format!("{below}/{name}") };
        let step = |name: &str, walk: &mut Walk| {
            let path = join(name);
            if !rest.is_empty() {
                self.walk(&path, rest, walk);
                return;
            }
            // A link that leads nowhere is there, and its error is worth telling.
            let there = fs::symlink_metadata(self.directory.join(&path));
            let is_directory = || fs::metadata(self.directory.join(&path)).is_ok_and(|there| there.is_dir());
            match there {
                Ok(_) if walk.is_plain || !is_directory() => {
                    walk.found.insert(path, None);
                }
                Ok(_) => {}
                Err(error) => note(&error, path, &mut walk.found),
            }
        };
        let not_utf8 = |shown: &str, walk: &mut Walk| {
            walk.found.insert(join(shown), Some(Obstacle::Name));
        };
        match part {
            Part::Name(name) => step(name, walk),
            Part::Glob(tokens) => {
                for name in self.entries(below, &mut walk.found).iter().map(DirEntry::file_name) {
                    match name.to_string_lossy() {
                        shown if !matches(tokens, &shown) => {}
                        Cow::Borrowed(name) => step(name, walk),
                        Cow::Owned(shown) => not_utf8(&shown, walk),
                    }
                }
            }
            Part::Directories => {
                self.walk(below, rest, walk);
                let is_deepest = below.split('/').count() >= DEEPEST;
                // Links are not followed: they may lead round in a circle.
                let directories = self.entries(below, &mut walk.found).into_iter();
                for entry in directories.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())) {
                    match entry.file_name().to_string_lossy() {
                        shown if is_deepest || shown.starts_with('.') => {}
                        Cow::Borrowed(name) => self.walk(&join(name), parts, walk),
                        Cow::Owned(shown) => not_utf8(&shown, walk),
                    }
                }
            }
        }
    }

    /// What lies in a directory, as far as that can be read.
    fn entries(&self, below: &str, found: &mut Paths) -> Vec<DirEntry> {
        let entries = fs::read_dir(self.directory.join(below)).and_then(Iterator::collect);
        entries.unwrap_or_else(|error| {
            note(&error, below.to_owned(), found);
            Vec::new()
        })
    }

    /// Reads a file, unless something speaks against it, and gives its number.
    fn read(&mut self, from: usize, path: &str, source: &mut Source) -> Result<usize, Obstacle> {
        let unreadable = |error: &io::Error| Obstacle::Unreadable(reason(error));
        let real = fs::canonicalize(self.directory.join(path)).map_err(|error| unreadable(&error))?;
        if !real.starts_with(&self.directory) {
            return Err(Obstacle::Outside);
        }
        if let Some(seen) = self.seen.get(&real) {
            return Err(if self.leads_to(*seen, from) { Obstacle::Cycle(*seen) } else { Obstacle::Twice(*seen) });
        }
        let kind = fs::metadata(&real).map_err(|error| unreadable(&error))?;
        if kind.is_dir() {
            return Err(Obstacle::Directory);
        }
        if !kind.is_file() {
            return Err(Obstacle::Special);
        }
        if self.parents.len() >= FILES {
            return Err(Obstacle::TooMany);
        }
        let file = File::open(&real).map_err(|error| unreadable(&error))?;
        let bytes = read_at_most(source.room(), file, 0).map_err(|error| unreadable(&error))?;
        let number = source.add(path, bytes);
        self.seen.insert(real, number);
        self.parents.push(Some(from));
        Ok(number)
    }

    /// Whether a file was included by another, through others or not, or is the same.
    fn leads_to(&self, ancestor: usize, file: usize) -> bool {
        let parent = |file: &usize| self.parents.get(*file).copied().flatten();
        std::iter::successors(Some(file), parent).any(|file| file == ancestor)
    }
}
