//! launchd jobs: environment variables and logs.

use std::collections::HashMap;

use super::{Context, HostView};
use crate::diag::{Code, Diagnostic, Report};
use crate::resolve::DaemonSettings;
use crate::source::{Span, printable};
use crate::spec::Daemon;

/// Where the states put the logs of a VM that says nothing about them.
const LOGS: &str = "/var/log/tart";

/// Variables that move the directory with the VMs, for `tart run` only. `HOME` does not: Foundation takes the home from
/// the account. (tart: Config.swift; Foundation: `NSHomeDirectory`)
const RESERVED: [&str; 2] = ["TART_HOME", "CFFIXED_USER_HOME"];

/// Checks variables where they are written, and that the VMs of a host have logs of their own.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    for (written, daemon) in context.written(|vm| vm.daemon.as_deref()) {
        let route = [&written[..], &["daemon", "environment"]].concat();
        environment(daemon, &route, context, report);
        for (key, path) in
            [("standard_out_path", &daemon.standard_out_path), ("standard_error_path", &daemon.standard_error_path)]
        {
            let is_inside = path.as_ref().is_some_and(|path| path.split('/').any(|part| part == ".tart"));
            let route = [&written[..], &["daemon", key]].concat();
            if is_inside && let Some(span) = context.document.value(&route) {
                let message = format!("the log would lie in `.tart`, where tart keeps its VMs: `{key}`");
                let help = "choose another directory, as in `/Users/dk/Library/Logs/ci.log`";
                report.push(Diagnostic::new(Code::InsideTart, span, message).help(help));
            }
        }
    }
    // The usual logs are named after their VMs.
    let is_unusual = |daemon: &DaemonSettings<'_>| daemon.standard_out_path.or(daemon.standard_error_path).is_some();
    for host in context.hosts.iter().filter(|host| host.vms.iter().any(|vm| is_unusual(&vm.settings.daemon))) {
        logs(host, context, report);
    }
}

fn environment(daemon: &Daemon, route: &[&str], context: &Context<'_>, report: &mut Report) {
    for name in daemon.environment.keys() {
        let span = context.key(&[route, &[name]].concat());
        let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
        if !starts_well || !name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
            let message = match name.as_str() {
                "" => "an environment variable needs a name".to_owned(),
                _ => format!("`{}` cannot be the name of an environment variable", printable(name)),
            };
            let help = "use letters, digits and `_`, beginning with no digit";
            report.push(Diagnostic::new(Code::BadEnvironmentName, span, message).help(help));
        } else if RESERVED.contains(&name.as_str()) {
            let message = format!("`{name}` cannot be set: the states look for VMs in `~/.tart` of `run_user`");
            report.push(Diagnostic::new(Code::ReservedEnvironment, span, message).help("remove it"));
        } else if name == "TART_REGISTRY_PASSWORD" {
            let message = "anybody on the host can read this password";
            let help = "remove it: `tart run` pulls nothing, and for `tart clone` a Docker credentials file will do";
            report.push(Diagnostic::new(Code::SecretInPlist, span, message).help(help));
        }
    }
}

/// Warns of two VMs with one log.
fn logs(host: &HostView<'_>, context: &Context<'_>, report: &mut Report) {
    let mut seen: HashMap<String, (&str, Span, Option<u32>)> = HashMap::new();
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
            if !vm.is_sound_below(context, &["daemon", key]) {
                continue;
            }
            match seen.get(&path) {
                Some((other, _, number)) if (*other, *number) == (vm.name, vm.number) => {}
                Some((other, first, _)) => {
                    let message = format!("`{other}` and `{}` write to one log, {path}", vm.name);
                    let second = (*first != span).then_some(*first);
                    let diagnostic = Diagnostic::new(Code::SharedLog, span, message).also(second, "the other one");
                    report.push(diagnostic.help(format!("give `{}` a `{key}` of its own", vm.name)));
                }
                None => {
                    seen.insert(path, (vm.name, span, vm.number));
                }
            }
        }
    }
}
