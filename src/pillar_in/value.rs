//! A value of a pillar as Salt sees it, and where it is written.

use std::rc::Rc;

/// A place in a pillar file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The file, as people know it.
    pub(crate) file: Rc<str>,
    /// The line, counted from 1.
    pub(crate) line: usize,
}

/// A value and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    /// Where it is written.
    pub(crate) place: Place,
    /// What it is to Salt.
    pub(crate) value: Value,
}

/// What Python makes of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// `None`.
    Null,
    /// `True` or `False`.
    Bool(bool),
    /// A whole number, held at the bounds of its type if larger.
    Int(i128),
    /// Any other number, as it is written: no setting takes one.
    Float(String),
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping in its order; no key stands twice.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// No value, where a file has none.
    pub(crate) fn nothing(file: &str) -> Self {
        Self { place: Place { file: file.into(), line: 1 }, value: Value::Null }
    }

    /// The text of a string.
    pub(crate) fn text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    /// The entries of a mapping.
    pub(crate) fn map(&self) -> Option<&[(Node, Node)]> {
        if let Value::Map(entries) = &self.value { Some(entries) } else { None }
    }

    /// The items of a list.
    pub(crate) fn list(&self) -> Option<&[Node]> {
        if let Value::List(items) = &self.value { Some(items) } else { None }
    }

    /// The value of a key that is a string.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.map()?.iter().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
    }

    /// Whether Python takes it for true.
    pub(crate) fn is_true(&self) -> bool {
        match &self.value {
            Value::Null => false,
            Value::Bool(truth) => *truth,
            Value::Int(number) => *number != 0,
            Value::Float(digits) => digits.chars().any(|digit| ('1'..='9').contains(&digit)),
            Value::Text(text) => !text.is_empty(),
            Value::List(items) => !items.is_empty(),
            Value::Map(entries) => !entries.is_empty(),
        }
    }

    /// How Jinja's `string` writes a scalar.
    pub(crate) fn written(&self) -> Option<String> {
        match &self.value {
            Value::Null => Some("None".to_owned()),
            Value::Bool(true) => Some("True".to_owned()),
            Value::Bool(false) => Some("False".to_owned()),
            Value::Int(number) => Some(number.to_string()),
            Value::Float(text) | Value::Text(text) => Some(text.clone()),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// Adds what a later file says: mappings grow into each other, everything else is replaced. (salt:
    /// utils/dictupdate.py, strategy `smart`)
    pub(crate) fn merge(&mut self, later: Self) {
        match (&mut self.value, later.value) {
            (Value::Map(entries), Value::Map(more)) => {
                for (key, value) in more {
                    match entries.iter_mut().find(|(name, _)| name.value == key.value) {
                        Some((_, earlier)) => earlier.merge(value),
                        None => entries.push((key, value)),
                    }
                }
            }
            (_, value) => *self = Self { place: later.place, value },
        }
    }
}
