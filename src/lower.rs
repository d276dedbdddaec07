//! A checked spec to a plan: profiles and defaults merged, images and units resolved.

use crate::catalog::{BREW, FORMULA, OLDEST_TART, TAP, TART_BINARY, TRUST};
use crate::plan::{self, Plan};
use crate::resolve::settings;
use crate::spec::{self, Fleet};

/// The plan of a spec in which nothing is wrong, or what the checks should have found.
pub(crate) fn lower(fleet: &Fleet, spec_name: &str) -> Result<Plan, String> {
    let hosts = fleet.hosts().map(|(minion_id, spec)| host(fleet, minion_id, spec)).collect::<Result<_, _>>()?;
    Ok(Plan { spec_name: printable(spec_name), tart: tart(fleet.tart.as_ref()), hosts })
}

/// The name goes into the header of each file, so it may have nothing that ends or executes a comment.
fn printable(name: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
    name.chars().map(|character| if is_plain(character) { character } else { '_' }).collect()
}

fn tart(spec: Option<&spec::Tart>) -> plan::Tart {
    let or = |field: fn(&spec::Tart) -> Option<&String>, default: &str| {
        spec.and_then(field).map_or(default, String::as_str).to_owned()
    };
    let formula = or(|tart| tart.formula.as_ref(), FORMULA);
    let trust = spec.and_then(|tart| tart.trust.clone());
    let trust = trust.unwrap_or_else(|| TRUST.iter().map(|name| (*name).to_owned()).collect());
    plan::Tart {
        tap: or(|tart| tart.tap.as_ref(), TAP),
        formula,
        trust,
        minimum_version: or(|tart| tart.minimum_version.as_ref(), &OLDEST_TART.map(|part| part.to_string()).join(".")),
        outdated: match spec.and_then(|tart| tart.outdated) {
            None | Some(spec::Outdated::Upgrade) => plan::Outdated::Upgrade,
            Some(spec::Outdated::Refuse) => plan::Outdated::Refuse,
        },
        binary: or(|tart| tart.binary.as_ref(), TART_BINARY),
        brew: or(|tart| tart.brew.as_ref(), BREW),
    }
}

fn host(fleet: &Fleet, minion_id: &str, host: &spec::Host) -> Result<plan::Host, String> {
    let default = fleet.defaults.as_ref().and_then(|defaults| defaults.run_user.as_ref());
    let run_user = host.run_user.as_ref().or(default).ok_or_else(|| format!("`{minion_id}` has no `run_user`"))?;
    let vms = host.vms.iter().map(|(name, spec)| vm(fleet, name, spec)).collect::<Result<_, _>>()?;
    Ok(plan::Host { minion_id: minion_id.to_owned(), run_user: run_user.clone(), vms, removed: host.removed.clone() })
}

fn vm(fleet: &Fleet, name: &str, vm: &spec::Vm) -> Result<plan::Vm, String> {
    let settings = settings(fleet, vm);
    let image = settings.image.ok_or_else(|| format!("`{name}` has no image"))?.value;
    let reference = match fleet.images.get(image) {
        Some(named) => named.reference.as_deref().ok_or_else(|| format!("`{image}` has no `ref`"))?,
        None => image,
    };
    Ok(plan::Vm {
        name: name.to_owned(),
        image: reference.to_owned(),
        cpu: settings.cpu.value,
        memory: settings.memory.value,
        disk: settings.disk.value,
        enabled: settings.enabled.value,
    })
}
