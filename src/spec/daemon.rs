//! How launchd keeps a VM running.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::names;
use crate::map::Map;

/// # launchd job
///
/// The launchd job of a VM. Each key counts by itself: what a VM does not set comes from its profile, then from
/// `defaults.vm`.
///
/// The job is `/Library/LaunchDaemons/com.tart.NAME.plist`. A change of it starts a running VM again: launchd reads the
/// file only when it loads the job.
///
/// ```yaml
/// { throttle_interval: 30, environment: { CI: "1" } }
/// ```
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("defaultSnippets" = [{
    "label": "daemon",
    "description": "A longer pause between starts",
    "body": { "throttle_interval": "${1:30}" },
}]))]
pub(crate) struct Daemon {
    /// # whether it is kept alive
    ///
    /// Whether launchd starts the VM again whenever it ends, even by a shutdown inside the guest: `KeepAlive`. With
    /// `false`, it starts when the host boots, and an apply starts it again.
    ///
    /// There is nothing between: `tart run` also exits with 0 when the guest stops with an error, so that launchd
    /// cannot tell a failure from a shutdown.
    ///
    /// ```yaml
    /// keep_alive: false
    /// ```
    #[schemars(extend("default" = true))]
    pub(crate) keep_alive: Option<bool>,
    /// # pause between starts
    ///
    /// Least seconds from one start of the VM to the next: `ThrottleInterval`.
    ///
    /// launchd counts from start to start: a VM that ran for longer starts again at once. A longer one spares a host
    /// on which a VM cannot start.
    ///
    /// ```yaml
    /// throttle_interval: 30
    /// ```
    #[schemars(range(min = 10, max = 600), extend("default" = 10))]
    pub(crate) throttle_interval: Option<u32>,
    /// # environment variables
    ///
    /// Environment variables of `tart run`: `EnvironmentVariables`. Each variable counts by itself. Anybody on the host
    /// can read them.
    ///
    /// The guest does not see them. `PATH` has the programs of Homebrew and `HOME` the home directory of `run_user`
    /// unless they are set here; `TART_HOME` and `CFFIXED_USER_HOME` cannot be set. launchd expands nothing inside them.
    ///
    /// ```yaml
    /// environment: { CI: "1" }
    /// ```
    #[serde(default)]
    #[schemars(extend(
        "propertyNames" = names("environment variable", VARIABLE, VARIABLE_WORDS),
        "additionalProperties" = variable(),
        "examples" = [{ "CI": "1" }],
    ))]
    pub(crate) environment: Map<String>,
    /// # log
    ///
    /// File for what tart prints: `StandardOutPath`. `run_user` must be able to write it. Without it, that is
    /// `/var/log/tart/NAME.out.log`.
    ///
    /// A file that cannot be opened keeps launchd from starting the VM. One outside `/var/log/tart` stays when the VM
    /// is removed. It cannot lie where macOS or Homebrew keep their own files; `/dev/null` keeps nothing.
    ///
    /// ```yaml
    /// standard_out_path: /Users/dk/Library/Logs/ci.out.log
    /// ```
    #[schemars(
        regex(pattern = LOG),
        extend("patternErrorMessage" = LOG_WORDS, "examples" = ["/Users/dk/Library/Logs/ci.out.log"])
    )]
    pub(crate) standard_out_path: Option<String>,
    /// # log of errors
    ///
    /// File for tart's errors: `StandardErrorPath`. `run_user` must be able to write it. Without it, that is
    /// `/var/log/tart/NAME.err.log`.
    ///
    /// A file that cannot be opened keeps launchd from starting the VM. One outside `/var/log/tart` stays when the VM
    /// is removed. It cannot lie where macOS or Homebrew keep their own files; `/dev/null` keeps nothing.
    ///
    /// ```yaml
    /// standard_error_path: /Users/dk/Library/Logs/ci.err.log
    /// ```
    #[schemars(
        regex(pattern = LOG),
        extend("patternErrorMessage" = LOG_WORDS, "examples" = ["/Users/dk/Library/Logs/ci.err.log"])
    )]
    pub(crate) standard_error_path: Option<String>,
}

/// The schema of the value of an environment variable.
fn variable() -> Value {
    json!({
        "type": "string",
        "title": "value",
        "description": "The variable's value, in quotes where it looks like a number or a truth value.",
    })
}

/// Names of environment variables.
const VARIABLE: &str = "^[A-Za-z_][A-Za-z0-9_]*$";
const VARIABLE_WORDS: &str = "use letters, digits and `_`, beginning with no digit";

/// Characters that mean themselves to XML, `sed` and newsyslog alike.
const LOG: &str = "^(/[A-Za-z0-9_+@-][A-Za-z0-9._+@-]*){2,}$";
const LOG_WORDS: &str = "write the absolute path of a file in a directory, of letters, digits, `.`, `_`, `+`, `@` and `-`, \
                         no part of it empty or beginning with `.`, as in `/Users/dk/Library/Logs/ci.log`";

/// Whether a path that the pattern of logs refuses leads to tart's own files, or stands directly below `/`: `check` says
/// so.
pub(super) fn is_misplaced_log(pattern: &str, text: &str) -> bool {
    let Some(below) = text.strip_prefix('/').filter(|_| pattern == LOG) else { return false };
    let is_name = !below.starts_with('.')
        && !below.is_empty()
        && below.chars().all(|character| character.is_ascii_alphanumeric() || "._+@-".contains(character));
    is_name || below.split('/').any(|part| part == ".tart")
}
