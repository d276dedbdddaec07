//! What a host must be to run tart.

use super::Context;
use crate::catalog::{OLDEST_MACOS, OLDEST_MACOS_FOR_SOFTNET};
use crate::diag::{Code, Diagnostic, Report};

/// Checks the version of macOS.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    for host in &context.hosts {
        let Some((version, major)) = host.macos() else { continue };
        let span = context.hardware(host, "macos").unwrap_or_default();
        if major < OLDEST_MACOS {
            let message = format!("tart does not run on macOS {version}");
            let help = format!("tart needs macOS {OLDEST_MACOS} or newer");
            report.push(Diagnostic::new(Code::HostTooOld, span, message).help(help));
        } else if major < OLDEST_MACOS_FOR_SOFTNET {
            let message = format!("Homebrew may not install tart on macOS {version}");
            let help = format!("tart depends on softnet, whose formula needs macOS {OLDEST_MACOS_FOR_SOFTNET}");
            report.push(Diagnostic::new(Code::OldHost, span, message).help(help));
        }
    }
}
