//! Strings that Salt would execute.

use super::Context;
use crate::catalog::SLOT_PREFIX;
use crate::diag::{Code, Diagnostic, Report};
use crate::parse::{Kind, Node};

/// Refuses every string that begins like a slot, wherever it stands.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    visit(&context.document.root, report);
}

fn visit(node: &Node, report: &mut Report) {
    match &node.kind {
        Kind::String(text) if text.starts_with(SLOT_PREFIX) => {
            let message = format!("Salt would execute a string that begins with `{SLOT_PREFIX}`");
            report.push(Diagnostic::new(Code::SlotString, node.span, message).help("write something else"));
        }
        Kind::List(items) => items.iter().for_each(|item| visit(item, report)),
        Kind::Map(map) => map.values().for_each(|entry| visit(&entry.value, report)),
        Kind::Null | Kind::Bool(_) | Kind::Integer(_) | Kind::Float(_) | Kind::String(_) | Kind::Broken => {}
    }
}
