//! The JSON Schema of the spec, and what a document gets wrong by it.

mod explain;
mod types;
mod words;

use std::sync::LazyLock;

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform as _};
use schemars::{Schema, SchemaGenerator};
use serde::Deserialize as _;
use serde_json::{Value, json};

use crate::diag::{Code, Diagnostic, Report};
use crate::parse::{Document, NodeJson, Reader};
use crate::source::Source;
use crate::spec::Fleet;
use explain::Marks;

/// The schema, ready to validate.
struct Compiled {
    json: Value,
    validator: Validator<NodeJson>,
}

static COMPILED: LazyLock<Result<Compiled, String>> = LazyLock::new(|| {
    let json = generate();
    let validator = jsonschema::options_for::<NodeJson>().build(&json).map_err(|error| error.to_string())?;
    Ok(Compiled { json, validator })
});

/// The schema as pretty JSON with a final newline.
pub(crate) fn text() -> String {
    format!("{:#}\n", generate())
}

fn generate() -> Value {
    let settings = SchemaSettings::draft2020_12();
    let mut schema = SchemaGenerator::new(settings).into_root_schema_for::<Fleet>();
    RecursiveTransform(tidy).transform(&mut schema);
    head_first(schema)
}

/// Puts what a reader wants to know first at the top.
fn head_first(mut schema: Schema) -> Value {
    let mut head = serde_json::Map::new();
    for keyword in ["$schema", "title", "description", "markdownDescription"] {
        head.extend(schema.remove(keyword).map(|value| (keyword.to_owned(), value)));
    }
    if let Some(rest) = schema.as_object_mut() {
        head.append(rest);
    }
    Value::Object(head)
}

/// Makes the schema say what editors need: no `null` where a key may simply be left out, descriptions where the YAML
/// language server renders them, and no formats that only describe Rust's integers.
fn tidy(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
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
    object.shift_remove("format");
    if object.contains_key("const") {
        object.shift_remove("minimum");
    }
    if object.get("default").is_some_and(|default| default.is_null() || *default == json!({})) {
        object.shift_remove("default");
    }
    if let Some(description @ Value::String(_)) = object.get("description").cloned() {
        object.insert("markdownDescription".to_owned(), description);
    }
}

/// Checks the shape of a document against the schema, marks what is wrong in it, and reads the rest.
pub(crate) fn check(document: &mut Document, source: &Source, report: &mut Report) -> Fleet {
    let compiled = match COMPILED.as_ref() {
        Ok(compiled) => compiled,
        Err(error) => {
            report.push(Diagnostic::new(Code::Internal, document.root.span, format!("the schema is broken: {error}")));
            return Fleet::default();
        }
    };
    let mut marks = Marks::default();
    let errors: Vec<_> = compiled.validator.iter_errors(&document.root).collect();
    // A key that is missing may only be misspelt.
    let (unknown, others): (Vec<_>, Vec<_>) =
        errors.iter().partition(|error| matches!(error.kind(), ValidationErrorKind::AdditionalProperties { .. }));
    for error in unknown.into_iter().chain(others) {
        explain::explain(error, document, source, &compiled.json, &mut marks, report);
    }
    document.wrong.extend(marks.wrong);
    document.misspelt.extend(marks.misspelt);
    if !document.is_sound(&[]) {
        return Fleet::default();
    }
    Fleet::deserialize(Reader::new(&document.root, &document.wrong)).unwrap_or_else(|error| {
        // The types accept all that the schema does; what they accept beyond it has been reported.
        let message = format!("the schema accepts what the types refuse: {error}");
        report.push(Diagnostic::new(Code::Internal, document.root.span, message));
        Fleet::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{
        BREW, DEFAULT_CPU, DEFAULT_DISK_GB, DEFAULT_MEMORY_MIB, DISK_GB, FORMULA, MEMORY_MIB, TAP, TART_BINARY,
    };

    #[test]
    #[expect(clippy::expect_used, reason = "a test reports what it cannot do by failing")]
    fn committed_schema_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/fleet.schema.json");
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(path, text()).expect("the schema can be written");
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(committed == text(), "schema/fleet.schema.json is stale: run `UPDATE_SCHEMA=1 cargo test schema`");
    }

    #[test]
    fn the_schema_and_the_catalog_agree() {
        let schema = generate();
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
}
