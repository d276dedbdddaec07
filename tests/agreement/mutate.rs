//! Mistakes put into specs, and mistakes made small.

use serde_json::{Map, Value, json};

use super::random::Random;

/// Texts that readers take for something else, and some that stand elsewhere in a spec.
const TEXTS: &[&str] = &[
    "",
    " ",
    "true",
    "yes",
    "null",
    "~",
    "4",
    "4.0",
    "8GiB",
    "8gib",
    "60GB",
    "0GB",
    "99999999GiB",
    "-1",
    "+1",
    "1_000",
    "0x10",
    "macos",
    "Linux",
    "upgrade",
    "root",
    "_www",
    "mm*",
    "mm[1-3]",
    "mm[3-1]",
    "mm[01-20/2].lab",
    "ci-{host}",
    "ci-{n}",
    "{host",
    "a..b",
    "-a",
    "a-",
    "A",
    "M4 Max",
    "m2",
    "15",
    "15.",
    "13.0.0.0",
    "2.13.0",
    "2.13",
    "../etc",
    "/",
    "/opt//tart",
    "openai/tools",
    "openai/",
    "{{ x }}",
    "é",
    "ci-mac",
    "old\u{e9}",
    "name with blanks",
    "2222:22",
    "65535:1",
    "65536:1",
    "1:99999",
    "12345678:1",
    "0:22",
    "022:22",
    "1:2:3",
    "list",
    "10.0.0.0/8",
    "10.0.0.0/33",
    "1920x1080",
    "0x0pt",
    "~/src",
    "https://example.org/a.tar.gz",
    "fsync",
    "cached",
];

/// Keys that some mapping of a spec knows, and some that none does.
const KEYS: &[&str] = &[
    "version",
    "hosts",
    "images",
    "profiles",
    "vms",
    "vm",
    "profile",
    "cpu",
    "cpus",
    "memory",
    "os",
    "ref",
    "removed",
    "Enabled",
    "run_user",
    "$ref",
    "",
    "a b",
    "ümlaut",
    "hosts ",
    "<",
    "x-note",
    "mm2",
    "Mm1",
    "run",
    "daemon",
    "clone",
    "display",
    "vnc",
    "dir",
    "path",
    "ro",
    "sync",
    "environment",
    "PATH",
    "9A",
    "groups",
    "include",
    "defaults",
    "count",
];

/// Puts one mistake, or one harmless change, into a spec.
pub(super) fn mutate(spec: &mut Value, random: &mut Random) {
    let place = random.below(count(spec));
    let spare = spec.clone();
    let node = nth(spec, &mut { place }).expect("the place is one of the spec's");
    match random.below(10) {
        0..=2 => *node = other(random),
        3 => *node = json!([node.take()]),
        4 => *node = json!({ "name": node.take() }),
        // A value from elsewhere in the spec.
        5 => *node = nth(&mut spare.clone(), &mut random.below(count(&spare))).cloned().unwrap_or_default(),
        _ => edit(node, random),
    }
}

/// A value of any kind.
fn other(random: &mut Random) -> Value {
    let numbers = [0, 1, 2, 4, 127, 128, 129, 65_535, 65_536, 1_048_576, 1_048_577, i64::MAX, -1, i64::MIN];
    match random.below(8) {
        0 => Value::Null,
        1 => random.percent(50).into(),
        2 | 3 => json!(random.pick(&numbers)),
        // Without a fraction, a number is whole for JSON and not for YAML: see the test.
        4 => json!(0.5 + f64::from(u8::try_from(random.below(200)).unwrap_or(0))),
        5 => json!([]),
        6 => json!({}),
        _ => json!(random.pick(TEXTS)),
    }
}

/// Changes a value without changing its kind.
fn edit(node: &mut Value, random: &mut Random) {
    match node {
        Value::Object(object) => {
            let keys: Vec<_> = object.keys().cloned().collect();
            let key = random.pick(&keys).cloned().unwrap_or_default();
            let new = (*random.pick(KEYS).unwrap_or(&"x")).to_owned();
            match random.below(3) {
                0 => drop(object.shift_remove(&key)),
                1 => drop(object.insert(new, other(random))),
                _ => {
                    if let Some(value) = object.shift_remove(&key) {
                        object.insert(new, value);
                    }
                }
            }
        }
        Value::Array(items) => match random.pick(items).cloned() {
            Some(item) if random.percent(50) => items.push(item),
            _ => items.push(other(random)),
        },
        Value::String(text) => {
            let at = text.char_indices().map(|(at, _)| at).nth(random.below(text.chars().count())).unwrap_or(0);
            let characters = ["", "A", "-", ".", "/", " ", "0", "é", ":", "@"];
            let end = text.get(at..).and_then(|rest| rest.chars().next()).map_or(at, |first| at + first.len_utf8());
            text.replace_range(at..end, random.pick(&characters).unwrap_or(&""));
        }
        Value::Number(number) => *node = json!(number.as_i64().map_or(0, |number| number.saturating_add(1))),
        Value::Bool(value) => *node = json!(!*value),
        Value::Null => *node = other(random),
    }
}

/// The values directly below a value.
fn children(value: &mut Value) -> Vec<&mut Value> {
    match value {
        Value::Object(object) => object.values_mut().collect(),
        Value::Array(items) => items.iter_mut().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// How many values there are in and below a value.
fn count(value: &Value) -> usize {
    let below: usize = match value {
        Value::Object(object) => object.values().map(count).sum(),
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    };
    1 + below
}

/// The value at a place, counted from the top.
fn nth<'a>(value: &'a mut Value, place: &mut usize) -> Option<&'a mut Value> {
    if *place == 0 {
        return Some(value);
    }
    *place -= 1;
    for child in children(value) {
        let size = count(child);
        if *place < size {
            return nth(child, place);
        }
        *place -= size;
    }
    None
}

/// Takes out of a spec what can be taken without losing what is wrong with it.
pub(super) fn shrink(mut spec: Value, is_wrong: impl Fn(&Value) -> bool) -> Value {
    'again: loop {
        for place in 0..count(&spec) {
            for smaller in without_one(&spec, place) {
                if is_wrong(&smaller) {
                    spec = smaller;
                    continue 'again;
                }
            }
        }
        return spec;
    }
}

/// The spec without each of the entries of the value at a place.
fn without_one(spec: &Value, place: usize) -> Vec<Value> {
    let mut whole = spec.clone();
    let Some(node) = nth(&mut whole, &mut { place }) else { return Vec::new() };
    let smaller: Vec<Value> = match node {
        Value::Object(object) => {
            let without = |gone: &String| -> Map<String, Value> {
                object.iter().filter(|(key, _)| *key != gone).map(|(key, value)| (key.clone(), value.clone())).collect()
            };
            object.keys().map(|key| without(key).into()).collect()
        }
        Value::Array(items) => (0..items.len())
            .map(|gone| items.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, item)| item.clone()).collect())
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    let put = |value: Value| {
        let mut spec = spec.clone();
        *nth(&mut spec, &mut { place })? = value;
        Some(spec)
    };
    smaller.into_iter().filter_map(put).collect()
}
