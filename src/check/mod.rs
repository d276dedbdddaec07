//! What no schema can say: one file per family of rules. Each reports everything it finds.

mod capacity;
mod guests;
mod hardware;
mod images;
mod minimum;
mod names;
mod profiles;
mod removed;
mod sizes;
mod slots;
mod tart;
mod users;

use crate::diag::Report;
use crate::parse::Document;
use crate::resolve::{Origin, Settings, settings};
use crate::source::Span;
use crate::spec::{Fleet, Host, Vm};

/// The spec as the rules see it.
struct Context<'a> {
    fleet: &'a Fleet,
    document: &'a Document,
    hosts: Vec<HostView<'a>>,
    /// Whether nothing is wrong with what hosts share.
    is_sound: bool,
}

/// A host with its VMs resolved.
struct HostView<'a> {
    minion_id: &'a str,
    host: &'a Host,
    vms: Vec<VmView<'a>>,
    /// Whether nothing is wrong with the host or what it takes from elsewhere, so that sums over it mean something.
    is_sound: bool,
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
        let is_sound = ["images", "defaults", "profiles"].iter().all(|key| document.is_sound(&[key]));
        let hosts = fleet.hosts().map(|(minion_id, host)| {
            let vms = host.vms.iter().map(|(name, vm)| VmView { minion_id, name, vm, settings: settings(fleet, vm) });
            let is_sound = is_sound && document.is_sound(&["hosts", minion_id]);
            HostView { minion_id, host, vms: vms.collect(), is_sound }
        });
        Self { fleet, document, is_sound, hosts: hosts.collect() }
    }

    fn vms(&self) -> impl Iterator<Item = &VmView<'a>> {
        self.hosts.iter().flat_map(|host| &host.vms)
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

    fn key(&self, context: &Context<'_>) -> Span {
        context.key(&["hosts", self.minion_id, "vms", self.name])
    }

    /// Whether a setting is written anywhere that counts for the VM, be it readable or not.
    fn is_written(&self, context: &Context<'_>, field: &str) -> bool {
        let profile = self.vm.profile.as_deref().unwrap_or_default();
        context.document.entry(&["hosts", self.minion_id, "vms", self.name, field]).is_some()
            || context.document.entry(&["profiles", profile, field]).is_some()
            || context.document.entry(&["defaults", "vm", field]).is_some()
    }
}

/// Runs all rules.
pub(crate) fn check(fleet: &Fleet, document: &Document, report: &mut Report) {
    let context = Context::new(fleet, document);
    for rules in [
        names::check,
        slots::check,
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
    ] {
        rules(&context, report);
    }
}
