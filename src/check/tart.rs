//! Where tart comes from.

use super::Context;
use crate::catalog::{LONGEST_FORMULA, LONGEST_PATH, OLDEST_TART, TRUSTED};
use crate::diag::{Code, Diagnostic, Report};

/// Checks the minimum version, and that nothing is longer than what Homebrew and macOS take.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    version(context, report);
    let Some(tart) = context.fleet.tart.as_ref() else { return };
    for (key, value, longest) in [
        ("tap", &tart.tap, LONGEST_FORMULA),
        ("formula", &tart.formula, LONGEST_FORMULA),
        ("binary", &tart.binary, LONGEST_PATH),
        ("brew", &tart.brew, LONGEST_PATH),
    ] {
        if value.as_ref().is_some_and(|value| value.len() > longest) {
            let message = format!("`{key}` is longer than {longest} characters");
            report.push(too_long(context, key, message));
        }
    }
    let trust = tart.trust.as_deref().unwrap_or_default();
    if trust.iter().any(|formula| formula.len() > LONGEST_FORMULA) {
        report.push(too_long(
            context,
            "trust",
            format!("an item of `trust` is longer than {LONGEST_FORMULA} characters"),
        ));
    }
    if trust.len() > TRUSTED {
        report.push(too_long(context, "trust", format!("`trust` has more than {TRUSTED} items")));
    }
}

fn too_long(context: &Context<'_>, key: &str, message: String) -> Diagnostic {
    let help = "`docs/limits.md` says how much is taken";
    Diagnostic::new(Code::BadValue, context.value(&["tart", key]), message).help(help)
}

fn version(context: &Context<'_>, report: &mut Report) {
    if let Some(version) = minimum_version(context).filter(|version| *version < OLDEST_TART) {
        let oldest = dotted(OLDEST_TART);
        let message = format!("tart {} is too old for the generated states", dotted(version));
        let span = context.value(&["tart", "minimum_version"]);
        let help = format!("write `{oldest}` or newer: before it, `tart set` understood its options differently");
        report.push(Diagnostic::new(Code::TartTooOld, span, message).help(help));
    }
}

/// The oldest tart that the spec takes, if it says.
pub(super) fn minimum_version(context: &Context<'_>) -> Option<[u64; 3]> {
    let version = context.fleet.tart.as_ref()?.minimum_version.as_ref()?;
    let parts: Vec<u64> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    parts.try_into().ok()
}

/// A version as people write it.
pub(super) fn dotted(version: [u64; 3]) -> String {
    version.map(|part| part.to_string()).join(".")
}
