//! What no schema can say: one file per family of rules. Each reports everything it finds.

mod bounds;
mod capacity;
mod guests;
mod hardware;
mod images;
mod minimum;
mod names;
mod profiles;
mod removed;
mod sizes;
mod tart;
mod users;

use crate::diag::Report;
use crate::parse::Document;
use crate::resolve::{Images, Origin, Settings, settings};
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

    /// Whether some settings are what the user meant: none of the places that count for the VM has been reported as
    /// wrong.
    fn is_sound(&self, context: &Context<'_>, fields: &[&str]) -> bool {
        let document = context.document;
        let profile = self.vm.profile.as_deref();
        let own = ["hosts", self.minion_id, "vms", self.name];
        let has_profile = profile.is_none_or(|name| context.fleet.profiles.contains_key(name));
        has_profile
            && document.is_sound(&[&own[..], &["profile"]].concat())
            && fields.iter().all(|field| {
                document.is_sound(&[&own[..], &[field]].concat())
                    && profile.is_none_or(|name| document.is_sound(&["profiles", name, field]))
                    && document.is_sound(&["defaults", "vm", field])
            })
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
    ] {
        rules(&context, report);
    }
}
