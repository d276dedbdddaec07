//! Mappings of the spec.

use std::collections::HashMap;

use indexmap::IndexMap;

/// Values by their keys, in the order of the spec. Most have a handful of keys and there are thousands of them, so they
/// are hashed fast; with a seed of the process, so that a spec cannot be made of keys that collide.
pub(crate) type Map<V> = IndexMap<String, V, foldhash::fast::RandomState>;

/// What is looked up for each of thousands of hosts, in no order.
pub(crate) type Lookup<K, V> = HashMap<K, V, foldhash::fast::RandomState>;
