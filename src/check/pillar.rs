//! Where the hosts' pillar files stand.

use super::Context;
use crate::catalog::MANY_HOSTS;
use crate::diag::{Code, Diagnostic, Report, plural};

/// Warns of a large fleet whose spec does not say where the pillar files stand.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    let hosts = context.classes.size();
    // Hosts that come twice are not as many.
    if hosts < MANY_HOSTS || report.has(Code::DuplicateHost) || !context.document.is_missing(&["pillar", "layout"]) {
        return;
    }
    let message = format!("the Salt master lists the files of {} for each pillar", plural(hosts, "host"));
    // Only in the root of the spec the advice can be followed.
    let root = context.document.root.span;
    let keys = ["hosts", "groups", "version"].into_iter().filter_map(|key| context.document.key(&[key]));
    let span = keys.into_iter().find(|key| root.start <= key.start && key.end <= root.end).unwrap_or(root);
    let diagnostic = Diagnostic::new(Code::CostlyPillar, span, message)
        .help("write `pillar: { layout: beside }`: a pillar then costs the same whatever the size of the fleet")
        .help("`pillar: { layout: inside }` keeps it as it is");
    report.push(diagnostic);
}
