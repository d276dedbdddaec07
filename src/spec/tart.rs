//! How hosts install tart.

use schemars::JsonSchema;
use serde::Deserialize;

/// Where the hosts get tart from, and which version is enough.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tart {
    /// Homebrew tap with the formula.
    #[schemars(
        regex(pattern = r"^[a-z0-9][a-z0-9_-]*/[a-z0-9][a-z0-9_-]*$"),
        extend("patternErrorMessage" = "write `owner/name` in lower case, as in `openai/tools`", "default" = "openai/tools")
    )]
    pub(crate) tap: Option<String>,
    /// Formula of the tap that installs tart.
    #[schemars(
        regex(pattern = FORMULA),
        extend("patternErrorMessage" = FORMULA_WORDS, "default" = "tart")
    )]
    pub(crate) formula: Option<String>,
    /// Formulae of the tap that Homebrew must trust before it installs them: tart and what it depends on.
    #[schemars(
        extend("items" = { "type": "string", "pattern": FORMULA, "patternErrorMessage": FORMULA_WORDS }),
        extend("default" = ["tart", "softnet"])
    )]
    pub(crate) trust: Option<Vec<String>>,
    /// Oldest tart that will do, if newer than what the spec uses needs. Never older than 2.13.0, where `tart set` changed
    /// its options.
    #[schemars(
        regex(pattern = r"^(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})$"),
        extend("patternErrorMessage" = "write three numbers, as in `2.13.0`", "default" = "2.13.0")
    )]
    pub(crate) minimum_version: Option<String>,
    /// What an apply does about a tart older than the minimum.
    #[schemars(extend("default" = "upgrade"))]
    pub(crate) outdated: Option<Outdated>,
    /// Absolute path of the tart executable.
    #[schemars(
        regex(pattern = PATH),
        extend("patternErrorMessage" = PATH_WORDS, "default" = "/opt/homebrew/bin/tart")
    )]
    pub(crate) binary: Option<String>,
    /// Absolute path of the brew executable.
    #[schemars(
        regex(pattern = PATH),
        extend("patternErrorMessage" = PATH_WORDS, "default" = "/opt/homebrew/bin/brew")
    )]
    pub(crate) brew: Option<String>,
}

/// What an apply does about a tart older than the minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outdated {
    /// Homebrew upgrades it.
    Upgrade,
    /// The apply fails and changes nothing.
    Refuse,
}

const FORMULA: &str = "^[a-z0-9][a-z0-9@._+-]*$";
const FORMULA_WORDS: &str = "write the name of a formula without its tap, as in `tart`";
const PATH: &str = "^(/[A-Za-z0-9_+-][A-Za-z0-9._+-]*)+$";
const PATH_WORDS: &str =
    "write an absolute path of letters, digits, `.`, `_`, `+` and `-`, as in `/opt/homebrew/bin/tart`";
