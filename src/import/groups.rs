//! Hosts that are alike, as the groups that a spec has for them.

use std::sync::Arc;

use indexmap::IndexMap;

use super::Imported;
use super::names::{Names, common_words};
use crate::counting::{FEWEST, is_digit, together};
use crate::plan::{Host, Vm};
use crate::resolve::{HOST, short};

/// Hosts that differ in nothing but their minion ids, and in names that have these in them.
pub(super) struct Group {
    /// Its name.
    pub(super) name: String,
    /// The minion ids, of which those that count on are one.
    pub(super) ids: Vec<String>,
    /// What each of them is, without an id and with `{host}` in the names of VMs.
    pub(super) host: Host,
    /// How many hosts there are.
    pub(super) count: usize,
    /// Whether the name of a file is all that says which minion one of them is.
    pub(super) is_guessed: bool,
}

/// The groups of some hosts, and the hosts that are in none.
pub(super) fn groups(hosts: &[Imported]) -> (Vec<Group>, Vec<&Imported>) {
    let any: Vec<Host> = hosts.iter().map(|imported| of_any(&imported.host)).collect();
    let mut alike: IndexMap<&Host, Vec<&Imported>> = IndexMap::new();
    for (host, imported) in any.iter().zip(hosts) {
        alike.entry(host).or_default().push(imported);
    }
    alike.retain(|host, members| members.len() >= FEWEST && !(host.vms.is_empty() && host.removed.is_empty()));
    let others = any.iter().zip(hosts).filter(|(host, _)| !alike.contains_key(host)).map(|(_, imported)| imported);
    let others = others.collect();
    let mut names = Names::default();
    for imported in hosts {
        names.reserve(&imported.host.minion_id);
    }
    (alike.into_iter().map(|(host, members)| group(host, members, &mut names)).collect(), others)
}

/// A host as any other like it: without its id, and with a placeholder for it in names.
fn of_any(host: &Host) -> Host {
    let short = format!("-{}-", short(&host.minion_id));
    let common = |name: &str| {
        let name = format!("-{name}-").replace(&short, &format!("-{HOST}-"));
        name.trim_matches('-').to_owned()
    };
    let vms = host.vms.iter().map(|vm| Vm { name: common(&vm.name), settings: Arc::clone(&vm.settings) });
    Host {
        minion_id: String::new(),
        run_user: host.run_user.clone(),
        vms: vms.collect(),
        removed: host.removed.iter().map(|name| common(name)).collect(),
    }
}

fn group(host: &Host, mut members: Vec<&Imported>, names: &mut Names) -> Group {
    // Salt tells of minions in no order. Shorter ids go first, as 9 goes before 10.
    let letters = |id: &str| id.replace(is_digit, "");
    members.sort_by_cached_key(|imported| {
        let id = &imported.host.minion_id;
        (letters(id), id.len(), id.clone())
    });
    let ids: Vec<&str> = members.iter().map(|imported| imported.host.minion_id.as_str()).collect();
    let shorts: Vec<String> = ids.iter().map(|id| short(id)).collect();
    let name = common_words(shorts.iter().map(String::as_str)).unwrap_or_else(|| "group".to_owned());
    Group {
        name: names.take(&[name]),
        ids: together(&ids, |id| id, |_, _| true).into_iter().map(|(name, _)| name).collect(),
        host: host.clone(),
        count: members.len(),
        is_guessed: members.iter().any(|imported| imported.is_guessed),
    }
}
