//! Documents to one: whoever looks at a fleet need not know in which file a host stands.

use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Report};
use crate::parse::{Document, Entry, Kind, Node};
use crate::source::Span;

/// The mappings whose entries may stand in any file.
const SECTIONS: &[&str] = &["images", "profiles", "hosts", "groups"];

/// Adds what the included documents define to the first, the root. A name that is defined twice is reported with both
/// places.
pub(crate) fn merge(documents: Vec<Document>, report: &mut Report) -> Option<Document> {
    let mut documents = documents.into_iter();
    let mut all = documents.next()?;
    for document in documents {
        let Document { mut root, wrong, misspelt, parsed_well, nodes } = document;
        all.nodes = nodes;
        all.wrong.extend(wrong);
        all.parsed_well &= parsed_well;
        // What is misspelt at the top of a file may be meant for the whole spec.
        let renamed = misspelt.into_iter().map(|(id, key)| (if id == root.id { all.root.id } else { id }, key));
        all.misspelt.extend(renamed.collect::<Vec<_>>());
        all.root.is_partial |= root.is_partial;
        let Kind::Map(entries) = &mut root.kind else { continue };
        for section in SECTIONS {
            if let Some(entry) = entries.remove(section) {
                add(section, entry, &mut all, report);
            }
        }
    }
    Some(all)
}

/// Adds the entries of a section to those that are there.
fn add(section: &str, entry: Entry, all: &mut Document, report: &mut Report) {
    let Kind::Map(sections) = &mut all.root.kind else { return };
    let Some(first) = sections.get_mut(section) else {
        sections.add(section.to_owned(), entry);
        return;
    };
    let is_wrong = |node: &Node, wrong: &std::collections::HashSet<u32>| {
        wrong.contains(&node.id) || !matches!(node.kind, Kind::Map(_))
    };
    if is_wrong(&first.value, &all.wrong) {
        return;
    }
    let mut node = take(&mut first.value);
    // What cannot be read may define anything.
    node.is_partial |= entry.value.is_partial || is_wrong(&entry.value, &all.wrong);
    if let Kind::Map(entries) = &mut node.kind {
        for (name, entry) in entries_of(entry.value) {
            let second = entry.key;
            if let Some((name, first)) = entries.add(name, entry) {
                report.push(twice(&name, second, first));
            }
        }
    }
    first.value = Arc::new(node);
}

fn twice(name: &str, second: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateKey, second, format!("`{name}` is defined twice"))
        .label("the second")
        .also(Some(first), "the first")
        .help("rename or remove one of the two")
}

/// A node that nobody else has; an anchor may share its own with others.
fn take(shared: &mut Arc<Node>) -> Node {
    Arc::try_unwrap(std::mem::take(shared)).unwrap_or_else(|shared| shared.as_ref().clone())
}

/// The entries of a mapping.
fn entries_of(node: Arc<Node>) -> Vec<(String, Entry)> {
    match Arc::try_unwrap(node).unwrap_or_else(|shared| shared.as_ref().clone()).kind {
        Kind::Map(entries) => entries.into_vec(),
        Kind::Null
        | Kind::Bool(_)
        | Kind::Integer(_)
        | Kind::Float(_)
        | Kind::String(_)
        | Kind::List(_)
        | Kind::Broken => Vec::new(),
    }
}
