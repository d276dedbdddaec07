//! What hosts share: one account, images under names, settings under profiles, and all there is to them.

use std::collections::BTreeMap;

use super::Imported;
use super::flags::{self, Flags};
use super::groups::Group;
use super::names::{Names, common_words, for_image};
use crate::catalog::known;
use crate::plan::{self, Host, Vm};

/// Hosts with what they share taken out.
pub(super) struct Fleet<'a> {
    /// The account of most hosts.
    pub(super) run_user: &'a str,
    /// References of official images, and the names that they get. Of others nobody knows the system inside, which a
    /// named image must say.
    pub(super) images: Vec<(&'a str, String)>,
    /// Settings of several VMs, and the names that they get.
    pub(super) profiles: Vec<(Settings<'a>, String)>,
    /// Hosts that are alike.
    pub(super) groups: &'a [Group],
    /// All other hosts.
    pub(super) hosts: &'a [&'a Imported],
}

/// What VMs can share: all settings but the name and whether the VM runs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Settings<'a> {
    /// One of the VMs.
    pub(super) vm: &'a Vm,
    /// Its flags of `tart run`.
    pub(super) run: Flags,
}

/// Takes out what is shared, or says what no spec can say.
pub(super) fn factor<'a>(groups: &'a [Group], hosts: &'a [&'a Imported]) -> Result<Fleet<'a>, Vec<String>> {
    let all: Vec<(&Host, usize)> = groups
        .iter()
        .map(|group| (&group.host, group.count))
        .chain(hosts.iter().map(|imported| (&imported.host, 1)))
        .collect();
    let vms: Vec<&Vm> = all.iter().flat_map(|(host, _)| &host.vms).collect();
    let mut problems = Vec::new();
    for (host, count) in &all {
        let more = if *count > 1 { format!(" and {} more", count - 1) } else { String::new() };
        let refused = host.vms.iter().filter_map(|vm| flags::flags(vm).err());
        problems.extend(refused.map(|problem| format!("`{}`{more}: {problem}", host.minion_id)));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut users: BTreeMap<&str, usize> = BTreeMap::new();
    for (host, count) in &all {
        *users.entry(&host.run_user).or_default() += count;
    }
    let most = users.values().max().copied().unwrap_or_default();
    let is_usual = |user: &&str| users.get(user) == Some(&most);
    let run_user = all.iter().map(|(host, _)| host.run_user.as_str()).find(is_usual).unwrap_or_default();
    let images = images(&vms);
    let profiles = profiles(&vms, &images);
    Ok(Fleet { run_user, images, profiles, groups, hosts })
}

impl Fleet<'_> {
    /// How the spec names a reference.
    pub(super) fn image<'f>(&'f self, reference: &'f str) -> &'f str {
        let named = self.images.iter().find(|(other, _)| *other == reference);
        named.map_or(reference, |(_, name)| name.as_str())
    }

    /// The profile of a VM, if there is one.
    pub(super) fn profile(&self, vm: &Vm) -> Option<&str> {
        let found = self.profiles.iter().find(|(settings, _)| are_alike(settings.vm, vm));
        found.map(|(_, name)| name.as_str())
    }
}

fn images<'a>(vms: &[&'a Vm]) -> Vec<(&'a str, String)> {
    let mut names = Names::default();
    let mut images: Vec<(&str, String)> = Vec::new();
    for vm in vms {
        let reference = vm.image.as_str();
        if known(reference).is_some() && images.iter().all(|(other, _)| *other != reference) {
            images.push((reference, names.take(&for_image(reference))));
        }
    }
    images
}

fn profiles<'a>(vms: &[&'a Vm], images: &[(&str, String)]) -> Vec<(Settings<'a>, String)> {
    let mut kinds: Vec<Vec<&Vm>> = Vec::new();
    for vm in vms {
        match kinds.iter_mut().find(|kind| kind.first().is_some_and(|other| are_alike(other, vm))) {
            Some(kind) => kind.push(vm),
            None => kinds.push(vec![vm]),
        }
    }
    let mut names = Names::default();
    let shared = kinds.into_iter().filter(|kind| kind.len() > 1);
    let profiles = shared.filter_map(|kind| {
        let vm = *kind.first()?;
        let image = images.iter().find(|(reference, _)| *reference == vm.image).map(|(_, name)| name.clone());
        let image = image.or_else(|| for_image(&vm.image).into_iter().next()).unwrap_or_default();
        let size = format!("{image}-{}cpu-{}", vm.cpu, memory(vm.memory).to_lowercase());
        let longer = format!("{size}-{}gb", vm.disk);
        let words = common_words(kind.iter().map(|vm| vm.name.as_str()));
        let name = names.take(&words.into_iter().chain([image, size, longer]).collect::<Vec<_>>());
        Some((Settings { vm, run: flags::flags(vm).unwrap_or_default() }, name))
    });
    profiles.collect()
}

/// Memory as people write it.
pub(super) fn memory(mib: u64) -> String {
    if mib.is_multiple_of(1024) { format!("{}GiB", mib / 1024) } else { mib.to_string() }
}

/// Whether two VMs differ in nothing but their names and whether they run.
fn are_alike(one: &Vm, other: &Vm) -> bool {
    let plan::Settings { image, cpu, memory, disk, enabled: _, display, clone, arguments, daemon } = &*one.settings;
    (image, cpu, memory, disk) == (&other.image, &other.cpu, &other.memory, &other.disk)
        && (display, clone, arguments, daemon) == (&other.display, &other.clone, &other.arguments, &other.daemon)
}
