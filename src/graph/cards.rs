//! A card for each host, or for hosts that are alike.

use std::borrow::Cow;

use serde::Serialize;

use super::bars::{Bar, Need, cpus, disk, memory};
use super::images::{Look, Palette};
use crate::resolve::{Class, Classes, Images, Settings, expand, numbers, settings, short};
use crate::spec::{Fleet, Hardware};

/// A host as it is drawn, or several that differ only in names.
#[derive(Debug, Serialize)]
pub(super) struct Card<'a> {
    /// The minion ids.
    pub(super) ids: Vec<Cow<'a, str>>,
    run_user: &'a str,
    /// The chip and macOS, if known.
    machine: String,
    bars: [Bar; 3],
    vms: Vec<VmView<'a>>,
    /// VMs that an apply deletes.
    removed: Vec<String>,
    /// What counts for the whole fleet.
    #[serde(skip)]
    pub(super) sums: Sums,
}

/// A VM as it is drawn.
#[derive(Debug, Serialize)]
struct VmView<'a> {
    name: String,
    profile: Option<&'a str>,
    image: &'a str,
    os: &'static str,
    hue: usize,
    is_enabled: bool,
    cpu: u32,
    memory: String,
    disk: String,
}

/// What a host adds to the fleet.
#[derive(Debug, Clone, Default)]
pub(super) struct Sums {
    /// VMs that run, and dormant ones.
    pub(super) vms: [u64; 2],
    /// Guests with macOS, with Linux, and others.
    pub(super) guests: [u64; 3],
    /// CPUs, MiB of memory and GB of disk that VMs use.
    pub(super) used: [u64; 3],
    /// The same as far as it is known how much there is, and that.
    pub(super) known: [Option<(u64, u64)>; 3],
}

/// The cards of all hosts.
pub(super) fn cards<'a>(fleet: &'a Fleet, facts: &Images<'_>, palette: &mut Palette<'a>) -> Vec<Card<'a>> {
    let mut cards = Vec::new();
    for (class, ids) in Classes::new(fleet).with_ids() {
        for (id, _) in ids {
            cards.push(card(fleet, class, id.clone(), facts, palette));
        }
    }
    cards
}

fn card<'a>(
    fleet: &'a Fleet,
    class: &Class<'a>,
    id: Cow<'a, str>,
    facts: &Images<'_>,
    palette: &mut Palette<'a>,
) -> Card<'a> {
    let short = short(&id);
    let mut sums = Sums::default();
    let mut needs: [Vec<Need>; 3] = Default::default();
    let mut vms = Vec::with_capacity(class.vms.len());
    for (name, vm) in class.vms {
        let settings = settings(fleet, class, vm);
        let image = settings.image.map(|image| image.value).unwrap_or_default();
        let look = palette.add(image, fleet, facts);
        for number in numbers(vm) {
            let (name, profile) = (expand(name, &short, number), vm.profile.as_deref());
            vms.push(draw(name, profile, &settings, look, &mut needs, &mut sums));
        }
    }
    let hardware = class.hardware;
    let has = [
        hardware.and_then(|hardware| hardware.cpu).map(u64::from),
        hardware.and_then(|hardware| hardware.memory).map(|memory| memory.mib),
        hardware.and_then(|hardware| hardware.disk).map(|disk| disk.gb),
    ];
    let [cpu, mem, gb] = &needs;
    let used = [cpu, mem, gb].map(|needs| needs.iter().map(|need| need.amount).sum());
    sums.used = used;
    let [used_cpu, used_memory, used_disk] = used;
    let [has_cpu, has_memory, has_disk] = has;
    sums.known = [(used_cpu, has_cpu), (used_memory, has_memory), (used_disk, has_disk)]
        .map(|(used, has)| has.map(|has| (used, has)));
    let default = fleet.defaults.as_ref().and_then(|defaults| defaults.run_user.as_deref());
    Card {
        ids: vec![id],
        run_user: class.run_user.map(String::as_str).or(default).unwrap_or_default(),
        machine: machine(hardware),
        bars: [
            Bar::new("CPUs", cpu, has_cpu, cpus),
            Bar::new("Memory", mem, has_memory, memory),
            Bar::new("Disk", gb, has_disk, disk),
        ],
        vms,
        removed: class.removed.iter().map(|name| expand(name, &short, None)).collect(),
        sums,
    }
}

fn draw<'a>(
    name: String,
    profile: Option<&'a str>,
    settings: &Settings<'a>,
    Look { hue, os }: Look,
    needs: &mut [Vec<Need>; 3],
    sums: &mut Sums,
) -> VmView<'a> {
    let image = settings.image.map(|image| image.value).unwrap_or_default();
    let is_enabled = settings.enabled.value;
    let need = |amount| Need { amount, hue, is_dormant: !is_enabled };
    let [cpu, mem, gb] = needs;
    // A dormant VM needs nothing but its disk.
    if is_enabled {
        cpu.push(need(settings.cpu.value.into()));
        mem.push(need(settings.memory.value));
    }
    gb.push(need(settings.disk.value));
    let [running, dormant] = &mut sums.vms;
    *if is_enabled { running } else { dormant } += 1;
    let [macos, linux, other] = &mut sums.guests;
    *match os {
        "macOS" => macos,
        "Linux" => linux,
        _ => other,
    } += 1;
    VmView {
        name,
        profile,
        image,
        os,
        hue,
        is_enabled,
        cpu: settings.cpu.value,
        memory: memory(settings.memory.value),
        disk: disk(settings.disk.value),
    }
}

fn machine(hardware: Option<&Hardware>) -> String {
    let chip = hardware.and_then(|hardware| hardware.chip.clone());
    let macos = hardware.and_then(|hardware| hardware.macos.as_ref()).map(|macos| format!("macOS {macos}"));
    [chip, macos].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

impl Card<'_> {
    /// Whether two hosts differ only in names.
    fn is_like(&self, other: &Self) -> bool {
        let shape = |vm: &VmView<'_>| (vm.hue, vm.is_enabled, vm.cpu, vm.memory.clone(), vm.disk.clone());
        (self.run_user, &self.machine, &self.bars) == (other.run_user, &other.machine, &other.bars)
            && self.removed.len() == other.removed.len()
            && self.vms.iter().map(shape).eq(other.vms.iter().map(shape))
    }
}

/// Cards of hosts that are alike become one, in the place of the first; the largest groups come first.
pub(super) fn group(cards: Vec<Card<'_>>) -> Vec<Card<'_>> {
    let mut groups: Vec<Card<'_>> = Vec::new();
    let mut known: std::collections::BTreeMap<String, Vec<usize>> = std::collections::BTreeMap::new();
    for card in cards {
        // What is quick to compare comes first; few cards are left to look at closely.
        let key = format!("{}\n{}\n{:?}", card.run_user, card.machine, card.bars);
        let alike = known.entry(key).or_default();
        let same = alike.iter().copied().find(|at| groups.get(*at).is_some_and(|other| other.is_like(&card)));
        if let Some(other) = same.and_then(|at| groups.get_mut(at)) {
            other.ids.extend(card.ids);
        } else {
            alike.push(groups.len());
            groups.push(card);
        }
    }
    groups.sort_by_key(|card| std::cmp::Reverse(card.ids.len()));
    groups
}
