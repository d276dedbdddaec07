//! The pillar of one host, serialised from typed values.

use std::fmt::Write as _;

use crate::plan::{CloneOptions, Daemon, HEADLESS, Host, Vm};
use crate::render::quote::double;

/// The text of a host's pillar file, without the header.
///
/// Every string and every name is double-quoted, so nothing depends on what YAML 1.1 takes for a number, a time of
/// day or a boolean; `#!yaml` keeps Jinja away from the values.
pub(crate) fn pillar(host: &Host) -> String {
    let mut out = format!("#!yaml\n# Minion: {}\ntart:\n", double(&host.minion_id));
    line(&mut out, 2, "run_user", &double(&host.run_user));
    if host.vms.is_empty() {
        line(&mut out, 2, "vms", "{}");
    } else {
        out.push_str("  vms:\n");
        host.vms.iter().for_each(|vm| push_vm(&mut out, vm));
    }
    if !host.removed.is_empty() {
        out.push_str("  removed:\n");
        for name in &host.removed {
            let _ = writeln!(out, "    - {}", double(name));
        }
    }
    out
}

fn push_vm(out: &mut String, vm: &Vm) {
    let _ = writeln!(out, "    {}:", double(&vm.name));
    line(out, 6, "image", &double(&vm.image));
    line(out, 6, "cpu", &vm.cpu.to_string());
    line(out, 6, "memory", &vm.memory.to_string());
    line(out, 6, "disk", &vm.disk.to_string());
    line(out, 6, "enabled", &vm.enabled.to_string());
    if let Some(display) = &vm.display {
        line(out, 6, "display", &double(display));
    }
    push_clone(out, &vm.clone);
    if vm.arguments != [HEADLESS] {
        push_arguments(out, &vm.arguments);
    }
    push_daemon(out, &vm.daemon);
}

/// What differs from the states' own defaults; a VM that says nothing keeps the pillar of a hand-written one.
fn push_clone(out: &mut String, clone: &CloneOptions) {
    let usual = CloneOptions::default();
    if *clone == usual {
        return;
    }
    out.push_str("      clone:\n");
    if let Some(concurrency) = clone.concurrency {
        line(out, 8, "concurrency", &concurrency.to_string());
    }
    if let Some(prune_limit) = clone.prune_limit {
        line(out, 8, "prune_limit", &prune_limit.to_string());
    }
    if clone.insecure {
        line(out, 8, "insecure", "true");
    }
    if clone.timeout != usual.timeout {
        line(out, 8, "timeout", &clone.timeout.to_string());
    }
}

fn push_arguments(out: &mut String, arguments: &[String]) {
    if arguments.is_empty() {
        line(out, 6, "arguments", "[]");
        return;
    }
    out.push_str("      arguments:\n");
    for argument in arguments {
        let _ = writeln!(out, "        - {}", double(argument));
    }
}

fn push_daemon(out: &mut String, daemon: &Daemon) {
    let usual = Daemon::default();
    if daemon.keep_alive != usual.keep_alive {
        line(out, 6, "keep_alive", &daemon.keep_alive.to_string());
    }
    if daemon.throttle_interval != usual.throttle_interval {
        line(out, 6, "throttle_interval", &daemon.throttle_interval.to_string());
    }
    if !daemon.environment.is_empty() {
        out.push_str("      environment:\n");
        for (name, value) in &daemon.environment {
            let _ = writeln!(out, "        {}: {}", double(name), double(value));
        }
    }
    for (key, path) in
        [("standard_out_path", &daemon.standard_out_path), ("standard_error_path", &daemon.standard_error_path)]
    {
        if let Some(path) = path {
            line(out, 6, key, &double(path));
        }
    }
}

fn line(out: &mut String, indent: usize, key: &str, value: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{:indent$}{key}: {value}", "");
}
