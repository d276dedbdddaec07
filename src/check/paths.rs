//! Disks and directories that VMs get from their host.

use std::collections::HashMap;

use super::run::Place;
use super::{Context, HostView, VmView};
use crate::catalog::{OLDEST_MACOS_FOR_BLOCK_DEVICES, parse_reference, reaches_tart, reference_advice, spelled};
use crate::diag::{Code, Diagnostic, Report};
use crate::parse::Node;
use crate::source::{Span, printable};
use crate::spec::{Provisioning, Run, Share};

/// Checks them where they are written, and what kind of disk each host can have.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    for (route, run) in context.written(|vm| vm.run.as_deref()) {
        let below = |keys: &[&'static str]| [&route[..], &["run"], keys].concat();
        disks(run, &context.items(&below(&["disk"])), report);
        let nodes = context.items(&below(&["dir"]));
        let shares: Vec<_> = run.dir.iter().flatten().zip(nodes).collect();
        directories(&shares, report);
        names(&shares, report);
        if let Some(options) = &run.provisioning_opts {
            provisioning(options, &below(&["provisioning_opts"]), context, report);
        }
    }
    for host in &context.hosts {
        host.vms.iter().for_each(|vm| block_devices(host, vm, context, report));
        shared_disks(host, context, report);
    }
}

/// Refuses what lies in the directory where tart keeps the disks of all VMs, unless the guest can only read it.
fn inside_tart(path: &str, ro: Option<bool>, span: Span, report: &mut Report) {
    if ro != Some(true) && path.starts_with(['/', '~']) && reaches_tart(path) {
        let message = format!("the guest could write to `{}`, where tart keeps its VMs", printable(path));
        let help = "add `ro: true`, or choose a path that neither holds `.tart` nor lies below it";
        report.push(Diagnostic::new(Code::InsideTart, span, message).help(help));
    }
}

/// Where a key of an item is written.
pub(super) fn value(node: &Node, key: &str) -> Span {
    node.entry(key).map_or(node.span, |entry| entry.value.span)
}

fn disks(run: &Run, nodes: &[&Node], report: &mut Report) {
    for (disk, node) in run.disk.iter().flatten().zip(nodes) {
        let Some(path) = &disk.path else { continue };
        let span = value(node, "path");
        inside_tart(path, disk.ro, span, report);
        let is_local = path.starts_with(['/', '~']);
        let is_remote = !is_local && !path.contains("://");
        if is_remote && let Err(problem) = parse_reference(path) {
            let message = format!("`{}` is no OCI reference: {problem}", printable(path));
            report.push(Diagnostic::new(Code::BadReference, span, message).help(reference_advice(path)));
        } else if path.ends_with("-amd64.iso") {
            let message = format!("tart refuses `{}`, a disk for Intel processors", printable(path));
            report.push(Diagnostic::new(Code::IntelDisk, span, message).help("use the image for `arm64`"));
        } else if let Some(separator) = misread_disk(path, is_local) {
            report.push(misread(path, separator, span));
        }
    }
}

/// What tart would take for a separator in the source of a disk: at the last `:` it looks for options.
fn misread_disk(path: &str, is_local: bool) -> Option<&'static str> {
    let last = path.rsplit(':').next().unwrap_or_default();
    let is_option = last.is_empty() || last == "ro" || last.starts_with("sync=") || last.starts_with("caching=");
    if path.contains(',') {
        Some(",")
    } else {
        (path.contains(':') && (is_local || is_option || path.contains("::"))).then_some(":")
    }
}

fn directories(shares: &[(&Share, &Node)], report: &mut Report) {
    for (share, node) in shares {
        if let Some(path) = &share.path {
            inside_tart(path, share.ro, value(node, "path"), report);
            let rest = path.split_once("://").map_or(path.as_str(), |(_, rest)| rest);
            if let Some(separator) = [",", ":"].into_iter().find(|separator| rest.contains(separator)) {
                report.push(misread(path, separator, value(node, "path")));
            }
        }
        // `http:/a` begins like an address.
        if let Some(name @ ("http" | "https")) = share.name.as_deref() {
            let message = format!("tart would misread the name `{name}`: with the `:` after it, it begins an address");
            let span = value(node, "name");
            report.push(Diagnostic::new(Code::AmbiguousPath, span, message).help("choose another name"));
        }
    }
}

fn misread(text: &str, separator: &str, span: Span) -> Diagnostic {
    let help = if text.starts_with(['/', '~']) {
        "choose one without `:` and `,`; a symbolic link on the host to the real path will do"
    } else {
        "choose one in which tart finds no `:` or `,` of its own"
    };
    let text = printable(text);
    let message = format!("tart would misread `{text}`: it takes `{separator}` for the end of it");
    Diagnostic::new(Code::AmbiguousPath, span, message).help(help)
}

/// Directories with one tag appear in the guest below one folder, each under its name.
fn names(shares: &[(&Share, &Node)], report: &mut Report) {
    let mut tags: HashMap<Option<&str>, Vec<&(&Share, &Node)>> = HashMap::new();
    for share in shares {
        let others = tags.entry(share.0.tag.as_deref()).or_default();
        let same = others.iter().find(|other| share.0.name.is_some() && other.0.name == share.0.name);
        if let (Some(same), Some(name)) = (same, &share.0.name) {
            let message = format!("two directories have the name `{}` in the guest", printable(name));
            let diagnostic = Diagnostic::new(Code::DuplicateShare, value(share.1, "name"), message)
                .also(Some(value(same.1, "name")), "the first")
                .help("rename one of the two, or give it another `tag`");
            report.push(diagnostic);
        }
        others.push(share);
        if let [first, _, ..] = others.as_slice() {
            let unnamed = if others.len() == 2 && first.0.name.is_none() { *first } else { share };
            // A name that is wrong is reported as such.
            if unnamed.0.name.is_none() && unnamed.1.entry("name").is_none() {
                let other = if std::ptr::eq(unnamed, *first) { share } else { *first };
                let message = "several directories share a tag, and this one has no name";
                let diagnostic = Diagnostic::new(Code::UnnamedShare, unnamed.1.span, message)
                    .also(Some(other.1.span), "another one")
                    .help("add `name`, under which the guest sees it, or give it a `tag` of its own");
                report.push(diagnostic);
            }
        }
    }
}

fn provisioning(options: &Provisioning, route: &[&str], context: &Context<'_>, report: &mut Report) {
    for (key, text) in
        [("fullName", &options.full_name), ("username", &options.username), ("password", &options.password)]
    {
        let Some(text) = text.as_deref().filter(|text| text.contains(',')) else { continue };
        let span = context.value(&[route, &[key]].concat());
        let shown = if key == "password" { String::new() } else { format!(" `{}`", printable(text)) };
        let message = format!("tart would misread the `{key}`{shown}: it takes `,` for the end of it");
        report.push(Diagnostic::new(Code::AmbiguousPath, span, message).help("choose one without `,`"));
    }
    if options.password.is_some() {
        let span = context.key(&[route, &["password"]].concat());
        let message = "anybody on the host can read this password";
        let help = "it stands in the property list and in the list of processes: change it in the guest afterwards";
        report.push(Diagnostic::new(Code::SecretInPlist, span, message).help(help));
    }
}

/// The disks of a VM in tart's words, and where the path of each is written.
fn attached<'v>(vm: &'v VmView<'_>, context: &Context<'_>) -> Vec<(&'v str, Span)> {
    let Some(flag) = vm.flag(context, "disk") else { return Vec::new() };
    let Some(route) = vm.route(flag.origin, &["run", "disk"]) else { return Vec::new() };
    let paths = context.items(&route).into_iter().map(|node| value(node, "path"));
    flag.values.iter().map(String::as_str).zip(paths).collect()
}

/// Those among them that are files or devices of the host: the path of each, its options, and where it is written. Images in
/// tart's cache are copied; addresses have a `:` of their own.
pub(super) fn local_disks<'v>(
    vm: &'v VmView<'_>,
    context: &Context<'_>,
) -> impl Iterator<Item = (&'v str, &'v str, Span)> + use<'v> {
    let disks = attached(vm, context).into_iter().map(|(disk, span)| {
        let (path, options) = disk.rsplit_once(':').unwrap_or((disk, ""));
        (path, options, span)
    });
    disks.filter(|(path, ..)| path.starts_with(['/', '~']))
}

/// Warns of two enabled VMs that both write to one disk.
fn shared_disks(host: &HostView<'_>, context: &Context<'_>, report: &mut Report) {
    let mut seen: HashMap<Vec<String>, (&str, Span, Option<u32>)> = HashMap::new();
    for vm in host.vms.iter().filter(|vm| vm.settings.enabled.value) {
        for (path, options, span) in local_disks(vm, context) {
            if options.split(',').any(|option| option == "ro") {
                continue;
            }
            let place = spelled(path);
            match seen.get(&place) {
                Some((other, first, number)) if (*other, *number) != (vm.name, vm.number) => {
                    let message = format!("{} write to one disk, `{}`", vm.beside(other), printable(path));
                    let second = (*first != span).then_some(*first);
                    let diagnostic = Diagnostic::new(Code::SharedDisk, span, message).also(second, "the other one");
                    report.push(diagnostic.help("add `ro: true`, or give each VM its own file"));
                }
                Some(_) => {}
                None => {
                    seen.insert(place, (vm.name, span, vm.number));
                }
            }
        }
    }
}

/// Block devices as disks came with macOS 14.
fn block_devices(host: &HostView<'_>, vm: &VmView<'_>, context: &Context<'_>, report: &mut Report) {
    for (disk, span) in attached(vm, context) {
        if disk.starts_with("/dev/") || disk.starts_with("nbd") {
            let place = Place { context, host, vm, key: "disk", span };
            if let Some(diagnostic) = place.macos(Some(OLDEST_MACOS_FOR_BLOCK_DEVICES)) {
                report.push(diagnostic);
            }
        }
    }
}
