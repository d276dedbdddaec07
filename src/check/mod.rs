//! What no schema can say: one file per family of rules. Each reports everything it finds.

mod bounds;
mod capacity;
mod daemon;
mod empty;
mod expanded;
mod guests;
mod hardware;
mod images;
mod logs;
mod minimum;
mod minions;
mod names;
mod paths;
mod pillar;
mod placeholders;
mod ports;
mod profiles;
mod removed;
mod repeated;
mod rollout;
mod run;
mod sizes;
mod tart;
mod twice;
mod users;

use crate::diag::Report;
use crate::map::Lookup;
use crate::parallel::{MANY, both, each};
use crate::parse::{Document, Kind, Node};
use crate::resolve::{
    Class, Classes, Flag, HOST, ImageFacts, Images, MinionId, Origin, Settings, expand, numbers, settings,
};
use crate::source::Span;
use crate::spec::{Fleet, Vm};

/// The spec as the rules see it.
struct Context<'a> {
    fleet: &'a Fleet,
    classes: &'a Classes<'a>,
    document: &'a Document,
    /// What is known of each image that a VM has.
    images: Lookup<&'a str, ImageFacts>,
    hosts: Vec<HostView<'a>>,
}

/// A host, or hosts that are alike, with their VMs resolved. What is wrong with them is wrong with each, so a group costs
/// as much as one host; only what depends on the minion ids is looked at for each of them.
struct HostView<'a> {
    class: &'a Class<'a>,
    ids: &'a [MinionId<'a>],
    vms: Vec<VmView<'a>>,
}

impl<'a> HostView<'a> {
    /// What messages call it.
    fn title(&self) -> String {
        let name = self.class.name;
        if self.class.is_group() { format!("each host of `{name}`") } else { format!("`{name}`") }
    }

    /// The route to it.
    const fn route(&self) -> [&'a str; 2] {
        [self.class.section, self.class.name]
    }

    /// The version of macOS and the first number of it, if the spec says.
    fn macos(&self) -> Option<(&str, u32)> {
        let version = self.class.hardware?.macos.as_deref()?;
        Some((version, version.split('.').next()?.parse().ok()?))
    }
}

/// A VM with its profile and the defaults merged in.
struct VmView<'a> {
    class: &'a Class<'a>,
    /// The name as it stands in the spec.
    name: &'a str,
    /// Its number, if the spec asks for several.
    number: Option<u32>,
    vm: &'a Vm,
    /// Whether the profile that it names exists, if it names one.
    has_profile: bool,
    settings: Settings<'a>,
}

impl<'a> Context<'a> {
    fn new(fleet: &'a Fleet, classes: &'a Classes<'a>, document: &'a Document) -> Self {
        let with_ids: Vec<_> = classes.with_ids().collect();
        let hosts = each(&with_ids, MANY, |&(class, ids)| {
            let mut vms = Vec::with_capacity(class.vms.len());
            for (name, vm) in class.vms {
                let has_profile = vm.profile.as_ref().is_none_or(|name| fleet.profiles.contains_key(name));
                vms.extend(numbers(vm).map(|number| {
                    let settings = settings(fleet, class, vm);
                    VmView { class, name, number, vm, has_profile, settings }
                }));
            }
            HostView { class, ids, vms }
        });
        let (known, mut images) = (Images::new(fleet), Lookup::default());
        for image in hosts.iter().flat_map(|host: &HostView<'_>| &host.vms).filter_map(|vm| vm.settings.image) {
            images.entry(image.value).or_insert_with(|| known.facts(image.value));
        }
        Self { fleet, classes, document, images, hosts }
    }

    /// The VMs as they are written: of several, the first stands for all.
    fn vms(&self) -> impl Iterator<Item = &VmView<'a>> {
        self.hosts.iter().flat_map(|host| &host.vms).filter(|vm| vm.number.is_none_or(|number| number == 1))
    }

    /// What is known of an image that a VM has.
    fn facts(&self, image: &str) -> ImageFacts {
        self.images.get(image).copied().unwrap_or_default()
    }

    /// Everything that is written about VMs and has some setting, each with the route to it: the defaults of the spec
    /// and of hosts, the profiles, the VMs.
    fn written<T>(&self, setting: impl Fn(&'a Vm) -> Option<&'a T>) -> Vec<(Vec<&'a str>, &'a T)> {
        // Routes are made of those few only that have it.
        let defaults = self.fleet.default_vm().and_then(&setting).map(|set| (vec!["defaults", "vm"], set));
        let profiles = self.fleet.profiles.iter();
        let profiles = profiles.filter_map(|(name, vm)| setting(vm).map(|set| (vec!["profiles", name.as_str()], set)));
        let hosts = self.hosts.iter().filter_map(|host| {
            let [section, name] = host.route();
            setting(host.class.default_vm()?).map(|set| (vec![section, name, "defaults", "vm"], set))
        });
        let vms = self.vms().filter_map(|vm| setting(vm.vm).map(|set| (vm.own().to_vec(), set)));
        defaults.into_iter().chain(profiles).chain(hosts).chain(vms).collect()
    }

    /// The usable items of a list, as serde has read them.
    fn items(&self, route: &[&str]) -> Vec<&'a Node> {
        let Some(entry) = self.document.entry(route) else { return Vec::new() };
        let Kind::List(items) = &entry.value.kind else { return Vec::new() };
        items.iter().map(AsRef::as_ref).filter(|item| !self.document.wrong.contains(&item.id)).collect()
    }

    /// The place of a value; the top of the spec if it is not written.
    fn value(&self, route: &[&str]) -> Span {
        self.document.value(route).unwrap_or_default()
    }

    /// The place of a key; the top of the spec if it is not written.
    fn key(&self, route: &[&str]) -> Span {
        self.document.key(route).unwrap_or_default()
    }

    /// The place of a host's setting for its hardware.
    fn hardware(&self, host: &HostView<'_>, field: &str) -> Option<Span> {
        let [section, name] = host.route();
        self.document.value(&[section, name, "hardware", field])
    }
}

impl<'a> VmView<'a> {
    /// The route to it.
    const fn own(&self) -> [&'a str; 4] {
        [self.class.section, self.class.name, "vms", self.name]
    }

    /// The route to the defaults of its host.
    const fn host_defaults(&self) -> [&'a str; 4] {
        [self.class.section, self.class.name, "defaults", "vm"]
    }

    /// Where the value of a setting is written; the VM's name if nowhere.
    fn place(&self, context: &Context<'_>, field: &str, origin: Origin) -> Span {
        let profile = self.vm.profile.as_deref().unwrap_or_default();
        let written = match origin {
            Origin::Vm => context.document.value_below(&self.own(), &[field]),
            Origin::Profile => context.document.value(&["profiles", profile, field]),
            Origin::Host => context.document.value_below(&self.host_defaults(), &[field]),
            Origin::Defaults => context.document.value(&["defaults", "vm", field]),
            Origin::BuiltIn => None,
        };
        written.unwrap_or_else(|| self.key(context))
    }

    /// The route to a setting below the place that it comes from; nothing for what tartgen adds.
    fn route<'r>(&'r self, origin: Origin, below: &[&'r str]) -> Option<Vec<&'r str>> {
        let place = match origin {
            Origin::Vm => self.own().to_vec(),
            Origin::Profile => vec!["profiles", self.vm.profile.as_deref().unwrap_or_default()],
            Origin::Host => self.host_defaults().to_vec(),
            Origin::Defaults => vec!["defaults", "vm"],
            Origin::BuiltIn => return None,
        };
        Some([&place[..], below].concat())
    }

    /// Where the key of a setting is written; the VM's name if nowhere.
    fn key_of(&self, context: &Context<'_>, below: &[&str], origin: Origin) -> Span {
        let written = self.route(origin, below).and_then(|route| context.document.key(&route));
        written.unwrap_or_else(|| self.key(context))
    }

    /// Another VM and this one, in words; what `count` makes of one entry has one name.
    fn beside(&self, other: &str) -> String {
        if other == self.name { format!("the VMs of `{other}`") } else { format!("`{other}` and `{}`", self.name) }
    }

    /// Its name with its number filled in. What a host gives to names is the same for all its VMs.
    fn named(&self) -> String {
        expand(self.name, HOST, self.number)
    }

    /// A flag of `tart run`, if the VM has it and it is what was meant.
    fn flag(&self, context: &Context<'_>, key: &str) -> Option<&Flag> {
        let flag = self.settings.run.iter().find(|flag| flag.about.key == key)?;
        self.is_sound_below(context, &["run", key]).then_some(flag)
    }

    fn key(&self, context: &Context<'_>) -> Span {
        context.key(&self.own())
    }

    /// The place of the profile that the VM names, if there is one.
    fn profile(&self, context: &Context<'_>) -> Option<Span> {
        context.document.key(&["profiles", self.vm.profile.as_deref()?])
    }

    /// Whether some settings are what the user meant: none of the places that count for the VM has been reported as
    /// wrong.
    fn is_sound(&self, context: &Context<'_>, fields: &[&str]) -> bool {
        fields.iter().all(|field| self.is_sound_below(context, &[field]))
    }

    /// The same for a setting below others.
    fn is_sound_below(&self, context: &Context<'_>, below: &[&str]) -> bool {
        let document = context.document;
        let (profile, own) = (self.vm.profile.as_deref(), self.own());
        let is_meant = || {
            document.is_sound(&[&own[..], &["profile"]].concat())
                && document.is_sound(&[&own[..], below].concat())
                && profile.is_none_or(|name| document.is_sound(&[&["profiles", name], below].concat()))
                && document.is_sound(&[&self.host_defaults(), below].concat())
                && document.is_sound(&[&["defaults", "vm"], below].concat())
        };
        self.has_profile && (document.is_clean() || is_meant())
    }
}

/// A family of rules.
type Rules = fn(&Context<'_>, &mut Report);

/// What is named, and what names refer to. The last ones say nothing if those before them have found an error.
const NAMES: &[Rules] = &[
    empty::check,
    names::check,
    expanded::check,
    sizes::check,
    tart::check,
    users::check,
    hardware::check,
    profiles::check,
    images::check,
];

/// What hosts and VMs are like.
const VALUES: &[Rules] = &[
    minions::check,
    removed::check,
    guests::check,
    capacity::check,
    minimum::check,
    repeated::check,
    run::check,
    paths::check,
    twice::check,
    ports::check,
    daemon::check,
    placeholders::check,
    logs::check,
    pillar::check,
    rollout::check,
];

/// Runs all rules.
pub(crate) fn check(fleet: &Fleet, classes: &Classes<'_>, document: &Document, report: &mut Report) {
    if !bounds::check(classes, document, report) {
        return;
    }
    let context = Context::new(fleet, classes, document);
    let run = |rules: &[Rules], report: &mut Report| rules.iter().for_each(|rules| rules(&context, report));
    let mut other = report.fork();
    both(classes.size() >= MANY, || run(NAMES, report), || run(VALUES, &mut other));
    report.absorb(other);
}
