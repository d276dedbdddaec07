//! Parser events to nodes.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, Tag};

use super::{Entries, Entry, Kind, Node, refuse, scalar, syntax};
use crate::catalog::{DEPTH, FREE_GROWTH, GROWTH, VALUES};
use crate::diag::{Code, Diagnostic, Report};
use crate::source::{SourceFile, Span};

/// A finding after which the rest of the text cannot be understood.
type Fatal = Box<Diagnostic>;

/// The document of a text.
#[derive(Debug)]
pub(super) struct Built {
    /// The value at the top.
    pub(super) root: Node,
    /// How many nodes were written in this text.
    pub(super) written: u32,
}

impl Built {
    /// Whether its aliases stand for too many nodes.
    pub(super) fn is_bomb(&self) -> bool {
        self.root.weight > FREE_GROWTH.max(self.written.saturating_mul(GROWTH))
    }
}

/// The text of a file or a part of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    /// The file.
    pub(super) source: &'a SourceFile,
    /// What is parsed.
    pub(super) text: &'a str,
    /// The offset of its first byte.
    pub(super) start: usize,
    /// How many nodes there are before it.
    pub(super) before: u32,
    /// What is added to the numbers of nodes to make ids of them.
    pub(super) first_id: u32,
}

impl<'a> Part<'a> {
    /// All of a file. `before` counts the nodes of the files before it.
    pub(super) fn whole(source: &'a SourceFile, before: u32) -> Self {
        Self { source, text: source.text(), start: source.start(), before, first_id: 0 }
    }

    /// The offsets of a place that the parser names by the bytes of the text.
    fn bytes(&self, span: &granit_parser::Span) -> Span {
        let start = span.start.byte_offset().unwrap_or_default();
        let end = span.end.byte_offset().unwrap_or(start).max(start);
        Span::new(self.start + start, self.start + end)
    }
}

/// Parses the one document of a text.
pub(super) fn build(part: Part<'_>, report: &mut Report) -> Result<Built, Fatal> {
    build_within(VALUES, part, report)
}

/// The same for another number of nodes than usual.
#[expect(clippy::wildcard_enum_match_arm, reason = "all other events are no values")]
fn build_within(most: u32, part: Part<'_>, report: &mut Report) -> Result<Built, Fatal> {
    let Part { source, before, first_id, .. } = part;
    let mut builder = Builder {
        source,
        first_id,
        report,
        frames: Vec::new(),
        anchors: HashMap::new(),
        nodes: before,
        heaviest: None,
        root: None,
    };
    let mut documents = 0_usize;
    for event in Parser::new_from_str(part.text) {
        let (event, place) = match event {
            Ok(event) => event,
            Err(error) => return Err(syntax::explain(&error, builder.opening(), source).into()),
        };
        let span = part.bytes(&place);
        let tag_span = place.tag_span().map(|tag| part.bytes(&tag));
        if builder.nodes > most {
            return Err(refuse::too_many(span).into());
        }
        match event {
            Event::DocumentStart(..) => {
                documents += 1;
                if documents > 1 {
                    return Err(refuse::several(span, source).into());
                }
            }
            Event::Scalar(value, style, anchor, tag) => {
                let kind = builder.scalar(value, style, span, tag.as_deref(), tag_span);
                let node = builder.node(span, kind, 1, 0);
                builder.finish(node, anchor);
            }
            Event::SequenceStart(_, anchor, tag) => {
                builder.open(Contents::List(Vec::new()), span, anchor, tag.as_deref(), tag_span)?;
            }
            Event::MappingStart(_, anchor, tag) => {
                let contents = Contents::Map { entries: Entries::default(), key: None };
                builder.open(contents, span, anchor, tag.as_deref(), tag_span)?;
            }
            Event::SequenceEnd | Event::MappingEnd => builder.close(span),
            Event::Alias(anchor) => builder.alias(anchor, span)?,
            // Starts and ends of the stream, and what later versions of the parser may add.
            _ => {}
        }
    }
    builder.root(most, before)
}

struct Builder<'a> {
    source: &'a SourceFile,
    first_id: u32,
    report: &'a mut Report,
    frames: Vec<Frame>,
    anchors: HashMap<usize, Arc<Node>>,
    nodes: u32,
    /// The alias that stands for the most nodes.
    heaviest: Option<(u32, Span)>,
    root: Option<Arc<Node>>,
}

/// A sequence or mapping whose end has not been seen.
struct Frame {
    contents: Contents,
    span: Span,
    anchor: usize,
    weight: u32,
    height: u16,
    broken: bool,
    is_partial: bool,
}

impl Frame {
    /// Counts a node among those of the collection.
    fn count(&mut self, node: &Node) {
        self.weight = self.weight.saturating_add(node.weight);
        self.height = self.height.max(node.height);
    }
}

enum Contents {
    List(Vec<Arc<Node>>),
    Map { entries: Entries, key: Option<Key> },
}

/// A key that waits for its value.
struct Key {
    span: Span,
    /// `None` if the key has been reported; its value is then dropped.
    name: Option<String>,
}

impl Builder<'_> {
    fn node(&mut self, span: Span, kind: Kind, weight: u32, height: u16) -> Node {
        self.nodes += 1;
        Node { id: self.first_id + self.nodes, span, kind, is_partial: false, weight, height }
    }

    /// The value of a scalar, or what is wrong with it.
    fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        span: Span,
        tag: Option<&Tag>,
        tag_span: Option<Span>,
    ) -> Kind {
        if self.refuse_tag(tag, tag_span.unwrap_or(span)) {
            return Kind::Broken;
        }
        if let Some(diagnostic) = refuse::string(&text, style, span) {
            self.report.push(diagnostic);
            return Kind::Broken;
        }
        if style != ScalarStyle::Plain {
            return Kind::String(text.into_owned());
        }
        if scalar::is_ambiguous(&text) {
            self.report.push(refuse::ambiguous(&text, span));
            return Kind::Broken;
        }
        scalar::resolve(text)
    }

    /// The bracket of the innermost collection in brackets that is still open.
    fn opening(&self) -> Option<Span> {
        let brackets = self.frames.iter().map(|frame| Span::new(frame.span.start, frame.span.start + 1));
        brackets.rev().find(|span| ["{", "["].contains(&self.source.slice(*span)))
    }

    fn refuse_tag(&mut self, tag: Option<&Tag>, span: Span) -> bool {
        let Some(tag) = tag else { return false };
        let message = format!("the tag `{}` is not supported", tag.original());
        let help = match tag.original().as_str() {
            "!!str" => "remove it; put the value in quotes to make it a string",
            _ => "remove it: each key knows the type of its value",
        };
        self.report.push(Diagnostic::new(Code::YamlTag, span, message).help(help));
        true
    }

    fn open(
        &mut self,
        contents: Contents,
        span: Span,
        anchor: usize,
        tag: Option<&Tag>,
        tag_span: Option<Span>,
    ) -> Result<(), Fatal> {
        if self.frames.len() >= DEPTH {
            return Err(refuse::too_deep(Span::new(span.start, span.end.max(span.start + 1))).into());
        }
        let broken = self.refuse_tag(tag, tag_span.unwrap_or(span));
        self.frames.push(Frame { contents, span, anchor, weight: 1, height: 0, broken, is_partial: false });
        Ok(())
    }

    fn close(&mut self, end: Span) {
        let Some(frame) = self.frames.pop() else { return };
        let kind = match frame.contents {
            _ if frame.broken => Kind::Broken,
            Contents::List(items) => Kind::List(items),
            Contents::Map { entries, .. } => Kind::Map(entries),
        };
        let span = Span::new(frame.span.start, end.end.max(frame.span.end));
        let node = self.node(span, kind, frame.weight, frame.height + 1);
        self.finish(Node { is_partial: frame.is_partial, ..node }, frame.anchor);
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Fatal> {
        let Some(node) = self.anchors.get(&anchor).map(Arc::clone) else {
            let message = "the alias stands inside its own anchor and would never end";
            let help = "write out what is meant";
            self.report.push(Diagnostic::new(Code::AliasBomb, span, message).help(help));
            let broken = self.node(span, Kind::Broken, 1, 0);
            self.finish(broken, 0);
            return Ok(());
        };
        if self.frames.len() + usize::from(node.height) > DEPTH {
            return Err(refuse::too_deep(span).into());
        }
        if self.heaviest.is_none_or(|(weight, _)| weight < node.weight) {
            self.heaviest = Some((node.weight, span));
        }
        self.add(node, span);
        Ok(())
    }

    /// Adds a node that is complete to the collection around it.
    fn finish(&mut self, mut node: Node, anchor: usize) {
        // Nothing is written for an empty value: its key is the place to look at.
        if node.span.is_empty()
            && let Some(Frame { contents: Contents::Map { key: Some(key), .. }, .. }) = self.frames.last()
        {
            node.span = key.span;
        }
        let span = node.span;
        // Most keys are texts that nobody else has, and to share them would take a twentieth of a large build.
        if anchor == 0 && self.awaits_key() {
            self.add_key(Cow::Owned(node), span);
            return;
        }
        let node = Arc::new(node);
        if anchor != 0 {
            self.anchors.insert(anchor, Arc::clone(&node));
        }
        self.add(node, span);
    }

    /// Whether what comes next is a key.
    fn awaits_key(&self) -> bool {
        matches!(self.frames.last(), Some(Frame { contents: Contents::Map { key: None, .. }, .. }))
    }

    /// Adds a key, of which only the text is kept.
    fn add_key(&mut self, node: Cow<'_, Node>, span: Span) {
        let Some(frame) = self.frames.last_mut() else { return };
        frame.count(&node);
        let name = name(node, span, self.source, self.report);
        frame.is_partial |= name.is_none();
        if let Contents::Map { key, .. } = &mut frame.contents {
            *key = Some(Key { span, name });
        }
    }

    fn add(&mut self, node: Arc<Node>, span: Span) {
        if self.awaits_key() {
            self.add_key(Cow::Borrowed(&node), span);
            return;
        }
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(node);
            return;
        };
        frame.count(&node);
        match &mut frame.contents {
            Contents::List(items) => items.push(node),
            Contents::Map { entries, key } => {
                let Some(Key { span, name: Some(name) }) = key.take() else { return };
                if let Some((name, first)) = entries.add(name, Entry { key: span, value: node }) {
                    let message = format!("`{name}` is given twice");
                    let diagnostic = Diagnostic::new(Code::DuplicateKey, span, message)
                        .label("the second")
                        .also(Some(first), "the first")
                        .help("remove one of the two");
                    self.report.push(diagnostic);
                }
            }
        }
    }

    fn root(self, most: u32, before: u32) -> Result<Built, Fatal> {
        let written = self.nodes - before;
        let Some(root) = self.root else {
            return Err(refuse::empty(self.source).into());
        };
        drop(self.anchors);
        // The root is shared only with its own anchor, which is gone.
        let Some(root) = Arc::into_inner(root).filter(|root| !matches!(root.kind, Kind::Null)) else {
            return Err(refuse::empty(self.source).into());
        };
        let built = Built { root, written };
        let span = self.heaviest.map_or(built.root.span, |(_, span)| span);
        if built.is_bomb() {
            let message = format!("the aliases repeat {written} written values more than {GROWTH} times over");
            let help = "use `profiles` for settings that VMs share";
            return Err(Diagnostic::new(Code::AliasBomb, span, message).help(help).into());
        }
        if built.root.weight.saturating_add(before) > most {
            return Err(refuse::too_many(span).into());
        }
        Ok(built)
    }
}

/// The name that a key gives, unless it is none. An alias may stand for a large collection, which must not be copied for
/// each of many keys.
fn name(node: Cow<'_, Node>, span: Span, source: &SourceFile, report: &mut Report) -> Option<String> {
    if refuse::key(&node, span, source, report) {
        return None;
    }
    if let Kind::String(text) = node.into_owned().kind { Some(text) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn reading_stops_at_the_limit() {
        let codes = |text: &str| {
            let source = Source::new("many.yaml", text.as_bytes().to_vec());
            let source = source.file_at(0);
            build_within(5, Part::whole(source, 0), &mut Report::default()).err().map(|found| found.code)
        };
        assert_eq!(codes("[1, 2, 3, 4]"), None);
        assert_eq!(codes("[1, 2, 3, 4, 5]"), Some(Code::TooManyValues));
        // What follows is not even looked at.
        assert_eq!(codes(&("- 1\n".repeat(100) + "}")), Some(Code::TooManyValues));
        assert_eq!(codes("[&a [1], *a]"), None);
        assert_eq!(codes("[&a [1], *a, 1]"), Some(Code::TooManyValues));
    }
}
