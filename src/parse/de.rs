//! Nodes read as types by serde, in place.

use std::collections::HashSet;
use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::{Entries, Kind, Node};

/// Reads a node as a type, leaving out what has been reported as wrong.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    node: &'a Node,
    wrong: &'a HashSet<u32>,
    /// A key that is left out too.
    without: Option<&'static str>,
}

impl<'a> Reader<'a> {
    /// Reads a node, leaving out the nodes with these ids.
    pub(crate) const fn new(node: &'a Node, wrong: &'a HashSet<u32>) -> Self {
        Self { node, wrong, without: None }
    }

    /// Leaves out a key of the mapping.
    pub(crate) const fn without(self, key: &'static str) -> Self {
        Self { without: Some(key), ..self }
    }

    /// The usable entries, if it is a usable mapping.
    pub(crate) fn entries(self) -> Vec<(&'a str, Self)> {
        let Kind::Map(map) = &self.node.kind else { return Vec::new() };
        if self.is_wrong() { Vec::new() } else { self.of(map).collect() }
    }

    fn of(self, map: &'a Entries) -> impl Iterator<Item = (&'a str, Self)> {
        let entries = map.iter().filter(move |(key, _)| self.without != Some(*key));
        let entries = entries.map(move |(key, entry)| (key, Self { node: &entry.value, without: None, ..self }));
        entries.filter(|(_, value)| !value.is_wrong())
    }

    fn is_wrong(self) -> bool {
        matches!(self.node.kind, Kind::Broken) || self.wrong.contains(&self.node.id)
    }
}

/// A type that refuses a node which the schema accepts.
#[derive(Debug)]
pub(crate) struct Mismatch(String);

impl fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Mismatch {}

impl de::Error for Mismatch {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match &self.node.kind {
            Kind::Null | Kind::Broken => visitor.visit_unit(),
            Kind::Bool(value) => visitor.visit_bool(*value),
            Kind::Integer(number) => match u64::try_from(*number) {
                Ok(number) => visitor.visit_u64(number),
                Err(_) => visitor.visit_i64(*number),
            },
            Kind::Float(number) => visitor.visit_f64(*number),
            Kind::String(text) => visitor.visit_borrowed_str(text),
            Kind::List(items) => {
                let items = items.iter().map(|item| Self { node: item, ..self }).filter(|item| !item.is_wrong());
                visitor.visit_seq(SeqDeserializer::new(items))
            }
            Kind::Map(map) => {
                let left = self.of(map).count();
                visitor.visit_map(MapDeserializer::new(Counted { items: self.of(map), left }))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if self.is_wrong() || matches!(self.node.kind, Kind::Null) {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        match &self.node.kind {
            Kind::String(text) => {
                let text: de::value::StrDeserializer<'_, Mismatch> = text.as_str().into_deserializer();
                text.deserialize_enum(name, variants, visitor)
            }
            Kind::Null
            | Kind::Bool(_)
            | Kind::Integer(_)
            | Kind::Float(_)
            | Kind::List(_)
            | Kind::Map(_)
            | Kind::Broken => self.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// Items whose number is known, so that room is made for them once.
struct Counted<I> {
    items: I,
    left: usize,
}

impl<I: Iterator> Iterator for Counted<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        self.left = self.left.saturating_sub(1);
        self.items.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<'de> IntoDeserializer<'de, Mismatch> for Reader<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
