//! A tree that a fleet is compared with: a directory, a file, or what a commit has of a directory.

use std::fs::{self, File};
use std::io;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::{ReadError, git, read_at_most, reason};
use crate::source::printable;
use crate::tree::{INIT, LARGEST, Tree};

/// What a fleet is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Against {
    /// A directory or a file.
    Path(Utf8PathBuf),
    /// A directory as a commit has it.
    Git {
        /// What git takes for a commit.
        revision: String,
        /// The directory, relative to the current one.
        out: Utf8PathBuf,
    },
    /// Macs to which nothing was applied.
    Nothing,
}

impl std::fmt::Display for Against {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Path(path) => write!(formatter, "{}", printable(path.as_str())),
            Self::Git { revision, out } => {
                write!(formatter, "{} of git:{}", printable(out.as_str()), printable(revision))
            }
            Self::Nothing => formatter.write_str("nothing"),
        }
    }
}

/// The files of a tree as it was found.
#[derive(Debug)]
pub struct FoundTree {
    name: String,
    files: Tree,
    may_be_first: bool,
}

impl FoundTree {
    /// Files that people know by a name.
    pub(crate) const fn new(name: String, files: Tree) -> Self {
        Self { name, files, may_be_first: false }
    }

    /// The same where pillar can be missing because nothing was applied before.
    pub(crate) const fn first(name: String, files: Tree) -> Self {
        Self { name, files, may_be_first: true }
    }

    /// How people know it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Its files by their paths below it.
    pub(crate) const fn files(&self) -> &Tree {
        &self.files
    }

    /// Whether it is sure that nothing was applied before, if the files have no pillar. Otherwise they may be the wrong
    /// ones.
    pub(crate) const fn may_be_first(&self) -> bool {
        self.may_be_first
    }
}

/// What is wrong with a file that has more bytes than any of a tree.
pub(super) fn too_large(bytes: &[u8]) -> Option<String> {
    (bytes.len() > LARGEST).then(|| format!("it has more than {} MiB", LARGEST / 1024 / 1024))
}

/// As many folders may lie in each other as a hand-written tree can sensibly have.
const DEPTH: usize = 16;

/// Reads what a fleet is to be compared with. Links below a directory are not followed.
///
/// # Errors
///
/// Says in a full sentence what is missing or cannot be read, and for a commit what git said.
pub fn read_tree(against: &Against) -> Result<FoundTree, ReadError> {
    let name = against.to_string();
    match against {
        Against::Path(path) => Ok(FoundTree::new(name, from_disk(path)?)),
        Against::Git { revision, out } => {
            let files = git::tree(revision, &spelled(revision, out)?)?;
            // A directory that has a tree by now is the right one: the commit is older than the tree.
            match files {
                files if has_tree(out) => Ok(FoundTree::first(name, files.unwrap_or_default())),
                Some(files) => Ok(FoundTree::new(name, files)),
                None => Err(without(revision, out)),
            }
        }
        Against::Nothing => Ok(FoundTree::first(name, Tree::default())),
    }
}

/// Whether a build has written to a directory.
fn has_tree(out: &Utf8Path) -> bool {
    out.join(INIT).is_file()
}

fn without(revision: &str, out: &Utf8Path) -> ReadError {
    let (revision, out) = (printable(revision), printable(out.as_str()));
    let message = format!(
        "cannot compare with `git:{revision}`: neither that commit nor the disk has a tree in `{out}`; name its directory \
         with `--out`, or write `--against nothing` if nothing was applied before"
    );
    ReadError { message }
}

fn from_disk(path: &Utf8Path) -> Result<Tree, ReadError> {
    let kind = fs::metadata(path).map_err(|error| cannot(path, &error))?;
    let mut files = Vec::new();
    if kind.is_dir() {
        // An output directory may have anything beside the tree.
        let salt = path.join("salt");
        if salt.is_dir() { walk(&salt, "salt/", 0, &mut files)? } else { walk(path, "", 0, &mut files)? }
    } else {
        files.push((path.file_name().unwrap_or("pillar.sls").to_owned(), file(path)?));
    }
    Ok(Tree::from(files))
}

fn walk(folder: &Utf8Path, prefix: &str, depth: usize, files: &mut Vec<(String, Vec<u8>)>) -> Result<(), ReadError> {
    for entry in folder.read_dir_utf8().map_err(|error| cannot(folder, &error))? {
        // A name that is not UTF-8 cannot be that of a pillar.
        let entry = match entry {
            Err(error) if error.kind() == io::ErrorKind::InvalidData => continue,
            other => other.map_err(|error| cannot(folder, &error))?,
        };
        let (name, path) = (entry.file_name(), entry.path());
        let kind = entry.file_type().map_err(|error| cannot(path, &error))?;
        if kind.is_dir() && !name.starts_with('.') && depth < DEPTH {
            walk(path, &format!("{prefix}{name}/"), depth + 1, files)?;
        } else if kind.is_file() && is_wanted(name) {
            files.push((format!("{prefix}{name}"), file(path)?));
        }
    }
    Ok(())
}

/// Whether a file can be part of a tree, by its name.
pub(super) fn is_wanted(name: &str) -> bool {
    [".sls", ".jinja", ".sh", ".json", ".yaml", ".yml"].iter().any(|end| name.ends_with(end))
}

fn file(path: &Utf8Path) -> Result<Vec<u8>, ReadError> {
    // A device or a pipe does not say how much it has.
    let bytes =
        File::open(path).and_then(|file| read_at_most(LARGEST, file, 0)).map_err(|error| cannot(path, &error))?;
    match too_large(&bytes) {
        Some(why) => Err(ReadError { message: format!("cannot compare with `{}`: {why}", printable(path.as_str())) }),
        None => Ok(bytes),
    }
}

fn cannot(path: &Utf8Path, error: &io::Error) -> ReadError {
    let shown = printable(path.as_str());
    let message = if error.kind() == io::ErrorKind::NotFound {
        format!(
            "cannot compare with `{shown}`: there is no such directory; name an output directory, a pillar file or a \
             commit, as in `--against git:HEAD`, or write `--against nothing` if nothing was applied before"
        )
    } else {
        format!("cannot compare with `{shown}`: {}", reason(error))
    };
    ReadError { message }
}

/// The directory as git spells it: relative to the current one, without superfluous parts.
fn spelled(revision: &str, out: &Utf8Path) -> Result<String, ReadError> {
    let mut spelled = String::from(".");
    for part in out.components() {
        match part {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir => spelled.push_str("/.."),
            Utf8Component::Normal(name) => spelled.extend(["/", name]),
            Utf8Component::RootDir | Utf8Component::Prefix(_) => {
                let message = format!(
                    "cannot look for `{}` in `git:{}`: name the directory relative to the current one with `--out`",
                    printable(out.as_str()),
                    printable(revision)
                );
                return Err(ReadError { message });
            }
        }
    }
    Ok(if spelled == "." { "./".to_owned() } else { spelled })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_are_spelled_as_git_wants_them() {
        let spell = |path: &str| spelled("HEAD", Utf8Path::new(path)).ok();
        assert_eq!(spell("out").as_deref(), Some("./out"));
        assert_eq!(spell("./a//b/").as_deref(), Some("./a/b"));
        assert_eq!(spell("../a").as_deref(), Some("./../a"));
        assert_eq!(spell(".").as_deref(), Some("./"));
        assert_eq!(spell("/a"), None);
    }
}
