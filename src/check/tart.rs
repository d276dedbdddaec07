//! Where tart comes from.

use super::Context;
use crate::catalog::OLDEST_TART;
use crate::diag::{Code, Diagnostic, Report};

/// Checks the minimum version.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    let Some(version) = context.fleet.tart.as_ref().and_then(|tart| tart.minimum_version.as_ref()) else { return };
    let parts: Vec<u64> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    if parts.as_slice() < OLDEST_TART.as_slice() {
        let oldest = OLDEST_TART.map(|part| part.to_string()).join(".");
        let message = format!("tart {version} is too old for the generated states");
        let span = context.value(&["tart", "minimum_version"]);
        let help = format!("write `{oldest}` or newer: before it, `tart set` understood its options differently");
        report.push(Diagnostic::new(Code::TartTooOld, span, message).help(help));
    }
}
