//! Whether a VM can be started with its flags: on its guest, on its host, and together.

use super::tart::{dotted, minimum_version};
use super::{Context, HostView, VmView};
use crate::catalog::{Form, Guest};
use crate::diag::{Code, Diagnostic, Report};
use crate::resolve::{Flag, Need, Origin};
use crate::source::Span;
use crate::spec::GuestOs;

/// Checks the flags of each VM.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    for host in &context.hosts {
        for vm in &host.vms {
            // What tartgen adds itself suits every VM; where something else was meant, the VM may not have the flag.
            let is_meant = |flag: &&Flag| vm.is_sound_below(context, &["run", flag.about.key]);
            for flag in vm.settings.run.iter().filter(|flag| flag.origin != Origin::BuiltIn).filter(is_meant) {
                let place = Place { context, host, vm, key: flag.about.key, span: span(vm, flag, context) };
                let found = [place.guest(flag), place.macos(flag.about.macos), place.chip(flag.about.chip)];
                found.into_iter().flatten().for_each(|diagnostic| report.push(diagnostic));
                conflicts(&place, flag, report);
            }
        }
    }
    if let Some(minimum) = minimum_version(context) {
        let vms = || context.hosts.iter().flat_map(|host| &host.vms);
        let newer = || vms().flat_map(|vm| vm.settings.needs().map(move |need| (vm, need)));
        let newest = newer().map(|(_, need)| need.since).fold(minimum, Ord::max);
        for (vm, need) in newer().filter(|(_, need)| minimum < need.since) {
            report.push(newer_tart(&need, newest, minimum, vm, context));
        }
    }
}

/// A flag of a VM on a host.
pub(super) struct Place<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) host: &'a HostView<'a>,
    pub(super) vm: &'a VmView<'a>,
    /// What messages call it.
    pub(super) key: &'a str,
    /// Where it is written.
    pub(super) span: Span,
}

impl Place<'_> {
    fn guest(&self, flag: &Flag) -> Option<Diagnostic> {
        let Self { context, vm, key, span, .. } = *self;
        let wanted = flag.about.guest?;
        let image = vm.settings.image.filter(|_| vm.is_sound(context, &["image"]))?;
        let os = context.facts(image.value).os?;
        let (wanted, has) = match (wanted, os) {
            (Guest::Macos, GuestOs::Linux) => ("macOS", "Linux"),
            (Guest::Linux, GuestOs::Macos) => ("Linux", "macOS"),
            (Guest::Macos, GuestOs::Macos) | (Guest::Linux, GuestOs::Linux) => return None,
        };
        let message = format!("`{key}` is for {wanted} guests, and the image `{}` has {has}", image.value);
        let said = context.document.value(&["images", image.value, "os"]);
        let image_span = vm.place(context, "image", image.origin);
        let diagnostic = Diagnostic::new(Code::WrongGuestForFlag, span, message).also(Some(image_span), "the image");
        let diagnostic = diagnostic.also(said, format!("what makes it {has}"));
        Some(self.with_vm(diagnostic).help(format!("remove `{key}`, or give the VM an image with {wanted}")))
    }

    /// Compares the host's macOS with the oldest that will do.
    pub(super) fn macos(&self, oldest: Option<u32>) -> Option<Diagnostic> {
        let oldest = oldest?;
        let (version, major) = self.host.macos()?;
        let Self { host, key, .. } = self;
        let message = format!("`{key}` needs macOS {oldest} or newer, and {} has {version}", host.title());
        (major < oldest).then(|| self.on_host(Code::NeedsNewerMacos, "macos", message))
    }

    fn chip(&self, oldest: Option<u32>) -> Option<Diagnostic> {
        let oldest = oldest?;
        let chip = self.host.class.hardware?.chip.as_ref()?;
        let generation = chip.strip_prefix('M')?.split(' ').next()?.parse::<u32>().ok()?;
        let Self { host, key, .. } = self;
        let message = format!("`{key}` needs an M{oldest} or newer, and {} has an {chip}", host.title());
        (generation < oldest).then(|| self.on_host(Code::NeedsNewerChip, "chip", message))
    }

    fn on_host(&self, code: Code, field: &str, message: String) -> Diagnostic {
        let diagnostic = Diagnostic::new(code, self.span, message)
            .also(self.context.hardware(self.host, field), "what the host has");
        let help = format!("remove `{}`, or correct `hardware.{field}` if the host has a newer one", self.key);
        self.with_vm(diagnostic).help(help)
    }

    /// Shows the VM, where what it has is written elsewhere.
    fn with_vm(&self, diagnostic: Diagnostic) -> Diagnostic {
        let vm = self.vm.key(self.context);
        let elsewhere = self.vm.route(Origin::Vm, &[]).and_then(|route| self.context.document.value(&route));
        let is_elsewhere = elsewhere.is_none_or(|own| !self.span.is_in(own));
        diagnostic.also(is_elsewhere.then_some(vm), "the VM")
    }
}

fn span(vm: &VmView<'_>, flag: &Flag, context: &Context<'_>) -> Span {
    vm.key_of(context, &["run", flag.about.key], flag.origin)
}

/// Reports each flag that tart does not take together with this one.
fn conflicts(place: &Place<'_>, flag: &Flag, report: &mut Report) {
    let Place { context, vm, .. } = *place;
    for other in flag.about.excludes.iter().filter_map(|key| vm.flag(context, key)) {
        let (key, other_key) = (flag.about.key, other.about.key);
        let message = format!("tart does not take `{key}` together with `{other_key}`");
        let diagnostic = Diagnostic::new(Code::ConflictingFlags, place.span, message);
        let off = if other.about.form == Form::Switch { "false" } else { "[]" };
        report.push(if other.origin == Origin::BuiltIn {
            let diagnostic = diagnostic.label("needs the window, which VMs have only if told so");
            place.with_vm(diagnostic).help(format!("add `{other_key}: {off}`, or remove `{key}`"))
        } else {
            let diagnostic = diagnostic.also(Some(span(vm, other, context)), "the other flag");
            let diagnostic = diagnostic.help("remove one of the two");
            if other.origin == Origin::Vm {
                diagnostic
            } else {
                diagnostic.help(format!("a VM undoes the other one with `{other_key}: {off}`"))
            }
        });
    }
}

/// Reports a setting that the oldest tart of the spec does not have; one as new as `newest` has all that the spec uses.
fn newer_tart(need: &Need, newest: [u64; 3], minimum: [u64; 3], vm: &VmView<'_>, context: &Context<'_>) -> Diagnostic {
    let (since, newest, minimum) = (dotted(need.since), dotted(newest), dotted(minimum));
    let below: Vec<&str> = need.section.into_iter().chain([need.key]).collect();
    let what = if below == ["display"] { "a unit of `display`".to_owned() } else { format!("`{}`", below.join(".")) };
    let message = format!("{what} came with tart {since}, and the spec takes any from {minimum} on");
    Diagnostic::new(Code::NeedsNewerTart, vm.key_of(context, &below, need.origin), message)
        .also(context.document.value(&["tart", "minimum_version"]), "the minimum version")
        .help(format!("write `minimum_version: {newest}`, or leave it out: it then follows from what the spec uses"))
}
