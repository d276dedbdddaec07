//! Two fleets side by side.

use std::collections::{BTreeMap, BTreeSet};

use super::job::{self, Jobs};
use super::states::States;
use super::{Change, Host, Presence, Reason, Vm, vm};
use crate::plan::{self, Outdated};

/// One of the two fleets.
pub(super) struct Side<'a> {
    /// The states, if they are known.
    pub(super) states: Option<States<'a>>,
    /// The hosts.
    pub(super) hosts: &'a [plan::Host],
}

/// What the next apply does to each host: those of the spec in its order, then those that left it. An error is a bug.
pub(super) fn hosts(old: &Side<'_>, new: &Side<'_>, outdated: Outdated) -> Result<Vec<Host>, String> {
    let states = new.states.as_ref().ok_or("the spec has no states")?;
    let jobs = Jobs::new(states).ok_or("the spec's own launchd job cannot be rendered")?;
    let old_states = old.states.as_ref().unwrap_or(states);
    let both = Both { old: old_states, new: states, old_jobs: Jobs::new(old_states), jobs, outdated };
    let olds: BTreeMap<&str, &plan::Host> = old.hosts.iter().map(|host| (host.minion_id.as_str(), host)).collect();
    let mut hosts: Vec<Host> = new
        .hosts
        .iter()
        .map(|host| match olds.get(host.minion_id.as_str()) {
            Some(old) => both.kept(old, host),
            None => fresh(host),
        })
        .collect();
    let news: BTreeSet<&str> = new.hosts.iter().map(|host| host.minion_id.as_str()).collect();
    hosts.extend(old.hosts.iter().filter(|host| !news.contains(host.minion_id.as_str())).map(gone));
    Ok(hosts)
}

/// What all hosts have in common.
struct Both<'a> {
    old: &'a States<'a>,
    new: &'a States<'a>,
    /// The jobs of the old states, unless tartgen did not write them.
    old_jobs: Option<Jobs<'a>>,
    jobs: Jobs<'a>,
    outdated: Outdated,
}

impl Both<'_> {
    fn kept(&self, old: &plan::Host, new: &plan::Host) -> Host {
        let has_moved = old.run_user != new.run_user;
        let olds: BTreeMap<&str, &plan::Vm> = old.vms.iter().map(|vm| (vm.name.as_str(), vm)).collect();
        let mut vms = Vec::new();
        for vm in &new.vms {
            let before = olds.get(vm.name.as_str()).copied();
            vms.push(match before {
                _ if has_moved => vm::moves(&vm.name, before, Some(vm), &old.run_user),
                Some(before) => vm::stays(before, vm, || self.reasons((old, before), (new, vm))),
                None => vm::appears(vm),
            });
        }
        for name in new.removed.iter().filter(|name| !old.removed.contains(name)) {
            let before = olds.get(name.as_str()).copied();
            vms.push(if has_moved { vm::moves(name, before, None, &old.run_user) } else { vm::goes(name, before) });
        }
        let is_named = |name: &String| new.removed.contains(name) || new.vms.iter().any(|vm| vm.name == *name);
        vms.extend(old.vms.iter().filter(|vm| !is_named(&vm.name)).map(|vm| vm::vanishes(vm, false)));
        Host { minion_id: new.minion_id.clone(), presence: Presence::Kept, changes: self.changes(old, new), vms }
    }

    fn changes(&self, old: &plan::Host, new: &plan::Host) -> Vec<Change> {
        let mut changes = Vec::new();
        if old.run_user != new.run_user {
            changes.push(Change::RunUser { from: old.run_user.clone(), to: new.run_user.clone() });
        }
        if new.vms.is_empty() {
            return changes;
        }
        if let (Some(from), Some(to)) = (self.old.minimum, self.new.minimum)
            && version(from) < version(to)
        {
            let is_upgraded = self.outdated == Outdated::Upgrade;
            changes.push(Change::Minimum { from: from.to_owned(), to: to.to_owned(), is_upgraded });
        }
        if let (Some(from), Some(to)) = (self.old.binary, self.new.binary)
            && from != to
        {
            changes.push(Change::Binary { from: from.to_owned(), to: to.to_owned() });
        }
        changes
    }

    /// Why the job of a VM that the same account runs on both sides is loaded anew, if it is.
    fn reasons(&self, old: (&plan::Host, &plan::Vm), new: (&plan::Host, &plan::Vm)) -> Vec<Reason> {
        let ((old_host, old_vm), (new_host, new_vm)) = (old, new);
        let has_same = old_vm.arguments == new_vm.arguments && old_vm.daemon == new_vm.daemon;
        // Rendering a large fleet twice takes seconds.
        if has_same && self.new.writes_jobs_like(self.old) {
            return Vec::new();
        }
        let Some(wanted) = self.jobs.plist(new_host, new_vm) else { return Vec::new() };
        let Some(written) = self.old_jobs.as_ref().and_then(|jobs| jobs.plist(old_host, old_vm)) else {
            return vec![job::foreign()];
        };
        if written == wanted {
            return Vec::new();
        }
        let binaries = (self.old.binary.unwrap_or_default(), self.new.binary.unwrap_or_default());
        job::reasons((old_vm, &written), (new_vm, &wanted), binaries)
    }
}

/// A host that only the spec has: nothing of ours is on it.
fn fresh(new: &plan::Host) -> Host {
    let vms = new.vms.iter().map(vm::appears);
    let removed = new.removed.iter().map(|name| vm::goes(name, None));
    Host {
        minion_id: new.minion_id.clone(),
        presence: Presence::New,
        changes: Vec::new(),
        vms: vms.chain(removed).collect(),
    }
}

/// A host that left the spec: its minion gets no pillar, so an apply fails before it does anything.
fn gone(old: &plan::Host) -> Host {
    let vms: Vec<Vm> = old.vms.iter().map(|vm| vm::vanishes(vm, true)).collect();
    Host { minion_id: old.minion_id.clone(), presence: Presence::Gone, changes: Vec::new(), vms }
}

fn version(text: &str) -> Vec<u64> {
    text.split('.').map(|part| part.parse().unwrap_or_default()).collect()
}
