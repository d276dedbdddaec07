//! launchd jobs: environment variables.

use super::Context;
use crate::diag::{Code, Diagnostic, Report};
use crate::source::printable;
use crate::spec::Daemon;

/// Variables that move the directory with the VMs, for `tart run` only. `HOME` does not: Foundation takes the home from
/// the account. (tart: Config.swift; Foundation: `NSHomeDirectory`)
const RESERVED: [&str; 2] = ["TART_HOME", "CFFIXED_USER_HOME"];

/// Checks variables where they are written.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    for (written, daemon) in context.written(|vm| vm.daemon.as_deref()) {
        environment(daemon, &written, context, report);
    }
}

fn environment(daemon: &Daemon, written: &[&str], context: &Context<'_>, report: &mut Report) {
    for name in daemon.environment.keys() {
        // Most variables are nothing to speak of.
        let span = || context.key(&[written, &["daemon", "environment", name]].concat());
        let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
        if !starts_well || !name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
            let message = match name.as_str() {
                "" => "an environment variable needs a name".to_owned(),
                _ => format!("`{}` cannot be the name of an environment variable", printable(name)),
            };
            let help = "use letters, digits and `_`, beginning with no digit";
            report.push(Diagnostic::new(Code::BadEnvironmentName, span(), message).help(help));
        } else if RESERVED.contains(&name.as_str()) {
            let message = format!("`{name}` cannot be set: the states look for VMs in `~/.tart` of `run_user`");
            report.push(Diagnostic::new(Code::ReservedEnvironment, span(), message).help("remove it"));
        } else if is_secret(name) {
            let message = format!("anybody on the host can read `{name}`");
            let help = if name == "TART_REGISTRY_PASSWORD" {
                "remove it: `tart run` pulls nothing, and for `tart clone` a Docker credentials file will do"
            } else {
                "remove it: the variables are those of `tart run`, and no guest sees them"
            };
            report.push(Diagnostic::new(Code::SecretInPlist, span(), message).help(help));
        }
    }
}

/// Whether a variable is named like a secret, and not like the file that has it.
fn is_secret(name: &str) -> bool {
    let mut words = name.rsplit('_').map(str::to_ascii_uppercase);
    let (last, before) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    match last.as_str() {
        "PASSWORD" | "PASSWD" | "PASSPHRASE" | "SECRET" | "TOKEN" | "APIKEY" => true,
        "KEY" => ["ACCESS", "API", "PRIVATE", "SECRET", "SIGNING"].contains(&before.as_str()),
        _ => false,
    }
}
