//! Names of profiles in VMs.

use super::Context;
use crate::diag::{Code, Diagnostic, Names, Report};
use crate::map::Seen;

/// Checks that profiles exist and are used.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    let mut used = Seen::default();
    let mut names = Names::new(context.fleet.profiles.keys().map(String::as_str));
    for vm in context.vms() {
        let Some(name) = vm.vm.profile.as_deref() else { continue };
        used.insert(name);
        // What is written but unreadable or misspelt is reported elsewhere.
        if context.document.is_missing(&["profiles", name]) {
            let [section, host, vms, own] = vm.own();
            let span = context.value(&[section, host, vms, own, "profile"]);
            let suggestion = names.closest(name);
            let mut diagnostic = Diagnostic::new(Code::UnknownProfile, span, format!("no profile is called `{name}`"));
            diagnostic = match suggestion {
                Some(_) => diagnostic.did_you_mean(suggestion),
                None => diagnostic.help("add it under `profiles`, or name one that is there"),
            };
            report.push(diagnostic);
        }
    }
    // With mistakes elsewhere, a profile may only seem unused.
    if report.has_errors() {
        return;
    }
    for name in context.fleet.profiles.keys().filter(|name| !used.contains(name.as_str())) {
        let message = format!("no VM uses the profile `{name}`");
        let span = context.key(&["profiles", name]);
        report.push(Diagnostic::new(Code::UnusedProfile, span, message).help("remove it, or use it"));
    }
}
