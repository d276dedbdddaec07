//! The accounts that own the VMs.

use super::Context;
use super::names::refuse;
use crate::catalog::{account, is_system_account};
use crate::diag::{Code, Diagnostic, Report};
use crate::source::printable;

/// Checks that each host has an account, and that accounts can be ones.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    let default = context.fleet.defaults.as_ref().and_then(|defaults| defaults.run_user.as_deref());
    check_account(default, &["defaults", "run_user"], context, report);
    // What is written but unreadable or misspelt is reported elsewhere.
    let has_default = !context.document.is_missing(&["defaults", "run_user"]);
    for host in &context.hosts {
        let [section, name] = host.route();
        let route = [section, name, "run_user"];
        check_account(host.class.run_user.map(String::as_str), &route, context, report);
        if !has_default && context.document.is_missing(&route) {
            let message = format!("`{name}` has no `run_user`");
            let diagnostic = Diagnostic::new(Code::MissingRunUser, context.key(&host.route()), message).help(
                "add the macOS account that owns `~/.tart`, here or under the `defaults` of the spec: `run_user: dk`",
            );
            report.push(diagnostic);
        }
    }
}

fn check_account(name: Option<&str>, route: &[&str], context: &Context<'_>, report: &mut Report) {
    let Some(name) = name else { return };
    let span = context.value(route);
    if name == "root" {
        let diagnostic = Diagnostic::new(Code::RootRunUser, span, "VMs cannot run as root")
            .help("Homebrew refuses root; name an ordinary account");
        report.push(diagnostic);
    } else if is_system_account(name) {
        let message = format!("`{}` is an account of the system, which cannot run VMs", printable(name));
        let help = "name the ordinary account that owns `~/.tart`, as `id -un` prints it";
        report.push(Diagnostic::new(Code::BadRunUser, span, message).help(help));
    } else {
        refuse(Code::BadRunUser, account(name), name, None, || span, report);
    }
}
