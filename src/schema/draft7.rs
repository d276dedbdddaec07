//! The schema in draft 7, for editors and catalogues that know no later one.

use serde_json::{Map, Value};

/// What draft 7 calls itself.
const META: &str = "http://json-schema.org/draft-07/schema#";

/// Keywords that say nothing about what is valid, so that they may stand beside what a reference leads to.
const ANNOTATIONS: &[&str] = &[
    "title",
    "description",
    "markdownDescription",
    "deprecated",
    "deprecationMessage",
    "default",
    "examples",
    "defaultSnippets",
    "patternErrorMessage",
];

/// Keywords whose value is a schema.
pub(super) const ONE: &[&str] = &["additionalProperties", "propertyNames", "contains", "not", "if", "then", "else"];

/// Keywords whose value is a list of schemas.
pub(super) const LIST: &[&str] = &["allOf", "anyOf", "oneOf"];

/// Keywords whose value is a mapping of names to schemas.
pub(super) const NAMED: &[&str] = &["properties", "patternProperties"];

/// Says in draft 7 what a schema in draft 2020-12 says.
pub(super) fn convert(schema: &Value) -> Value {
    let from = Converter { definitions: schema.get("$defs").and_then(Value::as_object) };
    let mut converted = from.schema(schema);
    if let Some(object) = converted.as_object_mut() {
        object.insert("$schema".to_owned(), META.into());
        let definitions = from.definitions.into_iter().flatten();
        let definitions: Map<_, _> = definitions.map(|(name, schema)| (name.clone(), from.schema(schema))).collect();
        keep_used(object, definitions);
    }
    converted
}

struct Converter<'a> {
    definitions: Option<&'a Map<String, Value>>,
}

impl Converter<'_> {
    fn schema(&self, schema: &Value) -> Value {
        let Some(object) = schema.as_object() else { return schema.clone() };
        let mut converted = Map::new();
        for (keyword, value) in object {
            match keyword.as_str() {
                "$defs" | "$ref" => {}
                // A tuple, and what may follow it.
                "prefixItems" => {
                    converted.insert("items".to_owned(), self.list(value));
                }
                "items" if object.contains_key("prefixItems") => {
                    converted.insert("additionalItems".to_owned(), self.schema(value));
                }
                "dependentRequired" => merge(&mut converted, "dependencies", value.clone()),
                "dependentSchemas" => merge(&mut converted, "dependencies", self.named(value)),
                "items" => {
                    converted.insert(keyword.clone(), self.schema(value));
                }
                _ => {
                    let value = match keyword.as_str() {
                        one if ONE.contains(&one) => self.schema(value),
                        list if LIST.contains(&list) => self.list(value),
                        named if NAMED.contains(&named) => self.named(value),
                        _ => value.clone(),
                    };
                    converted.insert(keyword.clone(), value);
                }
            }
        }
        match object.get("$ref").and_then(Value::as_str) {
            Some(reference) => self.refer(reference, converted),
            None => Value::Object(converted),
        }
    }

    /// A reference, beside which draft 7 ignores everything: what stands there is written into a copy of the target.
    fn refer(&self, reference: &str, beside: Map<String, Value>) -> Value {
        let renamed = || serde_json::json!({ "$ref": reference.replace("#/$defs/", "#/definitions/") });
        if beside.is_empty() {
            return renamed();
        }
        let target = reference.strip_prefix("#/$defs/").and_then(|name| self.definitions?.get(name));
        if let Some(target) = target
            && beside.keys().all(|keyword| ANNOTATIONS.contains(&keyword.as_str()))
            && let Value::Object(target) = self.schema(target)
        {
            let mut merged = beside;
            for (keyword, value) in target {
                merged.entry(keyword).or_insert(value);
            }
            return Value::Object(merged);
        }
        let mut wrapped = beside;
        merge_list(&mut wrapped, renamed());
        Value::Object(wrapped)
    }

    fn list(&self, schemas: &Value) -> Value {
        schemas.as_array().into_iter().flatten().map(|schema| self.schema(schema)).collect()
    }

    fn named(&self, schemas: &Value) -> Value {
        let schemas = schemas.as_object().into_iter().flatten();
        Value::Object(schemas.map(|(name, schema)| (name.clone(), self.schema(schema))).collect())
    }
}

/// Adds to a mapping under a keyword.
fn merge(object: &mut Map<String, Value>, keyword: &str, value: Value) {
    let entry = object.entry(keyword).or_insert_with(|| Value::Object(Map::new()));
    if let (Value::Object(entry), Value::Object(value)) = (entry, value) {
        entry.extend(value);
    }
}

/// Adds a condition to `allOf`.
fn merge_list(object: &mut Map<String, Value>, schema: Value) {
    if let Value::Array(all) = object.entry("allOf").or_insert_with(|| Value::Array(Vec::new())) {
        all.push(schema);
    }
}

/// Adds those definitions that something still refers to.
fn keep_used(schema: &mut Map<String, Value>, mut definitions: Map<String, Value>) {
    let mut used = Map::new();
    let mut text = Value::Object(schema.clone()).to_string();
    loop {
        let names: Vec<_> =
            definitions.keys().filter(|name| text.contains(&format!("\"#/definitions/{name}\""))).cloned().collect();
        if names.is_empty() {
            break;
        }
        text.clear();
        for name in names {
            if let Some(definition) = definitions.shift_remove(&name) {
                text.push_str(&definition.to_string());
                used.insert(name, definition);
            }
        }
    }
    if !used.is_empty() {
        schema.insert("definitions".to_owned(), Value::Object(used));
    }
}

#[cfg(test)]
mod tests;
