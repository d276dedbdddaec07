//! How hosts install tart.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

/// # tart installation
///
/// Where the hosts get tart from, and which version is enough.
///
/// ```yaml
/// { minimum_version: 2.30.0, outdated: refuse }
/// ```
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("defaultSnippets" = [{
    "label": "tart",
    "description": "Require a release of tart",
    "body": { "minimum_version": "${1:2.13.0}" },
}]))]
pub(crate) struct Tart {
    /// # Homebrew tap
    ///
    /// Homebrew tap with the formula.
    ///
    /// The default is where tart's makers publish it today; the former tap `cirruslabs/cli` is stale.
    ///
    /// ```yaml
    /// tap: openai/tools
    /// ```
    #[schemars(
        regex(pattern = r"^[a-z0-9][a-z0-9_-]*/[a-z0-9][a-z0-9_-]*$"),
        extend("patternErrorMessage" = "write `owner/name` in lower case, as in `openai/tools`", "default" = "openai/tools")
    )]
    pub(crate) tap: Option<String>,
    /// # Homebrew formula
    ///
    /// Formula of the tap that installs tart.
    ///
    /// ```yaml
    /// formula: tart
    /// ```
    #[schemars(
        regex(pattern = FORMULA),
        extend("patternErrorMessage" = FORMULA_WORDS, "default" = "tart")
    )]
    pub(crate) formula: Option<String>,
    /// # trusted formulae
    ///
    /// Formulae of the tap that Homebrew must trust before it installs them: tart and what it depends on.
    ///
    /// Homebrew 6 and newer refuses formulae of taps that are not its own until `brew trust --formula` names them.
    ///
    /// ```yaml
    /// trust: [tart, softnet]
    /// ```
    #[schemars(extend("items" = trusted(), "default" = ["tart", "softnet"]))]
    pub(crate) trust: Option<Vec<String>>,
    /// # oldest tart
    ///
    /// Oldest tart that will do, if newer than what the spec uses needs. Never older than 2.13.0, where `tart set` changed
    /// its options.
    ///
    /// ```yaml
    /// minimum_version: 2.30.0
    /// ```
    #[schemars(
        regex(pattern = r"^(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})$"),
        extend("patternErrorMessage" = "write three numbers, as in `2.13.0`", "default" = "2.13.0")
    )]
    pub(crate) minimum_version: Option<String>,
    /// # what to do about an old tart
    ///
    /// What an apply does about a tart older than the minimum.
    ///
    /// VMs that run keep the tart that they were started with, either way.
    ///
    /// ```yaml
    /// outdated: refuse
    /// ```
    #[schemars(extend("default" = "upgrade"))]
    pub(crate) outdated: Option<Outdated>,
    /// # path of tart
    ///
    /// Absolute path of the tart executable.
    ///
    /// It is the first of the `ProgramArguments` in the plist of every VM.
    ///
    /// ```yaml
    /// binary: /opt/homebrew/bin/tart
    /// ```
    #[schemars(
        regex(pattern = PATH),
        extend("patternErrorMessage" = PATH_WORDS, "default" = "/opt/homebrew/bin/tart")
    )]
    pub(crate) binary: Option<String>,
    /// # path of brew
    ///
    /// Absolute path of the brew executable.
    ///
    /// ```yaml
    /// brew: /opt/homebrew/bin/brew
    /// ```
    #[schemars(
        regex(pattern = PATH),
        extend("patternErrorMessage" = PATH_WORDS, "default" = "/opt/homebrew/bin/brew")
    )]
    pub(crate) brew: Option<String>,
}

/// # what to do about an old tart
///
/// What an apply does about a tart older than the minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outdated {
    /// Homebrew upgrades it.
    Upgrade,
    /// The apply fails and changes nothing.
    Refuse,
}

/// The schema of an entry of `trust`.
fn trusted() -> Value {
    json!({
        "type": "string",
        "title": "Homebrew formula",
        "description": "Name of a formula without its tap.",
        "pattern": FORMULA,
        "patternErrorMessage": FORMULA_WORDS,
    })
}

const FORMULA: &str = "^[a-z0-9][a-z0-9@._+-]*$";
const FORMULA_WORDS: &str = "write the name of a formula without its tap, as in `tart`";
const PATH: &str = "^(/[A-Za-z0-9_+-][A-Za-z0-9._+-]*)+$";
const PATH_WORDS: &str = "write an absolute path of letters, digits, `.`, `_`, `+` and `-`, no part of it empty or beginning \
                          with `.`, as in `/opt/homebrew/bin/tart`";
