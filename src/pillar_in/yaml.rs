//! YAML 1.1 as Salt's loader reads it: aliases, merge keys, and no key twice.

use std::collections::HashMap;
use std::rc::Rc;

use granit_parser::{Event, Parser, ScalarStyle, Tag};

use super::problem::Problem;
use super::scalar::resolve;
use super::value::{Node, Place, Value};
use crate::catalog::{DEPTH, VALUES};

/// The one document of a text, `None` if it is empty. `file` is for messages.
#[expect(clippy::wildcard_enum_match_arm, reason = "all other events are no values")]
pub(super) fn read(file: &Rc<str>, text: &str) -> Result<Option<Node>, Problem> {
    let mut builder = Builder { frames: Vec::new(), anchors: HashMap::new(), values: 0, root: None };
    let mut documents = 0_usize;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let place = Place { file: Rc::clone(file), line: error.marker().line() };
            Problem::new(&place, format!("this is not YAML: {}", error.info()))
        })?;
        let place = Place { file: Rc::clone(file), line: span.start.line() };
        match event {
            Event::DocumentStart(..) => {
                documents += 1;
                if documents > 1 {
                    return Err(Problem::new(&place, "a second document begins here; a pillar file has one"));
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar(&text, style, tag.as_deref(), &place)?;
                builder.finish(Node { place, value }, anchor)?;
            }
            Event::SequenceStart(_, anchor, tag) => {
                builder.open(Value::List(Vec::new()), place, anchor, tag.as_deref())?;
            }
            Event::MappingStart(_, anchor, tag) => {
                builder.open(Value::Map(Vec::new()), place, anchor, tag.as_deref())?;
            }
            Event::SequenceEnd | Event::MappingEnd => builder.close()?,
            Event::Alias(anchor) => builder.alias(anchor, &place)?,
            _ => {}
        }
    }
    Ok(builder.root.filter(|root| root.value != Value::Null))
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>, place: &Place) -> Result<Value, Problem> {
    match tag.map(Tag::original) {
        None if style == ScalarStyle::Plain => {
            resolve(text).ok_or_else(|| Problem::new(place, format!("Salt cannot read `{text}` without quotes")))
        }
        None => Ok(Value::Text(text.to_owned())),
        Some(name) if name == "!!str" || name == "!" => Ok(Value::Text(text.to_owned())),
        Some(name) => Err(unknown_tag(&name, place)),
    }
}

fn unknown_tag(name: &str, place: &Place) -> Problem {
    Problem::new(place, format!("the tag `{name}` is not supported; write the value without it"))
}

struct Builder {
    frames: Vec<Frame>,
    anchors: HashMap<usize, Node>,
    values: u32,
    root: Option<Node>,
}

/// A list or mapping whose end has not been seen.
struct Frame {
    node: Node,
    anchor: usize,
    key: Option<Node>,
    /// What `<<` brings in, which stands before the mapping's own entries.
    merged: Vec<(Node, Node)>,
}

impl Builder {
    fn open(&mut self, value: Value, place: Place, anchor: usize, tag: Option<&Tag>) -> Result<(), Problem> {
        if let Some(tag) = tag {
            return Err(unknown_tag(&tag.original(), &place));
        }
        if self.frames.len() >= DEPTH {
            return Err(Problem::new(&place, format!("lists and mappings nest more than {DEPTH} levels deep")));
        }
        self.frames.push(Frame { node: Node { place, value }, anchor, key: None, merged: Vec::new() });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Problem> {
        let Some(mut frame) = self.frames.pop() else { return Ok(()) };
        if let Value::Map(own) = &mut frame.node.value {
            let mut entries = std::mem::take(&mut frame.merged);
            entries.retain(|(key, _)| own.iter().all(|(name, _)| name.value != key.value));
            entries.append(own);
            *own = entries;
        }
        self.finish(frame.node, frame.anchor)
    }

    fn alias(&mut self, anchor: usize, place: &Place) -> Result<(), Problem> {
        let node = self.anchors.get(&anchor);
        let node = node.ok_or_else(|| Problem::new(place, "the alias stands inside its own anchor"))?;
        self.values = self.values.saturating_add(weight(node));
        self.refuse_too_many(place)?;
        self.finish(node.clone(), 0)
    }

    fn refuse_too_many(&self, place: &Place) -> Result<(), Problem> {
        if self.values <= VALUES {
            return Ok(());
        }
        Err(Problem::new(place, format!("this file has more than {VALUES} keys and values")))
    }

    /// Adds a node that is complete to what is around it.
    fn finish(&mut self, node: Node, anchor: usize) -> Result<(), Problem> {
        self.values = self.values.saturating_add(1);
        self.refuse_too_many(&node.place)?;
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut frame.node.value {
            Value::List(items) => items.push(node),
            Value::Map(entries) => match frame.key.take() {
                None => frame.key = Some(node),
                Some(key) if key.text() == Some("<<") => merge(&mut frame.merged, node)?,
                Some(key) => {
                    if let Some((first, _)) = entries.iter().find(|(name, _)| name.value == key.value) {
                        let name = key.written().unwrap_or_default();
                        let line = first.place.line;
                        let message = format!("`{name}` stands twice, first in line {line}; Salt refuses the file");
                        return Err(Problem::new(&key.place, message));
                    }
                    entries.push((key, node));
                }
            },
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => {}
        }
        Ok(())
    }
}

/// What the value of `<<` adds: a mapping, or a list of mappings that have no key in common.
fn merge(merged: &mut Vec<(Node, Node)>, node: Node) -> Result<(), Problem> {
    let place = node.place.clone();
    let mappings = if let Value::List(items) = node.value { items } else { vec![node] };
    for mapping in mappings {
        let Value::Map(entries) = mapping.value else {
            return Err(Problem::new(&place, "`<<` takes a mapping, or a list of mappings"));
        };
        for (key, value) in entries {
            if merged.iter().any(|(name, _)| name.value == key.value) {
                let name = key.written().unwrap_or_default();
                let message = format!("`<<` brings in `{name}` twice; Salt refuses the file");
                return Err(Problem::new(&place, message));
            }
            merged.push((key, value));
        }
    }
    Ok(())
}

fn weight(node: &Node) -> u32 {
    match &node.value {
        Value::List(items) => items.iter().map(weight).fold(1, u32::saturating_add),
        Value::Map(entries) => {
            entries.iter().map(|(key, value)| weight(key).saturating_add(weight(value))).fold(1, u32::saturating_add)
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(node: &Node) -> String {
        match &node.value {
            Value::Text(text) => format!("{text:?}"),
            Value::List(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(" ")),
            Value::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| format!("{}: {}", json(key), json(value)));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(" "))
            }
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => node.written().unwrap_or_default(),
        }
    }

    fn shown(text: &str) -> String {
        match read(&"a.sls".into(), text) {
            Ok(node) => node.map(|node| json(&node)).unwrap_or_default(),
            Err(problem) => problem.to_string(),
        }
    }

    #[test]
    fn as_salt_reads_it() {
        for (text, expected) in [
            ("a: yes\nb: 'yes'\nc: 012\nd: !!str 12", r#"{"a": True "b": "yes" "c": 12 "d": "12"}"#),
            ("a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}", r#"{"a": {"b": 1 "c": 2} "d": {"b": 1 "c": 3}}"#),
            ("a: {<<: [{b: 1}, {c: 3}]}", r#"{"a": {"b": 1 "c": 3}}"#),
            ("a: {<<: [{b: 1}, {b: 2}]}", "a.sls:1: `<<` brings in `b` twice; Salt refuses the file"),
            ("a: &x [1, *x]", "a.sls:1: the alias stands inside its own anchor"),
            ("- a\n- |\n  b\n  c\n", r#"["a" "b\nc\n"]"#),
            ("# nothing\n", ""),
            ("a: 1\nb: 1\na: 2", "a.sls:3: `a` stands twice, first in line 1; Salt refuses the file"),
            ("a: 1\n---\nb: 1", "a.sls:2: a second document begins here; a pillar file has one"),
            ("a: !x 1", "a.sls:1: the tag `!x` is not supported; write the value without it"),
            ("a:\n  b: =", "a.sls:2: Salt cannot read `=` without quotes"),
            ("a: {<<: 1}", "a.sls:1: `<<` takes a mapping, or a list of mappings"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
        assert!(shown("a: [").starts_with("a.sls:"), "{}", shown("a: ["));
        assert!(shown(&format!("a: {}{}", "[".repeat(70), "]".repeat(70))).contains("nest more than 64"));
    }

    #[test]
    fn aliases_do_not_explode() {
        let line = |level: u32| {
            let below = if level == 0 { "1".to_owned() } else { format!("*a{}", level - 1) };
            format!("a{level}: &a{level} [{}]\n", vec![below; 10].join(", "))
        };
        let text: String = (0..10).map(line).collect();
        assert!(shown(&text).contains("more than 3000000"), "{}", shown(&text).len());
    }
}
