//! Specs made from the schema.

use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Map, Value, json};

use super::random::Random;

/// Repetitions that have no bound stop here.
const MOST_REPEATS: u32 = 4;

/// How often a text is made for a pattern that looks around.
const TRIES: usize = 100;

/// Makes values that a schema accepts.
pub(super) struct Generator<'a> {
    root: &'a Value,
}

impl<'a> Generator<'a> {
    /// Makes values for the schemas in a schema.
    pub(super) const fn new(root: &'a Value) -> Self {
        Self { root }
    }

    /// A spec.
    pub(super) fn spec(&self, random: &mut Random) -> Value {
        self.value(self.root, random)
    }

    /// A value that the schema accepts.
    fn value(&self, schema: &Value, random: &mut Random) -> Value {
        if let Some(reference) = schema["$ref"].as_str() {
            let pointer = reference.trim_start_matches('#');
            return self.value(self.root.pointer(pointer).expect("the schema refers to itself"), random);
        }
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        let suggestions = ["enum", "examples"].map(|keyword| schema[keyword].as_array());
        let suggestions: Vec<_> = suggestions.into_iter().flatten().flatten().chain(schema.get("default")).collect();
        let may_suggest = random.percent(30) && schema.get("properties").is_none();
        if (may_suggest || schema.get("enum").is_some())
            && let Some(value) = random.pick(&suggestions)
        {
            return (*value).clone();
        }
        let types = schema["type"].as_array().cloned().unwrap_or_else(|| vec![schema["type"].clone()]);
        match random.pick(&types).and_then(Value::as_str) {
            Some("object") => self.object(schema, random),
            Some("array") => {
                let least = schema["minItems"].as_u64().unwrap_or(0);
                (0..random.between(least, 3)).map(|_| self.value(&schema["items"], random)).collect()
            }
            Some("string") => string(schema, random).into(),
            Some("integer") => integer(schema, random),
            Some("boolean") => random.percent(50).into(),
            other => panic!("the generator knows no type {other:?} in {schema}: teach it"),
        }
    }

    fn object(&self, schema: &Value, random: &mut Random) -> Value {
        let mut object = Map::new();
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let required: Vec<_> = required.collect();
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            if required.contains(&key.as_str()) || random.percent(40) {
                object.insert(key.clone(), self.value(property, random));
            }
        }
        if let Some(value) = schema.get("additionalProperties").filter(|value| value.is_object()) {
            let least = schema["minProperties"].as_u64().unwrap_or(0);
            for _ in 0..random.between(least, 3) {
                object.insert(string(&schema["propertyNames"], random), self.value(value, random));
            }
        }
        Value::Object(object)
    }
}

/// A number, most often at the edges of its range.
fn integer(schema: &Value, random: &mut Random) -> Value {
    let bound = |keyword: &str| schema[keyword].as_u64();
    let (least, most) = (bound("minimum").unwrap_or(0), bound("maximum").unwrap_or(1 << 20));
    match random.below(4) {
        0 => json!(least),
        1 => json!(most),
        _ => json!(random.between(least, most)),
    }
}

/// A string that matches the pattern of a schema.
fn string(schema: &Value, random: &mut Random) -> String {
    let Some(pattern) = schema["pattern"].as_str() else {
        let words = ["sonoma", "ci-mac", "ghcr.io/cirruslabs/ubuntu:24.04", "a/b", "x"];
        return (*random.pick(&words).expect("there are words")).to_owned();
    };
    let plain = without_looks(pattern);
    let parsed = regex_syntax::parse(&plain).expect("patterns of the schema are regular expressions");
    for _ in 0..TRIES {
        let mut text = String::new();
        match_it(&parsed, random, &mut text);
        if plain == pattern || jsonschema::is_valid(&json!({ "pattern": pattern }), &text.as_str().into()) {
            return text;
        }
    }
    panic!("no text was found that matches {pattern}: teach the generator")
}

/// A pattern without what it only looks at: what that forbids is rarely hit, and then tried again.
fn without_looks(pattern: &str) -> String {
    let mut plain = pattern.to_owned();
    while let Some(start) = ["(?!", "(?="].into_iter().find_map(|look| plain.find(look)) {
        let mut depth = 0_usize;
        let end = plain.char_indices().skip_while(|(at, _)| *at < start).find_map(|(at, character)| {
            depth = match character {
                '(' => depth + 1,
                ')' => depth.saturating_sub(1),
                _ => depth,
            };
            (depth == 0).then_some(at)
        });
        plain.replace_range(start..=end.expect("groups are closed"), "");
    }
    plain
}

/// Writes a text that matches.
fn match_it(pattern: &Hir, random: &mut Random, text: &mut String) {
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(Class::Unicode(class)) => {
            let range = random.pick(class.ranges()).expect("a class has characters");
            let code = random.between(u64::from(u32::from(range.start())), u64::from(u32::from(range.end())));
            text.extend(u32::try_from(code).ok().and_then(char::from_u32));
        }
        HirKind::Class(Class::Bytes(class)) => {
            let range = random.pick(class.ranges()).expect("a class has characters");
            let code = random.between(u64::from(range.start()), u64::from(range.end()));
            text.extend(u8::try_from(code).ok().map(char::from));
        }
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(repetition.min + MOST_REPEATS).min(repetition.min + MOST_REPEATS);
            for _ in 0..random.between(u64::from(repetition.min), u64::from(most)) {
                match_it(&repetition.sub, random, text);
            }
        }
        HirKind::Capture(capture) => match_it(&capture.sub, random, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| match_it(part, random, text)),
        HirKind::Alternation(branches) => {
            match_it(random.pick(branches).expect("there are branches"), random, text);
        }
    }
}
