//! Logs of launchd jobs: where they may lie, and that each VM has its own.

use std::collections::HashMap;

use super::paths::local_disks;
use super::{Context, HostView};
use crate::catalog::{BREW, Misplaced, NO_LOG, TART_BINARY, is_in_tart, misplaced_log, spelled};
use crate::diag::{Code, Diagnostic, Report};
use crate::resolve::DaemonSettings;
use crate::source::{Span, printable};

/// Where the states put the logs of a VM that says nothing about them.
const LOGS: &str = "/var/log/tart";

/// Checks paths where they are written, and that the VMs of a host have logs of their own.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    let tart = context.fleet.tart.as_ref();
    let programs = [
        tart.and_then(|tart| tart.binary.as_deref()).unwrap_or(TART_BINARY),
        tart.and_then(|tart| tart.brew.as_deref()).unwrap_or(BREW),
    ];
    for (written, daemon) in context.written(|vm| vm.daemon.as_deref()) {
        for (key, path) in
            [("standard_out_path", &daemon.standard_out_path), ("standard_error_path", &daemon.standard_error_path)]
        {
            if let Some(path) = path
                && let Some(span) = context.document.value(&[&written[..], &["daemon", key]].concat())
                && let Some(diagnostic) = place(key, path, span, &programs)
            {
                report.push(diagnostic);
            }
        }
    }
    // The usual logs are named after their VMs.
    let is_unusual = |daemon: &DaemonSettings<'_>| daemon.standard_out_path.or(daemon.standard_error_path).is_some();
    for host in context.hosts.iter().filter(|host| host.vms.iter().any(|vm| is_unusual(&vm.settings.daemon))) {
        shared(host, context, report);
    }
}

/// What is wrong with the place of a log, if anything.
fn place(key: &str, path: &str, span: Span, programs: &[&str]) -> Option<Diagnostic> {
    if is_in_tart(path) {
        let message = format!("the log would lie in `.tart`, where tart keeps its VMs: `{key}`");
        let help = "choose another directory, as in `/Users/dk/Library/Logs/ci.log`";
        return Some(Diagnostic::new(Code::InsideTart, span, message).help(help));
    }
    let shown = printable(path);
    let message = match misplaced_log(path, programs)? {
        Misplaced::System(directory) => {
            format!("`{shown}` cannot be a log: it would lie in `{directory}`, which is not for logs")
        }
        Misplaced::Program => format!("`{shown}` cannot be a log: launchd would append to the program"),
        Misplaced::Directory => format!("`{shown}` cannot be a log: it is a directory"),
        Misplaced::Root => format!("`{shown}` cannot be a log: nothing can be written directly below `/`"),
    };
    let ending = if key == "standard_out_path" { "out" } else { "err" };
    let help = format!(
        "choose a file as in `/Users/dk/Library/Logs/ci.{ending}.log`, or leave `{key}` out: the log is then \
         `{LOGS}/NAME.{ending}.log`"
    );
    Some(Diagnostic::new(Code::MisplacedLog, span, message).help(help))
}

/// Refuses a log that is a disk, and warns of two VMs with one log.
fn shared(host: &HostView<'_>, context: &Context<'_>, report: &mut Report) {
    let nowhere = spelled(NO_LOG);
    let disks = host.vms.iter().flat_map(|vm| local_disks(vm, context));
    let disks: HashMap<Vec<String>, Span> = disks.map(|(path, _, span)| (spelled(path), span)).collect();
    let mut seen: HashMap<Vec<String>, (&str, Span, Option<u32>)> = HashMap::new();
    for vm in &host.vms {
        let daemon = &vm.settings.daemon;
        for (key, setting, ending) in [
            ("standard_out_path", daemon.standard_out_path, "out"),
            ("standard_error_path", daemon.standard_error_path, "err"),
        ] {
            let path =
                setting.map_or_else(|| format!("{LOGS}/{}.{ending}.log", vm.named()), |path| path.value.to_owned());
            let span =
                setting.map_or_else(|| vm.key(context), |path| vm.key_of(context, &["daemon", key], path.origin));
            let place = spelled(&path);
            // What nobody keeps, all may share.
            if !vm.is_sound_below(context, &["daemon", key]) || place == nowhere {
                continue;
            }
            if let Some(disk) = disks.get(&place) {
                if vm.number.is_none_or(|number| number == 1) {
                    let message = format!("`{}` cannot be a log: launchd would append to the disk", printable(&path));
                    let help = format!("choose another file, or leave `{key}` out");
                    let diagnostic = Diagnostic::new(Code::MisplacedLog, span, message);
                    report.push(diagnostic.also(Some(*disk), "the disk").help(help));
                }
                continue;
            }
            match seen.get(&place) {
                Some((other, _, number)) if (*other, *number) == (vm.name, vm.number) => {}
                Some((other, first, _)) => {
                    let message = format!("{} write to one log, `{path}`", vm.beside(other));
                    let second = (*first != span).then_some(*first);
                    let diagnostic = Diagnostic::new(Code::SharedLog, span, message).also(second, "the other one");
                    report.push(diagnostic.help(if *other == vm.name {
                        format!("leave `{key}` out: each VM has a log of its own then")
                    } else {
                        format!("give `{}` a `{key}` of its own", vm.name)
                    }));
                }
                None => {
                    seen.insert(place, (vm.name, span, vm.number));
                }
            }
        }
    }
}
