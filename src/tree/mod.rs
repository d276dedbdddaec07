//! The emitted files in memory.

pub(crate) mod seal;

use std::collections::BTreeMap;

/// The folder of the hosts' pillar files inside the pillar root.
pub(crate) const HOSTS_DIR: &str = "salt/pillar/tart/hosts";

/// The folder of the hosts' pillar files beside the pillar root.
pub(crate) const BESIDE_DIR: &str = "salt/hosts";

/// The folders in which files of hosts that left the spec are looked for.
pub(crate) const HOSTS_DIRS: [&str; 2] = [BESIDE_DIR, HOSTS_DIR];

/// The states that set a Mac up.
pub(crate) const INIT: &str = "salt/states/tart/init.sls";

/// What gives a minion its file from beside the pillar root.
pub(crate) const PILLAR_INIT: &str = "salt/pillar/tart/init.sls";

/// The rollout in waves.
pub(crate) const ROLLOUT: &str = "salt/states/tart/rollout.sls";

/// Files that only some specs have.
pub(crate) const OPTIONAL: [&str; 2] = [PILLAR_INIT, ROLLOUT];

/// An ordered map from a path relative to the output directory, with `/` between its parts, to the bytes of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tree {
    files: BTreeMap<String, Vec<u8>>,
}

impl Tree {
    /// Adds a file. A second file at the same path is a bug of the caller and replaces the first.
    pub(crate) fn insert(&mut self, path: String, bytes: Vec<u8>) {
        let earlier = self.files.insert(path, bytes);
        debug_assert!(earlier.is_none(), "two files at one path");
    }

    /// Adds many files at once. An error is a path that two of them have, or that is taken.
    pub(crate) fn extend(&mut self, mut files: Vec<(String, Vec<u8>)>) -> Result<(), String> {
        files.sort_by(|(one, _), (other, _)| one.cmp(other));
        let twice = files.windows(2).find_map(|pair| match pair {
            [(one, _), (other, _)] if one == other => Some(one),
            _ => None,
        });
        let taken = || files.iter().map(|(path, _)| path).find(|path| self.files.contains_key(*path));
        if let Some(path) = twice.or_else(taken) {
            return Err(path.clone());
        }
        // The map takes those that come in order all at once.
        self.files.append(&mut BTreeMap::from_iter(files));
        Ok(())
    }

    /// The bytes of one file.
    pub(crate) fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// All files, ordered by path.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }
}
