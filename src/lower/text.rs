//! How much text the VMs of a plan have, of which a few lines of a spec can stand for any amount.

use crate::catalog::{TEXT_OF_FLEET, TEXT_OF_HOST, TEXT_OF_VM};
use crate::plan::{Plan, Vm};

/// More text than would fit a pillar file, a process or the memory once each VM has its own.
#[derive(Debug)]
pub(crate) struct Oversized {
    /// The host by its number; nothing if it is the fleet as a whole.
    pub(crate) host: Option<usize>,
    /// What is too large, in words.
    pub(crate) message: String,
}

/// Looks for a VM, a host or a fleet with too much text in arguments and variables.
pub(crate) fn oversized(plan: &Plan) -> Option<Oversized> {
    let mut fleet = 0;
    for (number, host) in plan.hosts.iter().enumerate() {
        let found = |whose: &str, limit: &str| Oversized { host: Some(number), message: words(whose, limit) };
        let mut all = 0;
        for vm in &host.vms {
            let own = text(vm);
            if own > TEXT_OF_VM {
                let whose = format!("the VM `{}` on `{}`", vm.name, host.minion_id);
                return Some(found(&whose, &format!("the {TEXT_OF_VM} bytes that a VM may have")));
            }
            all += own;
        }
        if all > TEXT_OF_HOST {
            let whose = format!("all VMs of `{}`", host.minion_id);
            return Some(found(&whose, &format!("the {} that a host may have", mib(TEXT_OF_HOST))));
        }
        fleet += all;
    }
    let limit = format!("the {} that a fleet may have", mib(TEXT_OF_FLEET));
    (fleet > TEXT_OF_FLEET).then(|| Oversized { host: None, message: words("all VMs", &limit) })
}

fn words(whose: &str, limit: &str) -> String {
    format!("the arguments and variables of {whose} are larger than {limit}")
}

fn mib(bytes: usize) -> String {
    format!("{} MiB", bytes / 1024 / 1024)
}

/// Bytes that macOS counts when it starts the program: each text ends with a zero, and a `=` follows a name.
fn text(vm: &Vm) -> usize {
    let arguments: usize = vm.arguments.iter().map(|argument| argument.len() + 1).sum();
    arguments + vm.daemon.environment.iter().map(|(name, value)| name.len() + value.len() + 2).sum::<usize>()
}
