//! The patterns of the schema by themselves, for advice that must not lead into the next mistake.

use std::collections::HashMap;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use super::{Draft, json as schema};

static PATTERNS: LazyLock<HashMap<String, Validator>> = LazyLock::new(|| {
    let mut found = HashMap::new();
    collect(&schema(Draft::Draft202012), &mut found);
    found
});

/// Whether a pattern of the schema takes a text.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    PATTERNS.get(pattern).is_some_and(|validator| validator.is_valid(&Value::from(text)))
}

fn collect(schema: &Value, found: &mut HashMap<String, Validator>) {
    match schema {
        Value::Object(map) => {
            if let Some(Value::String(pattern)) = map.get("pattern")
                && let Ok(validator) = jsonschema::validator_for(&json!({ "pattern": pattern }))
            {
                found.insert(pattern.clone(), validator);
            }
            map.values().for_each(|below| collect(below, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
