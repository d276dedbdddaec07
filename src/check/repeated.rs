//! VM names that come twice in a fleet.

use std::collections::HashMap;

use super::{Context, VmView};
use crate::diag::{Code, Diagnostic, Report};

/// Points out each VM whose name another host's VM has too.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    // Fleets of Macs that are alike have thousands of these.
    if !report.wants(Code::RepeatedVmName) {
        return;
    }
    let mut seen: HashMap<&str, &VmView<'_>> = HashMap::new();
    for vm in context.vms() {
        let Some(first) = seen.get(vm.name) else {
            seen.insert(vm.name, vm);
            continue;
        };
        // Through an alias, two hosts may have the very same lines.
        let place = vm.key(context);
        let second = Some(first.key(context)).filter(|first| *first != place);
        let message = format!("`{}` and `{}` both have a VM called `{}`", first.minion_id, vm.minion_id, vm.name);
        let diagnostic = Diagnostic::new(Code::RepeatedVmName, place, message)
            .also(second, format!("the first, on `{}`", first.minion_id))
            .help(format!("give it a name of its own, such as `{}-{}`", host_part(vm.minion_id), vm.name));
        report.push(diagnostic);
    }
}

/// What of a minion id fits into the name of a VM.
fn host_part(minion_id: &str) -> String {
    let short = minion_id.split('.').next().unwrap_or_default();
    short.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}
