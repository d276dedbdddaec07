//! Types to JSON Schema, tidied for the people who read it in their editors.

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform as _};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::prose::Prose;
use crate::diag::{Code, Level, capitalized};
use crate::spec::Fleet;

/// Names the schema in either draft: the address it has in the public catalogue of schemas.
pub(super) const ID: &str = "https://www.schemastore.org/tartgen.json";

/// What a reader wants to know first.
const HEAD: &[&str] = &[
    "$schema",
    "$id",
    "title",
    "description",
    "markdownDescription",
    "deprecated",
    "deprecationMessage",
    "$ref",
    "type",
    "enum",
    "enumDescriptions",
    "markdownEnumDescriptions",
];

/// The schema of the spec, in draft 2020-12.
pub(super) fn generate() -> Value {
    let mut schema = of::<Fleet>();
    schema.insert("$id".to_owned(), ID.into());
    head_first(&mut schema);
    schema.into()
}

/// The tidied schema of a type.
pub(super) fn of<T: JsonSchema>() -> Schema {
    let settings = SchemaSettings::draft2020_12();
    let mut schema = SchemaGenerator::new(settings).into_root_schema_for::<T>();
    name_lints(&mut schema);
    RecursiveTransform(tidy).transform(&mut schema);
    schema
}

/// Gives each warning its key: the types know nothing of codes.
fn name_lints(schema: &mut Schema) {
    let Some(Value::Object(lints)) = schema.pointer_mut("/$defs/Lints") else { return };
    let Some(level) = lints.insert("additionalProperties".to_owned(), false.into()) else { return };
    let key = |code: Code| {
        let mut value = level.clone();
        if let Some(value) = value.as_object_mut() {
            let (name, default) = (code.name(), code.level().map(Level::name));
            let text = format!("{}. {}\n\n```yaml\n{name}: deny\n```", capitalized(code.title()), code.help());
            value.insert("title".to_owned(), name.into());
            value.insert("description".to_owned(), text.into());
            value.insert("default".to_owned(), default.into());
        }
        (code.name().to_owned(), value)
    };
    lints.insert("properties".to_owned(), Value::Object(Code::lints().map(key).collect()));
}

/// Makes the schema say what editors need: no `null` where a key may simply be left out, one list of values instead of
/// a branch for each, Markdown where the YAML language server renders it, and no formats that only describe Rust's
/// integers.
fn tidy(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    drop_null(object);
    list_values(object);
    object.shift_remove("format");
    if object.contains_key("const") {
        object.shift_remove("minimum");
    }
    if object.get("default").is_some_and(|default| default.is_null() || *default == json!({})) {
        object.shift_remove("default");
    }
    describe(object);
    head_first(schema);
}

/// Takes `null` out of an optional type.
fn drop_null(object: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            object.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(branches)) = object.get("anyOf").cloned()
        && let [Value::Object(value), null] = branches.as_slice()
        && *null == json!({ "type": "null" })
    {
        object.shift_remove("anyOf");
        for (key, value) in value {
            object.entry(key).or_insert_with(|| value.clone());
        }
    }
}

/// Turns a branch for each value of an enumeration into one list with a description for each. Given branches, the YAML
/// language server offers the key without its colon.
fn list_values(object: &mut Map<String, Value>) {
    let Some(Value::Array(branches)) = object.get("oneOf") else { return };
    let value = |branch: &Value| branch.get("const").filter(|value| value.is_string()).cloned();
    let Some(values) = branches.iter().map(value).collect::<Option<Vec<_>>>() else { return };
    let text = |branch: &Value| branch.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    let prose: Vec<_> = branches.iter().map(|branch| Prose::new(&text(branch))).collect();
    object.shift_remove("oneOf");
    object.insert("type".to_owned(), "string".into());
    object.insert("enum".to_owned(), values.into());
    let plain: Vec<_> = prose.iter().map(|prose| prose.summary.clone()).collect();
    object.insert("enumDescriptions".to_owned(), plain.into());
    let markdown: Vec<_> = prose.into_iter().map(|prose| prose.markdown).collect();
    object.insert("markdownEnumDescriptions".to_owned(), markdown.into());
}

/// Splits a comment into what plain editors show and what those show that render Markdown, and says first that a key is
/// deprecated: the YAML language server reads `deprecationMessage` and ignores `deprecated`, others the reverse.
fn describe(object: &mut Map<String, Value>) {
    let Some(Value::String(text)) = object.get("description") else { return };
    let mut prose = Prose::new(text);
    if let Some(Value::String(message)) = object.get("deprecationMessage") {
        prose.summary = format!("Deprecated: {message}. {}", prose.summary);
        prose.markdown = format!("**Deprecated:** {message}.\n\n{}", prose.markdown);
        object.insert("deprecated".to_owned(), true.into());
    }
    object.insert("description".to_owned(), prose.summary.into());
    object.insert("markdownDescription".to_owned(), prose.markdown.into());
}

/// Puts what a reader wants to know first at the top.
fn head_first(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    let mut sorted = Map::new();
    for keyword in HEAD {
        sorted.extend(object.shift_remove(*keyword).map(|value| ((*keyword).to_owned(), value)));
    }
    sorted.append(object);
    *object = sorted;
}

#[cfg(test)]
mod tests;
