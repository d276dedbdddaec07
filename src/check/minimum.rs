//! Whether VMs are as large as their images demand.

use std::collections::HashSet;

use super::{Context, VmView};
use crate::catalog::{parse_reference, repository};
use crate::diag::{Code, Diagnostic, Report};
use crate::resolve::{Origin, Setting};
use crate::spec::{GuestOs, Image};

/// Compares the settings of each VM with its image's minima.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    unknown_sizes(context, report);
    for vm in context.vms() {
        let Some(image) = vm.settings.image else { continue };
        let facts = context.facts(image.value);
        let settings = &vm.settings;
        let cpu = Setting { value: u64::from(settings.cpu.value), origin: settings.cpu.origin };
        for (field, unit, setting, least) in [
            ("disk", " GB of disk", settings.disk, facts.disk),
            ("cpu", if cpu.value == 1 { " CPU" } else { " CPUs" }, cpu, facts.cpu.map(u64::from)),
            ("memory", " MiB of memory", settings.memory, facts.memory),
        ] {
            if let Some(least) = least.filter(|least| setting.value < *least)
                && vm.is_sound(context, &["image", field])
            {
                report.push(refuse(vm, image, field, unit, setting, least, context));
            }
        }
    }
}

/// Points out images whose disks have a size that nobody knows, each once: where it is defined, else where it is used.
/// An image of which not even the system is known is another warning, one that cannot be read an error.
fn unknown_sizes(context: &Context<'_>, report: &mut Report) {
    let mut seen = HashSet::new();
    for vm in context.vms() {
        let Some(image) = vm.settings.image else { continue };
        let facts = context.facts(image.value);
        if facts.disk.is_some() || facts.os.is_none() {
            continue;
        }
        let named = context.fleet.images.get(image.value);
        let reference = named.map_or(Some(image.value), |named| named.reference.as_deref());
        let Some(reference) = reference.filter(|reference| parse_reference(reference).is_ok()) else { continue };
        if !vm.is_sound(context, &["image"]) || !seen.insert(repository(reference)) {
            continue;
        }
        let mention = vm.place(context, "image", image.origin);
        let same = |image: &Image| image.reference.as_deref().map(repository) == Some(repository(reference));
        let entry = context.fleet.images.iter().find(|(_, image)| same(image)).map(|(name, _)| name.as_str());
        let sound = |name: &str| context.document.is_sound(&["images", name, "disk"]);
        let (span, second, help) = match entry {
            Some(name) if !sound(name) => continue,
            Some(name) => {
                // As large as most such images are.
                let usual = if facts.os == Some(GuestOs::Macos) { 50 } else { 20 };
                let help = format!("add the size of its disk in GB, as in `disk: {usual}`");
                (context.key(&["images", name]), Some(mention), help)
            }
            None => (mention, None, "give it a name under `images` with its `os` and `disk`".to_owned()),
        };
        let message = format!("it is not known how large the disk of `{}` is", entry.unwrap_or(image.value));
        let diagnostic = Diagnostic::new(Code::UnknownMinimum, span, message).also(second, "first used here");
        report.push(diagnostic.help(help));
    }
}

/// What an image calls the least that a VM's setting may be.
fn minimum_key(field: &str) -> &str {
    match field {
        "cpu" => "min_cpu",
        "memory" => "min_memory",
        _ => field,
    }
}

fn refuse(
    vm: &VmView<'_>,
    image: Setting<&str>,
    field: &str,
    unit: &str,
    setting: Setting<u64>,
    least: u64,
    context: &Context<'_>,
) -> Diagnostic {
    let message = format!("{}{unit} is less than the {least} that the image `{}` needs", setting.value, image.value);
    let span = vm.place(context, field, setting.origin);
    let image_span = vm.place(context, "image", image.origin);
    let diagnostic = Diagnostic::new(Code::BelowImageMinimum, span, message);
    let diagnostic = if setting.origin == Origin::BuiltIn {
        diagnostic.label(format!("gets the default of {}", setting.value))
    } else {
        diagnostic
    };
    let least_span = context.document.value(&["images", image.value, minimum_key(field)]);
    let is_elsewhere = matches!(setting.origin, Origin::Profile | Origin::Host | Origin::Defaults);
    diagnostic
        .also(is_elsewhere.then(|| vm.key(context)), "what it is too small for")
        .also((image_span != span).then_some(image_span), "the image")
        .also(least_span, "what the image needs")
        .help(format!("write `{field}: {least}` or more"))
}
