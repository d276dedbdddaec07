//! Names of images, profiles, hosts and VMs.

use super::Context;
use crate::catalog::{Rule, image_or_profile, minion_id, vm, vm_form};
use crate::diag::{Code, Diagnostic, Report};
use crate::resolve::{HOST, Minions, NUMBER};
use crate::source::{Span, invisible, printable};

/// Checks all names that the spec gives.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    for name in context.fleet.images.keys() {
        refuse(Code::BadName, image_or_profile(name), name, None, || context.key(&["images", name]), report);
    }
    for name in context.fleet.profiles.keys() {
        refuse(Code::BadName, image_or_profile(name), name, None, || context.key(&["profiles", name]), report);
    }
    for name in context.fleet.groups.keys() {
        refuse(Code::BadName, image_or_profile(name), name, None, || context.key(&["groups", name]), report);
    }
    for host in &context.hosts {
        if !host.class.is_group() {
            let place = || context.key(&host.route());
            let (id, broken) = (host.class.name, minion_id(host.class.name));
            let advice = broken.and_then(|_| advice_for_host(id));
            refuse(Code::BadMinionId, broken, id, advice.as_deref(), place, report);
        }
        for name in host.class.vms.keys() {
            let [section, host] = host.route();
            refuse_vm(name, &[HOST, NUMBER], || context.key(&[section, host, "vms", name]), report);
        }
    }
}

/// What to do about the id of a single host.
fn advice_for_host(id: &str) -> Option<String> {
    if id.contains('[') && Minions::new(id).is_ok() {
        return Some(format!("ranges stand in a group: `groups: {{ NAME: {{ hosts: [\"{}\"] }} }}`", printable(id)));
    }
    let is_glob = id.contains(['*', '?', '[', ']']);
    is_glob.then(|| "Salt reads `*`, `?`, `[` and `]` as a glob that matches other minions: name each host".to_owned())
}

/// Reports the name of a VM that breaks a rule whatever its placeholders stand for. Its place is asked for only then.
pub(super) fn refuse_vm(name: &str, placeholders: &[&str], place: impl FnOnce() -> Span, report: &mut Report) {
    let Some(broken) = broken_vm(name, placeholders) else { return };
    let others = placeholders.iter().fold(name.to_owned(), |name, placeholder| name.replace(placeholder, ""));
    let advice = others.contains(['{', '}']).then(|| {
        if name.contains(NUMBER) {
            "`{host}` may stand for a part of the name, here without `{n}`"
        } else {
            "only `{host}` and, with `count`, `{n}` may stand in braces"
        }
    });
    refuse(Code::BadVmName, Some(broken), name, advice, place, report);
}

/// Whether a VM that is defined cannot be called so.
pub(super) fn is_refused(name: &str) -> bool {
    broken_vm(name, &[HOST, NUMBER]).is_some()
}

fn broken_vm(name: &str, placeholders: &[&str]) -> Option<&'static Rule> {
    if placeholders.iter().any(|placeholder| name.contains(placeholder)) {
        // How long it becomes depends on the host.
        vm_form(&placeholders.iter().fold(name.to_owned(), |name, placeholder| name.replace(placeholder, "0")))
    } else {
        vm(name)
    }
}

/// Reports a name that breaks a rule, with advice for this very name if there is some. Its place is asked for only then.
pub(super) fn refuse(
    code: Code,
    broken: Option<&Rule>,
    name: &str,
    advice: Option<&str>,
    place: impl FnOnce() -> Span,
    report: &mut Report,
) {
    let Some(rule) = broken else { return };
    let span = place();
    let message = match name {
        "" => format!("an empty name cannot be {}", rule.noun),
        _ => format!("`{}` cannot be {}", printable(name), rule.noun),
    };
    let mut diagnostic = Diagnostic::new(code, span, message);
    if let Some(what) = invisible(name) {
        diagnostic = diagnostic.help(format!("it has {what}, which nobody sees: type the name anew"));
    }
    if let Some(advice) = advice {
        diagnostic = diagnostic.help(advice);
    }
    report.push(diagnostic.help(rule.words).help(rule.why));
}
