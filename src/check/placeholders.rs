//! Placeholders where nothing is filled in.

use super::Context;
use super::paths::value;
use crate::diag::{Code, Diagnostic, Report};
use crate::resolve::{HOST, NUMBER};
use crate::source::Span;

/// Warns of `{host}` and `{n}` in values: they mean something in names of VMs only.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    for (written, daemon) in context.written(|vm| vm.daemon.as_deref()) {
        for (name, value) in &daemon.environment {
            warn(value, || context.value(&[&written[..], &["daemon", "environment", name]].concat()), report);
        }
    }
    for (written, run) in context.written(|vm| vm.run.as_deref()) {
        let dirs: Vec<_> = run.dir.iter().flatten().map(|share| &share.path).collect();
        let disks: Vec<_> = run.disk.iter().flatten().map(|disk| &disk.path).collect();
        for (key, paths) in [("dir", dirs), ("disk", disks)] {
            let items = context.items(&[&written[..], &["run", key]].concat());
            for (path, item) in paths.into_iter().zip(items) {
                warn(path.as_deref().unwrap_or_default(), || value(item, "path"), report);
            }
        }
    }
}

fn warn(value: &str, span: impl FnOnce() -> Span, report: &mut Report) {
    let Some(placeholder) = [HOST, NUMBER].into_iter().find(|placeholder| value.contains(placeholder)) else { return };
    let message = format!("`{placeholder}` means nothing here: it reaches the Mac as it is written");
    let help = "only names of VMs have placeholders: write what is meant, for VMs that differ under names of their own";
    report.push(Diagnostic::new(Code::LiteralPlaceholder, span(), message).help(help));
}
