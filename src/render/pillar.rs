//! The pillar of one host, serialised from typed values.

use std::fmt::{Display, Write as _};

use crate::map::Known;
use crate::plan::{CloneOptions, Daemon, HEADLESS, Host, Settings, Vm};
use crate::render::quote::push_double;

/// Writes the pillar files of hosts, one after the other.
#[derive(Default)]
pub(crate) struct Writer<'p> {
    settings: Known<'p, Settings, String>,
}

impl<'p> Writer<'p> {
    /// The text of a host's pillar file, without the header.
    ///
    /// Every string and every name is double-quoted, so nothing depends on what YAML 1.1 takes for a number, a time of
    /// day or a boolean; `#!yaml` keeps Jinja away from the values.
    pub(crate) fn pillar(&mut self, host: &'p Host) -> String {
        let mut out = String::with_capacity(256 + host.vms.len() * 256);
        out.push_str("#!yaml\n# Minion: ");
        push_double(&mut out, &host.minion_id);
        out.push_str("\ntart:\n");
        text(&mut out, 2, "run_user", &host.run_user);
        if host.vms.is_empty() {
            line(&mut out, 2, "vms", "{}");
        } else {
            out.push_str("  vms:\n");
            host.vms.iter().for_each(|vm| self.push_vm(&mut out, vm));
        }
        if !host.removed.is_empty() {
            out.push_str("  removed:\n");
            host.removed.iter().for_each(|name| item(&mut out, 4, name));
        }
        out
    }

    fn push_vm(&mut self, out: &mut String, vm: &'p Vm) {
        push_indent(out, 4);
        push_double(out, &vm.name);
        out.push_str(":\n");
        out.push_str(self.settings.of(&vm.settings, settings));
    }
}

fn settings(vm: &Settings) -> String {
    let mut written = String::new();
    let out = &mut written;
    text(out, 6, "image", &vm.image);
    line(out, 6, "cpu", vm.cpu);
    line(out, 6, "memory", vm.memory);
    line(out, 6, "disk", vm.disk);
    line(out, 6, "enabled", vm.enabled);
    if let Some(display) = &vm.display {
        text(out, 6, "display", display);
    }
    push_clone(out, &vm.clone);
    if vm.arguments != [HEADLESS] {
        push_arguments(out, &vm.arguments);
    }
    push_daemon(out, &vm.daemon);
    written
}

/// What differs from the states' own defaults; a VM that says nothing keeps the pillar of a hand-written one.
fn push_clone(out: &mut String, clone: &CloneOptions) {
    let usual = CloneOptions::default();
    if *clone == usual {
        return;
    }
    out.push_str("      clone:\n");
    if let Some(concurrency) = clone.concurrency {
        line(out, 8, "concurrency", concurrency);
    }
    if let Some(prune_limit) = clone.prune_limit {
        line(out, 8, "prune_limit", prune_limit);
    }
    if clone.insecure {
        line(out, 8, "insecure", true);
    }
    if clone.timeout != usual.timeout {
        line(out, 8, "timeout", clone.timeout);
    }
}

fn push_arguments(out: &mut String, arguments: &[String]) {
    if arguments.is_empty() {
        line(out, 6, "arguments", "[]");
        return;
    }
    out.push_str("      arguments:\n");
    for argument in arguments {
        item(out, 8, argument);
    }
}

fn push_daemon(out: &mut String, daemon: &Daemon) {
    let usual = Daemon::default();
    if daemon.keep_alive != usual.keep_alive {
        line(out, 6, "keep_alive", daemon.keep_alive);
    }
    if daemon.throttle_interval != usual.throttle_interval {
        line(out, 6, "throttle_interval", daemon.throttle_interval);
    }
    if !daemon.environment.is_empty() {
        out.push_str("      environment:\n");
        for (name, value) in &daemon.environment {
            push_indent(out, 8);
            push_double(out, name);
            out.push_str(": ");
            push_double(out, value);
            out.push('\n');
        }
    }
    for (key, path) in
        [("standard_out_path", &daemon.standard_out_path), ("standard_error_path", &daemon.standard_error_path)]
    {
        if let Some(path) = path {
            text(out, 6, key, path);
        }
    }
}

/// `KEY: VALUE`, where the value is no string of the user's.
fn line(out: &mut String, indent: usize, key: &str, value: impl Display) {
    push_key(out, indent, key);
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{value}");
}

/// `KEY: "TEXT"`.
fn text(out: &mut String, indent: usize, key: &str, text: &str) {
    push_key(out, indent, key);
    push_double(out, text);
    out.push('\n');
}

/// `- "TEXT"`.
fn item(out: &mut String, indent: usize, text: &str) {
    push_indent(out, indent);
    out.push_str("- ");
    push_double(out, text);
    out.push('\n');
}

fn push_key(out: &mut String, indent: usize, key: &str) {
    push_indent(out, indent);
    out.push_str(key);
    out.push_str(": ");
}

fn push_indent(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}
