//! Pillar as people write it, and the specs that come of it.

use super::*;
use crate::resolve;

fn imported(files: &[(&str, &str)], host: Option<&str>, top: Option<&str>) -> String {
    let files: Vec<_> = files.iter().map(|(name, text)| Source::new(name, text.as_bytes().to_vec())).collect();
    let top = top.map(|text| Source::new("pillar/top.sls", text.as_bytes().to_vec()));
    match import(&files, &Naming { host, top: top.as_ref() }) {
        Ok(spec) => spec,
        Err(problems) => problems.to_string(),
    }
}

const ORIGINAL: &str = "\
tart:
  run_user: dk
  vms:
    kri-test-macos-1:
      image: ghcr.io/cirruslabs/macos-sonoma-base:latest
      cpu: 4
      memory: 8192
      disk: 60
      enabled: yes
    kri-test-macos-2:
      image: ghcr.io/cirruslabs/macos-sonoma-base:latest
      cpu: \"4\"
      memory: 8192
      disk: 060
      enabled: off
    kri-test-linux-1:
      image: ghcr.io/cirruslabs/ubuntu:latest
";

#[test]
fn the_original_shape() {
    assert_eq!(
        imported(&[("pillar/tart/mm1.sls", ORIGINAL)], None, None),
        "\
# Imported from mm1.sls. It gives each host the pillar that it has; look it over, and
# rename images and profiles as you like.
version: 1

images:
  macos-sonoma-base: { ref: \"ghcr.io/cirruslabs/macos-sonoma-base:latest\", os: macos }
  ubuntu: { ref: \"ghcr.io/cirruslabs/ubuntu:latest\", os: linux }

defaults:
  run_user: dk

# Settings that several VMs have in common.
profiles:
  kri-test-macos: { image: macos-sonoma-base, cpu: 4, memory: 8GiB, disk: 60 }

hosts:
  # Named after its file: this must be the id of the Salt minion.
  mm1:
    vms:
      kri-test-macos-1: { profile: kri-test-macos }
      kri-test-macos-2: { profile: kri-test-macos, enabled: false }
      kri-test-linux-1: { image: ubuntu, cpu: 2, memory: 4GiB, disk: 20 }
"
    );
}

#[test]
fn hosts_are_named_by_whoever_knows() {
    let small = "tart: {run_user: dk, vms: {a: {image: a.example/b/c:1}}}";
    let items = format!("{{\"local\": {{\"tart\": {}}}}}", r#"{"run_user": "dk", "vms": {}}"#);
    let minions = r#"{"no": {"tart": {"run_user": "dk"}}, "mm2.example.com": {"tart": {"run_user": "x"}}, "mm3": {}}"#;
    let top = "base:\n  mm7:\n    - tart.small\n  'mm8':\n    - other\n    - tart.small\n";
    let has = |spec: String, lines: &[&str]| {
        for line in lines {
            assert!(spec.lines().any(|found| found == *line), "{line} in\n{spec}");
        }
    };
    has(imported(&[("small.sls", small)], Some("mm9"), None), &["  mm9:"]);
    has(imported(&[("a/mm4/init.sls", small)], None, None), &["  mm4:"]);
    has(imported(&[("hosts/=m=m1+example+com.sls", small)], None, None), &["  MM1.example.com:"]);
    let braces = r#"{"mm6": {"tart": {"run_user": "dk"}, "nginx": {"fmt": "{{ x }}"}}}"#;
    has(imported(&[("stdin", braces)], None, None), &["  mm6: {}"]);
    has(imported(&[("stdin", &items)], Some("mm9"), None), &["  mm9: {}"]);
    has(imported(&[("stdin", minions)], None, None), &["  \"no\": {}", "  mm2.example.com:", "    run_user: x"]);
    let sets = "base: {mm1: [other], mm2: [other], 'mm[!2]': [small]}";
    let by_sets = imported(&[("small.sls", small)], None, Some(sets));
    assert!(by_sets.contains("\n  mm1:\n") && !by_sets.contains("  mm2:"), "{by_sets}");
    has(imported(&[("pillar/tart/small.sls", small)], None, Some(top)), &["  mm7:", "  mm8:"]);
}

#[test]
fn advanced_settings_survive() {
    let text = "tart: {run_user: dk, removed: old, vms: {v: {image: a.example/b/c:1, display: 800x600pt, \
                arguments: [--vnc, --net-softnet-allow=10.0.0.0/8], clone: {timeout: 60, insecure: yes}, \
                keep_alive: no, throttle_interval: 30, environment: {B: '1', A: ''}, standard_out_path: /a/b.log}}}";
    let spec = imported(&[("mm1.sls", text)], None, None);
    for line in [
        "        display: \"800x600pt\"",
        "        clone: { insecure: true, timeout: 60 }",
        "        run: { no_graphics: false, vnc: true, net_softnet_allow: [\"10.0.0.0/8\"] }",
        "    removed: [old]",
    ] {
        assert!(spec.lines().any(|found| found == line), "{line} in\n{spec}");
    }
    let source = Source::new("stdout", spec.clone().into_bytes());
    assert!(!compile(&source).has_errors(), "{:?}\n{spec}", compile(&source).diagnostics());
}

#[test]
fn hosts_that_are_alike_are_groups() {
    let pillar = |id: &str, more: &str| {
        let short = resolve::short(id);
        format!(
            "\"{id}\": {{\"tart\": {{\"run_user\": \"dk\", \"removed\": [\"{short}-old\"], \"vms\": {{\
             \"ci-{short}-1\": {{\"image\": \"a.example/b/c:1\"{more}}}, \"m1\": {{\"image\": \"a.example/b/d:1\", \"cpu\": 8}}}}}}}}"
        )
    };
    let mut minions: Vec<_> =
        ["mm10", "mm8", "other", "mm9", "mm11.example", "mm11", "MM13", "mm3"].map(|id| pillar(id, "")).into();
    minions.extend(["odd1", "odd2", "odd3"].map(|id| pillar(id, ", \"cpu\": 3")));
    minions.extend(["e1", "e2", "e3", "e4"].map(|id| format!("\"{id}\": {{\"tart\": {{\"run_user\": \"dk\"}}}}")));
    let spec = imported(&[("stdin", &format!("{{{}}}", minions.join(", ")))], None, None);
    let expected = "
# Hosts that are alike.
groups:
  group:
    hosts: [MM13, mm3, \"mm[8-11]\", mm11.example, other]
    vms:
      \"ci-{host}-1\": { image: \"a.example/b/c:1\", cpu: 2, memory: 4GiB, disk: 20 }
      m1: { profile: d }
    removed: [\"{host}-old\"]

hosts:
  odd1:
";
    assert!(spec.contains(expected) && spec.contains("\n  e4: {}\n"), "{spec}");
    let same = |names: Vec<String>| {
        let files: Vec<_> = names.iter().map(|name| (name.as_str(), "tart: {run_user: dk, removed: [x]}")).collect();
        imported(&files, None, None)
    };
    let spec = same((1..=5).map(|number| format!("mm{number}.sls")).collect());
    let expected = "
groups:
  # Named after their files: these must be the ids of the Salt minions.
  mm:
    hosts: [\"mm[1-5]\"]
    removed: [x]
";
    assert!(spec.ends_with(expected), "{spec}");
    let spec = same((1..20).map(|number| format!("long-name-of-mac-{}.sls", number * 2)).collect());
    assert!(spec.contains("  long-name-of-mac:\n    hosts:\n      - long-name-of-mac-2\n"), "{spec}");
}

#[test]
fn names_do_not_collide() {
    let vm = |name: &str, image: &str, cpu: u32| format!("{name}: {{image: 'ghcr.io/cirruslabs/{image}', cpu: {cpu}}}");
    let digest = format!("ubuntu@sha256:{}", "a".repeat(64));
    let vms = [
        vm("a", "ubuntu:latest", 2),
        vm("b", "ubuntu:24.04", 2),
        vm("c", &digest, 2),
        vm("d", "ubuntu:latest", 2),
        vm("x-ci-1", "ubuntu:24.04", 4),
        vm("x-ci-2", "ubuntu:24.04", 4),
        vm("x-ci-3", "ubuntu:24.04", 8),
        vm("x-ci-4", "ubuntu:24.04", 8),
    ];
    let spec = imported(&[("mm1.sls", &format!("tart: {{run_user: dk, vms: {{{}}}}}", vms.join(", ")))], None, None);
    for start in [
        "  ubuntu: { ref:",
        "  ubuntu-24.04: { ref:",
        "  ubuntu-aaaaaaaaaaaa: { ref:",
        "  ubuntu: { image: ubuntu,",
        "  x-ci: { image: ubuntu-24.04, cpu: 4",
        "  ubuntu-24.04: { image: ubuntu-24.04, cpu: 8",
    ] {
        assert!(spec.lines().any(|found| found.starts_with(start)), "{start} in\n{spec}");
    }
}

#[test]
fn what_cannot_be_imported_is_said_with_its_place() {
    for (text, expected) in [
        ("tart:\n  vms: {{ x }}\n", "mm1.sls:2: this file uses Jinja"),
        (
            "tart:\n  run_user: dk\n  vmz: {}\n",
            "mm1.sls:3: `tart` has the key `vmz`, which no spec has; did you mean `vms`?",
        ),
        (
            "tart:\n  run_user: dk\n  owner: me\n",
            "mm1.sls:3: `tart` has the key `owner`, which no spec has; the states do not read it",
        ),
        (
            "tart:\n  run_user: dk\n  vms:\n    Big_VM: {image: a/b/c:1}\n",
            "mm1.sls:4: `Big_VM` cannot be a VM name: use lower-case",
        ),
        (
            "tart:\n  run_user: dk\n  vms:\n    v:\n      image: a.b/c:1\n      cpus: 4\n",
            "mm1.sls:6: `v` has the key `cpus`",
        ),
        (
            "tart:\n  run_user: dk\n  vms:\n    v: {image: a.b/c:1, arguments: [--dir=/a]}\n",
            "the argument `--dir=/a` of the VM `v`",
        ),
        ("tart: {run_user: dk, vms: {v: {image: a.b/c:1, arguments: [--gui]}}}", "tart has no such flag"),
        (
            "include:\n  - tart.common\ntart:\n  run_user: dk\n",
            "mm1.sls:2: `include` is not followed here; name the output of `salt '*' pillar.raw",
        ),
        ("include: [tart.common]\n", "mm1.sls:1: `include` is not followed here"),
        ("{\"mm1\": {}}\n{\"mm2\": {}}\n", "mm1.sls:2: a second JSON document begins here; print one for all minions"),
        (
            "{\"mm1\": {\"tart\": {\"run_user\": \"dk\"}},\n\"mm2\": \"Minion did not return. [No response]\"}",
            "mm1.sls:2: these minions did not answer Salt: `mm2`; save the output again when they answer",
        ),
        ("a: 1\n", "nothing under `tart` in mm1.sls"),
        ("tart: {run_user: dk, only: [a]}", "`tart` has the key `only`, which no spec has; it is for the command line"),
        ("tart: {run_user: Root_}", "mm1.sls:1: `Root_` cannot be a macOS account"),
        ("tart: {run_user: Root_}", "beginning with a letter; let an account with such a name own the VMs"),
    ] {
        let found = imported(&[("mm1.sls", text)], None, None);
        assert!(found.contains(expected), "{text}: {found}");
    }
    let small = "tart: {run_user: dk}";
    let minions = r#"{"mm1": {"tart": {"run_user": "dk"}}, "mm2": {"tart": {"run_user": "dk"}}}"#;
    for (found, expected) in [
        (imported(&[("stdin", small)], None, None), "nothing says which minion this is for"),
        (
            imported(&[("stdin", minions)], Some("mm9"), None),
            "`--host mm9` is for pillar that does not say which minion it is for, and this is for `mm1`, `mm2`; leave",
        ),
        (imported(&[("stdin", minions), ("a.sls", small)], Some("mm9"), None), "  mm9: {}"),
        (imported(&[("stdin", minions)], Some("mm2"), None), "  mm2: {}"),
        (imported(&[("m m.sls", small)], None, None), "`m m` cannot be a Salt minion id"),
        (imported(&[("a.sls", small), ("b/a.sls", small)], None, None), "`a` has pillar from another file"),
        (
            imported(&[("a.sls", small)], None, Some("base: {'mm*': [a]}")),
            "gives this file to no minion that it names in full",
        ),
        (
            imported(&[("a.sls", small)], None, Some("base: {'mm[12]': [a]}")),
            "gives this file to no minion that it names in full",
        ),
        (
            imported(&[("a.sls", small)], None, Some("base: {mm1: [b]}")),
            "`pillar/top.sls` gives this file to no minion",
        ),
        (
            imported(&[("a.sls", "include: [c]\ntart: {run_user: dk}")], None, Some("base: {mm1: [a]}")),
            "a.sls:1: `include` is not followed here",
        ),
    ] {
        assert!(found.contains(expected), "{found}");
    }
}

#[test]
fn everything_wrong_is_said_at_once() {
    let text = "tart:\n  owner: me\n  run_user: dk\n  vms:\n    A: {image: a.b/c:1, x: 1}\n";
    assert_eq!(imported(&[("a.sls", text), ("b.sls", "{% x %}")], None, None).lines().count(), 4);
}
