//! Values of wrong types, and what to write instead.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::error::TypeKind;
use serde_json::Value;

use super::explain::{Place, missing};
use super::patterns::fits;
use super::words::{allows, cut, expected, found, list};
use crate::diag::{Code, Diagnostic};
use crate::parse::{Kind, Node};
use crate::source::Source;

/// What to do where no hosts are.
const ADD_A_HOST: &str = "add a host, named by its Salt minion id, as in `hosts: { mm1: { run_user: dk, vms: {} } }`";

/// Looks up another keyword of the schema that an error comes from.
type Keyword<'a> = dyn Fn(&str) -> Option<&'a Value> + 'a;

/// The finding for a value of a wrong type. Its key can be removed unless it `must_be` there.
pub(super) fn wrong_type(
    kind: &TypeKind,
    place: &Place<'_>,
    must_be: bool,
    keyword: &Keyword<'_>,
    source: &Source,
) -> Diagnostic {
    let (title, expected) = (place.title(), expected(kind));
    let message = if matches!(place.node.kind, Kind::Null) {
        format!("{title} has no value; it must be {expected}")
    } else {
        format!("{title} must be {expected}, not {}", found(place.node, source))
    };
    let diagnostic = Diagnostic::new(Code::WrongType, place.node.span, message);
    let help = if must_be && matches!(place.node.kind, Kind::Null) {
        Some(missing(&place.name, false).to_owned())
    } else {
        right_type(kind, place, keyword, source)
    };
    diagnostic.help(help.unwrap_or_else(|| format!("write {expected}")))
}

/// A number in quotes where the schema takes a number.
pub(super) fn unquoted<'a>(node: &'a Node, types: Option<&Value>) -> Option<&'a str> {
    let is_allowed = types.is_some_and(|types| {
        types == "integer" || types.as_array().is_some_and(|types| types.contains(&"integer".into()))
    });
    let Kind::String(text) = &node.kind else { return None };
    (is_allowed && text.parse::<u64>().is_ok()).then_some(text.as_str())
}

/// What to write instead of a value of a wrong type.
fn right_type(kind: &TypeKind, place: &Place<'_>, keyword: &Keyword<'_>, source: &Source) -> Option<String> {
    let name = &place.name;
    let can_be = |wanted| allows(kind, wanted);
    let form = || keyword("patternErrorMessage").and_then(Value::as_str).map(str::to_owned);
    let quoted = || {
        let written = source.slice(place.node.span);
        let is_right = keyword("pattern").and_then(Value::as_str).is_none_or(|pattern| fits(pattern, written));
        is_right.then(|| format!("put it in quotes: `\"{written}\"`"))
    };
    match &place.node.kind {
        _ if name.is_empty() && source.number_at(place.node.span.start) > 0 => {
            Some("begin with a key such as `hosts:`".to_owned())
        }
        _ if name.is_empty() => Some("begin with `version: 1`".to_owned()),
        _ if name == "hosts" && can_be(JsonType::Object) => Some(ADD_A_HOST.to_owned()),
        _ if keyword("enum").is_some() => options(keyword),
        Kind::Null if can_be(JsonType::Object) => Some(match required(keyword) {
            Some(keys) => format!("add its keys {keys}, or remove `{}`", cut(name)),
            None => format!("write `{name}: {{}}`, or remove the key"),
        }),
        Kind::Null if can_be(JsonType::Array) => Some(format!("write `{name}: []`, or remove the key")),
        Kind::Null if place.is_item => Some("give a value, or remove the item".to_owned()),
        Kind::Null => Some("give a value, or remove the key".to_owned()),
        Kind::List(_) if can_be(JsonType::Object) && keyword("properties").is_some() => {
            Some("write its settings below it as `key: value`, without `-`, `[` or `]`".to_owned())
        }
        Kind::List(items) if can_be(JsonType::Object) => {
            let named = items.first().and_then(|item| item.entry("name")).map(|entry| &entry.value.kind);
            let first = if let Some(Kind::String(first)) = named { cut(first) } else { "NAME".to_owned() };
            Some(format!(
                "write `{first}: {{ ... }}` for an item, without `-`, and its settings in the braces or below it"
            ))
        }
        Kind::String(_)
            if can_be(JsonType::Array) && keyword("items").is_some_and(|items| items.get("$ref").is_some()) =>
        {
            Some(format!("write `{name}: [{{ path: {} }}]`", item(source.slice(place.node.span))))
        }
        Kind::Bool(false) if can_be(JsonType::Array) => Some(format!("write `{name}: []` for none")),
        Kind::String(_) if can_be(JsonType::Array) => {
            Some(format!("write `{name}: [{}]`", item(source.slice(place.node.span))))
        }
        Kind::Map(_) if can_be(JsonType::Array) => Some(match keyword("items").and_then(|items| items.get("$ref")) {
            Some(_) => format!("write `{name}: [{{ path: ... }}]`, an item for each"),
            None => format!("write `{name}: [\"...\"]`, a string for each"),
        }),
        Kind::String(text) if name == "serial" && text.starts_with('/') => Some(format!("write `serial_path: {text}`")),
        Kind::String(text) if can_be(JsonType::Boolean) => Some(match truth(text) {
            Some(value) => format!("write `{value}`"),
            None => "write `true` or `false`".to_owned(),
        }),
        Kind::String(text) if can_be(JsonType::Integer) && text.parse::<u64>().is_ok() => {
            Some(format!("remove the quotes: `{text}`"))
        }
        Kind::String(text) if can_be(JsonType::Object) => Some(match blank_is_missing(text, keyword) {
            Some((key, value)) => format!("write a blank after the `:`: `{key}: {}`", cut(value)),
            None => keys_below(keyword),
        }),
        Kind::Float(_) if can_be(JsonType::Integer) => Some("write it without a point or exponent".to_owned()),
        // A truth value is no answer to most questions, whether in quotes or not.
        Kind::Bool(_) if can_be(JsonType::String) && !place.is_item => {
            form().or_else(|| example(name, keyword)).or_else(quoted)
        }
        Kind::Integer(_) | Kind::Float(_) | Kind::Bool(_) if can_be(JsonType::String) => quoted().or_else(form),
        _ if can_be(JsonType::Object) => Some(keys_below(keyword)),
        Kind::Bool(_)
        | Kind::Integer(_)
        | Kind::Float(_)
        | Kind::String(_)
        | Kind::List(_)
        | Kind::Map(_)
        | Kind::Broken => form(),
    }
}

/// What is written outside of brackets as it can be written inside of them, where more characters mean something.
fn item(written: &str) -> Cow<'_, str> {
    let means_something = |character| "[]{},:#".contains(character);
    if written.starts_with(['"', '\'']) || !written.contains(means_something) {
        Cow::Borrowed(written)
    } else {
        Cow::Owned(format!("\"{}\"", written.replace('\\', "\\\\").replace('"', "\\\"")))
    }
}

/// How the keys of a mapping are written, and which: those that it must have, else those that it may have.
fn keys_below(keyword: &Keyword<'_>) -> String {
    let keys = required(keyword).or_else(|| {
        let keys: Vec<_> = keyword("properties")?.as_object()?.keys().map(String::as_str).collect();
        Some(list(&keys, "or"))
    });
    match keys {
        Some(keys) => format!("write its keys below it, each indented: {keys}"),
        None => "write its entries below it, each indented, as in `NAME: ...`".to_owned(),
    }
}

/// The keys that a mapping must have.
fn required(keyword: &Keyword<'_>) -> Option<String> {
    let keys: Vec<_> = keyword("required")?.as_array()?.iter().filter_map(Value::as_str).collect();
    Some(list(&keys, "and"))
}

/// The values of an enumeration.
fn options(keyword: &Keyword<'_>) -> Option<String> {
    let names: Vec<_> = keyword("enum")?.as_array()?.iter().filter_map(Value::as_str).collect();
    Some(format!("write {}", list(&names, "or")))
}

/// The first example that the schema gives.
fn example(name: &str, keyword: &Keyword<'_>) -> Option<String> {
    let example = keyword("examples")?.as_array()?.first()?.as_str()?;
    Some(format!("write a string, as in `{name}: {example}`"))
}

/// The two sides of `key:value`, if the schema knows the key.
fn blank_is_missing<'a>(text: &'a str, keyword: &Keyword<'_>) -> Option<(&'a str, &'a str)> {
    let (key, value) = text.split_once(':')?;
    keyword("properties")?.get(key)?;
    Some((key, value))
}

/// The truth value that YAML 1.1 saw in a word.
fn truth(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "on" | "y" | "true" => Some(true),
        "no" | "off" | "n" | "false" => Some(false),
        _ => None,
    }
}
