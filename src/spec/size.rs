//! Sizes with and without units.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer, Visitor};

/// Memory, as tart counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Memory {
    /// The size in MiB.
    pub(crate) mib: u64,
}

/// Disk space, as tart counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Disk {
    /// The size in GB of 10^9 bytes.
    pub(crate) gb: u64,
}

impl<'de> Deserialize<'de> for Memory {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Sized(&[("MiB", 1), ("GiB", 1024)])).map(|mib| Self { mib })
    }
}

impl<'de> Deserialize<'de> for Disk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Sized(&[("GB", 1)])).map(|gb| Self { gb })
    }
}

/// Reads a bare number, or digits with one of these units.
struct Sized(&'static [(&'static str, u64)]);

impl Visitor<'_> for Sized {
    type Value = u64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a size")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<u64, E> {
        Ok(number)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<u64, E> {
        self.0
            .iter()
            .find_map(|(unit, factor)| text.strip_suffix(unit)?.parse::<u64>().ok()?.checked_mul(*factor))
            .ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

impl JsonSchema for Memory {
    fn schema_name() -> Cow<'static, str> {
        "Memory".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "memory",
            "description": "Memory in MiB, or with a unit as in `8GiB`.",
            "type": ["integer", "string"],
            "minimum": 128,
            "maximum": 1_048_576,
            "pattern": "^[1-9][0-9]{0,6}(MiB|GiB)$",
            "patternErrorMessage": "write a number of MiB, or a string such as `8GiB` or `8192MiB`",
            "examples": [8192, "8GiB"],
        })
    }
}

impl JsonSchema for Disk {
    fn schema_name() -> Cow<'static, str> {
        "Disk".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "disk",
            "description": "Disk space in GB of 10^9 bytes, or with the unit as in `60GB`.",
            "type": ["integer", "string"],
            "minimum": 1,
            "maximum": 65535,
            "pattern": "^[1-9][0-9]{0,6}GB$",
            "patternErrorMessage": "write a number of GB, or a string such as `60GB`",
            "examples": [60, "60GB"],
        })
    }
}
