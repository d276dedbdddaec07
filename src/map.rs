//! Mappings of the spec, and what is remembered of many values.

use std::collections::{HashMap, HashSet};
use std::marker::PhantomData;

use indexmap::IndexMap;

/// Values by their keys, in the order of the spec. Most have a handful of keys and there are thousands of them, so they
/// are hashed fast; with a seed of the process, so that a spec cannot be made of keys that collide.
pub(crate) type Map<V> = IndexMap<String, V, foldhash::fast::RandomState>;

/// What is looked up for each of thousands of hosts, in no order.
pub(crate) type Lookup<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// What has been seen of many things, in no order.
pub(crate) type Seen<K> = HashSet<K, foldhash::fast::RandomState>;

/// What follows from values that many have together, worked out once for each of them. They are told apart by where they
/// are, not by what they say.
pub(crate) struct Known<'a, K, V> {
    known: Lookup<*const K, V>,
    /// While this lasts, nothing else takes the place of a value.
    values: PhantomData<&'a K>,
}

impl<K, V> Default for Known<'_, K, V> {
    fn default() -> Self {
        Self { known: Lookup::default(), values: PhantomData }
    }
}

impl<'a, K, V> Known<'a, K, V> {
    /// What follows from a value; worked out now, if it is not known yet.
    pub(crate) fn of(&mut self, value: &'a K, work_out: impl FnOnce(&'a K) -> V) -> &V {
        self.known.entry(value).or_insert_with(|| work_out(value))
    }

    /// What is known of a value.
    pub(crate) fn get(&self, value: &'a K) -> Option<&V> {
        self.known.get(&std::ptr::from_ref(value))
    }

    /// Remembers what follows from a value.
    pub(crate) fn insert(&mut self, value: &'a K, known: V) {
        self.known.insert(value, known);
    }
}
