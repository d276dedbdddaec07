//! In which order hosts are brought up to date.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};
use serde_json::{Value, json};

/// # rollout in waves
///
/// In which order `salt-run state.orchestrate tart.rollout` brings the hosts up to date, and when it stops.
///
/// ```yaml
/// { waves: [{ name: canary, hosts: [mm1] }], batch: 25% }
/// ```
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("defaultSnippets" = [{
    "label": "rollout",
    "description": "One host first, then the others in quarters",
    "body": { "waves": [{ "name": "canary", "hosts": ["${1:mm1}"] }], "batch": "${2:25%}" },
}]))]
pub(crate) struct Rollout {
    /// # waves
    ///
    /// The waves in their order. A wave begins when all before it have succeeded; hosts that no wave names make up the
    /// last one, `rest`.
    ///
    /// Without waves, the first host of the spec is the first wave, `canary`.
    ///
    /// ```yaml
    /// waves:
    ///   - { name: canary, hosts: [mm1] }
    ///   - { name: lab, hosts: ["lab-*"], batch: 10 }
    /// ```
    pub(crate) waves: Option<Vec<Wave>>,
    /// # hosts at a time
    ///
    /// How many hosts of a wave are brought up to date at a time: a number, or a part of the wave as in `25%`. For
    /// waves that do not say.
    ///
    /// ```yaml
    /// batch: 25%
    /// ```
    #[schemars(extend("default" = "25%"))]
    pub(crate) batch: Option<Batch>,
    /// # failures allowed
    ///
    /// How many hosts of a batch may fail, or not answer, before the rollout stops. For waves that do not say; of a batch of
    /// so many, all but one.
    ///
    /// ```yaml
    /// max_failures: 1
    /// ```
    #[schemars(range(min = 0, max = 20_000), extend("default" = 0))]
    pub(crate) max_failures: Option<u32>,
}

/// # wave
///
/// Hosts that are brought up to date together, or in batches.
///
/// ```yaml
/// { name: lab, hosts: ["lab-*"], batch: 10, max_failures: 1 }
/// ```
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wave {
    /// # name
    ///
    /// Name of the wave, for people and for the IDs of its states: lower-case letters, digits and `-`.
    ///
    /// ```yaml
    /// name: canary
    /// ```
    #[schemars(
        required,
        regex(pattern = WAVE),
        extend("patternErrorMessage" = WAVE_WORDS, "examples" = ["canary"])
    )]
    pub(crate) name: Option<String>,
    /// # hosts
    ///
    /// The hosts of the wave: minion ids, names of groups, ranges such as `mm[01-20]`, or patterns in which `*` stands
    /// for any characters and `?` for one.
    ///
    /// Groups, ranges and patterns take the hosts that no earlier wave has. A host that is named in full must not be in
    /// an earlier wave.
    ///
    /// ```yaml
    /// hosts: [mm1, "lab-*"]
    /// ```
    #[schemars(required, extend("minItems" = 1, "items" = selector(), "examples" = [["mm1", "lab-*"]]))]
    pub(crate) hosts: Option<Vec<String>>,
    /// # hosts at a time
    ///
    /// How many hosts of the wave are brought up to date at a time: a number, or a part of the wave as in `25%`.
    ///
    /// The next batch begins when all hosts of the one before are done.
    ///
    /// ```yaml
    /// batch: 10
    /// ```
    pub(crate) batch: Option<Batch>,
    /// # failures allowed
    ///
    /// How many hosts of a batch may fail, or not answer, before the rollout stops.
    ///
    /// ```yaml
    /// max_failures: 1
    /// ```
    #[schemars(range(min = 0, max = 20_000), extend("default" = 0))]
    pub(crate) max_failures: Option<u32>,
}

/// How many hosts at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Batch {
    /// So many.
    Hosts(u64),
    /// So much of the wave.
    Percent(u64),
}

impl<'de> Deserialize<'de> for Batch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BatchVisitor)
    }
}

struct BatchVisitor;

impl Visitor<'_> for BatchVisitor {
    type Value = Batch;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number of hosts or a percentage")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Batch, E> {
        Ok(Batch::Hosts(number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Batch, E> {
        let percent = text.strip_suffix('%').and_then(|digits| digits.parse().ok());
        percent.map(Batch::Percent).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

impl JsonSchema for Batch {
    fn schema_name() -> Cow<'static, str> {
        "Batch".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "hosts at a time",
            "description": "A number of hosts, or a part of the wave as in `25%`.",
            "type": ["integer", "string"],
            "minimum": 1,
            "maximum": 20_000,
            "pattern": "^([1-9][0-9]?|100)%$",
            "patternErrorMessage": "write a number of hosts, or a part of the wave from `1%` to `100%`",
            "examples": [10, "25%"],
        })
    }
}

/// The schema of what names hosts in a wave.
fn selector() -> Value {
    json!({
        "type": "string",
        "title": "host, group or pattern",
        "description": "A minion id, the name of a group, a range such as `mm[01-20]`, or a pattern with `*` and `?`.",
        "pattern": r"^([A-Za-z0-9._*?-]|\[[0-9,/:-]+\])+$",
        "patternErrorMessage": "write a minion id, the name of a group, a range such as `mm[01-20]`, or a pattern in which `*` stands for any characters and `?` for one",
    })
}

const WAVE: &str = "^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$";
const WAVE_WORDS: &str = "use lower-case letters, digits and `-`, at most 32, with a letter or digit at both ends";
