//! Both drafts say the same.
#![expect(clippy::indexing_slicing, reason = "a JSON value without a key gives null, and a test then fails")]

use serde_json::json;

use super::convert;
use crate::diag::Code;
use crate::schema::tests::{all, checked, document, texts};
use crate::schema::{Draft, json as schema};

/// What only values of a wrong form are refused for.
const SHAPE: [Code; 7] = [
    Code::UnsupportedVersion,
    Code::UnknownKey,
    Code::MissingKey,
    Code::WrongType,
    Code::OutOfRange,
    Code::BadValue,
    Code::BadName,
];

#[test]
fn draft_7_says_what_2020_12_says() {
    let (newer, older) = (schema(Draft::Draft202012), schema(Draft::Draft7));
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
        assert!(verdict || name.contains("/invalid/"), "{name} is refused");
        // Of a spec in several files, the fault may be in another.
        let is_whole = !name.contains(".included.");
        let is_of_shape = is_whole && SHAPE.iter().any(|code| name.contains(&format!("/{}.", code.name())));
        assert!(!verdict || !is_of_shape, "{name} is accepted");
        *(if verdict { &mut valid } else { &mut invalid }) += 1;
    }
    assert!(valid > 30 && invalid > 30, "{valid} valid, {invalid} invalid");
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
    assert_eq!(convert(&newer), older);
}
