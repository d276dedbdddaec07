//! The emitted files in memory.

pub(crate) mod seal;

/// The folder of the hosts' pillar files inside the pillar root.
pub(crate) const HOSTS_DIR: &str = "salt/pillar/tart/hosts";

/// The folder of the hosts' pillar files beside the pillar root.
pub(crate) const BESIDE_DIR: &str = "salt/hosts";

/// The folders in which files of hosts are looked for, whatever layout the spec asks for.
pub(crate) const HOSTS_DIRS: [&str; 2] = [BESIDE_DIR, HOSTS_DIR];

/// The states that set a Mac up.
pub(crate) const INIT: &str = "salt/states/tart/init.sls";

/// What gives a minion its file from beside the pillar root.
pub(crate) const PILLAR_INIT: &str = "salt/pillar/tart/init.sls";

/// The rollout in waves.
pub(crate) const ROLLOUT: &str = "salt/states/tart/rollout.sls";

/// Files that only some specs have.
pub(crate) const OPTIONAL: [&str; 2] = [PILLAR_INIT, ROLLOUT];

/// No file of a tree has as many bytes: this is a pillar of more VMs than a host may have.
pub(crate) const LARGEST: usize = 16 * 1024 * 1024;

/// The folder that holds a path.
pub(crate) fn parent_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The last part of a path.
pub(crate) fn name_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Files by their paths relative to the output directory, with `/` between their parts, in the order of the paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tree {
    files: Vec<(String, Vec<u8>)>,
}

/// Files at different paths, in any order.
impl From<Vec<(String, Vec<u8>)>> for Tree {
    fn from(mut files: Vec<(String, Vec<u8>)>) -> Self {
        files.sort_by(|(one, _), (other, _)| one.cmp(other));
        Self { files }
    }
}

impl Tree {
    /// Adds a file. A second file at the same path is a bug of the caller.
    pub(crate) fn insert(&mut self, path: String, bytes: Vec<u8>) {
        let found = self.find(&path);
        debug_assert!(found.is_err(), "two files at one path");
        self.files.insert(found.unwrap_or_else(|at| at), (path, bytes));
    }

    /// Adds many files at once. An error is a path that two of them have, or that is taken.
    pub(crate) fn extend(&mut self, mut files: Vec<(String, Vec<u8>)>) -> Result<(), String> {
        self.files.append(&mut files);
        *self = Self::from(std::mem::take(&mut self.files));
        let twice = self.files.windows(2).find_map(|pair| match pair {
            [(one, _), (other, _)] if one == other => Some(one.clone()),
            _ => None,
        });
        twice.map_or(Ok(()), Err)
    }

    /// The bytes of one file.
    pub(crate) fn get(&self, path: &str) -> Option<&[u8]> {
        self.get_next(path, &mut 0)
    }

    /// The same for paths that are mostly asked for in their order: `next` is the place after that of the last one.
    pub(crate) fn get_next(&self, path: &str, next: &mut usize) -> Option<&[u8]> {
        let is_next = self.files.get(*next).is_some_and(|(other, _)| other == path);
        let at = if is_next { *next } else { self.find(path).ok()? };
        *next = at + 1;
        self.files.get(at).map(|(_, bytes)| bytes.as_slice())
    }

    fn find(&self, path: &str) -> Result<usize, usize> {
        self.files.binary_search_by(|(other, _)| other.as_str().cmp(path))
    }

    /// All files, ordered by path.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> (String, Vec<u8>) {
        (path.to_owned(), path.as_bytes().to_vec())
    }

    #[test]
    fn files_are_in_order_and_found() {
        let mut tree = Tree::from(vec![file("c"), file("a")]);
        let (path, bytes) = file("b");
        tree.insert(path, bytes);
        assert_eq!(tree.extend(vec![file("e"), file("d")]), Ok(()));
        assert_eq!(tree.iter().map(|(path, _)| path).collect::<String>(), "abcde");
        assert_eq!((tree.get("d"), tree.get("x")), (Some(b"d".as_slice()), None));
        let mut next = 0;
        for path in ["a", "b", "e", "c", "d", "x", "e"] {
            assert_eq!(tree.get_next(path, &mut next), tree.get(path), "{path}");
        }
    }

    #[test]
    fn no_two_files_have_one_path() {
        assert_eq!(Tree::from(vec![file("a")]).extend(vec![file("b"), file("a")]), Err("a".to_owned()));
        assert_eq!(Tree::default().extend(vec![file("b"), file("a"), file("b")]), Err("b".to_owned()));
    }
}
