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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Report;
    use crate::source::Source;
    use crate::{parse, schema};

    #[expect(clippy::expect_used, reason = "a test reports what it cannot do by failing")]
    fn plan(text: &str) -> Plan {
        let source = Source::new("dir/my {{ spec }}.yaml", text.into());
        let mut report = Report::default();
        let mut document = parse::parse(&source, &mut report).expect("it parses");
        let fleet = schema::check(&mut document, &source, &mut report);
        assert!(!report.has_errors(), "{report:?}");
        lower(&fleet, source.file_name()).expect("it lowers")
    }

    #[test]
    fn the_nearest_setting_counts() {
        let plan = plan(
            "{version: 1, images: {i: {ref: a/i, os: linux}}, \
             defaults: {run_user: all, vm: {image: i, cpu: 3, memory: 1GiB, disk: 30}}, \
             profiles: {p: {cpu: 4, memory: 2GiB, enabled: false}}, \
             hosts: {h: {vms: {own: {profile: p, cpu: 5, image: b/j}, none: {}}}, g: {run_user: other}}}",
        );
        let vm = |name: &str, image: &str, cpu, memory, enabled| plan::Vm {
            name: name.to_owned(),
            image: image.to_owned(),
            cpu,
            memory,
            disk: 30,
            enabled,
        };
        let vms: Vec<_> = plan.hosts.iter().flat_map(|host| host.vms.clone()).collect();
        assert_eq!(vms, [vm("own", "b/j", 5, 2048, false), vm("none", "a/i", 3, 1024, true)]);
        assert_eq!(plan.hosts.iter().map(|host| host.run_user.as_str()).collect::<Vec<_>>(), ["all", "other"]);
    }

    #[test]
    fn what_is_not_written_has_a_default() {
        let plan = plan("{version: 1, hosts: {h: {run_user: dk, vms: {v: {image: a/i}}}}}");
        let vms: Vec<_> = plan.hosts.iter().flat_map(|host| host.vms.clone()).collect();
        let image = "a/i".to_owned();
        assert_eq!(vms, [plan::Vm { name: "v".to_owned(), image, cpu: 2, memory: 4096, disk: 20, enabled: true }]);
        assert_eq!(plan.tart.minimum_version, "2.13.0");
        assert_eq!(plan.tart.trust, ["tart", "softnet"]);
        assert_eq!(plan.spec_name, "my____spec___.yaml");
    }
}
