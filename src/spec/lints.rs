//! What is done about warnings.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use crate::map::Map;

/// What is done about warnings, by their codes.
pub(crate) type Lints = Map<LintLevel>;

/// # level
///
/// What is done about a kind of warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LintLevel {
    /// It is not shown.
    Allow,
    /// It is shown as a warning.
    Warn,
    /// It is an error, and nothing is built.
    Deny,
}

/// The schema of [`Lints`]; which codes there are is filled in where they are known.
pub(crate) struct LintsSchema;

impl JsonSchema for LintsSchema {
    fn schema_name() -> Cow<'static, str> {
        "Lints".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let level = generator.subschema_for::<LintLevel>();
        json_schema!({
            "title": "levels of warnings",
            "description": "What is done about warnings, by their codes.",
            "type": "object",
            "additionalProperties": level,
            "examples": [{ "moving-tag": "deny" }],
        })
    }
}
