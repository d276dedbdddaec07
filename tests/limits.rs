//! Every stated limit, with what is just inside and what is just outside. `docs/limits.md` states them.

use std::fmt::Write as _;

use tartgen::{Code, Severity, Source, compile};

/// The errors of a spec.
fn errors(text: &str) -> Vec<Code> {
    let outcome = compile(&Source::new("limits.yaml", text.as_bytes().to_vec()));
    let errors = outcome.diagnostics().iter().filter(|found| found.severity() == Severity::Error);
    errors.map(|found| found.code).collect()
}

/// A fleet with a mistake besides: it is not built, which for the largest fleets takes long without optimisation.
fn fleet(hosts: &str) -> String {
    format!("version: 1\ndefaults: {{ run_user: dk, vm: {{ image: a.b/c:1, cpu: 0 }} }}\nhosts:\n{hosts}")
}

/// So many VMs for each of the hosts.
fn vms(hosts: &[(&str, usize)]) -> String {
    let mut text = String::new();
    for (host, count) in hosts {
        let vms: Vec<String> = (0..*count).map(|vm| format!("v{vm}: {{}}")).collect();
        writeln!(text, "  {host}: {{ vms: {{ {} }}, removed: [gone] }}", vms.join(", ")).expect("a string takes it");
    }
    fleet(&text)
}

#[test]
fn hosts() {
    let hosts = |count| (0..count).fold(String::new(), |text, host| text + &format!("  h{host}: {{}}\n"));
    assert_eq!(errors(&fleet(&hosts(20_000))), [Code::OutOfRange]);
    assert_eq!(errors(&fleet(&hosts(20_001))), [Code::OutOfRange, Code::TooManyHosts]);
}

#[test]
fn vms_of_a_host() {
    assert_eq!(errors(&vms(&[("a", 999), ("b", 5)])), [Code::OutOfRange]);
    assert_eq!(errors(&vms(&[("a", 1000), ("b", 5)])), [Code::OutOfRange, Code::TooManyVms]);
}

#[test]
fn vms_of_a_fleet() {
    // A tenth is written, the rest are aliases of it: as much as aliases may stand for.
    let written: Vec<String> = (0..25).map(|host| format!("h{host}")).collect();
    let hosts: Vec<(&str, usize)> = written.iter().map(|host| (host.as_str(), 999)).collect();
    let mut text = vms(&hosts).replace("h0: {", "h0: &all {");
    for host in 25..200 {
        writeln!(text, "  h{host}: *all").expect("a string takes it");
    }
    assert_eq!(errors(&text), [Code::OutOfRange]);
    text.push_str("  one-more: { removed: [gone] }\n");
    assert_eq!(errors(&text), [Code::OutOfRange, Code::TooManyVms]);
}

#[test]
fn keys_and_values() {
    // The list of 299,998 items is written once and stands there ten times; all else is ten keys and values.
    let spec = |more: &str| {
        let (items, aliases) = (vec!["1"; 299_998].join(","), ["*a"; 9].join(","));
        format!("version: 1\nhosts: {{}}\na: &a [{items}]\nb: [{aliases}]\nc: [{more}]\n")
    };
    let inside = errors(&spec(""));
    assert!(!inside.is_empty() && !inside.contains(&Code::TooManyValues), "{inside:?}");
    assert_eq!(errors(&spec("1")), [Code::TooManyValues]);
}

#[test]
fn nesting() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(errors(&nested(64)), [Code::WrongType]);
    assert_eq!(errors(&nested(65)), [Code::NestingTooDeep]);
}

#[test]
fn what_is_told_to_homebrew() {
    let tart = |settings: &str| {
        errors(&format!("version: 1\ntart: {{ {settings} }}\ndefaults: {{ run_user: dk }}\nhosts: {{ a: {{}} }}\n"))
    };
    let name = |length: usize| "a".repeat(length);
    let path = |length: usize| {
        format!("/{}", "a/".repeat(length / 2)).chars().take(length - 1).chain(['a']).collect::<String>()
    };
    let trust = |count: usize| (10..10 + count).map(|n| name(126) + &n.to_string()).collect::<Vec<_>>().join(", ");
    for (inside, beyond) in [
        (format!("binary: {}", path(1023)), format!("binary: {}", path(1024))),
        (format!("brew: {}", path(1023)), format!("brew: {}", path(1024))),
        (format!("tap: {}/b", name(126)), format!("tap: {}/b", name(127))),
        (format!("formula: {}", name(128)), format!("formula: {}", name(129))),
        (format!("trust: [{}]", name(128)), format!("trust: [{}]", name(129))),
        (format!("trust: [{}]", trust(16)), format!("trust: [{}]", trust(17))),
    ] {
        assert_eq!(tart(&inside), [], "{inside}");
        assert_eq!(tart(&beyond), [Code::BadValue], "{beyond}");
    }
}

#[test]
fn arguments_and_variables() {
    // Besides the value there are `--no-graphics`, the name of the variable, and what ends or joins each.
    let spec = |hosts: usize, count: usize, value: usize| {
        let vm = format!("count: {count}, daemon: {{ environment: {{ A: {} }} }}", "a".repeat(value - 17));
        errors(&format!(
            "version: 1\ndefaults: {{ run_user: dk, vm: {{ image: a.b/c:1 }} }}\n\
             groups: {{ g: {{ hosts: [\"h[1-{hosts}]\"], vms: {{ \"v{{n}}\": {{ {vm} }} }} }} }}\n"
        ))
    };
    assert_eq!(spec(1, 1, 524_288), []);
    assert_eq!(spec(1, 1, 524_289), [Code::TooLarge]);
    assert_eq!(spec(1, 8, 524_288), []);
    assert_eq!(spec(1, 9, 500_000), [Code::TooLarge]);
    // As much as is allowed takes long without optimisation.
    assert_eq!(spec(65, 8, 524_288), [Code::TooLarge]);
}

#[test]
fn comparisons_of_a_rollout() {
    let spec = |items: &str| {
        let hosts = "hosts: { a: {} }\ngroups: { g: { hosts: [\"h[00001-19999]\"] } }";
        errors(&format!(
            "version: 1\ndefaults: {{ run_user: dk, vm: {{ cpu: 0 }} }}\n{hosts}\n\
             rollout: {{ waves: [{{ name: w, hosts: [{items}] }}] }}\n"
        ))
    };
    let patterns = |from: usize| (from..from + 500).map(|n| format!("\"x*{n}\"")).collect::<Vec<_>>().join(", ");
    let many = format!("{}, {}", patterns(0), patterns(500));
    assert!(!spec(&many).contains(&Code::TooManyValues));
    assert!(spec(&format!("{many}, \"h*\"")).contains(&Code::TooManyValues));
    let ranges = ["\"h[00001-19999]\""; 100].join(", ");
    assert!(spec(&format!("{ranges}, \"h[00001-00101]\"")).contains(&Code::TooManyValues));
}

#[test]
fn names() {
    let host = |host: &str, vm: &str, user: &str, image: &str, profile: &str| {
        errors(&format!(
            "version: 1\nimages: {{ {image}: {{ ref: a.b/c:1, os: linux }} }}\nprofiles: {{ {profile}: {{ image: {image} }} }}\n\
             hosts: {{ {host}: {{ run_user: {user}, vms: {{ {vm}: {{ profile: {profile} }} }} }} }}\n"
        ))
    };
    let name = |length: usize| "a".repeat(length);
    let (h, v, u, n) = (name(246), name(63), name(31), name(128));
    assert_eq!(host(&h, &v, &u, &n, &n), []);
    assert_eq!(host(&"A".repeat(123), &v, &u, &n, &n), []);
    assert_eq!(host(&name(247), &v, &u, &n, &n), [Code::BadMinionId]);
    assert_eq!(host(&"A".repeat(124), &v, &u, &n, &n), [Code::BadMinionId]);
    assert_eq!(host(&h, &name(64), &u, &n, &n), [Code::BadVmName]);
    assert_eq!(host(&h, &v, &name(32), &n, &n), [Code::BadRunUser]);
    assert_eq!(host(&h, &v, &u, &name(129), &n), [Code::BadName]);
    assert_eq!(host(&h, &v, &u, &n, &name(129)), [Code::BadName]);
    let image = |length: usize| format!("a.b/{}:{}", name(length - 4), name(128));
    let direct = |image: &str| {
        errors(&format!("version: 1\nhosts: {{ a: {{ run_user: dk, vms: {{ v: {{ image: {image} }} }} }} }}\n"))
    };
    assert_eq!(direct(&image(255)), []);
    assert_eq!(direct(&image(256)), [Code::BadReference]);
}

#[test]
fn the_name_of_the_spec_may_be_as_long_as_a_file_system_takes() {
    let spec = b"version: 1\nhosts: { a: { run_user: dk } }\n".to_vec();
    for name in ["a".repeat(255), "{%\u{e9} \"'\n".repeat(36)] {
        assert!(!compile(&Source::new(&name, spec.clone())).has_errors(), "{name}");
    }
}
