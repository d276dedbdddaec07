//! VMs that an apply deletes.

use std::collections::HashMap;

use super::names::refuse_vm;
use super::{Context, HostView};
use crate::diag::{Code, Diagnostic, Report};
use crate::parse::{Kind, Node};
use crate::resolve::HOST;
use crate::source::Span;

/// Checks the names to remove of each host.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    for host in &context.hosts {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for (name, span) in removed(context, host) {
            refuse_vm(name, &[HOST], || span, report);
            if let Some(first) = seen.get(name) {
                let diagnostic = Diagnostic::new(Code::DuplicateRemoved, span, format!("`{name}` is removed twice"))
                    .also(Some(*first), "the first")
                    .help("remove one of the two");
                report.push(diagnostic);
            } else {
                seen.insert(name, span);
            }
            let [section, own] = host.route();
            if let Some(defined) = context.document.key(&[section, own, "vms", name]) {
                let message = format!("`{name}` is both defined and removed on {}", host.title());
                let diagnostic = Diagnostic::new(Code::RemovedAndDefined, span, message)
                    .label("removed")
                    .also(Some(defined), "defined")
                    .help("delete one of the two: an apply would destroy what it has made");
                report.push(diagnostic);
            }
        }
    }
}

/// The names with their places.
pub(super) fn removed<'a>(context: &Context<'a>, host: &HostView<'_>) -> Vec<(&'a str, Span)> {
    if host.class.removed.is_empty() && context.document.is_clean() {
        return Vec::new();
    }
    let Some(entry) = context.document.entry(&[host.class.section, host.class.name, "removed"]) else {
        return Vec::new();
    };
    let Kind::List(items) = &entry.value.kind else { return Vec::new() };
    let string =
        |node: &'a Node| if let Kind::String(text) = &node.kind { Some((text.as_str(), node.span)) } else { None };
    items.iter().filter_map(|item| string(item)).collect()
}
