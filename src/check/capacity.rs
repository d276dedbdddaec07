//! Whether the VMs of a host fit its hardware.

use super::{Context, HostView, VmView};
use crate::diag::{Code, Diagnostic, Report};
use crate::resolve::Origin;
use crate::spec::Hardware;

/// Something that a host has only so much of.
struct Resource {
    code: Code,
    field: &'static str,
    unit: &'static str,
    /// Whether a VM that does not run needs it too.
    dormant: bool,
    has: fn(&Hardware) -> Option<u64>,
    needs: fn(&VmView<'_>) -> (u64, Origin),
}

const RESOURCES: [Resource; 3] = [
    Resource {
        code: Code::MemoryOversubscribed,
        field: "memory",
        unit: " MiB of memory",
        dormant: false,
        has: |hardware| hardware.memory.map(|memory| memory.mib),
        needs: |vm| (vm.settings.memory.value, vm.settings.memory.origin),
    },
    Resource {
        code: Code::CpuOversubscribed,
        field: "cpu",
        unit: " CPUs",
        dormant: false,
        has: |hardware| hardware.cpu.map(u64::from),
        needs: |vm| (u64::from(vm.settings.cpu.value), vm.settings.cpu.origin),
    },
    Resource {
        code: Code::DiskOversubscribed,
        field: "disk",
        unit: " GB of disk",
        dormant: true,
        has: |hardware| hardware.disk.map(|disk| disk.gb),
        needs: |vm| (vm.settings.disk.value, vm.settings.disk.origin),
    },
];

/// Longer sums are not spelt out.
const MOST_PARTS: usize = 8;

/// Compares what the VMs of each host need with what it has.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    for host in &context.hosts {
        for resource in &RESOURCES {
            if let Some(has) = host.host.hardware.as_ref().and_then(resource.has) {
                resource.check(has, host, context, report);
            }
        }
    }
}

impl Resource {
    fn check(&self, has: u64, host: &HostView<'_>, context: &Context<'_>, report: &mut Report) {
        let vms = host.vms.iter().filter(|vm| self.dormant || vm.settings.enabled.value);
        // A VM that is not as it was meant to be may need less.
        let vms: Vec<_> = vms.filter(|vm| vm.is_sound(context, &["enabled", self.field])).collect();
        let need: u64 = vms.iter().map(|vm| (self.needs)(vm).0).sum();
        let mut so_far = 0;
        let first_too_many = vms.iter().find(|vm| {
            so_far += (self.needs)(vm).0;
            so_far > has
        });
        let Some(vm) = first_too_many else { return };
        let parts: Vec<_> = vms.iter().map(|vm| (self.needs)(vm).0.to_string()).collect();
        let sum = if (2..=MOST_PARTS).contains(&parts.len()) {
            format!("{} = {need}", parts.join(" + "))
        } else {
            need.to_string()
        };
        let which = if self.dormant { "VMs" } else { "enabled VMs" };
        let message = format!("the {which} of `{}` need {sum}{}, and it has {has}", host.minion_id, self.unit);
        let origin = (self.needs)(vm).1;
        // What comes from elsewhere is right for other hosts: the VM is what is too many here.
        let span = if origin == Origin::Vm { vm.place(context, self.field, origin) } else { vm.key(context) };
        let diagnostic = Diagnostic::new(self.code, span, message)
            .label("does not fit any more")
            .also(context.hardware(host, self.field), "what the host has");
        let instead = if self.dormant { "" } else { " set `enabled: false`," };
        report.push(diagnostic.help(format!("lower `{}`,{instead} or move a VM to another host", self.field)));
    }
}
