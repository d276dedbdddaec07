//! Schema errors to diagnostics.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

use super::words::{allows, cut, expected, found, or_list};
use crate::diag::{Code, Diagnostic, Report, closest};
use crate::parse::{Document, Kind, Node};
use crate::source::{Source, Span};

/// The node that an error is about, and the key it stands under.
struct Place<'a> {
    node: &'a Node,
    /// The key, for an item that of its list; empty at the top.
    name: String,
    key: Option<Span>,
    /// Whether the node is an item of the list of that name.
    is_item: bool,
}

/// Reports an error and marks the nodes that cannot be used.
#[expect(clippy::wildcard_enum_match_arm, reason = "the schema of the spec uses a few of the many keywords")]
pub(super) fn explain(
    error: &ValidationError<'_>,
    document: &Document,
    source: &Source,
    schema: &Value,
    wrong: &mut Vec<usize>,
    report: &mut Report,
) {
    let Some(place) = find(document, error.instance_path().as_str()) else { return };
    if matches!(place.node.kind, Kind::Broken) {
        return;
    }
    let allowed = || properties(schema, error.schema_path().as_str());
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            for key in unexpected {
                let Some(entry) = place.node.entry(key) else { continue };
                wrong.push(entry.value.id);
                report.push(unknown_key(key, entry.key, &place, document, &allowed()));
            }
            return;
        }
        ValidationErrorKind::Required { property } => {
            report.push(missing_key(property.as_str().unwrap_or_default(), &place));
            return;
        }
        // Names are explained by `check`, and so are patterns without words of their own.
        ValidationErrorKind::PropertyNames { .. } => return,
        ValidationErrorKind::Pattern { .. } => {
            let Some(words) = sibling(schema, error, "patternErrorMessage").and_then(Value::as_str) else { return };
            let message = format!("{} cannot be {}", place.title(), found(place.node, source));
            report.push(Diagnostic::new(Code::BadValue, place.node.span, message).help(words));
        }
        ValidationErrorKind::Type { kind } => report.push(wrong_type(kind, &place, source)),
        // Fractions are reported for not being whole.
        ValidationErrorKind::Minimum { .. } | ValidationErrorKind::Maximum { .. } if is_fraction(place.node) => {}
        ValidationErrorKind::Minimum { limit } => {
            report.push(out_of_range("at least", limit, &place, error, schema, source));
        }
        ValidationErrorKind::Maximum { limit } => {
            report.push(out_of_range("at most", limit, &place, error, schema, source));
        }
        // A value of another type is reported as such.
        ValidationErrorKind::Constant { .. } if !matches!(place.node.kind, Kind::Integer(_)) => {}
        ValidationErrorKind::Constant { expected_value } => {
            let message = format!("{} {} of the spec is not supported", place.name, cut(source.slice(place.node.span)));
            let help = format!("write `{}: {expected_value}`", place.name);
            report.push(Diagnostic::new(Code::UnsupportedVersion, place.node.span, message).help(help));
        }
        // The types give an enumeration one branch for each of its values.
        ValidationErrorKind::OneOfNotValid { .. } => {
            let branches = schema.pointer(error.schema_path().as_str()).and_then(Value::as_array);
            let names: Vec<_> =
                branches.into_iter().flatten().filter_map(|branch| branch.get("const")?.as_str()).collect();
            report.push(not_an_option(&names, &place, source));
        }
        // Hosts whose names are wrong are reported for that.
        ValidationErrorKind::MinProperties { .. } if report.has_any_in(place.node.span) => {}
        ValidationErrorKind::MinProperties { .. } => {
            let span = place.key.unwrap_or(place.node.span);
            let message = format!("{} is empty: there is nothing to build", place.title());
            let help = "add a host, named by its Salt minion id";
            report.push(Diagnostic::new(Code::EmptyFleet, span, message).help(help));
        }
        _ => {
            let message = format!("{} is not as it should be: {error}", place.title());
            report.push(Diagnostic::new(Code::BadValue, place.node.span, message));
        }
    }
    wrong.push(place.node.id);
}

impl Place<'_> {
    /// How a message names the place.
    fn title(&self) -> String {
        match self.name.as_str() {
            "" => "the spec".to_owned(),
            name if self.is_item => format!("an item of `{}`", cut(name)),
            name => format!("`{}`", cut(name)),
        }
    }
}

/// Follows a JSON pointer to a node.
fn find<'a>(document: &'a Document, pointer: &str) -> Option<Place<'a>> {
    let mut place = Place { node: &document.root, name: String::new(), key: None, is_item: false };
    for segment in pointer.split('/').skip(1) {
        let name = segment.replace("~1", "/").replace("~0", "~");
        place = match place.node.entry(&name) {
            Some(entry) => Place { node: &entry.value, name, key: Some(entry.key), is_item: false },
            // The items of a list go by the list's name.
            None => Place { node: place.node.item(name.parse().ok()?)?, is_item: true, ..place },
        };
    }
    Some(place)
}

fn unknown_key(key: &str, span: Span, place: &Place<'_>, document: &Document, allowed: &[&str]) -> Diagnostic {
    let message = if place.name.is_empty() {
        format!("the spec has no key `{}`", cut(key))
    } else {
        format!("`{}` has no key `{}`", cut(&place.name), cut(key))
    };
    let diagnostic = Diagnostic::new(Code::UnknownKey, span, message);
    let free = allowed.iter().copied().filter(|name| place.node.entry(name).is_none());
    if let Some(suggestion) = closest(key, free) {
        return diagnostic.did_you_mean(Some(suggestion));
    }
    let at_top = document.root.id == place.node.id;
    if at_top && TOP_OF_PILLAR.contains(&key) {
        return diagnostic.help("VMs belong to a host: `hosts: { MINION_ID: { vms: ... } }`");
    }
    diagnostic.help(format!("the keys are {}", or_list(allowed).replace(" or ", " and ")))
}

/// Keys that people who come from hand-written pillar put at the top.
const TOP_OF_PILLAR: &[&str] = &["vms", "run_user"];

fn missing_key(key: &str, place: &Place<'_>) -> Diagnostic {
    // The key of the whole mapping shows best where something is missing from it.
    let span = place.key.unwrap_or_else(|| Span::new(place.node.span.start, place.node.span.start));
    let help = match key {
        "version" => "add `version: 1` at the top",
        "hosts" => "add `hosts` with at least one host, named by its Salt minion id",
        "ref" => "add the OCI reference, as in `ref: ghcr.io/cirruslabs/ubuntu:24.04`",
        "os" => "add `os: macos` or `os: linux`",
        _ => "add it",
    };
    Diagnostic::new(Code::MissingKey, span, format!("{} has no `{key}`", place.title())).help(help)
}

fn wrong_type(kind: &TypeKind, place: &Place<'_>, source: &Source) -> Diagnostic {
    let (title, expected) = (place.title(), expected(kind));
    let message = if matches!(place.node.kind, Kind::Null) {
        format!("{title} has no value; it must be {expected}")
    } else {
        format!("{title} must be {expected}, not {}", found(place.node, source))
    };
    let diagnostic = Diagnostic::new(Code::WrongType, place.node.span, message);
    diagnostic.help(right_type(kind, place, source).unwrap_or_else(|| format!("write {expected}")))
}

/// What to write instead of a value of a wrong type.
fn right_type(kind: &TypeKind, place: &Place<'_>, source: &Source) -> Option<String> {
    let name = &place.name;
    let can_be = |wanted| allows(kind, wanted);
    match &place.node.kind {
        Kind::Null if can_be(JsonType::Object) => Some(format!("write `{name}: {{}}`, or remove the key")),
        Kind::Null if can_be(JsonType::Array) => Some(format!("write `{name}: []`, or remove the key")),
        Kind::Null => Some("give a value, or remove the key".to_owned()),
        _ if name.is_empty() => Some("begin with `version: 1`".to_owned()),
        Kind::List(_) if can_be(JsonType::Object) => Some("write `name: ...` for each item, without `-`".to_owned()),
        Kind::String(_) if can_be(JsonType::Array) => {
            Some(format!("write `{name}: [{}]`", source.slice(place.node.span)))
        }
        Kind::String(text) if can_be(JsonType::Boolean) => Some(match truth(text) {
            Some(value) => format!("write `{value}`"),
            None => "write `true` or `false`".to_owned(),
        }),
        Kind::String(text) if can_be(JsonType::Integer) && text.parse::<u64>().is_ok() => {
            Some(format!("remove the quotes: `{text}`"))
        }
        Kind::Float(_) if can_be(JsonType::Integer) => Some("write it without a point or exponent".to_owned()),
        Kind::Integer(_) | Kind::Float(_) | Kind::Bool(_) if can_be(JsonType::String) => {
            Some(format!("put it in quotes: `\"{}\"`", source.slice(place.node.span)))
        }
        _ if can_be(JsonType::Object) => Some("write its keys below it, each indented".to_owned()),
        Kind::Bool(_)
        | Kind::Integer(_)
        | Kind::Float(_)
        | Kind::String(_)
        | Kind::List(_)
        | Kind::Map(_)
        | Kind::Broken => None,
    }
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
    let found = found(place.node, source);
    let diagnostic = match &place.node.kind {
        Kind::String(text) => {
            Diagnostic::new(Code::BadValue, place.node.span, format!("{} cannot be {found}", place.title()))
                .did_you_mean(closest(text, names.iter().copied()))
        }
        Kind::Null
        | Kind::Bool(_)
        | Kind::Integer(_)
        | Kind::Float(_)
        | Kind::List(_)
        | Kind::Map(_)
        | Kind::Broken => Diagnostic::new(
            Code::WrongType,
            place.node.span,
            format!("{} must be a string, not {found}", place.title()),
        ),
    };
    diagnostic.help(format!("write {}", or_list(names)))
}

/// The truth value that YAML 1.1 saw in a word.
fn truth(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "on" | "y" | "true" => Some(true),
        "no" | "off" | "n" | "false" => Some(false),
        _ => None,
    }
}

/// The keys that the schema of an error knows.
fn properties<'a>(schema: &'a Value, pointer: &str) -> Vec<&'a str> {
    let Some((parent, _)) = pointer.rsplit_once('/') else { return Vec::new() };
    let properties = schema.pointer(parent).and_then(|parent| parent.get("properties"));
    properties.and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.as_str()).collect()
}

/// Another keyword of the schema that an error comes from.
fn sibling<'a>(schema: &'a Value, error: &ValidationError<'_>, keyword: &str) -> Option<&'a Value> {
    let (parent, _) = error.schema_path().as_str().rsplit_once('/')?;
    schema.pointer(parent)?.get(keyword)
}
