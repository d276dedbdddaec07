//! What no schema can say: one file per family of rules. Each reports everything it finds.

mod bounds;
mod capacity;
mod daemon;
mod guests;
mod hardware;
mod images;
mod minimum;
mod names;
mod paths;
mod ports;
mod profiles;
mod removed;
mod repeated;
mod run;
mod sizes;
mod tart;
mod users;

use crate::diag::Report;
use crate::parse::{Document, Kind, Node};
use crate::resolve::{Flag, Images, Origin, Settings, settings};
use crate::source::Span;
use crate::spec::{Fleet, Host, Vm};

/// The spec as the rules see it.
struct Context<'a> {
    fleet: &'a Fleet,
    document: &'a Document,
    images: Images<'a>,
    hosts: Vec<HostView<'a>>,
}

/// A host with its VMs resolved.
struct HostView<'a> {
    minion_id: &'a str,
    host: &'a Host,
    vms: Vec<VmView<'a>>,
}

impl HostView<'_> {
    /// The version of macOS and the first number of it, if the spec says.
    fn macos(&self) -> Option<(&str, u32)> {
        let version = self.host.hardware.as_ref()?.macos.as_deref()?;
        Some((version, version.split('.').next()?.parse().ok()?))
    }
}

/// A VM with its profile and the defaults merged in.
struct VmView<'a> {
    minion_id: &'a str,
    name: &'a str,
    vm: &'a Vm,
    settings: Settings<'a>,
}

impl<'a> Context<'a> {
    fn new(fleet: &'a Fleet, document: &'a Document) -> Self {
        let hosts = fleet.hosts().map(|(minion_id, host)| {
            let vms = host.vms.iter().map(|(name, vm)| VmView { minion_id, name, vm, settings: settings(fleet, vm) });
            HostView { minion_id, host, vms: vms.collect() }
        });
        Self { fleet, document, images: Images::new(fleet), hosts: hosts.collect() }
    }

    fn vms(&self) -> impl Iterator<Item = &VmView<'a>> {
        self.hosts.iter().flat_map(|host| &host.vms)
    }

    /// Everything that is written about VMs, each with the route to it: the defaults, the profiles, the VMs.
    fn written(&self) -> Vec<(Vec<&'a str>, &'a Vm)> {
        let defaults = self.fleet.default_vm().map(|vm| (vec!["defaults", "vm"], vm));
        let profiles = self.fleet.profiles.iter().map(|(name, vm)| (vec!["profiles", name.as_str()], vm));
        let vms = self.vms().map(|vm| (vec!["hosts", vm.minion_id, "vms", vm.name], vm.vm));
        defaults.into_iter().chain(profiles).chain(vms).collect()
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
        self.document.value(&["hosts", host.minion_id, "hardware", field])
    }
}

impl VmView<'_> {
    /// Where the value of a setting is written; the VM's name if nowhere.
    fn place(&self, context: &Context<'_>, field: &str, origin: Origin) -> Span {
        let profile = self.vm.profile.as_deref().unwrap_or_default();
        let written = match origin {
            Origin::Vm => context.document.value(&["hosts", self.minion_id, "vms", self.name, field]),
            Origin::Profile => context.document.value(&["profiles", profile, field]),
            Origin::Defaults => context.document.value(&["defaults", "vm", field]),
            Origin::BuiltIn => None,
        };
        written.unwrap_or_else(|| self.key(context))
    }

    /// The route to a setting below the place that it comes from; nothing for what tartgen adds.
    fn route<'r>(&'r self, origin: Origin, below: &[&'r str]) -> Option<Vec<&'r str>> {
        let place = match origin {
            Origin::Vm => vec!["hosts", self.minion_id, "vms", self.name],
            Origin::Profile => vec!["profiles", self.vm.profile.as_deref().unwrap_or_default()],
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

    /// A flag of `tart run`, if the VM has it.
    fn flag(&self, key: &str) -> Option<&Flag> {
        self.settings.run.iter().find(|flag| flag.about.key == key)
    }

    fn key(&self, context: &Context<'_>) -> Span {
        context.key(&["hosts", self.minion_id, "vms", self.name])
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
        let profile = self.vm.profile.as_deref();
        let own = ["hosts", self.minion_id, "vms", self.name];
        if !profile.is_none_or(|name| context.fleet.profiles.contains_key(name)) {
            return false;
        }
        document.is_clean()
            || document.is_sound(&[&own[..], &["profile"]].concat())
                && document.is_sound(&[&own[..], below].concat())
                && profile.is_none_or(|name| document.is_sound(&[&["profiles", name], below].concat()))
                && document.is_sound(&[&["defaults", "vm"], below].concat())
    }
}

/// Runs all rules.
pub(crate) fn check(fleet: &Fleet, document: &Document, report: &mut Report) {
    if !bounds::check(fleet, document, report) {
        return;
    }
    let context = Context::new(fleet, document);
    for rules in [
        names::check,
        sizes::check,
        tart::check,
        users::check,
        hardware::check,
        profiles::check,
        images::check,
        removed::check,
        guests::check,
        capacity::check,
        minimum::check,
        repeated::check,
        run::check,
        paths::check,
        ports::check,
        daemon::check,
    ] {
        rules(&context, report);
    }
}
