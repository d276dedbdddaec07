//! Names of images, profiles, hosts and VMs.

use std::collections::HashMap;

use super::Context;
use crate::catalog::{Rule, image_or_profile, minion_id, vm};
use crate::diag::{Code, Diagnostic, Report};
use crate::source::{Span, printable};

/// Checks all names that the spec gives.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    for name in context.fleet.images.keys() {
        refuse(Code::BadName, image_or_profile(name), name, context.key(&["images", name]), report);
    }
    for name in context.fleet.profiles.keys() {
        refuse(Code::BadName, image_or_profile(name), name, context.key(&["profiles", name]), report);
    }
    for host in &context.hosts {
        let span = context.key(&["hosts", host.minion_id]);
        refuse(Code::BadMinionId, minion_id(host.minion_id), host.minion_id, span, report);
        for name in host.host.vms.keys() {
            refuse(Code::BadVmName, vm(name), name, context.key(&["hosts", host.minion_id, "vms", name]), report);
        }
    }
    look_alikes(context, report);
}

/// Reports a name that breaks a rule.
pub(super) fn refuse(code: Code, broken: Option<&Rule>, name: &str, span: Span, report: &mut Report) {
    let Some(rule) = broken else { return };
    let message = match name {
        "" => format!("an empty name cannot be {}", rule.noun),
        _ => format!("`{}` cannot be {}", printable(name), rule.noun),
    };
    let mut diagnostic = Diagnostic::new(code, span, message);
    if code == Code::BadMinionId && name.contains(['*', '?', '[', ']']) {
        diagnostic =
            diagnostic.help("Salt reads `*`, `?`, `[` and `]` as a glob that matches other minions: name each host");
    }
    report.push(diagnostic.help(rule.words).help(rule.why));
}

fn look_alikes(context: &Context<'_>, report: &mut Report) {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for host in &context.hosts {
        let Some(first) = seen.insert(host.minion_id.to_lowercase(), host.minion_id) else { continue };
        let message = format!("`{}` and `{first}` differ only in case", host.minion_id);
        let diagnostic = Diagnostic::new(Code::LookAlikeHosts, context.key(&["hosts", host.minion_id]), message)
            .also(context.document.key(&["hosts", first]), "the first")
            .help("Salt takes them for two minions; check that both are meant");
        report.push(diagnostic);
    }
}
