//! How launchd keeps a VM running.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// The launchd job of a VM. Each key counts by itself: what a VM does not set comes from its profile, then from
/// `defaults.vm`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Daemon {
    /// Whether launchd starts the VM again whenever it ends, even by a shutdown inside the guest: `KeepAlive`. With
    /// `false`, it starts when the host boots, and an apply starts it again.
    #[schemars(extend("default" = true))]
    pub(crate) keep_alive: Option<bool>,
    /// Least seconds from one start of the VM to the next: `ThrottleInterval`.
    #[schemars(range(min = 10, max = 600), extend("default" = 10))]
    pub(crate) throttle_interval: Option<u32>,
    /// Environment variables of `tart run`: `EnvironmentVariables`. Each variable counts by itself. Anybody on the host
    /// can read them.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "pattern": VARIABLE }, "examples" = [{ "CI": "1" }]))]
    pub(crate) environment: IndexMap<String, String>,
    /// File for what tart prints: `StandardOutPath`. `run_user` must be able to write it.
    #[schemars(
        regex(pattern = LOG),
        extend("patternErrorMessage" = LOG_WORDS, "examples" = ["/Users/dk/Library/Logs/ci.out.log"])
    )]
    pub(crate) standard_out_path: Option<String>,
    /// File for tart's errors: `StandardErrorPath`. `run_user` must be able to write it.
    #[schemars(
        regex(pattern = LOG),
        extend("patternErrorMessage" = LOG_WORDS, "examples" = ["/Users/dk/Library/Logs/ci.err.log"])
    )]
    pub(crate) standard_error_path: Option<String>,
}

/// Names of environment variables.
const VARIABLE: &str = "^[A-Za-z_][A-Za-z0-9_]*$";

/// Characters that mean themselves to XML, `sed` and newsyslog alike.
const LOG: &str = "^(/[A-Za-z0-9_+@-][A-Za-z0-9._+@-]*)+$";
const LOG_WORDS: &str =
    "write an absolute path of letters, digits, `.`, `_`, `+`, `@` and `-`, as in `/Users/dk/Library/Logs/ci.log`";
