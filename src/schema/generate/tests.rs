//! What the schema must be for the people who read it in their editors.
#![expect(clippy::indexing_slicing, reason = "a JSON value without a key gives null, and a test then fails")]

use schemars::JsonSchema;
use serde_json::Value;

use super::of;
use crate::schema::tests::{Faults, all, checked, document, is_text, target};
use crate::schema::{Draft, json, prose};

#[test]
fn every_key_is_explained() {
    for draft in [Draft::Draft202012, Draft::Draft7] {
        let (schema, mut keys, mut faults) = (json(draft), 0, Faults::default());
        for (place, object) in all(&schema) {
            for (key, property) in object.get("properties").and_then(Value::as_object).into_iter().flatten() {
                let place = format!("{draft:?} {place}/properties/{key}");
                let Some(property) = property.as_object() else { unreachable!("{place} is no schema") };
                for keyword in ["title", "description", "markdownDescription"] {
                    faults.expect(is_text(property, keyword), || format!("{place} has no {keyword}"));
                }
                let markdown = property.get("markdownDescription").and_then(Value::as_str).unwrap_or_default();
                faults.expect(prose::example(markdown).is_some(), || format!("{place} has no example as yaml"));
                keys += 1;
            }
        }
        faults.finish();
        assert!(keys > 30, "{draft:?}: only {keys} keys found");
    }
}

#[test]
fn every_schema_that_a_person_may_see_has_a_title() {
    let (schema, mut faults) = (json(Draft::Draft202012), Faults::default());
    for (place, object) in all(&schema) {
        let seen = target(&schema, object);
        faults.expect(is_text(seen, "title"), || format!("{place} has no title"));
        let is_described = place.ends_with("/propertyNames") || is_text(seen, "description");
        faults.expect(is_described, || format!("{place} has no description"));
        for keyword in ["oneOf", "anyOf", "allOf"] {
            faults.expect(!object.contains_key(keyword), || format!("{place} shows the branches of `{keyword}`"));
        }
    }
    faults.finish();
}

/// Each example of a key is what one may write there.
#[test]
fn examples_and_defaults_are_valid() {
    let (schema, mut examples, mut faults) = (json(Draft::Draft202012), 0, Faults::default());
    for (place, object) in all(&schema) {
        let mut relaxed = object.clone();
        relaxed.shift_remove("required");
        relaxed.insert("$defs".to_owned(), schema["$defs"].clone());
        let valid = checked(&Value::Object(relaxed));
        let mut judge = |text: &str| {
            let is_valid = document(text).is_some_and(|document| valid.is_valid(&document.root));
            faults.expect(is_valid, || format!("{place}: the example is wrong: {text}"));
            examples += 1;
        };
        let properties = object.get("properties").and_then(Value::as_object).into_iter().flatten();
        let comments = properties.filter_map(|(_, property)| property["markdownDescription"].as_str());
        comments.filter_map(prose::example).for_each(&mut judge);
        let values = object.get("examples").and_then(Value::as_array).into_iter().flatten();
        values.chain(object.get("default")).for_each(|value| judge(&value.to_string()));
        // The example of a type shows a value, that of a key shows the key as well.
        let comment = object.get("markdownDescription").and_then(Value::as_str);
        let is_type = place.starts_with("/$defs/") && place.matches('/').count() == 2;
        comment.filter(|_| is_type).and_then(prose::example).into_iter().for_each(&mut judge);
    }
    faults.finish();
    assert!(examples > 50, "only {examples} examples found");
}

#[test]
fn patterns_and_enumerations_have_words() {
    let mut faults = Faults::default();
    for (place, object) in all(&json(Draft::Draft202012)) {
        let has_words = !object.contains_key("pattern") || is_text(object, "patternErrorMessage");
        faults.expect(has_words, || format!("{place} has a pattern and no patternErrorMessage"));
        if let Some(values) = object.get("enum").and_then(Value::as_array) {
            for keyword in ["enumDescriptions", "markdownEnumDescriptions"] {
                let texts = object.get(keyword).and_then(Value::as_array).into_iter().flatten();
                let described = texts.filter_map(Value::as_str).filter(|text| !text.is_empty()).count();
                faults.expect(described == values.len(), || format!("{place}: not every value has {keyword}"));
            }
        }
    }
    faults.finish();
}

/// Without a default or an example, the YAML language server fills in 0.
#[test]
fn numbers_have_something_to_fill_in() {
    let (schema, mut faults) = (json(Draft::Draft202012), Faults::default());
    for (place, object) in all(&schema) {
        for (key, property) in object.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let Some(property) = property.as_object() else { continue };
            let both = [property, target(&schema, property)];
            let has = |keyword: &str| both.iter().any(|object| object.contains_key(keyword));
            let is_number = both.iter().any(|object| object.get("type").is_some_and(|kind| *kind == "integer"));
            let is_filled = ["const", "default", "examples"].into_iter().any(has);
            faults.expect(!is_number || is_filled, || format!("{place}: {key} has neither default nor examples"));
        }
    }
    faults.finish();
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
    let mut faults = Faults::default();
    for (place, object) in all(&json(Draft::Draft202012)) {
        let types = object.get("type").map(ToString::to_string).unwrap_or_default();
        let is_number = types.contains("integer") && !object.contains_key("const");
        let has_range = object.contains_key("minimum") && object.contains_key("maximum");
        faults.expect(!is_number || has_range, || format!("{place} has no range"));
    }
    faults.finish();
}

/// Beside a reference, the YAML language server forgets the type of a key that has any other keyword, and then offers
/// the key without its colon.
#[test]
fn references_stand_beside_nothing_but_words() {
    const WORDS: &[&str] = &["$ref", "title", "description", "markdownDescription", "default", "examples"];
    let mut faults = Faults::default();
    for (place, object) in all(&json(Draft::Draft202012)) {
        let other = object.keys().find(|keyword| !WORDS.contains(&keyword.as_str()));
        let is_right = other.is_none() || !object.contains_key("$ref");
        faults.expect(is_right, || format!("{place}: put {other:?} on the type"));
    }
    faults.finish();
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
