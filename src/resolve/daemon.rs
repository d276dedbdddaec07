//! How a VM is made and kept running: each setting from the nearest place that gives it.

use indexmap::IndexMap;

use super::{Layers, OrBuiltIn, Setting, first};
use crate::catalog::{DEFAULT_CLONE_TIMEOUT, DEFAULT_THROTTLE_INTERVAL};

/// Options of `tart clone`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CloneSettings {
    /// Layers that are pulled at once.
    pub(crate) concurrency: Option<Setting<u32>>,
    /// Most GiB to free in the cache.
    pub(crate) prune_limit: Option<Setting<u32>>,
    /// Whether the registry is asked over HTTP.
    pub(crate) insecure: Setting<bool>,
    /// Seconds that it may take.
    pub(crate) timeout: Setting<u32>,
}

/// Settings of a launchd job.
#[derive(Debug, Clone)]
pub(crate) struct DaemonSettings<'a> {
    /// Whether launchd starts the VM again.
    pub(crate) keep_alive: Setting<bool>,
    /// Seconds from one start to the next.
    pub(crate) throttle_interval: Setting<u32>,
    /// Environment variables, sorted by their names.
    pub(crate) environment: IndexMap<&'a str, &'a str>,
    /// File for what tart prints.
    pub(crate) standard_out_path: Option<Setting<&'a str>>,
    /// File for tart's errors.
    pub(crate) standard_error_path: Option<Setting<&'a str>>,
}

pub(super) fn clone(layers: Layers<'_>) -> CloneSettings {
    CloneSettings {
        concurrency: first(layers, |vm| vm.clone.as_ref()?.concurrency),
        prune_limit: first(layers, |vm| vm.clone.as_ref()?.prune_limit),
        insecure: first(layers, |vm| vm.clone.as_ref()?.insecure).or_built_in(false),
        timeout: first(layers, |vm| vm.clone.as_ref()?.timeout).or_built_in(DEFAULT_CLONE_TIMEOUT),
    }
}

pub(super) fn daemon(layers: Layers<'_>) -> DaemonSettings<'_> {
    let mut environment = IndexMap::new();
    // The nearest comes first and stays.
    for (name, value) in layers.iter().filter_map(|(vm, _)| vm.as_ref()?.daemon.as_ref()).flat_map(|d| &d.environment) {
        environment.entry(name.as_str()).or_insert(value.as_str());
    }
    environment.sort_unstable_keys();
    DaemonSettings {
        keep_alive: first(layers, |vm| vm.daemon.as_ref()?.keep_alive).or_built_in(true),
        throttle_interval: first(layers, |vm| vm.daemon.as_ref()?.throttle_interval)
            .or_built_in(DEFAULT_THROTTLE_INTERVAL),
        environment,
        standard_out_path: first(layers, |vm| vm.daemon.as_ref()?.standard_out_path.as_deref()),
        standard_error_path: first(layers, |vm| vm.daemon.as_ref()?.standard_error_path.as_deref()),
    }
}
