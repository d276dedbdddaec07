//! How many hosts and VMs a fleet may have.

use crate::catalog::{HOSTS, VMS, VMS_OF_HOST};
use crate::diag::{Code, Diagnostic, Report};
use crate::parse::Document;
use crate::resolve::{Class, Classes};
use crate::source::Span;

/// Refuses a fleet beyond the limits; `false` if it is, so that no other rule has to work through it.
pub(super) fn check(classes: &Classes<'_>, document: &Document, report: &mut Report) -> bool {
    let key = |route: &[&str]| document.key(route).unwrap_or_default();
    let hosts = classes.iter().map(Class::len).fold(0, usize::saturating_add);
    if hosts > HOSTS {
        // Beyond that they are not counted.
        let hosts = if hosts == usize::MAX { "countless".to_owned() } else { hosts.to_string() };
        let message = format!("the fleet has {hosts} hosts, more than the {HOSTS} that it may have");
        let help = "make several fleets, each with a Salt master";
        report.push(Diagnostic::new(Code::TooManyHosts, largest(classes, document), message).help(help));
        return false;
    }
    let mut vms = 0_usize;
    let mut is_within = true;
    for class in classes.iter() {
        let own = class.vms_of_each();
        if own > VMS_OF_HOST {
            let each = if class.is_group() { "each host of " } else { "" };
            let whose = format!("{each}`{}` has {own} VMs", class.name);
            report.push(too_many(
                &whose,
                VMS_OF_HOST,
                key(&[class.section, class.name]),
                if class.removed.is_empty() {
                    "give some of them to other hosts"
                } else {
                    "drop names under `removed` whose VMs are gone"
                },
            ));
            is_within = false;
        }
        vms = vms.saturating_add(own.saturating_mul(class.len()));
    }
    if vms > VMS && is_within {
        let span = document.key(&["hosts"]).unwrap_or_else(|| key(&["groups"]));
        report.push(too_many(&format!("the fleet has {vms} VMs"), VMS, span, "make several fleets"));
        is_within = false;
    }
    is_within
}

/// What to look at when there are too many hosts: the largest group, if more are in it than under `hosts`.
fn largest(classes: &Classes<'_>, document: &Document) -> Span {
    let key = |route: &[&str]| document.key(route).unwrap_or_default();
    let single = classes.iter().filter(|class| !class.is_group()).count();
    let group = classes.iter().filter(|class| class.is_group()).max_by_key(|class| class.len());
    match group.filter(|group| group.len() > single) {
        Some(group) => key(&[group.section, group.name]),
        None => key(&["hosts"]),
    }
}

fn too_many(whose: &str, limit: usize, span: Span, help: &str) -> Diagnostic {
    let message = format!("{whose}, those under `removed` included: more than the {limit} that it may have");
    Diagnostic::new(Code::TooManyVms, span, message).help(help)
}
