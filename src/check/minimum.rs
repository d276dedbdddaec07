//! Whether VMs are as large as their images demand.

use super::{Context, VmView};
use crate::diag::{Code, Diagnostic, Report};
use crate::resolve::{Origin, Setting};

/// Compares the settings of each VM with its image's minima.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    for vm in context.vms() {
        let Some(image) = vm.settings.image else { continue };
        let facts = context.images.facts(image.value);
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
    diagnostic
        .also((image_span != span).then_some(image_span), "the image")
        .help(format!("write `{field}: {least}` or more"))
}
