//! Hosts that are alike: a group, or a single host.

use std::borrow::Cow;

use super::Minions;
use crate::map::Map;
use crate::spec::{Fleet, Group, Hardware, Host, HostDefaults, Vm};

/// What is said of hosts that are alike, and where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Class<'a> {
    /// The key of the spec it stands under: `hosts` or `groups`.
    pub(crate) section: &'static str,
    /// The minion id, or the name of the group.
    pub(crate) name: &'a str,
    /// The minion ids with their ranges, if it is a group.
    patterns: Option<&'a [String]>,
    /// The account that runs the VMs.
    pub(crate) run_user: Option<&'a String>,
    /// What each host has.
    pub(crate) hardware: Option<&'a Hardware>,
    defaults: Option<&'a HostDefaults>,
    /// The VMs of each host, by names that may have placeholders.
    pub(crate) vms: &'a Map<Vm>,
    /// The VMs to remove from each host.
    pub(crate) removed: &'a [String],
}

/// All classes of a fleet, the single hosts first.
pub(crate) fn classes(fleet: &Fleet) -> impl Iterator<Item = Class<'_>> {
    let hosts = fleet.hosts.iter().map(|(name, host)| {
        let Host { run_user, hardware, defaults, vms, removed } = host;
        Class {
            section: "hosts",
            name,
            patterns: None,
            run_user: run_user.as_ref(),
            hardware: hardware.as_deref(),
            defaults: defaults.as_deref(),
            vms,
            removed,
        }
    });
    let groups = fleet.groups.iter().map(|(name, group)| {
        let Group { hosts, run_user, hardware, defaults, vms, removed } = group;
        Class {
            section: "groups",
            name,
            patterns: Some(hosts.as_deref().unwrap_or_default()),
            run_user: run_user.as_ref(),
            hardware: hardware.as_deref(),
            defaults: defaults.as_deref(),
            vms,
            removed,
        }
    });
    hosts.chain(groups)
}

impl<'a> Class<'a> {
    /// Whether it is a group.
    pub(crate) const fn is_group(&self) -> bool {
        self.patterns.is_some()
    }

    /// The minion ids with their ranges, as they stand in the spec; none of a single host.
    pub(crate) fn patterns(&self) -> &'a [String] {
        self.patterns.unwrap_or_default()
    }

    /// The VM settings for its hosts.
    pub(crate) fn default_vm(&self) -> Option<&'a Vm> {
        self.defaults.and_then(|defaults| defaults.vm.as_ref())
    }

    /// How many hosts there are. Ranges that are wrong count for none.
    pub(crate) fn len(&self) -> usize {
        self.patterns.map_or(1, |patterns| {
            let lengths = patterns.iter().filter_map(|pattern| Minions::new(pattern).ok()).map(|minions| minions.len());
            lengths.fold(0, usize::saturating_add)
        })
    }

    /// How many VMs each host has, those to remove included.
    pub(crate) fn vms_of_each(&self) -> usize {
        let count = |vm: &Vm| vm.count.map_or(1, |count| usize::try_from(count).unwrap_or(usize::MAX));
        self.vms.values().map(count).fold(self.removed.len(), usize::saturating_add)
    }

    /// The minion ids in the order of the spec, each with the number of the item it stands in.
    pub(crate) fn minion_ids(&self) -> Vec<(Cow<'a, str>, usize)> {
        let Some(patterns) = self.patterns else { return vec![(Cow::Borrowed(self.name), 0)] };
        let mut ids = Vec::new();
        for (item, pattern) in patterns.iter().enumerate() {
            let expanded = Minions::new(pattern).map(|minions| minions.expand()).unwrap_or_default();
            ids.extend(expanded.into_iter().map(|id| (Cow::Owned(id), item)));
        }
        ids
    }
}
