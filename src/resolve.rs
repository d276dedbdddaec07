//! What a VM gets: its own settings, else its profile's, else its host's or group's defaults, else the spec's, else
//! tartgen's. And who gets it: the hosts of groups.

mod class;
mod daemon;
mod minions;
mod run;
mod template;
mod waves;

use std::collections::HashMap;

use crate::catalog::{
    DEFAULT_CPU, DEFAULT_DISK_GB, DEFAULT_MEMORY_MIB, DISPLAY_UNIT_SINCE, Guest, KnownImage, PRUNE_LIMIT_SINCE, known,
    repository,
};
use crate::spec::{Disk, Fleet, GuestOs, Image, Memory, Vm};

pub(crate) use class::{Class, Classes, MinionId};
pub(crate) use daemon::{CloneSettings, DaemonSettings};
pub(crate) use minions::{BadRange, Minions};
pub(crate) use run::Flag;
pub(crate) use template::{HOST, NUMBER, expand, numbers, short};
pub(crate) use waves::{Found, Place, Resolved, Waves, is_pattern};

/// Where a setting comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The VM itself.
    Vm,
    /// The VM's profile.
    Profile,
    /// `defaults.vm` of its host or group.
    Host,
    /// `defaults.vm` of the spec.
    Defaults,
    /// tartgen.
    BuiltIn,
}

/// A setting and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    /// The value.
    pub(crate) value: T,
    /// Where it comes from.
    pub(crate) origin: Origin,
}

/// The settings of a VM with its profile and the defaults merged in.
#[derive(Debug, Clone)]
pub(crate) struct Settings<'a> {
    /// What it is cloned from; nothing gives a VM an image by itself.
    pub(crate) image: Option<Setting<&'a str>>,
    /// Whether it runs.
    pub(crate) enabled: Setting<bool>,
    /// Virtual CPUs.
    pub(crate) cpu: Setting<u32>,
    /// Memory in MiB.
    pub(crate) memory: Setting<u64>,
    /// Disk in GB.
    pub(crate) disk: Setting<u64>,
    /// Size of the screen; nothing if it is the image's.
    pub(crate) display: Option<Setting<&'a str>>,
    /// How it is made.
    pub(crate) clone: CloneSettings,
    /// The flags of `tart run`, in the order in which they are passed.
    pub(crate) run: Vec<Flag>,
    /// How launchd keeps it running.
    pub(crate) daemon: DaemonSettings<'a>,
}

/// A setting that not every tart has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Need {
    /// The key of a VM below which it stands, unless it is one itself.
    pub(crate) section: Option<&'static str>,
    /// Its own key.
    pub(crate) key: &'static str,
    /// Where it comes from.
    pub(crate) origin: Origin,
    /// The first tart that has it.
    pub(crate) since: [u64; 3],
}

impl Settings<'_> {
    /// What not every tart has.
    pub(crate) fn needs(&self) -> impl Iterator<Item = Need> {
        let need = |section, key, origin, since| Need { section, key, origin, since };
        let flag = move |flag: &Flag| need(Some("run"), flag.about.key, flag.origin, flag.about.since);
        let flags = self.run.iter().map(flag);
        let limit = self.clone.prune_limit;
        let limit = limit.map(|set| need(Some("clone"), "prune_limit", set.origin, PRUNE_LIMIT_SINCE));
        // Of pixels or points.
        let unit = self.display.filter(|display| display.value.ends_with(['x', 't']));
        let unit = unit.map(|set| need(None, "display", set.origin, DISPLAY_UNIT_SINCE));
        flags.chain(limit).chain(unit)
    }
}

/// The places that say something of a VM, the nearest first.
type Layers<'a> = [(Option<&'a Vm>, Origin); 4];

/// Merges the settings of a VM of some hosts. A profile that does not exist gives nothing.
pub(crate) fn settings<'a>(fleet: &'a Fleet, class: &Class<'a>, vm: &'a Vm) -> Settings<'a> {
    let profile = vm.profile.as_ref().and_then(|name| fleet.profiles.get(name));
    let layers = [
        (Some(vm), Origin::Vm),
        (profile, Origin::Profile),
        (class.default_vm(), Origin::Host),
        (fleet.default_vm(), Origin::Defaults),
    ];
    Settings {
        image: first(layers, |vm| vm.image.as_deref()),
        enabled: first(layers, |vm| vm.enabled).or_built_in(true),
        cpu: first(layers, |vm| vm.cpu).or_built_in(DEFAULT_CPU),
        memory: first(layers, |vm| vm.memory.map(|Memory { mib }| mib)).or_built_in(DEFAULT_MEMORY_MIB),
        disk: first(layers, |vm| vm.disk.map(|Disk { gb }| gb)).or_built_in(DEFAULT_DISK_GB),
        display: first(layers, |vm| vm.display.as_deref()),
        clone: daemon::clone(layers),
        run: run::flags(layers),
        daemon: daemon::daemon(layers),
    }
}

fn first<'a, T>(layers: Layers<'a>, field: impl Fn(&'a Vm) -> Option<T>) -> Option<Setting<T>> {
    layers.into_iter().find_map(|(vm, origin)| Some(Setting { value: field(vm?)?, origin }))
}

trait OrBuiltIn<T> {
    fn or_built_in(self, value: T) -> Setting<T>;
}

impl<T> OrBuiltIn<T> for Option<Setting<T>> {
    fn or_built_in(self, value: T) -> Setting<T> {
        self.unwrap_or(Setting { value, origin: Origin::BuiltIn })
    }
}

/// What is known of the image that a VM is cloned from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ImageFacts {
    /// The operating system inside.
    pub(crate) os: Option<GuestOs>,
    /// Size of the image's disk in GB.
    pub(crate) disk: Option<u64>,
    /// Fewest CPUs.
    pub(crate) cpu: Option<u32>,
    /// Least memory in MiB.
    pub(crate) memory: Option<u64>,
}

/// The images of a spec by what they are called and by what they refer to.
#[derive(Debug)]
pub(crate) struct Images<'a> {
    fleet: &'a Fleet,
    references: HashMap<&'a str, &'a Image>,
    repositories: HashMap<String, &'a Image>,
}

impl<'a> Images<'a> {
    /// The images of a spec. Of several with the same reference or repository, the first counts.
    pub(crate) fn new(fleet: &'a Fleet) -> Self {
        let mut images = Self { fleet, references: HashMap::new(), repositories: HashMap::new() };
        for image in fleet.images.values() {
            let Some(reference) = image.reference.as_deref() else { continue };
            images.references.entry(reference).or_insert(image);
            if let Some(repository) = repository(reference) {
                images.repositories.entry(repository).or_insert(image);
            }
        }
        images
    }

    /// What the spec says of an image, given by its name or its reference, else what is known of the official one.
    pub(crate) fn facts(&self, image: &str) -> ImageFacts {
        let known = known(self.fleet.images.get(image).and_then(|image| image.reference.as_deref()).unwrap_or(image));
        let said = self.fleet.images.get(image).or_else(|| self.references.get(image).copied());
        let said = said.or_else(|| self.repositories.get(&repository(image)?).copied());
        let disk = said.and_then(|image| image.disk).map(|disk| disk.gb);
        ImageFacts {
            os: said.and_then(|image| image.os).or_else(|| known.map(guest_os)),
            // tart refuses less than the image has, whatever the spec says of it.
            disk: disk.max(known.and_then(|image| image.disk_gb)),
            cpu: said.and_then(|image| image.min_cpu),
            memory: said.and_then(|image| image.min_memory).map(|memory| memory.mib),
        }
    }
}

/// The operating system of a reference, if it is an official image.
pub(crate) fn known_os(reference: &str) -> Option<GuestOs> {
    known(reference).map(guest_os)
}

const fn guest_os(image: KnownImage) -> GuestOs {
    match image.os {
        Guest::Macos => GuestOs::Macos,
        Guest::Linux => GuestOs::Linux,
    }
}
