//! How many macOS guests a host runs.

use std::collections::HashMap;

use super::{Context, HostView, VmView};
use crate::catalog::{MACOS_GUESTS, parse_reference, repository};
use crate::diag::{Code, Diagnostic, Report};
use crate::resolve::{Origin, known_os};
use crate::source::Span;
use crate::spec::GuestOs;

/// Checks what images say of their guests, and counts the enabled macOS guests of each host.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    contradictions(context, report);
    // By their references, the first places where something unknown is named.
    let mut unknown: HashMap<&str, Span> = HashMap::new();
    for host in &context.hosts {
        let mut guests = Vec::new();
        for vm in host.vms.iter().filter(|vm| vm.settings.enabled.value) {
            // A VM that is not as it was meant to be may not count.
            if !vm.is_sound(context, &["enabled", "image"]) {
                continue;
            }
            let Some(image) = vm.settings.image else { continue };
            match context.facts(image.value).os {
                Some(GuestOs::Macos) => guests.push(vm),
                None if parse_reference(image.value).is_ok() => {
                    let span = vm.place(context, "image", image.origin);
                    unknown.entry(image.value).and_modify(|first| *first = span.min(*first)).or_insert(span);
                }
                // A name that does not exist, one whose `os` cannot be read, and a bad reference are reported elsewhere.
                Some(GuestOs::Linux) | None => {}
            }
        }
        count(host, &guests, context, report);
    }
    let mut unknown: Vec<_> = unknown.into_iter().collect();
    unknown.sort_unstable_by_key(|(_, span)| *span);
    for (image, span) in unknown {
        let message = format!("it is not known which operating system `{image}` has");
        let help = "give it a name under `images` with its `os`, so that macOS guests can be counted";
        report.push(Diagnostic::new(Code::UnknownGuestOs, span, message).help(help));
    }
}

fn count(host: &HostView<'_>, guests: &[&VmView<'_>], context: &Context<'_>, report: &mut Report) {
    let Some(first_too_many) = guests.get(MACOS_GUESTS) else { return };
    let message = format!(
        "{} would run {} macOS VMs at once, and a Mac runs no more than {MACOS_GUESTS}",
        host.title(),
        guests.len()
    );
    let mut diagnostic = Diagnostic::new(Code::TooManyMacosGuests, first_too_many.key(context), message)
        .label("one too many")
        .help("set `enabled: false` on one of them, or move it to another host");
    // Several that are written once are shown once.
    for vm in guests
        .iter()
        .filter(|vm| vm.name != first_too_many.name && vm.number.is_none_or(|number| number == 1))
        .take(SHOWN)
    {
        diagnostic = diagnostic.also(Some(vm.key(context)), "macOS");
    }
    // Where the VMs do not say so themselves, what makes them macOS guests is far away.
    let mut shown = Vec::new();
    for vm in guests.iter().take(MACOS_GUESTS + 1) {
        let Some(image) = vm.settings.image else { continue };
        let written = (image.origin != Origin::Vm).then(|| vm.place(context, "image", image.origin));
        let os = context.document.value(&["images", image.value, "os"]);
        for (span, words) in [(written, "their image"), (os, "what makes them macOS")] {
            if let Some(span) = span.filter(|span| !shown.contains(span)) {
                shown.push(span);
                diagnostic = diagnostic.also(Some(span), words);
            }
        }
    }
    report.push(diagnostic);
}

/// So many VMs are shown besides the one that is too many.
const SHOWN: usize = 9;

/// Refuses an `os` that is not that of the official image, or not that of another entry for the same repository.
fn contradictions(context: &Context<'_>, report: &mut Report) {
    let mut seen: HashMap<String, (&str, GuestOs)> = HashMap::new();
    for (name, image) in &context.fleet.images {
        let (Some(reference), Some(os)) = (&image.reference, image.os) else { continue };
        let span = context.value(&["images", name, "os"]);
        let refuse = |second: Option<Span>, why: &str, wanted: GuestOs| {
            let message = format!("`{}` is called a {} image, but {why} {}", name, word(os), word(wanted));
            Diagnostic::new(Code::WrongGuestOs, span, message).also(second, word(wanted))
        };
        if let Some(known) = known_os(reference) {
            if known != os {
                let second = context.document.value(&["images", name, "ref"]);
                let help = format!("write `os: {}`", key(known));
                report.push(refuse(second, "its reference is that of an official image with", known).help(help));
            }
            continue;
        }
        let Some(repository) = repository(reference) else { continue };
        match seen.get(&repository) {
            Some((first, other)) if *other != os => {
                let second = context.document.value(&["images", first, "os"]);
                let why = format!("`{first}` calls the same repository");
                report.push(refuse(second, &why, *other).help("correct one of the two"));
            }
            Some(_) => {}
            None => {
                seen.insert(repository, (name, os));
            }
        }
    }
}

const fn word(os: GuestOs) -> &'static str {
    match os {
        GuestOs::Macos => "macOS",
        GuestOs::Linux => "Linux",
    }
}

const fn key(os: GuestOs) -> &'static str {
    match os {
        GuestOs::Macos => "macos",
        GuestOs::Linux => "linux",
    }
}
