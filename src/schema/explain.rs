//! Schema errors to diagnostics.

use std::collections::{HashMap, HashSet};

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use super::keys::{Known, first_setting, is_setting, unknown_key};
use super::sizes::meant_size;
use super::types::{unquoted, wrong_type};
use super::words::{cut, found, list};
use crate::diag::{Code, Diagnostic, Report, closest};
use crate::parse::{Document, Kind, Node};
use crate::source::{Source, Span, invisible};
use crate::spec::is_explained_by_check;

/// The node that an error is about, and the key it stands under.
pub(super) struct Place<'a> {
    /// The node.
    pub(super) node: &'a Node,
    /// The key, for an item that of its list; empty at the top.
    pub(super) name: String,
    /// Where the key is written.
    key: Option<Span>,
    /// Whether the node is an item of the list of that name.
    pub(super) is_item: bool,
    /// Where an alias stands for the node, which is written elsewhere.
    pub(super) alias: Option<Span>,
}

/// What the errors say of the nodes of a document.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Nodes that cannot be used.
    pub(super) wrong: Vec<u32>,
    /// Mappings, with the keys that they lack and that an unknown key of theirs seems to mean.
    pub(super) misspelt: HashSet<(u32, String)>,
    /// Mappings without a value, with the first key of what stands below them and is not indented.
    pub(super) unindented: HashMap<u32, String>,
}

/// Reports an error and marks the nodes that cannot be used.
#[expect(clippy::wildcard_enum_match_arm, reason = "the schema of the spec uses a few of the many keywords")]
pub(super) fn explain(
    error: &ValidationError<'_>,
    document: &Document,
    source: &Source,
    schema: &Value,
    marks: &mut Marks,
    report: &mut Report,
) {
    let Some(place) = find(document, error.instance_path().as_str()) else { return };
    if matches!(place.node.kind, Kind::Broken) {
        return;
    }
    let parent = || error.instance_path().as_str().rsplit_once('/').and_then(|(parent, _)| find(document, parent));
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let (known, parent) = (Known::around(schema, error.schema_path().as_str()), parent());
            for key in unexpected {
                let Some(entry) = place.node.entry(key) else { continue };
                marks.wrong.push(entry.value.id);
                if let Some(diagnostic) = unknown_key(key, entry, &place, parent.as_ref(), &known, marks) {
                    report.push(diagnostic);
                }
            }
            return;
        }
        ValidationErrorKind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            if !place.node.is_partial && !marks.misspelt.contains(&(place.node.id, key.to_owned())) {
                report.push(missing_key(key, &place));
            }
            return;
        }
        // Names are explained by `check`, and so are some patterns.
        ValidationErrorKind::PropertyNames { .. } => return,
        ValidationErrorKind::Pattern { pattern } if is_explained(pattern, place.node) => return,
        ValidationErrorKind::Pattern { pattern } => {
            let Some(diagnostic) = bad_pattern(pattern, &place, error, schema, source) else { return };
            report.push(diagnostic);
        }
        ValidationErrorKind::MaxLength { limit } => {
            let count = text(place.node).map_or(0, |text| text.chars().count());
            let message = format!("{} cannot have {count} characters", place.title());
            let help = format!("write at most {limit} characters");
            report.push(place.tell(Diagnostic::new(Code::BadValue, place.node.span, message).help(help)));
        }
        ValidationErrorKind::Type { kind } => {
            let parent = parent();
            let settings = sibling(schema, error, "properties").and_then(Value::as_object).zip(parent.as_ref());
            if let Some((settings, parent)) = settings {
                if is_setting(&place, parent.node, settings) {
                    marks.wrong.push(place.node.id);
                    return;
                }
                if let Some(first) = first_setting(&place, parent.node, settings) {
                    marks.unindented.insert(place.node.id, first.to_owned());
                }
            }
            if let Some(first) = marks.unindented.get(&place.node.id) {
                report.push(without_value(first, &place));
                marks.wrong.push(place.node.id);
                return;
            }
            let must_be = is_required(schema, error, &place);
            report.push(place.tell(wrong_type(
                kind,
                &place,
                must_be,
                &|keyword| sibling(schema, error, keyword),
                source,
            )));
        }
        // Fractions are reported for not being whole.
        ValidationErrorKind::Minimum { .. } | ValidationErrorKind::Maximum { .. } if is_fraction(place.node) => {}
        ValidationErrorKind::Minimum { limit } => {
            report.push(place.tell(out_of_range("at least", limit, &place, error, schema, source)));
        }
        ValidationErrorKind::Maximum { limit } => {
            report.push(place.tell(out_of_range("at most", limit, &place, error, schema, source)));
        }
        // A value of another type is reported as such.
        ValidationErrorKind::Constant { .. } if !matches!(place.node.kind, Kind::Integer(_)) => {}
        ValidationErrorKind::Constant { expected_value } => {
            let message = format!("{} {} of the spec is not supported", place.name, cut(source.slice(place.node.span)));
            let help = format!("write `{}: {expected_value}`", place.name);
            report.push(Diagnostic::new(Code::UnsupportedVersion, place.node.span, message).help(help));
        }
        // A value of another type is reported as such.
        ValidationErrorKind::Enum { .. } if !matches!(place.node.kind, Kind::String(_)) => {}
        ValidationErrorKind::Enum { options } => {
            let options = options.as_array().into_iter().flatten();
            let names: Vec<_> = options.filter_map(Value::as_str).collect();
            report.push(place.tell(not_an_option(&names, &place, source)));
        }
        ValidationErrorKind::MinItems { .. } if error.instance_path().as_str().starts_with("/rollout/") => {
            let message = "the wave has no hosts: nothing to bring up to date".to_owned();
            let help = "name hosts or groups of the spec, or write a pattern such as `lab-*` or `mm[01-20]`";
            report.push(Diagnostic::new(Code::EmptyWave, place.key.unwrap_or(place.node.span), message).help(help));
        }
        ValidationErrorKind::MinItems { .. } => {
            let message = format!("{} is empty: there is nothing to build", place.title());
            let span = place.key.unwrap_or(place.node.span);
            let help = "name hosts, as in `hosts: [mm1]` or `hosts: [\"mm[01-20]\"]`";
            report.push(Diagnostic::new(Code::EmptyFleet, span, message).help(help));
        }
        _ => {
            let message = format!("{} is not as it should be: {error}", place.title());
            report.push(Diagnostic::new(Code::BadValue, place.node.span, message));
        }
    }
    marks.wrong.push(place.node.id);
}

impl Place<'_> {
    /// Shows what is hard to see: where an alias brings the value, which may be right where it is written, and what
    /// nobody sees in the key, which may stand elsewhere than it seems.
    fn tell(&self, diagnostic: Diagnostic) -> Diagnostic {
        let diagnostic = diagnostic.also(self.alias, "used here, by an alias");
        match invisible(&self.name) {
            Some(what) => diagnostic.help(format!("the key has {what}, which nobody sees: indent with spaces only")),
            None => diagnostic,
        }
    }

    /// How a message names the place.
    pub(super) fn title(&self) -> String {
        match self.name.as_str() {
            "" => "the spec".to_owned(),
            name if self.is_item => format!("an item of `{}`", cut(name)),
            name => format!("`{}`", cut(name)),
        }
    }
}

/// Follows a JSON pointer to a node.
fn find<'a>(document: &'a Document, pointer: &str) -> Option<Place<'a>> {
    let mut place = Place { node: &document.root, name: String::new(), key: None, is_item: false, alias: None };
    for segment in pointer.split('/').skip(1) {
        let name = segment.replace("~1", "/").replace("~0", "~");
        place = if let Some(entry) = place.node.entry(&name) {
            let (key, alias) = (Some(entry.key), behind_alias(&entry.value, entry.key).or(place.alias));
            Place { node: &entry.value, name, key, is_item: false, alias }
        } else {
            // The items of a list go by the list's name.
            let node = place.node.item(name.parse().ok()?)?;
            let list = Span::new(place.node.span.start, place.node.span.start + 1);
            Place { node, is_item: true, alias: behind_alias(node, list).or(place.alias), ..place }
        };
    }
    Some(place)
}

/// The place that a value belongs to, if an alias brought the value there: only an anchor stands before its own key.
fn behind_alias(node: &Node, place: Span) -> Option<Span> {
    (node.span.start < place.start).then_some(place)
}

/// The finding for a mapping that is empty because what belongs to it, from a key on, is not indented.
fn without_value(first: &str, place: &Place<'_>) -> Diagnostic {
    let message = format!("{} has no value: what follows is not indented below it", place.title());
    Diagnostic::new(Code::WrongType, place.key.unwrap_or(place.node.span), message)
        .help(format!("indent what belongs to it, from `{}` on", cut(first)))
}

fn bad_pattern(
    pattern: &str,
    place: &Place<'_>,
    error: &ValidationError<'_>,
    schema: &Value,
    source: &Source,
) -> Option<Diagnostic> {
    let words = sibling(schema, error, "patternErrorMessage")?.as_str()?;
    let message = format!("{} cannot be {}", place.title(), found(place.node, source));
    let diagnostic = Diagnostic::new(Code::BadValue, place.node.span, message);
    let diagnostic = match text(place.node).and_then(invisible) {
        Some(what) => diagnostic.help(format!("it has {what}, which nobody sees: type it anew")),
        None => diagnostic,
    };
    let diagnostic = match unquoted(place.node, sibling(schema, error, "type")) {
        Some(number) => diagnostic.help(format!("remove the quotes: `{number}`")),
        None => match text(place.node).and_then(|text| meant_size(text, pattern)) {
            Some(meant) => diagnostic.help(meant),
            None => diagnostic.help(words),
        },
    };
    Some(place.tell(diagnostic))
}

fn missing_key(key: &str, place: &Place<'_>) -> Diagnostic {
    // The key of the whole mapping shows best where something is missing from it; of a list, the first key of the item.
    let first = if let Kind::Map(map) = &place.node.kind { map.iter().next() } else { None };
    let shown = first.filter(|_| place.is_item).map(|(_, entry)| entry.key).or(place.key);
    let span = shown.unwrap_or_else(|| Span::new(place.node.span.start, place.node.span.start));
    Diagnostic::new(Code::MissingKey, span, format!("{} has no `{key}`", place.title()))
        .help(missing(key, place.is_item))
}

/// What to add for a key that must be there, in an item of a list or elsewhere.
pub(super) fn missing(key: &str, of_item: bool) -> &'static str {
    match key {
        "version" => "add `version: 1` at the top",
        // Of a wave.
        "hosts" if of_item => "add its hosts: minion ids, names of groups or patterns, as in `hosts: [mm1, lab]`",
        "hosts" => "add the Salt minion ids of its hosts, as in `hosts: [mm1]` or `hosts: [\"mm[01-20]\"]`",
        "ref" => "add the OCI reference, as in `ref: ghcr.io/cirruslabs/ubuntu:24.04`",
        "os" => "add `os: macos` or `os: linux`",
        "path" => "add where it is on the host, as in `path: /Users/dk/src`",
        _ => "add it",
    }
}

/// Whether the mapping around a place must have its key.
fn is_required(schema: &Value, error: &ValidationError<'_>, place: &Place<'_>) -> bool {
    let keyword = || {
        let (of_value, _) = error.schema_path().as_str().rsplit_once('/')?;
        let (of_mapping, _) = of_value.rsplit_once("/properties/")?;
        schema.pointer(of_mapping)?.get("required")?.as_array()
    };
    !place.is_item && keyword().is_some_and(|keys| keys.iter().any(|key| *key == place.name.as_str()))
}

fn text(node: &Node) -> Option<&str> {
    if let Kind::String(text) = &node.kind { Some(text) } else { None }
}

const fn is_fraction(node: &Node) -> bool {
    matches!(node.kind, Kind::Float(_))
}

fn out_of_range(
    bound: &str,
    limit: &Value,
    place: &Place<'_>,
    error: &ValidationError<'_>,
    schema: &Value,
    source: &Source,
) -> Diagnostic {
    let written = cut(source.slice(place.node.span));
    let message = format!("{} is out of range: {bound} {limit}, not {written}", place.title());
    let help = match (sibling(schema, error, "minimum"), sibling(schema, error, "maximum")) {
        (Some(least), Some(most)) => format!("write a number from {least} to {most}"),
        _ => "write a number in range".to_owned(),
    };
    Diagnostic::new(Code::OutOfRange, place.node.span, message).help(help)
}

fn not_an_option(names: &[&str], place: &Place<'_>, source: &Source) -> Diagnostic {
    let message = format!("{} cannot be {}", place.title(), found(place.node, source));
    let meant = if let Kind::String(text) = &place.node.kind { closest(text, names.iter().copied()) } else { None };
    Diagnostic::new(Code::BadValue, place.node.span, message)
        .did_you_mean(meant)
        .help(format!("write {}", list(names, "or")))
}

fn is_explained(pattern: &str, node: &Node) -> bool {
    text(node).is_some_and(|text| is_explained_by_check(pattern, text))
}

/// Another keyword of the schema that an error comes from.
fn sibling<'a>(schema: &'a Value, error: &ValidationError<'_>, keyword: &str) -> Option<&'a Value> {
    let (parent, _) = error.schema_path().as_str().rsplit_once('/')?;
    schema.pointer(parent)?.get(keyword)
}
