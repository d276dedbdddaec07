//! Ports of a host that lead to its VMs.

use std::collections::HashMap;

use super::{Context, HostView, VmView};
use crate::diag::{Code, Diagnostic, Report};
use crate::resolve::Origin;
use crate::source::Span;

/// Checks the ports where they are written, then those of all enabled VMs of each host together.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    for (route, ports) in context.written(|vm| vm.run.as_ref()?.net_softnet_expose.as_ref()) {
        let route = [&route[..], &["run", "net_softnet_expose"]].concat();
        check_list(ports, &route, context, report);
    }
    for host in &context.hosts {
        check_host(host, context, report);
    }
}

fn check_list(ports: &[String], route: &[&str], context: &Context<'_>, report: &mut Report) {
    let mut seen: HashMap<u16, Span> = HashMap::new();
    for (pair, node) in ports.iter().zip(context.items(route)) {
        if let Some(port) = pair.split(':').find(|port| port.parse::<u16>().is_err()) {
            let message = format!("there is no port {port}");
            let diagnostic = Diagnostic::new(Code::OutOfRange, node.span, message).help("write ports from 1 to 65535");
            report.push(diagnostic);
        } else if let Some(first) = external(pair).and_then(|port| seen.insert(port, node.span)) {
            report.push(twice(pair, node.span, Some(first), "the first").help("remove one of the two"));
        }
    }
}

fn check_host(host: &HostView<'_>, context: &Context<'_>, report: &mut Report) {
    let mut seen: HashMap<u16, (&VmView<'_>, Span)> = HashMap::new();
    for vm in host.vms.iter().filter(|vm| vm.settings.enabled.value && vm.is_sound(context, &["enabled"])) {
        let Some(flag) = vm.flag(context, "net_softnet_expose") else { continue };
        let Some(route) = vm.route(flag.origin, &["run", "net_softnet_expose"]) else { continue };
        for (pair, node) in flag.values.iter().zip(context.items(&route)) {
            let Some(port) = external(pair) else { continue };
            // What comes from elsewhere is right for other hosts: the VM is what is too many here.
            let span = if flag.origin == Origin::Vm { node.span } else { vm.key(context) };
            match seen.get(&port) {
                Some((other, _)) if (other.name, other.number) == (vm.name, vm.number) => {}
                Some((other, _)) if other.name == vm.name => {
                    let diagnostic = twice(pair, span, None, "").label("by each of the VMs that `count` makes");
                    report.push(diagnostic.help(format!("write `{}` out as VMs with ports of their own", vm.name)));
                }
                Some((other, first)) => {
                    let words = format!("`{}` has it already", other.name);
                    let written = (flag.origin != Origin::Vm).then_some(node.span);
                    let diagnostic = twice(pair, span, Some(*first), words).also(written, "where it is written");
                    report.push(diagnostic.help(format!("give `{}` another port of the host", vm.name)));
                }
                None => {
                    seen.insert(port, (vm, span));
                }
            }
        }
    }
}

/// The port of the host.
fn external(pair: &str) -> Option<u16> {
    pair.split(':').next()?.parse().ok()
}

fn twice(pair: &str, span: Span, first: Option<Span>, words: impl Into<String>) -> Diagnostic {
    let port = pair.split(':').next().unwrap_or(pair);
    Diagnostic::new(Code::PortExposedTwice, span, format!("port {port} of the host is exposed twice"))
        .also(first, words)
}
