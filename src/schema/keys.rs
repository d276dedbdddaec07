//! Keys that a mapping does not have, and where they belong.

use serde_json::{Map, Value};

use super::explain::{Marks, Place};
use super::words::{cut, list};
use crate::diag::{Code, Diagnostic, closest};
use crate::parse::{Entry, Kind, Node};
use crate::source::{invisible, is_invisible};

/// What the schema says of a mapping.
pub(super) struct Known<'a> {
    schema: &'a Value,
    /// Where it says so, as a JSON pointer.
    pointer: &'a str,
    /// The keys that the mapping may have.
    keys: Option<&'a Map<String, Value>>,
}

impl<'a> Known<'a> {
    /// What stands around a keyword of the schema.
    pub(super) fn around(schema: &'a Value, keyword: &'a str) -> Self {
        let pointer = keyword.rsplit_once('/').map_or("", |(around, _)| around);
        let keys = schema.pointer(pointer).and_then(|mapping| mapping.get("properties")).and_then(Value::as_object);
        Self { schema, pointer, keys }
    }

    fn keys(&self) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
        self.keys.into_iter().flatten().map(|(key, value)| (key.as_str(), value))
    }

    fn names(&self) -> Vec<&'a str> {
        self.keys().map(|(key, _)| key).collect()
    }

    fn has(&self, key: &str) -> bool {
        self.keys.is_some_and(|keys| keys.contains_key(key))
    }

    /// The schema that another refers to, or itself.
    fn target(&self, schema: &'a Value) -> &'a Value {
        let name = schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
        name.and_then(|pointer| self.schema.pointer(pointer)).unwrap_or(schema)
    }

    /// Whether a mapping, by its schema, may have a key.
    fn takes(&self, schema: &'a Value, key: &str) -> bool {
        self.target(schema).get("properties").is_some_and(|properties| properties.get(key).is_some())
    }

    /// Whether the value of a key is to be a mapping.
    fn is_mapping(&self, key: &str) -> bool {
        let value = self.keys.and_then(|keys| keys.get(key));
        value.is_some_and(|value| self.target(value).get("type").is_some_and(|kind| kind == "object"))
    }

    /// Where a key belongs that is right elsewhere: one level further in, or one further out.
    fn elsewhere(&self, key: &str, place: &Place<'_>) -> Option<String> {
        let below: Vec<_> = self.keys().filter(|(_, value)| self.takes(value, key)).map(|(name, _)| name).collect();
        if !below.is_empty() {
            return Some(format!("`{key}` belongs below {}", list(&below, "or")));
        }
        let of_names = |value: &'a Value| value.get("additionalProperties").filter(|item| self.takes(item, key));
        if let Some((name, _)) = self.keys().find(|(_, value)| of_names(value).is_some()) {
            let item = if name == "hosts" { "MINION_ID" } else { "NAME" };
            return Some(format!(
                "`{key}` belongs to each of `{name}`, as in `{name}: {{ {item}: {{ {key}: ... }} }}`"
            ));
        }
        let around = |mapping: &&Value| {
            let own = mapping.get("properties").and_then(|keys| keys.get(&place.name)).and_then(|own| own.get("$ref"));
            let is_ours = own.and_then(Value::as_str).and_then(|own| own.strip_prefix('#')) == Some(self.pointer);
            is_ours && self.takes(mapping, key)
        };
        self.schema.get("$defs")?.as_object()?.values().find(around)?;
        Some(format!("`{key}` belongs beside `{}`, not below it", place.name))
    }

    /// The empty mapping that a key seems to have been meant for: that above it, where neither is indented.
    fn unindented<'n>(&self, entry: &Entry, node: &'n Node) -> Option<&'n Node> {
        let known = self.keys().filter_map(|(name, _)| Some((name, node.entry(name)?)));
        let before = known.filter(|(_, other)| other.key.start < entry.key.start);
        let (name, above) = before.max_by_key(|(_, other)| other.key.start)?;
        (matches!(above.value.kind, Kind::Null) && self.is_mapping(name)).then(|| above.value.as_ref())
    }
}

/// Words of other tools for keys of ours.
const SYNONYMS: &[(&str, &str)] = &[
    ("ram", "memory"),
    ("cores", "cpu"),
    ("vcpus", "cpu"),
    ("storage", "disk"),
    ("env", "environment"),
    ("mounts", "dir"),
    ("shares", "dir"),
    ("volumes", "dir"),
];

/// The finding for an unknown key, unless the key is part of a mistake that is reported where it begins.
pub(super) fn unknown_key(
    key: &str,
    entry: &Entry,
    place: &Place<'_>,
    parent: Option<&Place<'_>>,
    known: &Known<'_>,
    marks: &mut Marks,
) -> Option<Diagnostic> {
    if let Some(above) = known.unindented(entry, place.node) {
        marks.unindented.entry(above.id).or_insert_with(|| key.to_owned());
        return None;
    }
    if parent.zip(known.keys).is_some_and(|(parent, keys)| is_setting(place, parent.node, keys)) {
        marks.wrong.push(place.node.id);
        return None;
    }
    let message = if place.name.is_empty() {
        format!("the spec has no key `{}`", cut(key))
    } else {
        format!("`{}` has no key `{}`", cut(&place.name), cut(key))
    };
    let diagnostic = Diagnostic::new(Code::UnknownKey, entry.key, message).also(place.alias, "used here, by an alias");
    let (meant, help) = advice(key, entry, place, known);
    if let Some(meant) = meant {
        marks.misspelt.insert((place.node.id, meant));
    }
    Some(diagnostic.help(help))
}

/// Whether a value stands where an entry is expected, but is a setting of the entry above it, which has no value. All
/// entries have the same `settings`.
pub(super) fn is_setting(place: &Place<'_>, parent: &Node, settings: &Map<String, Value>) -> bool {
    let Kind::Map(map) = &parent.kind else { return false };
    if !settings.contains_key(&place.name) {
        return false;
    }
    let before = map.iter().take_while(|(name, _)| *name != place.name);
    let above = before.filter(|(name, _)| !settings.contains_key(*name)).last();
    above.is_some_and(|(_, above)| matches!(above.value.kind, Kind::Null))
}

/// The first of what seem to be settings of an entry without a value, but stand beside it.
pub(super) fn first_setting<'n>(place: &Place<'_>, parent: &'n Node, settings: &Map<String, Value>) -> Option<&'n str> {
    let (Kind::Map(map), Kind::Null) = (&parent.kind, &place.node.kind) else { return None };
    let (next, _) = map.iter().skip_while(|(name, _)| *name != place.name).nth(1)?;
    settings.contains_key(next).then_some(next)
}

/// What to do about an unknown key, and the key that it stands for, if that is certain.
fn advice(key: &str, entry: &Entry, place: &Place<'_>, known: &Known<'_>) -> (Option<String>, String) {
    if let Some((name, value)) = key.split_once(':').filter(|(name, _)| known.has(name)) {
        let help = format!("write a blank after the `:`: `{name}: {}`", cut(value.trim_start()));
        return (Some(name.to_owned()), help);
    }
    if let Some(what) = invisible(key) {
        let visible = key.replace(is_invisible, "");
        let help = format!("it has {what}, which nobody sees: type it anew, and indent with spaces");
        return (known.has(&visible).then_some(visible), help);
    }
    if place.name == "lints" && Code::from_name(key).is_some() {
        return (None, format!("`{key}` is an error, which cannot be allowed: remove the line"));
    }
    let name = SYNONYMS.iter().find(|(word, _)| word.eq_ignore_ascii_case(key)).map_or(key, |(_, name)| name);
    let elsewhere = known.elsewhere(name, place);
    let names = known.names();
    let (taken, free): (Vec<_>, Vec<_>) = names.iter().copied().partition(|name| place.node.entry(name).is_some());
    let meant = if name == key {
        // What is right elsewhere is not misspelt, unless it lacks the `s` of several.
        closest(key, free).filter(|near| near.strip_suffix('s') == Some(key) || elsewhere.is_none())
    } else {
        free.into_iter().find(|free| *free == name)
    };
    if let Some(meant) = meant {
        let is_opposite = meant.starts_with("no_") && !key.starts_with("no");
        let help = if let (true, Kind::Bool(value)) = (is_opposite, &entry.value.kind) {
            format!("write `{meant}: {}`", !value)
        } else {
            format!("did you mean `{meant}`?")
        };
        return (Some(meant.to_owned()), help);
    }
    let help = elsewhere.unwrap_or_else(|| match closest(key, taken) {
        Some(taken) => format!("`{taken}` is there already: remove `{}`, or move what belongs there", cut(key)),
        None => format!("the keys are {}", list(&names, "and")),
    });
    (None, help)
}
