//! Items that stand in a list twice, where one says it all.

use std::collections::HashMap;

use super::Context;
use crate::diag::{Code, Diagnostic, Report};
use crate::parse::Node;
use crate::source::{Span, printable};

/// Checks the lists of the spec in which an item cannot be meant twice. A VM may well have two cards on one interface, or a
/// directory under two names.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    if let Some(trust) = context.fleet.tart.as_ref().and_then(|tart| tart.trust.as_ref()) {
        list("trust", trust, &context.items(&["tart", "trust"]), report);
    }
    for (route, run) in context.written(|vm| vm.run.as_deref()) {
        for (key, networks) in
            [("net_softnet_allow", &run.net_softnet_allow), ("net_softnet_block", &run.net_softnet_block)]
        {
            if let Some(networks) = networks {
                list(key, networks, &context.items(&[&route[..], &["run", key]].concat()), report);
            }
        }
        let nodes = context.items(&[&route[..], &["run", "disk"]].concat());
        let paths = run.disk.iter().flatten().zip(nodes).filter_map(|(disk, node)| Some((disk.path.as_deref()?, node)));
        // Images are copied, so that two disks from one are two.
        let local = paths.filter(|(path, _)| path.starts_with(['/', '~']));
        items(
            "disk",
            local.map(|(path, node)| (path, node.entry("path").map_or(node.span, |path| path.value.span))),
            report,
        );
    }
}

fn list(key: &str, texts: &[String], nodes: &[&Node], report: &mut Report) {
    items(key, texts.iter().map(String::as_str).zip(nodes.iter().map(|node| node.span)), report);
}

fn items<'a>(key: &str, items: impl Iterator<Item = (&'a str, Span)>, report: &mut Report) {
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for (text, span) in items {
        match seen.get(text) {
            Some(first) => report.push(twice(text, key, span, *first)),
            None => {
                seen.insert(text, span);
            }
        }
    }
}

/// An item of a list, and where it stands already.
pub(super) fn twice(text: &str, key: &str, span: Span, first: Span) -> Diagnostic {
    let message = format!("`{}` stands in `{key}` twice", printable(text));
    Diagnostic::new(Code::DuplicateItem, span, message).also(Some(first), "the first").help("remove one of the two")
}
