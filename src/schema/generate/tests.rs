//! What the schema must be for the people who read it in their editors.
#![expect(clippy::indexing_slicing, reason = "a JSON value without a key gives null, and a test then fails")]

use schemars::JsonSchema;
use serde_json::Value;

use super::of;
use crate::schema::tests::{all, checked, document, is_text, target};
use crate::schema::{Draft, json, prose};

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

/// Without a default or an example, the YAML language server fills in 0.
#[test]
fn numbers_have_something_to_fill_in() {
    let schema = json(Draft::Draft202012);
    for (place, object) in all(&schema) {
        for (key, property) in object.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let Some(property) = property.as_object() else { continue };
            let both = [property, target(&schema, property)];
            let has = |keyword: &str| both.iter().any(|object| object.contains_key(keyword));
            let is_number = both.iter().any(|object| object.get("type").is_some_and(|kind| *kind == "integer"));
            let is_filled = ["const", "default", "examples"].into_iter().any(has);
            assert!(!is_number || is_filled, "{place}: {key} has neither default nor examples");
        }
    }
}

/// What a snippet puts in is right as it stands. Its keys have no `-`: the YAML language server indents what stands
/// below them twice.
#[test]
fn snippets_are_valid() {
    let schema = json(Draft::Draft202012);
    let mut snippets = 0;
    for (place, object) in all(&schema) {
        let mut relaxed = object.clone();
        relaxed.insert("$defs".to_owned(), schema["$defs"].clone());
        let valid = checked(&Value::Object(relaxed));
        for snippet in object.get("defaultSnippets").and_then(Value::as_array).into_iter().flatten() {
            assert!(snippet["label"].is_string() && snippet["description"].is_string(), "{place}: {snippet}");
            let body = filled(&snippet["body"]);
            let document = document(&body.to_string());
            assert!(document.is_some_and(|document| valid.is_valid(&document.root)), "{place}: {body} is wrong");
            let keys = body.as_object().into_iter().flatten();
            assert!(keys.clone().count() > 0 && keys.into_iter().all(|(key, _)| !key.contains('-')), "{place}: {body}");
            snippets += 1;
        }
    }
    assert!(snippets >= 4, "only {snippets} snippets found");
}

/// The body of a snippet once the user has accepted what it suggests.
fn filled(body: &Value) -> Value {
    let fill = |text: &str| {
        let inside = text.strip_prefix("${").and_then(|text| text.strip_suffix('}'));
        let Some(inside) = inside else { return text.to_owned() };
        let suggested = inside.trim_start_matches(|character: char| character.is_ascii_digit());
        let first = suggested.trim_matches(['|', ':']);
        if suggested.starts_with('|') {
            first.split(',').next().unwrap_or_default().to_owned()
        } else {
            first.to_owned()
        }
    };
    match body {
        Value::Object(object) => object.iter().map(|(key, value)| (fill(key), filled(value))).collect(),
        Value::Array(items) => items.iter().map(filled).collect(),
        Value::String(text) => {
            let text = fill(text);
            text.parse::<u64>().map_or_else(|_| text.into(), Value::from)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => body.clone(),
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
    let schema = Value::from(of::<Thing>());
    let old = &schema["properties"]["old"];
    assert_eq!(old["deprecated"], true);
    assert_eq!(old["deprecationMessage"], "use `new`");
    assert_eq!(old["description"], "Deprecated: use `new`. The old way.");
    assert_eq!(old["markdownDescription"], "**Deprecated:** use `new`.\n\nThe old way.");
}
