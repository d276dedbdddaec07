//! The entries of mappings, of which most have few.

use std::slice;

use indexmap::map;

use super::Entry;
use crate::map::Map;
use crate::source::Span;

/// Up to so many names are compared faster than hashed, and need no table.
const FEW: usize = 8;

/// Entries by their names, which are all different, in the order of the text.
#[derive(Debug, Clone)]
pub(crate) enum Entries {
    /// As in nearly all of the thousands of mappings of a spec.
    Few(Vec<(String, Entry)>),
    /// As under `hosts`.
    Many(Box<Map<Entry>>),
}

impl Default for Entries {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl Entries {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Few(few) => few.len(),
            Self::Many(many) => many.len(),
        }
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry under a name.
    pub(crate) fn get(&self, name: &str) -> Option<&Entry> {
        match self {
            Self::Few(few) => few.iter().find(|(key, _)| key == name).map(|(_, entry)| entry),
            Self::Many(many) => many.get(name),
        }
    }

    /// The same, to change it.
    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Entry> {
        match self {
            Self::Few(few) => few.iter_mut().find(|(key, _)| key == name).map(|(_, entry)| entry),
            Self::Many(many) => many.get_mut(name),
        }
    }

    /// The last entry and its name.
    pub(crate) fn last_mut(&mut self) -> Option<(&str, &mut Entry)> {
        match self {
            Self::Few(few) => few.last_mut().map(|(name, entry)| (name.as_str(), entry)),
            Self::Many(many) => many.last_mut().map(|(name, entry)| (name.as_str(), entry)),
        }
    }

    /// Adds an entry. If there is one of its name already, nothing is added, and the name and the place of the first come
    /// back.
    pub(crate) fn add(&mut self, name: String, entry: Entry) -> Option<(String, Span)> {
        if let Some(first) = self.get(&name) {
            return Some((name, first.key));
        }
        if let Self::Few(few) = self
            && few.len() == FEW
        {
            *self = Self::Many(Box::new(few.drain(..).collect()));
        }
        match self {
            Self::Few(few) => few.push((name, entry)),
            Self::Many(many) => {
                many.insert(name, entry);
            }
        }
        None
    }

    /// Takes out an entry; the others keep their order.
    pub(crate) fn remove(&mut self, name: &str) -> Option<Entry> {
        match self {
            Self::Few(few) => few.iter().position(|(key, _)| key == name).map(|index| few.remove(index).1),
            Self::Many(many) => many.shift_remove(name),
        }
    }

    /// All entries with their names.
    pub(crate) fn iter(&self) -> Iter<'_> {
        match self {
            Self::Few(few) => Iter::Few(few.iter()),
            Self::Many(many) => Iter::Many(many.iter()),
        }
    }

    /// The same, to have them.
    pub(crate) fn into_vec(self) -> Vec<(String, Entry)> {
        match self {
            Self::Few(few) => few,
            Self::Many(many) => many.into_iter().collect(),
        }
    }
}

/// Entries with their names, in the order of the text.
pub(crate) enum Iter<'a> {
    /// Of few.
    Few(slice::Iter<'a, (String, Entry)>),
    /// Of many.
    Many(map::Iter<'a, String, Entry>),
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a Entry);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Few(few) => few.next().map(|(name, entry)| (name.as_str(), entry)),
            Self::Many(many) => many.next().map(|(name, entry)| (name.as_str(), entry)),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::Few(few) => few.size_hint(),
            Self::Many(many) => many.size_hint(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// The name of a number, and an entry that knows it.
    fn numbered(number: usize) -> (String, Entry) {
        (format!("n{number}"), Entry { key: Span::new(number, number), value: Arc::default() })
    }

    #[test]
    fn few_and_many_are_alike() {
        let mut entries = Entries::default();
        for count in 0..2 * FEW {
            assert_eq!((entries.len(), entries.is_empty()), (count, count == 0));
            assert!(entries.get(&numbered(count).0).is_none());
            let (name, entry) = numbered(count);
            assert_eq!(entries.add(name, entry), None);
            for first in 0..=count {
                let (name, _) = numbered(first);
                assert_eq!(entries.get(&name).map(|entry| entry.key.start), Some(first));
                assert_eq!(entries.get_mut(&name).map(|entry| entry.key.start), Some(first));
                let again = Entry { key: Span::default(), value: Arc::default() };
                assert_eq!(entries.add(name.clone(), again), Some((name, Span::new(first, first))));
            }
            assert_eq!(entries.last_mut().map(|(name, _)| name.to_owned()), Some(numbered(count).0));
            let names: Vec<_> = entries.iter().map(|(name, _)| name.to_owned()).collect();
            assert_eq!(names, (0..=count).map(|number| numbered(number).0).collect::<Vec<_>>());
            let mut without = entries.clone();
            assert_eq!(without.remove("n0").map(|entry| entry.key.start), Some(0));
            assert!(without.remove("n0").is_none());
            let left: Vec<_> = without.into_vec().into_iter().map(|(name, _)| name).collect();
            assert_eq!(left, names.get(1..).unwrap_or_default());
        }
        assert!(matches!(entries, Entries::Many(_)));
    }
}
