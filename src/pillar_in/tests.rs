//! Files as people and programs write them.

use super::*;
use crate::plan::{CloneOptions, Daemon, Settings, Vm};
use crate::tree::Tree;

fn plain(name: &str) -> Vm {
    Vm::new(name, Settings::plain("a/i"))
}

#[test]
fn the_original_shape() {
    let text = "tart:\n  run_user: dk\n  vms:\n    a: {image: a/i}\n    b:\n      image: a/i\n      cpu: 012\n      \
                memory: \"8192\"\n      disk: 1:00\n      enabled: no\n  removed: old\n";
    let b = Vm::new("b", Settings { cpu: 12, memory: 8192, disk: 60, enabled: false, ..Settings::plain("a/i") });
    let pillar = Pillar { run_user: "dk".to_owned(), vms: vec![plain("a"), b], removed: vec!["old".to_owned()] };
    assert_eq!(read("mm1.sls", text), Ok(vec![(None, pillar)]));
}

#[test]
fn everything_that_a_vm_may_have() {
    let text = "tart: {run_user: _dk, vms: {v: {image: 'a.b:5/i@sha256:0', display: 800x600pt, arguments: [], \
                clone: {timeout: 60, concurrency: '2', prune_limit: 0, insecure: yes}, keep_alive: 'false', \
                throttle_interval: 30, environment: {B: '1', A: ''}, standard_out_path: /a/b.log}}}";
    let daemon = Daemon {
        // To Jinja a string is true.
        keep_alive: true,
        throttle_interval: 30,
        environment: [("A", ""), ("B", "1")].map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        standard_out_path: Some("/a/b.log".to_owned()),
        standard_error_path: None,
    };
    let settings = Settings {
        display: Some("800x600pt".to_owned()),
        arguments: Vec::new(),
        clone: CloneOptions { timeout: 60, concurrency: Some(2), prune_limit: Some(0), insecure: true },
        daemon,
        ..Settings::plain("a.b:5/i@sha256:0")
    };
    let vm = Vm::new("v", settings);
    let pillar = Pillar { run_user: "_dk".to_owned(), vms: vec![vm], removed: Vec::new() };
    assert_eq!(read("mm1.sls", text), Ok(vec![(None, pillar)]));
}

#[test]
fn what_salt_prints() {
    let text =
        r#"{"mm1": {"tart": {"run_user": "dk", "vms": {}}, "x": 1}, "local": {"tart": {"run_user": "a"}}, "b": {}}"#;
    let pillar = |run_user: &str| Pillar { run_user: run_user.to_owned(), vms: Vec::new(), removed: Vec::new() };
    let found = read("pillar.json", text);
    assert_eq!(found, Ok(vec![(Some("mm1".to_owned()), pillar("dk")), (None, pillar("a"))]));
    let braces = r#"{"local": {"tart": {"run_user": "dk"}, "nginx": {"fmt": "{{ x }} {% y %} {# z #}"}}}"#;
    assert_eq!(read("a.sls", braces), Ok(vec![(None, pillar("dk"))]));
    for nothing in ["", "a: 1", "[1]", "tart", "#!yaml\n# nothing\n"] {
        assert_eq!(read("a.sls", nothing), Ok(Vec::new()), "{nothing}");
    }
}

#[test]
fn what_the_states_refuse() {
    for (pillar, expected) in [
        ("[vms]", "a.sls:1: `tart` must map"),
        ("{vms: {}}", "`run_user` is missing"),
        ("{run_user: root}", "and not root"),
        ("{run_user: 'dk;id'}", "must name the account"),
        ("{run_user: dk, vms: [a]}", "`vms` must map names"),
        ("{run_user: dk, vms: {v: }}", "`vms` must map names"),
        ("{run_user: dk, vms: {'../v': {image: x}}}", "`../v` cannot be the name of a VM"),
        ("{run_user: dk, vms: {yes: {image: x}}}", "`True` cannot be the name of a VM"),
        ("{run_user: dk, vms: {v.tartgen: {image: x}}}", "cannot be the name"),
        ("{run_user: dk, vms: {v.TartGen: {image: x}}}", "cannot be the name"),
        ("{run_user: dk, vms: {v: {image: x}, V: {image: x}}}", "`V` stands twice"),
        ("{run_user: dk, vms: {v: {image: x}}, removed: [v]}", "both defined and removed"),
        ("{run_user: dk, removed: {v: true}}", "`removed` must be a list"),
        ("{run_user: dk, vms: {v: {}}}", "has no `image`"),
        ("{run_user: dk, vms: {v: {image: -x}}}", "`image` of the VM `v` must be an OCI reference"),
        ("{run_user: dk, vms: {v: {image: x, cpu: 4.0}}}", "`cpu` of the VM `v` must be a whole number above 0"),
        ("{run_user: dk, vms: {v: {image: x, cpu: '012'}}}", "`cpu` of"),
        ("{run_user: dk, vms: {v: {image: x, cpu: 0}}}", "`cpu` of"),
        ("{run_user: dk, vms: {v: {image: x, disk: -1}}}", "`disk` of"),
        ("{run_user: dk, vms: {v: {image: x, memory: 1e3}}}", "`memory` of"),
        ("{run_user: dk, vms: {v: {image: x, enabled: 'false'}}}", "`enabled` of the VM `v` must be true or false"),
        ("{run_user: dk, vms: {v: {image: x, enabled: }}}", "`enabled` of"),
        ("{run_user: dk, vms: {v: {image: x, display: 1x0}}}", "`display` of"),
        ("{run_user: dk, vms: {v: {image: x, clone: [1]}}}", "`clone` of"),
        ("{run_user: dk, vms: {v: {image: x, clone: {timeout: x}}}}", "`clone.timeout` of"),
        ("{run_user: dk, vms: {v: {image: x, arguments: --vnc}}}", "`arguments` of"),
        ("{run_user: dk, vms: {v: {image: x, arguments: [1]}}}", "`arguments` of"),
        ("{run_user: dk, vms: {v: {image: x, keep_alive: maybe}}}", "`keep_alive` of"),
        ("{run_user: dk, vms: {v: {image: x, throttle_interval: 0}}}", "`throttle_interval` of"),
        ("{run_user: dk, vms: {v: {image: x, environment: {A: 1}}}}", "`environment` of"),
        ("{run_user: dk, vms: {v: {image: x, standard_out_path: /a/../b}}}", "`standard_out_path` of"),
    ] {
        let problem = read("a.sls", &format!("tart: {pillar}")).unwrap_err().to_string();
        assert!(problem.contains(expected), "{pillar}: {problem}");
    }
}

#[test]
fn files_of_one_minion_grow_into_each_other() {
    let mut all = values("a.sls", "tart: {run_user: dk, vms: {v: {image: x, cpu: 3}}, removed: [a]}").unwrap().unwrap();
    all.merge(values("b.sls", "tart: {vms: {v: {cpu: 4}, w: {image: y}}, removed: [b]}").unwrap().unwrap());
    let found = pillar(&all).unwrap().unwrap();
    let vms: Vec<_> = found.vms.iter().map(|vm| (vm.name.as_str(), vm.image.as_str(), vm.cpu)).collect();
    assert_eq!(vms, [("v", "x", 4), ("w", "y", 2)]);
    assert_eq!(found.removed, ["b"]);
}

#[test]
fn pillar_that_salt_could_not_render() {
    for text in [
        "{\"mm1\": {\"tart\": {\"run_user\": \"dk\"}},\n\"mm2\": {\"_errors\": [\"Rendering SLS 'tart' failed\"]}}",
        "{\"local\": {\"tart\": {\"run_user\": \"dk\"},\n\"_errors\": [\"Rendering SLS 'more' failed\"]}}",
        "tart: {run_user: dk}\n_errors: [a]",
    ] {
        let problem = read("p.json", text).unwrap_err().to_string();
        assert!(problem.starts_with("p.json:2: Salt could not render all of this pillar"), "{text}: {problem}");
    }
}

#[test]
fn minions_that_did_not_answer() {
    for (values, names) in [
        (r#""mm2": "Minion did not return. [No response]""#, "`mm2`"),
        (r#""mm2": false, "mm3": {}, "mm4": "Minion did not return. [Not connected]""#, "`mm2`, `mm4`"),
    ] {
        let problem = read("p.json", &format!("{{\"mm1\": {{\"tart\": {{\"run_user\": \"dk\"}}}},\n{values}}}"));
        let expected = format!("p.json:2: these minions did not answer Salt: {names}; save the output again");
        let problem = problem.unwrap_err().to_string();
        assert!(problem.starts_with(&expected), "{values}: {problem}");
    }
    assert!(read("p.json", r#"{"mm1": "Minion did not return. [No response]"}"#).is_err());
    for other in [r#"{"name": "tart", "private": false, "scripts": {}}"#, "tart: {run_user: dk}\nmotd: hello"] {
        assert!(read("a.json", other).is_ok(), "{other}");
    }
}

fn tree(files: &[(&str, &str)]) -> Tree {
    let mut tree = Tree::default();
    for (path, text) in files {
        tree.insert((*path).to_owned(), text.as_bytes().to_vec());
    }
    tree
}

/// The hosts with the names of their VMs.
fn shown(files: &[(&str, &str)], known: &[&str]) -> String {
    match hosts(&tree(files), known) {
        Ok(hosts) => {
            let host = |host: &crate::plan::Host| {
                let vms: Vec<_> = host.vms.iter().map(|vm| vm.name.as_str()).collect();
                format!("{}: {}", host.minion_id, vms.join(" "))
            };
            hosts.iter().map(host).collect::<Vec<_>>().join("; ")
        }
        Err(problem) => problem.to_string(),
    }
}

#[test]
fn whose_pillar_is_it() {
    let one = "tart: {run_user: dk, vms: {v: {image: x}}}";
    let two = "tart: {run_user: dk, vms: {w: {image: x}}}";
    let jinja = "tart: {{ x }}";
    let top = "base: {'*': [common], 'mm2': [more.mm2]}";
    for (files, expected) in [
        (&[("salt/pillar/tart/hosts/=m1+x.sls", one), ("salt/states/tart/init.sls", jinja)][..], "M1.x: v"),
        (&[("salt/hosts/mm1.sls", one), ("salt/pillar/top.sls", jinja)], "mm1: v"),
        // A folder of that name elsewhere is somebody's own.
        (&[("top.sls", "base: {mm1: [hosts.common]}"), ("hosts/common.sls", one)], "mm1: v"),
        (
            &[
                ("salt/pillar/tart/hosts/mm1.sls", one),
                ("salt/pillar/o/hosts/a.sls", two),
                ("salt/states/hosts/a.sls", jinja),
            ],
            "mm1: v",
        ),
        (
            &[("pillar/top.sls", top), ("pillar/common.sls", one), ("pillar/more/mm2/init.sls", two)],
            "mm1: v; mm2: v w; mm3: v",
        ),
        (&[("top.sls", top), ("common.sls", "a: 1"), ("more/mm2.sls", two), ("states/top.sls", jinja)], "mm2: w"),
        (&[("top.sls", top), ("common.sls", one)], "top.sls:1: there is no file for `more.mm2`"),
        (&[("top.sls", top), ("common.sls", "include: [a]")], "common.sls:1: `include` is not followed here"),
        (&[("top.sls", "base: {'mm[12]': [a], 'mm[!1]': [b]}"), ("a.sls", one), ("b.sls", two)], "mm1: v; mm3: w"),
        (&[("top.sls", "{% if x %}")], "top.sls:1: this file uses Jinja"),
        (&[("tart.sls", "tart: {run_user: dk}\ninclude: [a]")], "tart.sls:2: `include` is not followed here"),
        (&[("mm1.sls", "include:\n  - common")], "mm1.sls:2: `include` is not followed here"),
        (&[("p.json", r#"{"include": {"tart": {"run_user": "dk"}}}"#)], "include: "),
        (&[("tart.sls", one)], "mm1: v; mm3: v"),
        (&[("mm3.sls", one), ("tart.sls", two)], "mm1: w; mm3: v"),
        (&[("mm3.yaml", one), ("other.sls", "{{ x }}")], "mm3: v"),
        (&[("a.sls", one), ("b.sls", two)], "b.sls:1: two files have a pillar `tart`"),
        (&[("p.json", "{\"mm9\": {\"tart\": {\"run_user\": \"dk\"}}}")], "mm9: "),
        (
            &[("p.json", r#"{"mm9": {"tart": {"run_user": "dk", "vms": {"v": {"image": "x"}}}, "fmt": "{{ x }}"}}"#)],
            "mm9: v",
        ),
        (&[("p.sls", "{\n\"mm9\": {\"tart\": 1}\n}\n{\"mm3\": {}}\n")], "p.sls:4: a second JSON document begins here"),
        (&[("tart.sls", jinja)], "tart.sls:1: this file uses Jinja"),
        (&[], ""),
    ] {
        let shown = shown(files, &["mm1", "mm3"]);
        assert!(shown == expected || expected.contains(".sls:") && shown.starts_with(expected), "{files:?}: {shown}");
    }
}
