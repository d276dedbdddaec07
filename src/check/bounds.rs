//! How many hosts and VMs a fleet may have.

use crate::catalog::{HOSTS, VMS, VMS_OF_HOST};
use crate::diag::{Code, Diagnostic, Report};
use crate::parse::Document;
use crate::source::Span;
use crate::spec::Fleet;

/// Refuses a fleet beyond the limits; `false` if it is, so that no other rule has to work through it.
pub(super) fn check(fleet: &Fleet, document: &Document, report: &mut Report) -> bool {
    let key = |route: &[&str]| document.key(route).unwrap_or_default();
    let hosts = fleet.hosts().count();
    if hosts > HOSTS {
        let message = format!("the fleet has {hosts} hosts, more than the {HOSTS} that it may have");
        let help = "make several fleets, each with a Salt master";
        report.push(Diagnostic::new(Code::TooManyHosts, key(&["hosts"]), message).help(help));
        return false;
    }
    let mut vms = 0;
    let mut is_within = true;
    for (minion_id, host) in fleet.hosts() {
        let own = host.vms.len() + host.removed.len();
        if own > VMS_OF_HOST {
            let whose = format!("`{minion_id}` has {own} VMs");
            report.push(too_many(
                &whose,
                VMS_OF_HOST,
                key(&["hosts", minion_id]),
                "drop names under `removed` whose VMs are gone",
            ));
            is_within = false;
        }
        vms += own;
    }
    if vms > VMS && is_within {
        report.push(too_many(&format!("the fleet has {vms} VMs"), VMS, key(&["hosts"]), "make several fleets"));
        is_within = false;
    }
    is_within
}

fn too_many(whose: &str, limit: usize, span: Span, help: &str) -> Diagnostic {
    let message = format!("{whose}, those under `removed` included: more than the {limit} that it may have");
    Diagnostic::new(Code::TooManyVms, span, message).help(help)
}
