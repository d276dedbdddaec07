//! What VMs are cloned from.

use std::collections::HashSet;

use super::Context;
use crate::catalog::{parse_reference, reference_advice, repository};
use crate::diag::{Code, Diagnostic, Names, Report};
use crate::map::Seen;
use crate::source::Span;

/// Checks references and names of images wherever they are written, and that each VM has one.
pub(super) fn check<'a>(context: &Context<'a>, report: &mut Report) {
    for (name, image) in &context.fleet.images {
        if let Some(reference) = &image.reference {
            check_reference(reference, || context.value(&["images", name, "ref"]), report);
        }
    }
    let mut used = Seen::default();
    let mut names = Names::new(context.fleet.images.keys().map(String::as_str));
    let mut mention = |image: &'a Option<String>, route: &[&str], report: &mut Report| {
        if let Some(image) = image {
            used.insert(image.as_str());
            check_image(image, || context.value(route), context, &mut names, report);
        }
    };
    if let Some(vm) = context.fleet.default_vm() {
        mention(&vm.image, &["defaults", "vm", "image"], report);
    }
    for (name, profile) in &context.fleet.profiles {
        mention(&profile.image, &["profiles", name, "image"], report);
    }
    for host in &context.hosts {
        if let Some(vm) = host.class.default_vm() {
            let [section, name] = host.route();
            mention(&vm.image, &[section, name, "defaults", "vm", "image"], report);
        }
    }
    for vm in context.vms() {
        let [section, host, vms, name] = vm.own();
        mention(&vm.vm.image, &[section, host, vms, name, "image"], report);
        if vm.settings.image.is_none() && vm.is_sound(context, &["image"]) {
            let diagnostic =
                Diagnostic::new(Code::MissingImage, vm.key(context), format!("`{}` has no image", vm.name))
                    .also(vm.profile(context), "its profile gives none")
                    .help("add `image: NAME`, or name a profile that has one");
            report.push(diagnostic);
        }
    }
    unused(context, &used, report);
}

fn check_image(
    image: &str,
    place: impl FnOnce() -> Span,
    context: &Context<'_>,
    names: &mut Names<'_>,
    report: &mut Report,
) {
    if image.contains('/') {
        check_reference(image, place, report);
    } else if context.document.is_missing(&["images", image]) {
        let diagnostic = Diagnostic::new(Code::UnknownImage, place(), format!("no image is called `{image}`"));
        let suggestion = names.closest(image);
        report.push(match suggestion {
            Some(_) => diagnostic.did_you_mean(suggestion),
            None => diagnostic
                .help("add it under `images`, or give an OCI reference, as in `ghcr.io/cirruslabs/ubuntu:24.04`"),
        });
    }
}

fn check_reference(text: &str, place: impl FnOnce() -> Span, report: &mut Report) {
    match parse_reference(text) {
        Err(problem) => {
            let message = format!("`{text}` is no OCI reference: {problem}");
            report.push(Diagnostic::new(Code::BadReference, place(), message).help(reference_advice(text)));
        }
        Ok(reference) if reference.moves() => {
            let what =
                if reference.tag.is_some() { "the tag `latest` moves" } else { "no tag means `latest`, which moves" };
            let diagnostic =
                Diagnostic::new(Code::MovingTag, place(), format!("{what}: hosts may get different images"))
                    .help("pin a digest (`@sha256:...`) to get the same image everywhere");
            report.push(diagnostic);
        }
        Ok(_) => {}
    }
}

fn unused(context: &Context<'_>, used: &Seen<&str>, report: &mut Report) {
    // With mistakes elsewhere, an image may only seem unused.
    if report.has_errors() {
        return;
    }
    // An entry also tells what is in the images that VMs refer to directly.
    let repositories: HashSet<_> = used.iter().filter_map(|image| repository(image)).collect();
    for (name, image) in context.fleet.images.iter().filter(|(name, _)| !used.contains(name.as_str())) {
        let refers = image.reference.as_deref().and_then(repository);
        if refers.is_some_and(|repository| repositories.contains(&repository)) {
            continue;
        }
        let message = format!("no VM uses the image `{name}`");
        let span = context.key(&["images", name]);
        report.push(Diagnostic::new(Code::UnusedImage, span, message).help("remove it, or use it"));
    }
}
