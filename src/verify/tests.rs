//! The real templates, and each way of spoiling the tree.

use super::*;
use crate::plan::{CloneOptions, Daemon, Outdated, Settings, Tart, Vm, Wave};
use crate::render::render;
use crate::tree::seal::{Comment, seal};

fn settings(enabled: bool) -> Settings {
    Settings { cpu: 4, memory: 8192, disk: 60, enabled, ..Settings::plain("ghcr.io/a/b:c") }
}

fn vm(name: &str, enabled: bool) -> Vm {
    Vm::new(name, settings(enabled))
}

/// A VM with everything that a VM can have.
fn vm_with_options(name: &str) -> Vm {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let all = Settings {
        display: Some("1920x1080px".to_owned()),
        clone: CloneOptions { concurrency: Some(2), prune_limit: Some(0), insecure: true, timeout: 600 },
        arguments: ["--net-bridged=en0", "--dir=a'b:~/<x> & \"{{ y }}\":ro", "--dir={% raw %}"]
            .map(str::to_owned)
            .to_vec(),
        daemon: Daemon {
            keep_alive: false,
            throttle_interval: 30,
            environment: vec![pair("EMPTY", ""), pair("QUOTES", "'\"&<>{{ 1 }}"), pair("WIDE", "\u{1f600} yes")],
            standard_out_path: Some("/Users/dk/o.log".to_owned()),
            standard_error_path: Some("/Users/dk/e.log".to_owned()),
        },
        ..settings(true)
    };
    Vm::new(name, all)
}

/// Hosts with everything that names and VMs can have.
pub(super) fn plan() -> Plan {
    let host = |id: &str, vms: Vec<Vm>, removed: &[&str]| Host {
        minion_id: id.to_owned(),
        run_user: "dk".to_owned(),
        vms,
        removed: removed.iter().map(ToString::to_string).collect(),
    };
    Plan {
        spec_name: "kri.yaml".to_owned(),
        tart: Tart {
            tap: "openai/tools".to_owned(),
            formula: "tart".to_owned(),
            trust: vec!["openai/tools/tart".to_owned(), "openai/tools/softnet".to_owned()],
            minimum_version: "2.13.0".to_owned(),
            outdated: Outdated::Upgrade,
            binary: "/opt/homebrew/bin/tart".to_owned(),
            brew: "/opt/homebrew/bin/brew".to_owned(),
        },
        layout: Layout::Inside,
        waves: Vec::new(),
        hosts: vec![
            host("mm1", vec![vm("ci-1", true), vm("ci-10", false), vm("no", true), vm("delete", true)], &["old-vm"]),
            host("MM1.example.com", vec![vm("012", false)], &[]),
            host("mm1.example.com", Vec::new(), &["gone"]),
            host("mm2", Vec::new(), &[]),
            host("mm3", vec![vm_with_options("all"), vm("none", true)], &[]),
        ],
    }
}

/// The states of one host in one condition.
fn rendered(path: &str, host: usize, condition: Condition) -> String {
    let plan = plan();
    let tree = render(&plan).unwrap();
    let env = templates(&shared(&plan), &tree).unwrap();
    let host = plan.hosts.get(host).unwrap();
    let pillar = pillar::expected(host).json();
    env.get_template(path).unwrap().render(Mac::new(&plan, host, condition).context(&pillar)).unwrap()
}

/// What the scripts are asked to do, as `VERB VM`.
fn work(path: &str, condition: Condition) -> Vec<String> {
    let sls = yaml::read(&rendered(path, 0, condition)).unwrap().unwrap();
    let states = states::states(&sls).unwrap();
    let always = states.values().filter(|state| state.argument("onchanges").is_none());
    let mut work: Vec<String> = always
        .filter_map(|state| {
            let words: Vec<&str> = state.text("name").split_whitespace().collect();
            Some(format!("{} {}", state.verb()?, words.get(3).copied().unwrap_or_default()).trim().to_owned())
        })
        .collect();
    work.sort();
    work
}

#[test]
fn the_real_tree_is_proven() {
    let plan = plan();
    assert_eq!(verify(&plan, &render(&plan).unwrap()), Ok(()));
}

#[test]
fn a_converged_mac_with_all_options_is_left_alone() {
    let sls = yaml::read(&rendered(INIT, 4, Condition::Converged)).unwrap().unwrap();
    let states = states::states(&sls).unwrap();
    assert!(states.contains_key("tart_set_all") && states.values().all(|state| state.verb().is_none()), "{states:?}");
}

#[test]
fn a_converged_mac_is_left_alone() {
    assert_eq!(work(INIT, Condition::Converged), Vec::<String>::new());
}

#[test]
fn a_bare_mac_gets_everything_and_loses_nothing() {
    let mut expected = vec!["trust".to_owned(), "install".to_owned()];
    for name in ["ci-1", "no", "delete"] {
        expected.extend(["clone", "set", "start", "watch"].map(|verb| format!("{verb} {name}")));
    }
    expected.sort();
    assert_eq!(work(INIT, Condition::Bare), expected);
    assert_eq!(work(REMOVE, Condition::Bare), Vec::<String>::new());
}

#[test]
fn a_drifted_mac_is_mended_and_loses_only_what_was_removed() {
    let work = work(INIT, Condition::Drifted);
    let deleted: Vec<&String> = work.iter().filter(|line| line.starts_with("delete ")).collect();
    assert_eq!(deleted, ["delete old-vm"]);
    assert!(work.contains(&"unload ci-10".to_owned()) && !work.iter().any(|line| line == "start ci-10"), "{work:?}");
}

/// The plan with its host files beside the pillar root, and with a rollout.
fn large_plan() -> Plan {
    let wave = |name: &str, hosts: &[&str], batch, max_failures| Wave {
        name: name.to_owned(),
        hosts: hosts.iter().map(ToString::to_string).collect(),
        batch,
        max_failures,
    };
    let waves = vec![wave("canary", &["mm1"], 1, 0), wave("rest", &["mm2", "mm3", "MM1.example.com"], 2, 5)];
    let waves = waves.into_iter().chain([wave("last", &["mm1.example.com"], 7, 0)]).collect();
    Plan { layout: Layout::Beside, waves, ..plan() }
}

#[test]
fn the_tree_of_a_large_fleet_is_proven() {
    let plan = large_plan();
    let tree = render(&plan).unwrap();
    assert_eq!(verify(&plan, &tree), Ok(()));
    assert!(tree.get("salt/hosts/=m=m1+example+com.sls").is_some(), "{tree:?}");
    assert!(tree.iter().all(|(path, _)| !path.starts_with(HOSTS_DIR)), "{tree:?}");
}

#[test]
fn each_host_of_a_rollout_counts() {
    let (plan, mut other) = (large_plan(), large_plan());
    let tree = render(&plan).unwrap();
    for wave in 0..other.waves.len() {
        let last = other.waves.get_mut(wave).unwrap().hosts.pop().unwrap();
        assert!(verify(&other, &tree).unwrap_err().contains(ROLLOUT));
        other.waves.get_mut(wave).unwrap().hosts.push(last);
    }
    assert_eq!(verify(&other, &tree), Ok(()));
}

/// What is wrong with a proven tree whose one file is rewritten, under a fresh seal.
fn spoilt(plan: &Plan, path: &str, from: &str, to: &str) -> String {
    let mut tree = Tree::default();
    let mut hits = 0;
    for (other, bytes) in render(plan).unwrap().iter() {
        let mut bytes = bytes.to_vec();
        if other == path {
            let whole = String::from_utf8(bytes).unwrap();
            let body: String = whole
                .lines()
                .filter(|line| !["tartgen-sha256", "tartgen-path"].iter().any(|mark| line.contains(mark)))
                .fold(String::new(), |all, line| all + line + "\n");
            hits = body.matches(from).count();
            let comment = if path == PLIST { Comment::Jinja } else { Comment::Hash };
            let body = if path == PLIST {
                body.split_once("<?xml").map(|(_, rest)| format!("<?xml{rest}")).unwrap()
            } else {
                body
            };
            bytes = seal(comment, "kri.yaml", path, &body.replacen(from, to, 1)).into_bytes();
        }
        tree.insert(other.to_owned(), bytes);
    }
    assert!(hits > 0, "{path} has no {from:?}");
    verify(plan, &tree).err().unwrap_or_default()
}

#[test]
fn every_spoilt_tree_is_refused() {
    let mm1 = "salt/pillar/tart/hosts/mm1.sls";
    for (path, from, to, expected) in [
        (mm1, "cpu: 4", "cpu: 5", "it says"),
        (mm1, "cpu: 4", "cpu: 04", "different things"),
        (mm1, "\"no\":", "no:", "different things"),
        (mm1, "run_user: \"dk\"", "run_user: dk", "it says"),
        (mm1, "#!yaml", "#!jinja|yaml", "as Jinja"),
        (TOP, "\\\\Z", "", "a minion called"),
        (TOP, "opts.id | string", "grains.id | string", "a minion called"),
        (TOP, "ignore_missing: true", "ignore_missing: false", "get an error"),
        (TOP, "'='", "''", "it says"),
        (INIT, "tart_service_{{ name }}", "tart_servic_{{ name }}", "no state `tart_service_"),
        (INIT, "- tart_clone_{{ name }}", "- tart_clon_{{ name }}", "names `tart_clon_"),
        (INIT, "mode: \"0644\"", "mode: 0644", "different things"),
        (INIT, "mode: \"0644\"", "mode: \"0600\"", "`mode` is not"),
        (INIT, "vm.image", "vm.imgae", "undefined"),
        (INIT, "{%- endfor %}", "", "not Jinja"),
        (INIT, "(\"set\", name", "(\"delete\", name", "delete VMs"),
        (PLIST, "--no-graphics", "--graphics", "ProgramArguments"),
        (PLIST, "{{ name | e }}", "{{ nmae | e }}", "could not render"),
        (PLIST, "</array>", "", "not XML"),
        (PLIST, "{{ argument | e }}", "{{ argument }}", "not XML"),
        (PLIST, "{{ value | e }}", "{{ variable | e }}", "`EnvironmentVariables`"),
        (PLIST, "<integer>{{ job.get(\"throttle_interval\", 10) | int }}</integer>", "<true/>", "`ThrottleInterval`"),
        (PLIST, "\"false\" }}", "\"true\" }}", "`KeepAlive`"),
        (PLIST, "standard_out_path", "standard_error_path", "`StandardOutPath`"),
        (INIT, "~ display ~ creation", "~ display", "its options are"),
        (INIT, "~ disk ~ display,", "~ disk,", "its options are"),
        ("salt/hosts/mm1.sls", "cpu: 4", "cpu: 5", "it says"),
        (PILLAR_INIT, "\\\\Z", "", "a minion called"),
        (PILLAR_INIT, "opts.id | string", "grains.id | string", "a minion called"),
        (PILLAR_INIT, "'='", "''", "it says"),
        (PILLAR_INIT, "salt[\"file.file_exists\"](path)", "true", "a minion without a file"),
        (PILLAR_INIT, "not salt[\"file.directory_exists\"](folder)", "false", "nobody would notice"),
        (PILLAR_INIT, "../hosts", "../states", "would get"),
        (PILLAR_INIT, "{{ salt[\"file.read\"](path) }}", "a: {{ salt[\"file.read\"](path) }}", "as it is"),
        (PILLAR_INIT, "{{ salt[\"file.read\"](path) }}", "", "would get []"),
        (ROLLOUT, "\"mm1\",", "", "instead of"),
        (ROLLOUT, "\"batch\": 2", "\"batch\": 3", "instead of"),
        (ROLLOUT, "\"max_failures\": 5", "\"max_failures\": 6", "instead of"),
        (ROLLOUT, "sls: [tart]", "sls: [tart.remove]", "instead of"),
        (ROLLOUT, "tgt_type: list", "tgt_type: glob", "instead of"),
        (ROLLOUT, "- require:", "- onfail:", "instead of"),
        (ROLLOUT, "- salt: {{ ns.previous }}", "- salt: {{ id }}", "instead of"),
    ] {
        let is_large = path == PILLAR_INIT || path == ROLLOUT || path.starts_with("salt/hosts");
        let plan = if is_large { large_plan() } else { plan() };
        let problem = spoilt(&plan, path, from, to);
        assert!(problem.contains(expected), "{path}: {from:?} -> {to:?}: {problem}");
    }
}

#[test]
fn among_hosts_of_many_shapes_the_one_that_differs_is_proven() {
    let mut plan = plan();
    let different = plan.hosts.pop().unwrap();
    let vms = |number: usize| {
        let vm = |kind: usize| {
            let mut settings = settings(kind & 1 == 0);
            settings.daemon.keep_alive = kind & 2 == 0;
            settings.display = (kind & 4 == 0).then(|| "8x8".to_owned());
            settings
        };
        vec![Vm::new("ci-1", vm(number)), Vm::new("ci-2", vm(number / 8)), Vm::new("ci-3", vm(number / 32))]
    };
    plan.hosts = (0..128)
        .map(|number| Host { minion_id: format!("rack{number}"), vms: vms(number), ..different.clone() })
        .collect();
    plan.hosts.insert(100, different);
    assert_eq!(verify(&plan, &render(&plan).unwrap()), Ok(()));
    for (path, from, to, expected) in [
        (PLIST, "{{ argument | e }}", "{{ argument }}", "not XML"),
        (PLIST, "standard_out_path", "standard_error_path", "`StandardOutPath`"),
        (INIT, "~ display ~ creation", "~ display", "its options are"),
    ] {
        let problem = spoilt(&plan, path, from, to);
        assert!(problem.contains(expected) && problem.contains("`mm3`"), "{path}: {from:?} -> {to:?}: {problem}");
    }
}

#[test]
fn unexpected_and_unsealed_files_are_refused() {
    let plan = plan();
    let mut tree = render(&plan).unwrap();
    tree.insert("salt/pillar/tart/hosts/mm9.sls".to_owned(), b"#!yaml\n".to_vec());
    assert!(verify(&plan, &tree).unwrap_err().contains("unexpected file"));
    for path in [TOP, "salt/pillar/tart/hosts/mm1.sls"] {
        let mut files: Vec<_> =
            render(&plan).unwrap().iter().map(|(path, bytes)| (path.to_owned(), bytes.to_vec())).collect();
        files.extend(files.iter().find(|(other, _)| other == path).cloned());
        assert!(verify(&plan, &Tree::from(files)).unwrap_err().contains("two files at one path"), "{path}");
    }
    assert!(verify(&plan, &Tree::default()).unwrap_err().contains("missing"));
}
