//! Nodes as JSON, so that the schema validator reads the document in place.

use std::borrow::Cow;
use std::sync::Arc;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node as JsonNode, NodeIdentity, Object};
use serde_json::{Number, Value};

use super::{Entries, Kind, Node, entries};

/// Names the representation for the validator.
pub(crate) struct NodeJson;

impl Json for NodeJson {
    type Node<'a> = &'a Node;
    type PreparedKey = String;
    type StringBuffer = Node;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>(buffer: &mut Node, string: &str, f: impl FnOnce(&Node) -> T) -> T {
        buffer.id = u32::MAX;
        buffer.kind = Kind::String(string.to_owned());
        f(buffer)
    }
}

impl Node {
    /// A copy as JSON, with aliases written out. `None` if there are more than `most` nodes, or some that JSON has no
    /// word for, or another: in JSON `4.0` is an integer.
    pub(crate) fn to_json(&self, most: u32) -> Option<Value> {
        if self.weight > most { None } else { self.copied() }
    }

    fn copied(&self) -> Option<Value> {
        Some(match &self.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Integer(number) => Value::Number(Number::from(*number)),
            Kind::String(text) => Value::String(text.clone()),
            Kind::List(items) => Value::Array(items.iter().map(|item| item.copied()).collect::<Option<_>>()?),
            Kind::Map(map) => {
                let members = map.iter().map(|(key, entry)| Some((key.to_owned(), entry.value.copied()?)));
                Value::Object(members.collect::<Option<_>>()?)
            }
            Kind::Float(_) | Kind::Broken => return None,
        })
    }
}

impl<'a> JsonNode<'a, NodeJson> for &'a Node {
    type Object = &'a Entries;
    type Array = &'a [Arc<Node>];
    type Number = NodeNumber;

    fn as_object(&self) -> Option<Self::Object> {
        if let Kind::Map(map) = &self.kind { Some(map) } else { None }
    }

    fn as_array(&self) -> Option<Self::Array> {
        if let Kind::List(items) = &self.kind { Some(items) } else { None }
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        if let Kind::String(text) = &self.kind { Some(Cow::Borrowed(text)) } else { None }
    }

    fn as_number(&self) -> Option<NodeNumber> {
        match self.kind {
            Kind::Integer(number) => Some(NodeNumber::Integer(number)),
            Kind::Float(number) => Some(NodeNumber::Float(number)),
            Kind::Null | Kind::Bool(_) | Kind::String(_) | Kind::List(_) | Kind::Map(_) | Kind::Broken => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        if let Kind::Bool(value) = self.kind { Some(value) } else { None }
    }

    fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null | Kind::Broken)
    }

    fn json_type(&self) -> JsonType {
        match self.kind {
            Kind::Null | Kind::Broken => JsonType::Null,
            Kind::Bool(_) => JsonType::Boolean,
            Kind::Integer(_) | Kind::Float(_) => JsonType::Number,
            Kind::String(_) => JsonType::String,
            Kind::List(_) => JsonType::Array,
            Kind::Map(_) => JsonType::Object,
        }
    }

    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(match &self.kind {
            Kind::Null | Kind::Broken => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Integer(number) => Value::Number(NodeNumber::Integer(*number).to_json()),
            Kind::Float(number) => Value::Number(NodeNumber::Float(*number).to_json()),
            Kind::String(text) => Value::String(text.clone()),
            // Errors carry the value they are about, and only scalars are worth showing: copying a collection for
            // each error in it would cost the square of the document.
            Kind::List(_) => Value::Array(Vec::new()),
            Kind::Map(_) => Value::Object(serde_json::Map::new()),
        })
    }

    fn identity(&self) -> Option<NodeIdentity> {
        usize::try_from(self.id).ok().map(NodeIdentity::new)
    }
}

impl<'a> Object<'a, NodeJson> for &'a Entries {
    type Node = &'a Node;
    type MemberName = &'a str;
    type MembersIter = Members<'a>;

    fn len(&self) -> usize {
        Entries::len(self)
    }

    fn get(&self, key: &String) -> Option<&'a Node> {
        Entries::get(self, key).map(|entry| entry.value.as_ref())
    }

    fn members(&self) -> Members<'a> {
        Members(self.iter())
    }
}

/// The members of a mapping.
pub(crate) struct Members<'a>(entries::Iter<'a>);

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, &'a Node);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(name, entry)| (name, entry.value.as_ref()))
    }
}

impl<'a> Array<'a, NodeJson> for &'a [Arc<Node>] {
    type Node = &'a Node;
    type ElementsIter = Elements<'a>;

    fn len(&self) -> usize {
        <[Arc<Node>]>::len(self)
    }

    fn elements(&self) -> Elements<'a> {
        Elements(self.iter())
    }
}

/// The items of a sequence.
pub(crate) struct Elements<'a>(std::slice::Iter<'a, Arc<Node>>);

impl<'a> Iterator for Elements<'a> {
    type Item = &'a Node;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(AsRef::as_ref)
    }
}

/// A number of the document. Unlike JSON's, a number written with a point is no integer: `cpu: 4.0` is a mistake.
#[derive(Clone, Copy)]
pub(crate) enum NodeNumber {
    Integer(i64),
    Float(f64),
}

impl NodeNumber {
    fn to_json(self) -> Number {
        let exact = match self {
            Self::Integer(number) => Some(Number::from(number)),
            Self::Float(number) => Number::from_f64(number),
        };
        // Infinities have no JSON form, and the largest number falls outside every range just as well.
        exact.or_else(|| Number::from_f64(f64::MAX)).unwrap_or_else(|| Number::from(u64::MAX))
    }
}

impl JsonNumber for NodeNumber {
    fn as_u64(&self) -> Option<u64> {
        if let Self::Integer(number) = *self { u64::try_from(number).ok() } else { None }
    }

    fn as_i64(&self) -> Option<i64> {
        if let Self::Integer(number) = *self { Some(number) } else { None }
    }

    fn as_f64(&self) -> Option<f64> {
        match *self {
            #[expect(clippy::cast_precision_loss, reason = "bounds are far below the integers that lose digits")]
            Self::Integer(number) => Some(number as f64),
            Self::Float(number) => Some(number),
        }
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Owned(match self {
            Self::Integer(number) => number.to_string(),
            Self::Float(number) => format!("{number:?}"),
        })
    }

    fn to_number(&self) -> Cow<'_, Number> {
        Cow::Owned(self.to_json())
    }

    fn is_integer(&self) -> bool {
        matches!(self, Self::Integer(_))
    }

    fn is_written_as_integer(&self) -> bool {
        matches!(self, Self::Integer(_))
    }
}
