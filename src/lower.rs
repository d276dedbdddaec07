//! A checked spec to a plan: groups written out, profiles and defaults merged, images and units resolved.

mod text;

use std::sync::Arc;

use crate::catalog::{BREW, FORMULA, OLDEST_TART, TAP, TART_BINARY, TRUST};
use crate::map::Seen;
use crate::parallel::{MANY, each, joined, parts};
use crate::plan::{self, Plan};
use crate::resolve::{
    self, Class, Classes, CloneSettings, DaemonSettings, MinionId, Resolved, Waves, expand, numbers, settings, short,
};
use crate::spec::{self, Fleet};

pub(crate) use self::text::{Oversized, oversized};

/// The plan of a spec in which nothing is wrong, or what the checks should have found.
pub(crate) fn lower(fleet: &Fleet, classes: &Classes<'_>, spec_name: &str) -> Result<Plan, String> {
    let (prototypes, oldest) = prototypes(fleet, &classes.with_ids().collect::<Vec<_>>())?;
    let ids = prototypes.iter().flat_map(|alike| alike.ids.iter().map(move |(id, _)| (alike, id)));
    let hosts = each(&ids.collect::<Vec<_>>(), MANY, |(prototype, id)| prototype.host(id));
    let (layout, waves) = (layout(fleet), waves(fleet, classes));
    Ok(Plan { spec_name: spec_name.to_owned(), tart: tart(fleet.tart.as_ref(), oldest), layout, waves, hosts })
}

/// What hosts that are alike have, but for the names: it is worked out once.
struct Prototype<'a> {
    class: &'a Class<'a>,
    ids: &'a [MinionId<'a>],
    run_user: &'a String,
    /// The VMs: the name as it stands in the spec, the number of one of several, and the settings.
    vms: Vec<(&'a String, Option<u32>, Arc<plan::Settings>)>,
}

impl Prototype<'_> {
    /// One of the hosts.
    fn host(&self, minion_id: &str) -> plan::Host {
        let short = short(minion_id);
        let vms = self.vms.iter().map(|(name, number, settings)| {
            let name = expand(name, &short, *number);
            plan::Vm { name, settings: Arc::clone(settings) }
        });
        plan::Host {
            minion_id: minion_id.to_owned(),
            run_user: self.run_user.clone(),
            vms: vms.collect(),
            removed: self.class.removed.iter().map(|name| expand(name, &short, None)).collect(),
        }
    }
}

/// The prototypes of all hosts, in the order of the spec, and the first tart that has everything they use.
fn prototypes<'a>(
    fleet: &'a Fleet,
    classes: &[(&'a Class<'a>, &'a [MinionId<'a>])],
) -> Result<(Vec<Prototype<'a>>, [u64; 3]), String> {
    let lowered = parts(classes, MANY, |classes| {
        let (mut shared, mut oldest) = (Shared::default(), OLDEST_TART);
        let prototypes = classes.iter().map(|(class, ids)| prototype(fleet, class, ids, &mut shared, &mut oldest));
        Ok((prototypes.collect::<Result<Vec<_>, String>>()?, oldest))
    });
    let (prototypes, oldest): (Vec<_>, Vec<_>) =
        lowered.into_iter().collect::<Result<Vec<_>, String>>()?.into_iter().unzip();
    Ok((joined(prototypes), oldest.into_iter().max().unwrap_or(OLDEST_TART)))
}

/// Settings that VMs have together.
#[derive(Default)]
struct Shared(Seen<Arc<plan::Settings>>);

impl Shared {
    /// The settings, as others have them already.
    fn take(&mut self, settings: plan::Settings) -> Arc<plan::Settings> {
        if let Some(same) = self.0.get(&settings) {
            return Arc::clone(same);
        }
        let settings = Arc::new(settings);
        self.0.insert(Arc::clone(&settings));
        settings
    }
}

fn layout(fleet: &Fleet) -> plan::Layout {
    match fleet.pillar.as_ref().and_then(|pillar| pillar.layout) {
        None | Some(spec::Layout::Inside) => plan::Layout::Inside,
        Some(spec::Layout::Beside) => plan::Layout::Beside,
    }
}

fn waves(fleet: &Fleet, classes: &Classes<'_>) -> Vec<plan::Wave> {
    let waves = Waves::new(fleet, classes);
    let wave = |wave: Resolved<'_>| plan::Wave {
        name: wave.name.to_owned(),
        hosts: wave.hosts.into_iter().map(str::to_owned).collect(),
        batch: wave.batch,
        max_failures: wave.max_failures,
    };
    waves.iter().flat_map(Waves::resolved).map(wave).collect()
}

fn tart(spec: Option<&spec::Tart>, oldest: [u64; 3]) -> plan::Tart {
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
        minimum_version: or(|tart| tart.minimum_version.as_ref(), &oldest.map(|part| part.to_string()).join(".")),
        outdated: match spec.and_then(|tart| tart.outdated) {
            None | Some(spec::Outdated::Upgrade) => plan::Outdated::Upgrade,
            Some(spec::Outdated::Refuse) => plan::Outdated::Refuse,
        },
        binary: or(|tart| tart.binary.as_ref(), TART_BINARY),
        brew: or(|tart| tart.brew.as_ref(), BREW),
    }
}

fn prototype<'a>(
    fleet: &'a Fleet,
    class: &'a Class<'a>,
    ids: &'a [MinionId<'a>],
    shared: &mut Shared,
    oldest: &mut [u64; 3],
) -> Result<Prototype<'a>, String> {
    let default = fleet.defaults.as_ref().and_then(|defaults| defaults.run_user.as_ref());
    let run_user = class.run_user.or(default).ok_or_else(|| format!("`{}` has no `run_user`", class.name))?;
    let mut vms = Vec::with_capacity(class.vms.len());
    for (name, vm) in class.vms {
        let settings = shared.take(vm_settings(fleet, class, name, vm, oldest)?);
        vms.extend(numbers(vm).map(|number| (name, number, Arc::clone(&settings))));
    }
    Ok(Prototype { class, ids, run_user, vms })
}

/// The settings of a VM, which has this name in the spec.
fn vm_settings(
    fleet: &Fleet,
    class: &Class<'_>,
    name: &str,
    vm: &spec::Vm,
    oldest: &mut [u64; 3],
) -> Result<plan::Settings, String> {
    let settings = settings(fleet, class, vm);
    *oldest = settings.needs().map(|need| need.since).fold(*oldest, Ord::max);
    let image = settings.image.ok_or_else(|| format!("`{name}` has no image"))?.value;
    let reference = match fleet.images.get(image) {
        Some(named) => named.reference.as_deref().ok_or_else(|| format!("`{image}` has no `ref`"))?,
        None => image,
    };
    Ok(plan::Settings {
        image: reference.to_owned(),
        cpu: settings.cpu.value,
        memory: settings.memory.value,
        disk: settings.disk.value,
        enabled: settings.enabled.value,
        display: settings.display.map(|display| display.value.to_owned()),
        clone: clone(&settings.clone),
        arguments: settings.run.iter().flat_map(resolve::Flag::arguments).collect(),
        daemon: daemon(&settings.daemon),
    })
}

fn clone(settings: &CloneSettings) -> plan::CloneOptions {
    plan::CloneOptions {
        concurrency: settings.concurrency.map(|setting| setting.value),
        prune_limit: settings.prune_limit.map(|setting| setting.value),
        insecure: settings.insecure.value,
        timeout: settings.timeout.value,
    }
}

fn daemon(settings: &DaemonSettings<'_>) -> plan::Daemon {
    let environment = settings.environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    plan::Daemon {
        keep_alive: settings.keep_alive.value,
        throttle_interval: settings.throttle_interval.value,
        environment: environment.collect(),
        standard_out_path: settings.standard_out_path.map(|path| path.value.to_owned()),
        standard_error_path: settings.standard_error_path.map(|path| path.value.to_owned()),
    }
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
        let mut document = parse::parse(source.file_at(0), 0, &mut report).expect("it parses");
        schema::check(&mut document, schema::Part::Root, &source, &mut report);
        let fleet = schema::read(&document, &mut report);
        assert!(!report.has_errors(), "{report:?}");
        lower(&fleet, &Classes::new(&fleet), source.file_name()).expect("it lowers")
    }

    /// `v: { image: a/i }`.
    fn plain() -> plan::Vm {
        plan::Vm::new("v", plan::Settings::plain("a/i"))
    }

    #[test]
    fn options_are_merged_key_by_key() {
        let plan = plan(
            "{version: 1, defaults: {run_user: dk, vm: {image: a/i, run: {no_audio: true, net_softnet: true, \
             dir: [{path: /a}]}, clone: {timeout: 60, concurrency: 2}, \
             daemon: {environment: {B: default, A: default}, keep_alive: false}}}, \
             profiles: {p: {display: 800x600, run: {net_softnet: false, vnc: true}, daemon: {environment: {B: \"\"}}}}, \
             hosts: {h: {vms: {v: {profile: p, run: {no_graphics: false, dir: [{path: /b, ro: true}], \
             net_softnet_allow: [10.0.0.0/8, 1.2.3.4/32]}, clone: {timeout: 90, insecure: true}, \
             daemon: {throttle_interval: 30}}}}}}",
        );
        let vm = plan.hosts.into_iter().flat_map(|host| host.vms).next().unwrap_or_else(plain);
        let arguments = ["--vnc", "--no-audio", "--dir=/b:ro", "--net-softnet-allow=10.0.0.0/8,1.2.3.4/32"];
        assert_eq!(vm.arguments, arguments);
        assert_eq!(vm.display.as_deref(), Some("800x600"));
        let clone = plan::CloneOptions { concurrency: Some(2), prune_limit: None, insecure: true, timeout: 90 };
        assert_eq!(vm.clone, clone);
        let environment = [("A", "default"), ("B", "")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let daemon = plan::Daemon {
            keep_alive: false,
            throttle_interval: 30,
            environment: environment.to_vec(),
            ..plan::Daemon::default()
        };
        assert_eq!(vm.daemon, daemon);
    }

    #[test]
    fn the_minimum_version_of_tart_follows_from_what_is_used() {
        for (vm, expected) in [
            ("run: {no_audio: true}", "2.13.0"),
            ("run: {nested: true}", "2.20.0"),
            ("run: {nested: false}", "2.13.0"),
            ("clone: {prune_limit: 5}", "2.28.5"),
            ("display: 800x600", "2.13.0"),
            ("display: 800x600pt, run: {nested: true}", "2.30.0"),
        ] {
            let plan =
                plan(&format!("{{version: 1, hosts: {{h: {{run_user: dk, vms: {{v: {{image: a/i, {vm}}}}}}}}}}}"));
            assert_eq!(plan.tart.minimum_version, expected, "{vm}");
        }
    }

    #[test]
    fn the_nearest_setting_counts() {
        let plan = plan(
            "{version: 1, images: {i: {ref: a/i, os: linux}}, \
             defaults: {run_user: all, vm: {image: i, cpu: 3, memory: 1GiB, disk: 30}}, \
             profiles: {p: {cpu: 4, memory: 2GiB, enabled: false}}, \
             hosts: {h: {vms: {own: {profile: p, cpu: 5, image: b/j}, none: {}}}, g: {run_user: other}}}",
        );
        let vm = |name: &str, image: &str, cpu, memory, enabled| {
            plan::Vm::new(name, plan::Settings { cpu, memory, disk: 30, enabled, ..plan::Settings::plain(image) })
        };
        let vms: Vec<_> = plan.hosts.iter().flat_map(|host| host.vms.clone()).collect();
        assert_eq!(vms, [vm("own", "b/j", 5, 2048, false), vm("none", "a/i", 3, 1024, true)]);
        assert_eq!(plan.hosts.iter().map(|host| host.run_user.as_str()).collect::<Vec<_>>(), ["all", "other"]);
    }

    #[test]
    fn layout_and_waves_are_as_written() {
        let plan = plan(
            "{version: 1, pillar: {layout: beside}, defaults: {run_user: dk}, hosts: {a: {}, b: {}, c: {}, d: {}}, \
             rollout: {max_failures: 2, waves: [{name: w, hosts: [c], max_failures: 0}, {name: y, hosts: ['?'], batch: 50%}]}}",
        );
        let wave = |name: &str, hosts: &[&str], batch, max_failures| plan::Wave {
            name: name.to_owned(),
            hosts: hosts.iter().map(ToString::to_string).collect(),
            batch,
            max_failures,
        };
        assert_eq!(plan.layout, plan::Layout::Beside);
        assert_eq!(plan.waves, [wave("w", &["c"], 1, 0), wave("y", &["a", "b", "d"], 2, 1)]);
    }

    #[test]
    fn groups_are_written_out() {
        let plan = plan(
            "{version: 1, defaults: {run_user: dk, vm: {image: a/i, cpu: 3, disk: 30}}, profiles: {p: {cpu: 5}}, \
             hosts: {Solo.example.org: {defaults: {vm: {cpu: 4}}, vms: {'{host}': {}, q: {profile: p}}}}, \
             groups: {g: {hosts: ['mm[09-10]', x], run_user: ci, defaults: {vm: {memory: 1GiB}}, \
             vms: {'v-{host}-{n}': {count: 2}}, removed: ['old-{host}']}}}",
        );
        let hosts: Vec<_> = plan
            .hosts
            .iter()
            .map(|host| {
                let vms = host.vms.iter().map(|vm| format!("{} {} {} {}", vm.name, vm.cpu, vm.memory, vm.disk));
                let all: Vec<_> = vms.chain(host.removed.iter().cloned()).collect();
                format!("{} {}: {}", host.minion_id, host.run_user, all.join(", "))
            })
            .collect();
        let expected = [
            "Solo.example.org dk: solo 4 4096 30, q 5 4096 30",
            "mm09 ci: v-mm09-1 3 1024 30, v-mm09-2 3 1024 30, old-mm09",
            "mm10 ci: v-mm10-1 3 1024 30, v-mm10-2 3 1024 30, old-mm10",
            "x ci: v-x-1 3 1024 30, v-x-2 3 1024 30, old-x",
        ];
        assert_eq!(hosts, expected);
    }

    #[test]
    fn what_is_not_written_has_a_default() {
        let plan = plan("{version: 1, hosts: {h: {run_user: dk, vms: {v: {image: a/i}}}}}");
        let vms: Vec<_> = plan.hosts.iter().flat_map(|host| host.vms.clone()).collect();
        assert_eq!(vms, [plain()]);
        assert_eq!(plan.tart.minimum_version, "2.13.0");
        assert_eq!(plan.tart.trust, ["tart", "softnet"]);
        assert_eq!(plan.spec_name, "my {{ spec }}.yaml");
        assert_eq!((plan.layout, plan.waves), (plan::Layout::Inside, Vec::new()));
    }
}
