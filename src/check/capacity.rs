//! Whether the VMs of a host fit its hardware.

use super::{Context, HostView, VmView};
use crate::diag::{Code, Diagnostic, Report};
use crate::resolve::Origin;
use crate::source::Span;
use crate::spec::Hardware;

/// Something that a host has only so much of.
struct Resource {
    code: Code,
    field: &'static str,
    /// What there is so much of.
    noun: &'static str,
    /// An amount with its unit, as in "8 GiB".
    amount: fn(u64) -> String,
    /// Whether a VM that does not run needs it too.
    dormant: bool,
    has: fn(&Hardware) -> Option<u64>,
    needs: fn(&VmView<'_>) -> (u64, Origin),
}

const RESOURCES: [Resource; 3] = [
    Resource {
        code: Code::MemoryOversubscribed,
        field: "memory",
        noun: "of memory",
        amount: memory,
        dormant: false,
        has: |hardware| hardware.memory.map(|memory| memory.mib),
        needs: |vm| (vm.settings.memory.value, vm.settings.memory.origin),
    },
    Resource {
        code: Code::CpuOversubscribed,
        field: "cpu",
        noun: "CPUs",
        amount: |cpus| cpus.to_string(),
        dormant: false,
        has: |hardware| hardware.cpu.map(u64::from),
        needs: |vm| (u64::from(vm.settings.cpu.value), vm.settings.cpu.origin),
    },
    Resource {
        code: Code::DiskOversubscribed,
        field: "disk",
        noun: "of disk",
        amount: |gb| format!("{gb} GB"),
        dormant: true,
        has: |hardware| hardware.disk.map(|disk| disk.gb),
        needs: |vm| (vm.settings.disk.value, vm.settings.disk.origin),
    },
];

/// Memory in the unit that people use for it.
fn memory(mib: u64) -> String {
    if mib < 1024 || !mib.is_multiple_of(128) {
        return format!("{mib} MiB");
    }
    let thousandths = format!("{:03}", mib % 1024 * 1000 / 1024);
    let fraction = thousandths.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{}{point}{fraction} GiB", mib / 1024)
}

/// Longer sums are not spelt out.
const MOST_PARTS: usize = 8;

/// Compares what the VMs of each host need with what it has.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    for host in &context.hosts {
        for resource in &RESOURCES {
            if let Some(has) = host.class.hardware.and_then(resource.has) {
                resource.check(has, host, context, report);
            }
        }
    }
}

impl Resource {
    /// Where a VM's part is shown, and where it comes from if that is elsewhere. What comes from elsewhere is right
    /// for other hosts: the VM is what is too many here.
    fn place(&self, vm: &VmView<'_>, context: &Context<'_>) -> (Span, Option<Span>) {
        let origin = (self.needs)(vm).1;
        let written = vm.place(context, self.field, origin);
        match origin {
            Origin::Vm => (written, None),
            Origin::Profile | Origin::Host | Origin::Defaults => (vm.key(context), Some(written)),
            Origin::BuiltIn => (vm.key(context), None),
        }
    }

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
        let amount = |vm: &VmView<'_>| (self.amount)((self.needs)(vm).0);
        let parts: Vec<_> = vms.iter().map(|vm| amount(vm)).collect();
        let is_short = (2..=MOST_PARTS).contains(&parts.len());
        let need = (self.amount)(need);
        let sum = if is_short { format!("{} = {need}", parts.join(" + ")) } else { need };
        let which = if self.dormant { "VMs" } else { "enabled VMs" };
        let (noun, has) = (self.noun, (self.amount)(has));
        let message = format!("the {which} of {} need {sum} {noun}, of the {has} that it has", host.title());
        let mut diagnostic = Diagnostic::new(self.code, self.place(vm, context).0, message)
            .label(if vms.len() == 1 {
                "more than there is".to_owned()
            } else {
                format!("{}, does not fit any more", amount(vm))
            })
            .also(context.hardware(host, self.field), "what the host has");
        // Several that are written once are shown once.
        let mut shown = vec![vm.name];
        for other in vms.iter().filter(|_| is_short) {
            if shown.contains(&other.name) {
                continue;
            }
            shown.push(other.name);
            diagnostic = diagnostic.also(Some(self.place(other, context).0), amount(other));
        }
        diagnostic = diagnostic.also(self.place(vm, context).1, "where its size comes from");
        let instead = if self.dormant { "" } else { " set `enabled: false`," };
        report.push(diagnostic.help(format!("lower `{}`,{instead} or move a VM to another host", self.field)));
    }
}

#[cfg(test)]
mod tests {
    use super::memory;

    #[test]
    fn memory_is_shown_as_people_say_it() {
        let shown = [8192, 1536, 1152, 1025, 512].map(memory);
        assert_eq!(shown, ["8 GiB", "1.5 GiB", "1.125 GiB", "1025 MiB", "512 MiB"]);
    }
}
