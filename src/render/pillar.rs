//! The pillar of one host, serialised from typed values.

use std::fmt::Write as _;

use crate::plan::{Host, Vm};
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
}

fn line(out: &mut String, indent: usize, key: &str, value: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{:indent$}{key}: {value}", "");
}
