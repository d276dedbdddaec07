//! The first account of a macOS guest.

use schemars::JsonSchema;
use serde::Deserialize;

/// # first account
///
/// The account that a macOS guest creates at its first boot, in tart's words.
///
/// A VM that has booted before keeps what it has.
///
/// ```yaml
/// { fullName: Ada Lovelace, username: ada, enablesRemoteLogin: true }
/// ```
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Provisioning {
    /// # full name
    ///
    /// Full name of the person.
    ///
    /// No `,`: tart would take it for the end.
    ///
    /// ```yaml
    /// fullName: Ada Lovelace
    /// ```
    pub(crate) full_name: Option<String>,
    /// # account
    ///
    /// Short name of the account.
    ///
    /// No `,`: tart would take it for the end.
    ///
    /// ```yaml
    /// username: ada
    /// ```
    #[schemars(extend("examples" = ["admin"]))]
    pub(crate) username: Option<String>,
    /// # password
    ///
    /// Password of the account. Everybody on the host can read it, in the property list and in the list of processes.
    ///
    /// Change it in the guest afterwards. No `,`: tart would take it for the end.
    ///
    /// ```yaml
    /// password: changed-at-first-login
    /// ```
    pub(crate) password: Option<String>,
    /// # log in automatically
    ///
    /// Whether the guest logs the account in when it boots.
    ///
    /// Anybody at the screen of the VM then works as that account.
    ///
    /// ```yaml
    /// logsInAutomatically: true
    /// ```
    pub(crate) logs_in_automatically: Option<bool>,
    /// # remote login
    ///
    /// Whether the guest accepts SSH.
    ///
    /// What macOS calls Remote Login in its settings.
    ///
    /// ```yaml
    /// enablesRemoteLogin: true
    /// ```
    pub(crate) enables_remote_login: Option<bool>,
}
