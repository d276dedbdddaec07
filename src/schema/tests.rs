//! What the schema must be for the people and programs that read it.
#![expect(clippy::indexing_slicing, reason = "a JSON value without a key gives null, and a test then fails")]

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

/// All schemas in a schema by their places, the outermost first.
fn all(schema: &Value) -> Vec<(String, &Map<String, Value>)> {
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
fn target<'a>(root: &'a Value, object: &'a Map<String, Value>) -> &'a Map<String, Value> {
    let reference = object.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
    reference.and_then(|pointer| root.pointer(pointer)?.as_object()).unwrap_or(object)
}

fn is_text(object: &Map<String, Value>, keyword: &str) -> bool {
    object.get(keyword).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty())
}

fn checked(schema: &Value) -> Validator<NodeJson> {
    match jsonschema::options_for::<NodeJson>().build(schema) {
        Ok(validator) => validator,
        Err(error) => unreachable!("{error}"),
    }
}

/// Reads YAML as the compiler does.
fn document(text: &str) -> Option<Document> {
    parse(&Source::new("test.yaml", text.as_bytes().to_vec()), &mut Report::default())
}

#[test]
fn every_key_is_explained() {
    for draft in [Draft::Draft202012, Draft::Draft7] {
        let schema = json(draft);
        let mut keys = 0;
        for (place, object) in all(&schema) {
            for (key, property) in object.get("properties").and_then(Value::as_object).into_iter().flatten() {
                let place = format!("{draft:?} {place}/properties/{key}");
                let Some(property) = property.as_object() else { unreachable!("{place} is no schema") };
                for keyword in ["title", "description", "markdownDescription"] {
                    assert!(
                        is_text(property, keyword),
                        "{place} has no {keyword}: write it in its comment in src/spec"
                    );
                }
                assert_ne!(property["description"], property["markdownDescription"], "{place} has only a description");
                let markdown = property["markdownDescription"].as_str().unwrap_or_default();
                assert!(prose::example(markdown).is_some(), "{place} has no example: end its comment with one as yaml");
                keys += 1;
            }
        }
        assert!(keys > 30, "{draft:?}: only {keys} keys found");
    }
}

#[test]
fn every_schema_that_a_person_may_see_has_a_title() {
    let schema = json(Draft::Draft202012);
    for (place, object) in all(&schema) {
        assert!(is_text(target(&schema, object), "title"), "{place} has no title");
        let is_name = place.ends_with("/propertyNames");
        assert!(is_name || is_text(target(&schema, object), "description"), "{place} has no description");
        for keyword in ["oneOf", "anyOf", "allOf"] {
            assert!(!object.contains_key(keyword), "{place} shows people the branches of `{keyword}`");
        }
    }
}

/// Each example of a key is what one may write there.
#[test]
fn examples_and_defaults_are_valid() {
    let schema = json(Draft::Draft202012);
    let mut examples = 0;
    for (place, object) in all(&schema) {
        let mut relaxed = object.clone();
        relaxed.shift_remove("required");
        relaxed.insert("$defs".to_owned(), schema["$defs"].clone());
        let valid = checked(&Value::Object(relaxed));
        let is_valid = |text: &str| document(text).is_some_and(|document| valid.is_valid(&document.root));
        for (key, property) in object.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let example = prose::example(property["markdownDescription"].as_str().unwrap_or_default());
            assert!(example.is_some_and(is_valid), "{place}: the example of {key} is wrong: {example:?}");
            examples += 1;
        }
        let values = object.get("examples").and_then(Value::as_array).into_iter().flatten();
        for value in values.chain(object.get("default")) {
            assert!(is_valid(&value.to_string()), "{place}: {value} is wrong");
            examples += 1;
        }
        if let Some(example) = object.get("markdownDescription").and_then(Value::as_str).and_then(prose::example)
            && (place.starts_with("/$defs/") && place.matches('/').count() == 2)
        {
            assert!(is_valid(example), "{place}: the example is wrong: {example}");
            examples += 1;
        }
    }
    assert!(examples > 50, "only {examples} examples found");
}

#[test]
fn patterns_and_enumerations_have_words() {
    for (place, object) in all(&json(Draft::Draft202012)) {
        assert!(!object.contains_key("pattern") || is_text(object, "patternErrorMessage"), "{place} has no words");
        if let Some(values) = object.get("enum").and_then(Value::as_array) {
            for keyword in ["enumDescriptions", "markdownEnumDescriptions"] {
                let texts = object.get(keyword).and_then(Value::as_array).into_iter().flatten();
                let texts: Vec<_> = texts.filter_map(Value::as_str).filter(|text| !text.is_empty()).collect();
                assert_eq!(texts.len(), values.len(), "{place}: not every value is described");
            }
        }
    }
}

#[test]
fn numbers_have_ranges() {
    for (place, object) in all(&json(Draft::Draft202012)) {
        let types = object.get("type").map(ToString::to_string).unwrap_or_default();
        let is_number = types.contains("integer") && !object.contains_key("const");
        let has_range = object.contains_key("minimum") && object.contains_key("maximum");
        assert!(!is_number || has_range, "{place} has no range");
    }
}

/// Beside a reference, the YAML language server forgets the type of a key that has any other keyword, and then offers
/// the key without its colon.
#[test]
fn references_stand_beside_nothing_but_words() {
    const WORDS: &[&str] = &["$ref", "title", "description", "markdownDescription", "default", "examples"];
    for (place, object) in all(&json(Draft::Draft202012)) {
        if object.contains_key("$ref") {
            let other = object.keys().find(|keyword| !WORDS.contains(&keyword.as_str()));
            assert_eq!(other, None, "{place}: put it on the type");
        }
    }
}

#[test]
fn draft_7_says_what_2020_12_says() {
    let (newer, older) = (json(Draft::Draft202012), json(Draft::Draft7));
    assert_eq!(older["$schema"], "http://json-schema.org/draft-07/schema#");
    assert_eq!(older["$id"], newer["$id"]);
    for schema in [&newer, &older] {
        assert!(jsonschema::meta::is_valid(schema), "{}", schema["$schema"]);
    }
    for (place, object) in all(&older) {
        for keyword in ["$defs", "prefixItems", "dependentRequired", "dependentSchemas", "unevaluatedProperties"] {
            assert!(!object.contains_key(keyword), "{place} has `{keyword}`, which draft 7 does not know");
        }
        assert!(!object.contains_key("$ref") || object.len() == 1, "{place}: draft 7 reads nothing beside `$ref`");
    }
    let (newer, older) = (checked(&newer), checked(&older));
    let (mut valid, mut invalid) = (0, 0);
    for (name, text) in texts(&["fixtures/valid", "fixtures/invalid"]) {
        let Some(document) = document(&text) else { continue };
        let verdict = newer.is_valid(&document.root);
        assert_eq!(verdict, older.is_valid(&document.root), "{name}");
        *(if verdict { &mut valid } else { &mut invalid }) += 1;
    }
    assert!(valid > 30 && invalid > 30, "{valid} valid, {invalid} invalid");
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

/// The files of folders of the repository that are text, by their paths.
fn texts(folders: &[&str]) -> Vec<(String, String)> {
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

/// What the spec's own schema does not show.
mod made_up {
    use schemars::JsonSchema;
    use serde_json::{Value, json};

    use super::super::{draft7, generate};

    /// # thing
    ///
    /// A thing.
    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Thing {
        /// # old key
        ///
        /// The old way.
        #[schemars(extend("deprecationMessage" = "use `new`"))]
        old: Option<u32>,
    }

    #[test]
    fn deprecated_keys_say_so() {
        let schema = Value::from(generate::of::<Thing>());
        let old = &schema["properties"]["old"];
        assert_eq!(old["deprecated"], true);
        assert_eq!(old["deprecationMessage"], "use `new`");
        assert_eq!(old["description"], "Deprecated: use `new`. The old way.");
        assert_eq!(old["markdownDescription"], "**Deprecated:** use `new`.\n\nThe old way.");
    }

    #[test]
    fn draft_7_has_other_words() {
        let newer = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "properties": {
                "items": { "$ref": "#/$defs/Items", "minProperties": 1 },
                "pair": { "prefixItems": [{ "$ref": "#/$defs/Items", "title": "first" }], "items": false },
            },
            "dependentRequired": { "pair": ["items"] },
            "$defs": { "Items": { "title": "items", "items": { "$ref": "#/$defs/Other" } }, "Other": { "type": "string" }, "Unused": {} },
        });
        let older = json!({
            "$schema": "http://json-schema.org/draft-07/schema#",
            "properties": {
                "items": { "minProperties": 1, "allOf": [{ "$ref": "#/definitions/Items" }] },
                "pair": { "items": [{ "title": "first", "items": { "$ref": "#/definitions/Other" } }], "additionalItems": false },
            },
            "dependencies": { "pair": ["items"] },
            "definitions": { "Items": { "title": "items", "items": { "$ref": "#/definitions/Other" } }, "Other": { "type": "string" } },
        });
        assert_eq!(draft7::convert(&newer), older);
    }
}
