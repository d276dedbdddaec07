//! How many macOS guests a host runs.

use super::Context;
use crate::catalog::MACOS_GUESTS;
use crate::diag::{Code, Diagnostic, Report};
use crate::resolve::image_facts;
use crate::spec::GuestOs;

/// Counts the enabled macOS guests of each host.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    for host in &context.hosts {
        let mut guests = Vec::new();
        for vm in host.vms.iter().filter(|vm| vm.settings.enabled.value) {
            // A VM that is not as it was meant to be may not count.
            if !vm.is_sound(context, &["enabled", "image"]) {
                continue;
            }
            let Some(image) = vm.settings.image else { continue };
            match image_facts(context.fleet, image.value).os {
                Some(GuestOs::Macos) => guests.push(vm),
                None if image.value.contains('/') => {
                    let message = format!("it is not known which operating system `{}` has", image.value);
                    let help = "give it a name under `images` with its `os`, so that macOS guests can be counted";
                    let span = vm.place(context, "image", image.origin);
                    report.push(Diagnostic::new(Code::UnknownGuestOs, span, message).help(help));
                }
                // A name that does not exist, or whose `os` cannot be read, is reported elsewhere.
                Some(GuestOs::Linux) | None => {}
            }
        }
        let Some(first_too_many) = guests.get(MACOS_GUESTS) else { continue };
        let message = format!(
            "`{}` would run {} macOS VMs at once, and a Mac runs no more than {MACOS_GUESTS}",
            host.minion_id,
            guests.len()
        );
        let mut diagnostic = Diagnostic::new(Code::TooManyMacosGuests, first_too_many.key(context), message)
            .label("one too many")
            .help("set `enabled: false` on one of them, or move it to another host");
        for vm in guests.iter().take(MACOS_GUESTS) {
            diagnostic = diagnostic.also(Some(vm.key(context)), "macOS");
        }
        report.push(diagnostic);
    }
}
