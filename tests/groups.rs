//! Hosts that are alike: they cost about as much as one, and what is wrong with them is said once.

use tartgen::{Code, Source, compile};

/// A fleet of a group with so many hosts and these keys.
fn group(hosts: &str, keys: &str) -> Source {
    let text = format!(
        "version: 1\ndefaults: {{ run_user: dk, vm: {{ image: \"ghcr.io/cirruslabs/ubuntu:24.04\" }} }}\ngroups:\n  lab:\n    hosts: [\"{hosts}\"]\n{keys}"
    );
    Source::new("groups.yaml", text.into_bytes())
}

fn found(hosts: &str, keys: &str) -> Vec<(Code, String)> {
    let outcome = compile(&group(hosts, keys));
    outcome.diagnostics().iter().map(|found| (found.code, found.message.clone())).collect()
}

#[test]
fn a_group_is_written_out() {
    let keys = "    vms:\n      ci-{host}-{n}: { count: 2 }\n    removed: [\"old-{host}\"]\n";
    let outcome = compile(&group("MM[09-10].lab", keys));
    let pillar = |path: &str| {
        let file = outcome.files().find(|(found, _)| *found == path);
        String::from_utf8_lossy(file.expect("the host has a file").1).into_owned()
    };
    let first = pillar("salt/pillar/tart/hosts/=m=m09+lab.sls");
    for line in ["# Minion: \"MM09.lab\"", "    \"ci-mm09-1\":", "    \"ci-mm09-2\":", "    - \"old-mm09\""] {
        assert!(first.lines().any(|found| found == line), "{line}\n{first}");
    }
    assert!(pillar("salt/pillar/tart/hosts/=m=m10+lab.sls").contains("ci-mm10-2"));
}

#[test]
fn mistakes_of_a_group_are_said_once() {
    let keys = "    hardware: { memory: 8GiB, macos: \"12.1\" }\n    vms:\n      \
                ci-{n}: { count: 3, image: nowhere, memory: 4GiB }\n      ci-2: { profile: none }\n      \
                own-{host}: { run: { net_softnet_expose: [\"1:1\", \"1:2\"] } }\n    removed: [own-mm7]\n";
    let found = found("mm[1-500]", keys);
    let codes: Vec<_> = found.iter().map(|(code, _)| *code).collect();
    let expected = [
        Code::HostTooOld,
        Code::UnknownImage,
        Code::MemoryOversubscribed,
        Code::DuplicateVm,
        Code::UnknownProfile,
        Code::PortExposedTwice,
        Code::RemovedAndDefined,
    ];
    assert_eq!(codes, expected, "{found:#?}");
}

#[test]
fn what_depends_on_the_host_is_shown_for_one_and_counted() {
    let keys = "    vms:\n      \"{host}-{n}\": { count: 2 }\n      \"{host}-1\": {}\n";
    let message = "two VMs on `mm1` and 499 more hosts would be called `mm1-1`".to_owned();
    assert_eq!(found("mm[1-500]", keys), [(Code::DuplicateVm, message)]);
    let keys = "    vms:\n      \"{host}\": {}\n      mm7: {}\n";
    let message = "two VMs on `mm7` would be called `mm7`".to_owned();
    assert_eq!(found("mm[1-500]", keys), [(Code::DuplicateVm, message)]);
}

#[test]
fn what_is_wrong_with_counted_names_is_said_once() {
    let duplicate = |message: &str| vec![(Code::DuplicateVm, message.to_owned())];
    let keys = "    vms:\n      \"a-{n}\": { count: 400 }\n      \"a-1{n}\": { count: 80 }\n";
    let message = "two VMs on `mm1` and 299 more hosts would be called `a-11`; and so with 79 more names";
    assert_eq!(found("mm[1-300]", keys), duplicate(message));
    let keys = "    vms:\n      \"{host}-{n}\": { count: 3 }\n";
    let message = "`{host}-{n}` becomes `mm_1-1` on `mm_1` and 499 more hosts, which cannot be a VM name; and so with 2 more names";
    assert_eq!(found("mm_[1-500]", keys), [(Code::BadExpandedName, message.to_owned())]);
    // The same on every host, of which one is looked at.
    let message = "two VMs on `mm1` and 499 more hosts would be called `a-2`";
    assert_eq!(found("mm[1-500]", "    vms:\n      \"a-{n}\": { count: 3 }\n      a-2: {}\n"), duplicate(message));
    let removed = found("mm[1-500]", "    removed: [\"x-{host}\", x-mm3, x-mm3]\n");
    let messages: Vec<_> = removed.iter().map(|(_, message)| message.as_str()).collect();
    assert_eq!(messages, ["`x-mm3` is removed twice on `mm3`", "`x-mm3` is removed twice"]);
    let keys = "    vms:\n      \"a-{n}\": { count: 9, daemon: { standard_out_path: /Users/dk/a.log } }\n";
    let message = "the VMs of `a-{n}` write to one log, `/Users/dk/a.log`".to_owned();
    assert_eq!(found("mm[1-500]", keys), [(Code::SharedLog, message)]);
}

#[test]
fn a_range_may_have_many_parts() {
    let numbers: Vec<_> = (101..200).map(|number| number.to_string()).collect();
    assert_eq!(found(&format!("mm[{}]", numbers.join(",")), ""), []);
    let parts = |count: usize| format!("mm[{}1]", "1,".repeat(count));
    assert_eq!(parts(2045).len(), 4095);
    assert!(!found(&parts(2045), "").iter().any(|found| found.0 == Code::BadValue));
    assert!(found(&parts(2046), "").iter().any(|found| found.0 == Code::BadValue));
    let long = "a".repeat(246);
    assert_eq!(found(&format!("{long}[1-2]"), "").iter().map(|found| found.0).collect::<Vec<_>>(), [Code::BadMinionId]);
}

#[test]
fn ranges_of_waves_are_read_like_those_of_groups() {
    let wave =
        |hosts: &str| found("mm[1-500]", &format!("rollout: {{ waves: [{{ name: w, hosts: [\"{hosts}\"] }}] }}\n"));
    let message = "`mm[1-100000]` stands for 100000 hosts, and a fleet has at most 20000".to_owned();
    assert_eq!(wave("mm[1-100000]"), [(Code::UnknownHost, message)]);
    assert_eq!(wave("mm[5-1]"), [(Code::BadRange, "`5-1` ends before it begins in `mm[5-1]`".to_owned())]);
    assert_eq!(wave("mm[1-5]"), []);
}

#[test]
fn limits_count_what_is_written_out() {
    let vm = "    vms:\n      \"v-{n}\": { count: 1000, cpu: 0 }\n";
    assert_eq!(found("mm[1-200]", vm).iter().map(|found| found.0).collect::<Vec<_>>(), [Code::OutOfRange]);
    for (hosts, keys, code) in [
        ("mm[1-20001]", "", Code::TooManyHosts),
        ("mm[1-999999999][1-999999999][1-999999999]", "", Code::TooManyHosts),
        ("mm[1-201]", "    vms:\n      \"v-{n}\": { count: 1000 }\n", Code::TooManyVms),
        ("mm1", "    vms:\n      \"v-{n}\": { count: 1000 }\n      w: {}\n", Code::TooManyVms),
    ] {
        assert_eq!(found(hosts, keys).iter().map(|found| found.0).collect::<Vec<_>>(), [code], "{hosts} {keys}");
    }
}

/// A mistake of ten thousand hosts is one mistake.
#[test]
fn what_is_wrong_with_ten_thousand_hosts_is_said_once() {
    let keys = "    vms:\n      a-{host}: { cpu: 0 }\n      b-{host}-{n}: { count: 2 }\n      c: {}\n    removed: [\"old-{host}\"]\n";
    let source = group("mm[1-10000]", keys);
    let codes: Vec<_> = compile(&source).diagnostics().iter().map(|found| found.code).collect();
    assert_eq!(codes, [Code::CostlyPillar, Code::OutOfRange]);
}
