//! Values and types in the user's words.

use jsonschema::{JsonType, error::TypeKind};

use crate::parse::{Kind, Node};
use crate::source::Source;

/// Longer values are cut in messages; the source line shows them.
const LONGEST: usize = 40;

/// What a node is, as in "the string `4`".
pub(super) fn found(node: &Node, source: &Source) -> String {
    match &node.kind {
        Kind::Null => "nothing".to_owned(),
        Kind::Bool(value) => format!("the truth value `{value}`"),
        Kind::Integer(_) => format!("the number `{}`", cut(source.slice(node.span))),
        Kind::Float(_) => format!("the fraction `{}`", cut(source.slice(node.span))),
        Kind::String(text) => format!("the string `{}`", cut(&as_written(text, node, source))),
        Kind::List(_) => "a list".to_owned(),
        Kind::Map(_) => "a mapping".to_owned(),
        Kind::Broken => "something else".to_owned(),
    }
}

/// A string with its quotes, if it has any.
fn as_written(text: &str, node: &Node, source: &Source) -> String {
    let written = source.slice(node.span);
    if written.starts_with(['"', '\'']) && !written.contains('\n') { written.to_owned() } else { text.to_owned() }
}

/// The start of a long text.
pub(super) fn cut(text: &str) -> String {
    crate::diag::cut(text, LONGEST)
}

/// The types that a schema allows, as in "a whole number or a string".
pub(super) fn expected(kind: &TypeKind) -> String {
    let types: Vec<_> = match kind {
        TypeKind::Single(kind) => vec![*kind],
        TypeKind::Multiple(kinds) => kinds.iter().collect(),
    };
    let words: Vec<_> = types.into_iter().map(type_name).collect();
    words.join(" or ")
}

/// Whether a schema allows a type.
pub(super) fn allows(kind: &TypeKind, wanted: JsonType) -> bool {
    match kind {
        TypeKind::Single(kind) => *kind == wanted,
        TypeKind::Multiple(kinds) => kinds.iter().any(|kind| kind == wanted),
    }
}

const fn type_name(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Null => "nothing",
        JsonType::Boolean => "`true` or `false`",
        JsonType::Integer => "a whole number",
        JsonType::Number => "a number",
        JsonType::String => "a string",
        JsonType::Array => "a list",
        JsonType::Object => "a mapping",
    }
}

/// Names in backticks, with a word such as "or" before the last.
pub(super) fn list(names: &[&str], word: &str) -> String {
    match names {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [start @ .., last] => {
            let start: Vec<_> = start.iter().map(|name| format!("`{name}`")).collect();
            format!("{} {word} `{last}`", start.join(", "))
        }
    }
}
