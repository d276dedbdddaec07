//! VM names that come twice in a fleet.

use std::collections::{HashMap, HashSet};

use super::{Context, VmView};
use crate::diag::{Code, Diagnostic, Report};
use crate::resolve::{HOST, expand, short};
use crate::source::Span;

/// Points out each VM whose name another host's VM has too. Of the hosts of a group, one stands for all.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    // Fleets of Macs that are alike have thousands of these.
    if !report.wants(Code::RepeatedVmName) {
        return;
    }
    let mut seen: HashMap<String, (&VmView<'_>, &str)> = HashMap::new();
    let mut told: HashSet<(Span, Span)> = HashSet::new();
    for host in &context.hosts {
        for vm in &host.vms {
            let is_everywhere = host.ids.len() > 1 && !vm.name.contains(HOST);
            if is_everywhere && vm.number.is_none_or(|number| number == 1) {
                let message = format!("all hosts of `{}` have a VM called `{}`", host.class.name, vm.named());
                let help = format!("let the name tell the hosts apart, as in `{HOST}-{}`", vm.name);
                report.push(Diagnostic::new(Code::RepeatedVmName, vm.key(context), message).help(help));
            }
            for (minion_id, _) in host.ids.iter().take(if is_everywhere { 1 } else { usize::MAX }) {
                let name = expand(vm.name, &short(minion_id), vm.number);
                let Some((first, other)) = seen.get(&name) else {
                    seen.insert(name, (vm, minion_id));
                    continue;
                };
                // Through an alias, two hosts may have the very same lines.
                let (place, second) = (vm.key(context), first.key(context));
                if (host.class.is_group() || first.class.is_group()) && !told.insert((place, second)) {
                    continue;
                }
                report.push(repeated(place, second, &name, vm, (minion_id, other)));
            }
        }
    }
}

fn repeated(place: Span, second: Span, name: &str, vm: &VmView<'_>, hosts: (&str, &str)) -> Diagnostic {
    let (minion_id, other) = hosts;
    let help = if !vm.class.is_group() {
        format!("give it a name of its own, such as `{}-{name}`", host_part(minion_id))
    } else if vm.name.contains(HOST) {
        "give one of the two another name".to_owned()
    } else {
        format!("let the name tell the hosts apart, as in `{HOST}-{}`", vm.name)
    };
    let message = format!("`{other}` and `{minion_id}` both have a VM called `{name}`");
    Diagnostic::new(Code::RepeatedVmName, place, message)
        .also(Some(second).filter(|second| *second != place), format!("the first, on `{other}`"))
        .help(help)
}

/// What of a minion id fits into the name of a VM.
fn host_part(minion_id: &str) -> String {
    short(minion_id).chars().filter(char::is_ascii_alphanumeric).collect()
}
