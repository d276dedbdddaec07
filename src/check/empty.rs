//! Whether there is any host.

use super::Context;
use crate::diag::{Code, Diagnostic, Report};
use crate::parse::{Kind, Node};
use crate::source::Span;

/// Refuses a fleet without hosts, unless some may be meant that cannot be read.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    let document = context.document;
    if !context.hosts.is_empty() || !document.is_sound(&[]) {
        return;
    }
    let has_none = |node: &Node| matches!(&node.kind, Kind::Map(entries) if entries.is_empty()) && !node.is_partial;
    let is_empty = |section: &str| match document.entry(&[section]) {
        Some(entry) => document.is_sound(&[section]) && has_none(&entry.value),
        None => document.is_missing(&[section]),
    };
    if !["hosts", "groups"].into_iter().all(is_empty) || !document.is_sound(&["include"]) {
        return;
    }
    // What an included file would have is not known where it cannot be read.
    if document.entry(&["include"]).is_some() && report.has_errors() {
        return;
    }
    let written = document.key(&["hosts"]).or_else(|| document.key(&["groups"]));
    let start = document.root.span.start;
    let message = match written {
        Some(_) => "`hosts` is empty: there is nothing to build",
        None => "the spec has no hosts: there is nothing to build",
    };
    let help = "add a host, named by its Salt minion id, as in `hosts: { mm1: { run_user: dk, vms: {} } }`";
    let span = written.unwrap_or_else(|| Span::new(start, start));
    report.push(Diagnostic::new(Code::EmptyFleet, span, message).help(help));
}
