//! Hosts that are alike: a group, or a single host.

use std::borrow::Cow;

use super::Minions;
use crate::catalog::HOSTS;
use crate::map::Map;
use crate::parallel::parts;
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

/// The classes in their order.
fn classes(fleet: &Fleet) -> impl Iterator<Item = Class<'_>> {
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

    /// Writes the minion ids out.
    fn write_ids(&self, ids: &mut Vec<MinionId<'a>>) {
        let Some(patterns) = self.patterns else { return ids.push((Cow::Borrowed(self.name), 0)) };
        for (item, pattern) in patterns.iter().enumerate() {
            let expanded = Minions::new(pattern).map(|minions| minions.expand()).unwrap_or_default();
            ids.extend(expanded.into_iter().map(|id| (Cow::Owned(id), item)));
        }
    }
}

/// The id of a host, and the number of the item of its class that it stands in.
pub(crate) type MinionId<'a> = (Cow<'a, str>, usize);

/// All classes of a fleet with their minion ids written out, the single hosts first.
#[derive(Debug)]
pub(crate) struct Classes<'a> {
    all: Vec<Class<'a>>,
    /// The ids of all classes.
    ids: Vec<MinionId<'a>>,
    /// Where those of each class end.
    ends: Vec<usize>,
}

/// So many hosts are worth a thread: to write their ids out takes a fifth of a millisecond.
const PART: usize = 2000;

impl<'a> Classes<'a> {
    /// The classes of a fleet; without ids if there are more hosts than a fleet may have.
    pub(crate) fn new(fleet: &'a Fleet) -> Self {
        let all: Vec<_> = classes(fleet).collect();
        let size = all.iter().map(Class::len).fold(0, usize::saturating_add);
        if size > HOSTS {
            return Self { ends: vec![0; all.len()], ids: Vec::new(), all };
        }
        let least = (all.len() * PART).div_ceil(size.max(1));
        let written = parts(&all, least, |classes| {
            let (mut ids, mut ends) = (Vec::new(), Vec::with_capacity(classes.len()));
            for class in classes {
                class.write_ids(&mut ids);
                ends.push(ids.len());
            }
            (ids, ends)
        });
        let (mut ids, mut ends) = (Vec::with_capacity(size), Vec::with_capacity(all.len()));
        for (own, own_ends) in written {
            let start = ids.len();
            ids.extend(own);
            ends.extend(own_ends.into_iter().map(|end| start + end));
        }
        Self { all, ids, ends }
    }

    /// How many hosts there are.
    pub(crate) const fn size(&self) -> usize {
        self.ids.len()
    }

    /// The classes.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Class<'a>> {
        self.all.iter()
    }

    /// The classes, each with the ids of its hosts.
    pub(crate) fn with_ids(&self) -> impl Iterator<Item = (&Class<'a>, &[MinionId<'a>])> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        let ids = starts.zip(&self.ends).map(|(start, end)| self.ids.get(start..*end).unwrap_or_default());
        self.all.iter().zip(ids)
    }
}
