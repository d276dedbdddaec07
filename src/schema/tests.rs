//! The committed schemas, and what the tests of the schema share.

use jsonschema::Validator;
use serde_json::{Map, Value};

use super::*;
use crate::catalog::{
    BREW, DEFAULT_CPU, DEFAULT_DISK_GB, DEFAULT_MEMORY_MIB, DISK_GB, FORMULA, MEMORY_MIB, TAP, TART_BINARY,
};
use crate::parse::parse;

/// The committed schemas by their drafts.
const COMMITTED: [(Draft, &str); 2] = [
    (Draft::Draft202012, "schema/fleet.schema.json"),
    (Draft::Draft7, "schema/catalogue/src/schemas/json/tartgen.json"),
];

#[test]
#[expect(clippy::expect_used, reason = "a test reports what it cannot do by failing")]
fn committed_schemas_are_current() {
    for (draft, name) in COMMITTED {
        let path = format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(&path, text(draft)).expect("the schema can be written");
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == text(draft), "{name} is stale: run `UPDATE_SCHEMA=1 cargo test schema`");
    }
}

#[test]
fn the_schema_looks_at_each_host_by_itself() {
    let schema = generate::generate();
    let keywords = |pointer| {
        let object = schema.pointer(pointer).and_then(Value::as_object);
        let about = |key: &&String| {
            !matches!(key.as_str(), "title" | "description" | "markdownDescription" | "defaultSnippets" | "examples")
                && !key.starts_with('$')
        };
        object.map(|object| object.keys().filter(about).cloned().collect::<std::collections::BTreeSet<_>>())
    };
    let expected = |keys: &[&str]| Some(keys.iter().map(ToString::to_string).collect());
    assert_eq!(keywords("/properties/hosts"), expected(&["type", "additionalProperties", "propertyNames"]));
    // Nothing at the top makes a key depend on what another holds.
    assert_eq!(keywords(""), expected(&["type", "properties", "additionalProperties", "required"]));
}

#[test]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]
fn many_hosts_are_judged_as_few_are() {
    let Compiled { validator, .. } = COMPILED.as_ref().unwrap();
    for (wrong, valid) in [("{}", true), ("[]", false), ("{vm: {}}", false)] {
        for at in [0, 150, 299] {
            let host = |n| format!("  mm{n}: {}\n", if n == at { wrong } else { "{}" });
            let text = format!("version: 1\nhosts:\n{}", (0..300).map(host).collect::<Vec<_>>().concat());
            let source = Source::new("fleet.yaml", text.into_bytes());
            let mut report = Report::default();
            let mut document = parse(source.file_at(0), 0, &mut report).unwrap();
            // So small a spec is judged by the schema as code.
            assert_eq!(is_valid(validator, &document.root), valid, "{wrong} at {at}");
            check(&mut document, Part::Root, &source, &mut report);
            assert_eq!(!report.has_errors(), valid, "{wrong} at {at}");
        }
    }
}

#[test]
fn the_schema_as_code_judges_as_the_schema_does() {
    let Ok(Compiled { validator, .. }) = COMPILED.as_ref() else { unreachable!("the schema is broken") };
    let (mut accepted, mut refused) = (0, 0);
    let mut judge = |text: &str| {
        let Some(document) = document(text) else { return };
        let Some(json) = document.root.to_json(SMALL) else { return };
        let verdict = validator.is_valid(&document.root);
        assert_eq!(Built::is_valid(&json), verdict, "{text}");
        *if verdict { &mut accepted } else { &mut refused } += 1;
    };
    // Values at each of which some part of the schema draws a line.
    let others = [
        Value::Null,
        false.into(),
        (-1).into(),
        0.into(),
        i64::MAX.into(),
        "".into(),
        "10".into(),
        "a/../b".into(),
        "mm[01-1".into(),
        "\u{e9}{host}".into(),
        "x".repeat(300).into(),
        Value::Array(vec![]),
        Value::Object(Map::new()),
        serde_json::json!({ "unknown": 1 }),
        serde_json::json!([1, 1]),
    ];
    let mut other = others.iter().cycle();
    for (_, text) in texts(&["fixtures/valid", "fixtures/invalid", "schema/catalogue/src/test/tartgen"]) {
        judge(&text);
        let spec = document(&text).and_then(|document| document.root.to_json(1000));
        for place in spec.iter().flat_map(places) {
            let mut changed = spec.clone().unwrap_or_default();
            if let (Some(value), Some(other)) = (changed.pointer_mut(&place), other.next()) {
                *value = other.clone();
            }
            judge(&changed.to_string());
        }
    }
    assert!(accepted > 300 && refused > 3000, "{accepted} accepted, {refused} refused");
}

/// The places of all values in a value.
fn places(value: &Value) -> Vec<String> {
    let below = |name: &str, value| places(value).into_iter().map(move |place| format!("/{name}{place}")).collect();
    let inner: Vec<Vec<String>> = match value {
        Value::Object(members) => members.iter().map(|(name, value)| below(&escaped(name), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, value)| below(&at.to_string(), value)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    std::iter::once(String::new()).chain(inner.into_iter().flatten()).collect()
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[test]
fn what_json_says_differently_is_not_copied() {
    let copied = |text: &str, most| document(text).and_then(|document| document.root.to_json(most));
    assert_eq!(copied("{ a: [1, ~, true, x] }", 10), Some(serde_json::json!({ "a": [1, null, true, "x"] })));
    assert_eq!(copied("{ a: &a [1, 2], b: *a }", 6), None, "an alias counts as what it stands for");
    for text in ["4.0", "[.inf]", "{ a: .nan }", "1e3"] {
        assert_eq!(copied(text, 10), None, "{text}");
    }
}

#[test]
fn the_schema_and_the_catalog_agree() {
    let schema = generate::generate();
    let number = |pointer| schema.pointer(pointer).and_then(Value::as_u64);
    for (pointer, expected) in [
        ("/$defs/Memory/minimum", *MEMORY_MIB.start()),
        ("/$defs/Memory/maximum", *MEMORY_MIB.end()),
        ("/$defs/Disk/minimum", *DISK_GB.start()),
        ("/$defs/Disk/maximum", *DISK_GB.end()),
        ("/$defs/Vm/properties/cpu/default", u64::from(DEFAULT_CPU)),
        ("/$defs/Vm/properties/memory/default", DEFAULT_MEMORY_MIB),
        ("/$defs/Vm/properties/disk/default", DEFAULT_DISK_GB),
    ] {
        assert_eq!(number(pointer), Some(expected), "{pointer}");
    }
    let text = |key| schema.pointer(&format!("/$defs/Tart/properties/{key}/default")).and_then(Value::as_str);
    assert_eq!(
        [text("tap"), text("formula"), text("binary"), text("brew")],
        [TAP, FORMULA, TART_BINARY, BREW].map(Some)
    );
}

#[test]
fn the_catalogue_has_files_that_the_schema_accepts_and_refuses() {
    for draft in [Draft::Draft202012, Draft::Draft7] {
        let schema = checked(&json(draft));
        for (folder, expected) in [("test", true), ("negative_test", false)] {
            let texts = texts(&[&format!("schema/catalogue/src/{folder}/tartgen")]);
            assert!(texts.len() > 2, "{folder} has {} files", texts.len());
            for (name, text) in texts {
                let verdict = document(&text).map(|document| schema.is_valid(&document.root));
                assert_eq!(verdict, Some(expected), "{draft:?}: {name}");
            }
        }
    }
}

/// All schemas in a schema by their places, the outermost first.
pub(super) fn all(schema: &Value) -> Vec<(String, &Map<String, Value>)> {
    let mut found = Vec::new();
    let mut queue = vec![(String::new(), schema)];
    while let Some((place, schema)) = queue.pop() {
        let Some(object) = schema.as_object() else { continue };
        found.push((place.clone(), object));
        for (keyword, value) in object {
            let below = |name: &str| format!("{place}/{keyword}/{name}");
            match keyword.as_str() {
                one if one == "items" || draft7::ONE.contains(&one) => queue.push((format!("{place}/{one}"), value)),
                list if list == "prefixItems" || draft7::LIST.contains(&list) => {
                    let branches = value.as_array().into_iter().flatten().enumerate();
                    queue.extend(branches.map(|(index, schema)| (below(&index.to_string()), schema)));
                }
                named if ["$defs", "definitions"].contains(&named) || draft7::NAMED.contains(&named) => {
                    let named = value.as_object().into_iter().flatten();
                    queue.extend(named.map(|(name, schema)| (below(name), schema)));
                }
                _ => {}
            }
        }
    }
    found
}

/// Follows the reference of a schema, if it has one.
pub(super) fn target<'a>(root: &'a Value, object: &'a Map<String, Value>) -> &'a Map<String, Value> {
    let reference = object.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
    reference.and_then(|pointer| root.pointer(pointer)?.as_object()).unwrap_or(object)
}

pub(super) fn is_text(object: &Map<String, Value>, keyword: &str) -> bool {
    object.get(keyword).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty())
}

pub(super) fn checked(schema: &Value) -> Validator<NodeJson> {
    match jsonschema::options_for::<NodeJson>().build(schema) {
        Ok(validator) => validator,
        Err(error) => unreachable!("{error}"),
    }
}

/// Reads YAML as the compiler does.
pub(super) fn document(text: &str) -> Option<Document> {
    parse(Source::new("test.yaml", text.as_bytes().to_vec()).file_at(0), 0, &mut Report::default())
}

/// The files of folders of the repository that are text, by their paths.
pub(super) fn texts(folders: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in folders {
        for entry in
            std::fs::read_dir(format!("{}/{folder}", env!("CARGO_MANIFEST_DIR"))).into_iter().flatten().flatten()
        {
            if let Ok(text) = std::fs::read_to_string(entry.path()) {
                found.push((entry.path().display().to_string(), text));
            }
        }
    }
    found
}

/// Everything that is wrong with a schema, so that one run of a test shows all of it.
#[derive(Default)]
pub(super) struct Faults(Vec<String>);

impl Faults {
    pub(super) fn expect(&mut self, is_right: bool, fault: impl FnOnce() -> String) {
        if !is_right {
            self.0.push(fault());
        }
    }

    pub(super) fn finish(self) {
        assert!(self.0.is_empty(), "mend the comments and attributes in src/spec:\n{}", self.0.join("\n"));
    }
}
