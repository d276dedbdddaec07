//! YAML text to a tree of values that know their places.

mod build;
mod de;
mod directives;
mod entries;
mod escapes;
mod halves;
mod json;
mod layout;
mod refuse;
mod scalar;
mod syntax;
mod words;

use std::collections::HashSet;
use std::sync::Arc;

use crate::diag::Report;
use crate::source::{SourceFile, Span};

use build::{Built, Part};
pub(crate) use de::{Mismatch, Reader};
pub(crate) use entries::Entries;
pub(crate) use json::NodeJson;

/// A value and its place. An alias shares the node of its anchor, so a place is always where a value is written. A clone
/// shares what lies below it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Node {
    /// Distinguishes the nodes of one document.
    pub(crate) id: u32,
    /// Where the value is written; the place of its key, if nothing is written.
    pub(crate) span: Span,
    /// The value.
    pub(crate) kind: Kind,
    /// Whether a key of the mapping has been reported and dropped, with whatever it should have given.
    pub(crate) is_partial: bool,
    /// How many nodes there are in and below this one, with aliases written out; held at the bound of its type if more.
    weight: u32,
    /// How deep the nodes below this one nest.
    height: u16,
}

/// A value of YAML's core schema.
#[derive(Debug, Clone, Default)]
pub(crate) enum Kind {
    /// `null`, `~`, or nothing.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number, held at the bounds of its type if larger.
    Integer(i64),
    /// A number with a point or an exponent, an infinity, or not a number.
    Float(f64),
    /// Anything else.
    String(String),
    /// A sequence.
    List(Vec<Arc<Node>>),
    /// A mapping, in the order of the text.
    Map(Entries),
    /// A value with which something is wrong that has been reported.
    Broken,
}

/// A key of a mapping and its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Where the key is written.
    pub(crate) key: Span,
    /// The value.
    pub(crate) value: Arc<Node>,
}

impl Node {
    /// The entry of a mapping under a key.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.kind {
            Kind::Map(map) => map.get(key),
            Kind::Null
            | Kind::Bool(_)
            | Kind::Integer(_)
            | Kind::Float(_)
            | Kind::String(_)
            | Kind::List(_)
            | Kind::Broken => None,
        }
    }

    /// The same mapping with no more than some entries of a mapping in it.
    pub(crate) fn with_only(&self, key: &str, entries: &[(&str, &Entry)]) -> Self {
        let mut all = self.clone();
        if let Kind::Map(map) = &mut all.kind
            && let Some(entry) = map.get_mut(key)
        {
            let entries = entries.iter().map(|(name, entry)| ((*name).to_owned(), (*entry).clone()));
            let kind = Kind::Map(Entries::Many(Box::new(entries.collect())));
            entry.value = Arc::new(Self { id: entry.value.id, kind, ..Self::default() });
        }
        all
    }

    /// The item of a sequence at an index.
    pub(crate) fn item(&self, index: usize) -> Option<&Node> {
        match &self.kind {
            Kind::List(items) => items.get(index).map(AsRef::as_ref),
            Kind::Null
            | Kind::Bool(_)
            | Kind::Integer(_)
            | Kind::Float(_)
            | Kind::String(_)
            | Kind::Map(_)
            | Kind::Broken => None,
        }
    }
}

/// A parsed spec.
#[derive(Debug)]
pub(crate) struct Document {
    /// The value at the top.
    pub(crate) root: Node,
    /// Nodes that have been reported as wrong, and are left out when the document is read as types.
    pub(crate) wrong: HashSet<u32>,
    /// Mappings by their ids, with the keys that they lack and that a key of theirs, reported as unknown, seems to mean.
    pub(crate) misspelt: HashSet<(u32, String)>,
    /// Whether nothing was reported while the text was parsed.
    pub(crate) parsed_well: bool,
    /// How many nodes there are in this file and those before it.
    pub(crate) nodes: u32,
}

impl Document {
    /// The entry at the end of a route of keys.
    pub(crate) fn entry(&self, route: &[&str]) -> Option<&Entry> {
        let (last, parents) = route.split_last()?;
        let mut node = &self.root;
        for key in parents {
            node = &node.entry(key)?.value;
        }
        node.entry(last)
    }

    /// The place of the key at the end of a route.
    pub(crate) fn key(&self, route: &[&str]) -> Option<Span> {
        self.entry(route).map(|entry| entry.key)
    }

    /// The place of the value at the end of a route.
    pub(crate) fn value(&self, route: &[&str]) -> Option<Span> {
        self.entry(route).map(|entry| entry.value.span)
    }

    /// The place of the value at the end of a route that goes on below another.
    pub(crate) fn value_below(&self, route: &[&str], below: &[&str]) -> Option<Span> {
        let mut node = &self.root;
        for key in route.iter().chain(below) {
            node = &node.entry(key)?.value;
        }
        Some(node.span)
    }

    /// Whether nothing on a route has been reported as wrong. Where something has, what counts in its place is not
    /// what was meant.
    pub(crate) fn is_sound(&self, route: &[&str]) -> bool {
        if self.is_clean() {
            return true;
        }
        let mut node = &self.root;
        for key in route {
            let Some(entry) = node.entry(key) else {
                return !self.is_wrong(node)
                    && !node.is_partial
                    && !self.misspelt.contains(&(node.id, (*key).to_owned()));
            };
            node = &entry.value;
        }
        !self.is_wrong(node)
    }

    /// Whether nothing at all has been reported as wrong, as in most specs: then no route need be walked.
    pub(crate) fn is_clean(&self) -> bool {
        self.parsed_well && self.wrong.is_empty() && self.misspelt.is_empty()
    }

    /// Whether nothing is written at the end of a route, and nothing that is wrong was meant to be there.
    pub(crate) fn is_missing(&self, route: &[&str]) -> bool {
        self.entry(route).is_none() && self.is_sound(route)
    }

    fn is_wrong(&self, node: &Node) -> bool {
        matches!(node.kind, Kind::Broken) || self.wrong.contains(&node.id)
    }
}

/// Bytes of a text above which its halves are worth a thread: a millisecond's work.
const LARGE: usize = 128 * 1024;

/// Parses the text of a file. `before` counts the nodes of the files before it, so that each node of a spec has an id
/// of its own. What is wrong with single keys and values is reported and the parsing goes on; no
/// document comes back if the text as a whole makes no sense.
pub(crate) fn parse(source: &SourceFile, before: u32, report: &mut Report) -> Option<Document> {
    if let Some(diagnostic) = directives::refuse(source).or_else(|| refuse::text(source)) {
        report.push(diagnostic);
        return None;
    }
    let halves = if source.text().len() < LARGE { None } else { halves::build(source, before) };
    match halves.map_or_else(|| build::build(Part::whole(source, before), report), Ok) {
        Ok(Built { root, written }) => {
            let parsed_well = !report.has_errors();
            let nodes = before + written;
            Some(Document { root, wrong: HashSet::new(), misspelt: HashSet::new(), parsed_well, nodes })
        }
        Err(diagnostic) => {
            report.push(*diagnostic);
            None
        }
    }
}
