//! The accounts that own the VMs.

use super::Context;
use super::names::refuse;
use crate::catalog::account;
use crate::diag::{Code, Diagnostic, Report};

/// Checks that each host has an account, and that accounts can be ones.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    let default = context.fleet.defaults.as_ref().and_then(|defaults| defaults.run_user.as_deref());
    check_account(default, &["defaults", "run_user"], context, report);
    // Written but unreadable is reported elsewhere.
    let has_default = context.document.entry(&["defaults", "run_user"]).is_some();
    for host in &context.hosts {
        let route = ["hosts", host.minion_id, "run_user"];
        check_account(host.host.run_user.as_deref(), &route, context, report);
        if !has_default && context.document.entry(&route).is_none() {
            let message = format!("`{}` has no `run_user`", host.minion_id);
            let diagnostic = Diagnostic::new(Code::MissingRunUser, context.key(&["hosts", host.minion_id]), message)
                .help("add the macOS account that owns `~/.tart`, here or under `defaults`: `run_user: dk`");
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
    } else {
        refuse(Code::BadRunUser, account(name), name, span, report);
    }
}
