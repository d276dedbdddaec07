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

/// 128 to 1048576 MiB.
const MEMORY: &str = concat!(
    "^((12[89]|1[3-9][0-9]|[2-9][0-9]{2}|[1-9][0-9]{3,5}",
    "|10[0-3][0-9]{4}|104[0-7][0-9]{3}|1048[0-4][0-9]{2}|10485[0-6][0-9]|104857[0-6])MiB",
    "|([1-9][0-9]{0,2}|10[01][0-9]|102[0-4])GiB)$",
);

/// 1 to 65535 GB.
const DISK: &str = "^([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])GB$";

/// Whether a text that a pattern of this file refuses is a size all the same, of which `check` says that it is out of
/// range.
pub(super) fn is_only_out_of_range(pattern: &str, text: &str) -> bool {
    let units: &[&str] = match pattern {
        MEMORY => &["MiB", "GiB"],
        DISK => &["GB"],
        _ => &[],
    };
    let number = units.iter().find_map(|unit| text.strip_suffix(unit)).unwrap_or_default();
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0');
    is_number && (1..=LONGEST).contains(&number.len())
}

/// Digits of the longest size that is called out of range. It fits its type by far.
const LONGEST: usize = 7;

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
            "pattern": MEMORY,
            "patternErrorMessage": "write a number of MiB from 128 to 1048576, or a string such as `8GiB` or `8192MiB`",
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
            "pattern": DISK,
            "patternErrorMessage": "write a number of GB from 1 to 65535, or a string such as `60GB`",
            "examples": [60, "60GB"],
        })
    }
}
