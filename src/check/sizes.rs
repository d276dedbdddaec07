//! Sizes with units and those of screens, whose range the schema cannot see.

use std::ops::RangeInclusive;

use super::Context;
use crate::catalog::{DISK_GB, DISPLAY_SIDE, MEMORY_MIB};
use crate::diag::{Code, Diagnostic, Report};
use crate::spec::{Disk, Memory, Vm};

/// Checks every size where it is written.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    if let Some(vm) = context.fleet.default_vm() {
        check_vm(vm, &["defaults", "vm"], context, report);
    }
    for (name, profile) in &context.fleet.profiles {
        check_vm(profile, &["profiles", name], context, report);
    }
    for (name, image) in &context.fleet.images {
        memory(image.min_memory, &["images", name], "min_memory", context, report);
        disk(image.disk, &["images", name], "disk", context, report);
    }
    for host in &context.hosts {
        let [section, own] = host.route();
        if let Some(hardware) = host.class.hardware {
            memory(hardware.memory, &[section, own, "hardware"], "memory", context, report);
            disk(hardware.disk, &[section, own, "hardware"], "disk", context, report);
        }
        if let Some(vm) = host.class.default_vm() {
            check_vm(vm, &[section, own, "defaults", "vm"], context, report);
        }
        for (name, vm) in host.class.vms {
            check_vm(vm, &[section, own, "vms", name], context, report);
        }
    }
}

fn check_vm(vm: &Vm, route: &[&str], context: &Context<'_>, report: &mut Report) {
    memory(vm.memory, route, "memory", context, report);
    disk(vm.disk, route, "disk", context, report);
    if let Some(display) = &vm.display {
        screen(display, &[route, &["display"]].concat(), context, report);
    }
}

/// Checks the sides of a screen, of which the schema has made sure that they are numbers.
fn screen(display: &str, route: &[&str], context: &Context<'_>, report: &mut Report) {
    let mut sides = display.trim_end_matches(['p', 'x', 't']).split('x');
    let is_fine = |side: &str| side.parse().is_ok_and(|side: u64| DISPLAY_SIDE.contains(&side));
    if !sides.all(is_fine) {
        let (least, most) = (DISPLAY_SIDE.start(), DISPLAY_SIDE.end());
        let message = format!("`display` is out of range: {display}");
        let help = format!("write a width and a height from {least} to {most}, as in `1920x1080`");
        report.push(Diagnostic::new(Code::OutOfRange, context.value(route), message).help(help));
    }
}

fn memory(memory: Option<Memory>, route: &[&str], field: &str, context: &Context<'_>, report: &mut Report) {
    refuse(memory.map(|memory| memory.mib), &MEMORY_MIB, "MiB", &[route, &[field]], context, report);
}

fn disk(disk: Option<Disk>, route: &[&str], field: &str, context: &Context<'_>, report: &mut Report) {
    refuse(disk.map(|disk| disk.gb), &DISK_GB, "GB", &[route, &[field]], context, report);
}

fn refuse(
    size: Option<u64>,
    range: &RangeInclusive<u64>,
    unit: &str,
    route: &[&[&str]],
    context: &Context<'_>,
    report: &mut Report,
) {
    let Some(size) = size.filter(|size| !range.contains(size)) else { return };
    let route = route.concat();
    let field = route.last().copied().unwrap_or_default();
    let message = format!("`{field}` is out of range: {size} {unit}");
    let help = format!("write {} to {} {unit}", range.start(), range.end());
    report.push(Diagnostic::new(Code::OutOfRange, context.value(&route), message).help(help));
}
