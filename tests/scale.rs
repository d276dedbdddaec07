//! What large fleets are told.

use std::fmt::Write as _;
use std::fs;

use tartgen::{Code, Source, compile};

use crate::support::{folder, run};

/// The findings about a fleet of so many hosts, which has a mistake besides so that it is not built.
fn found(hosts: usize, pillar: &str) -> Vec<Code> {
    let mut text = format!("version: 1\n{pillar}defaults: {{ run_user: dk, vm: {{ cpu: 0 }} }}\nhosts:\n");
    (0..hosts).for_each(|host| writeln!(text, "  h{host}: {{}}").expect("a string takes it"));
    compile(&Source::new("large.yaml", text.into_bytes())).diagnostics().iter().map(|found| found.code).collect()
}

#[test]
fn a_large_fleet_is_asked_where_its_pillar_stands() {
    assert_eq!(found(999, ""), [Code::OutOfRange]);
    assert_eq!(found(1000, ""), [Code::OutOfRange, Code::CostlyPillar]);
    for pillar in ["pillar: { layout: inside }\n", "pillar: { layout: beside }\n", "lints: { costly-pillar: allow }\n"]
    {
        assert_eq!(found(1000, pillar), [Code::OutOfRange], "{pillar}");
    }
    // What is written but wrong is reported as that.
    assert_eq!(found(1000, "pillar: { layout: outside }\n"), [Code::BadValue, Code::OutOfRange]);
    assert_eq!(found(1000, "pillar: { layuot: beside }\n"), [Code::UnknownKey, Code::OutOfRange]);
}

/// Who builds four hundred hosts does not want four hundred lines.
#[test]
fn files_of_hosts_that_count_on_share_a_line() {
    let spec = |hosts: &str, cpu: u8| {
        format!(
            "version: 1\ndefaults: {{ run_user: dk }}\ngroups:\n  lab:\n    hosts: [{hosts}]\n    \
             vms: {{ \"{{host}}\": {{ image: \"ghcr.io/cirruslabs/ubuntu:24.04\", cpu: {cpu} }} }}\n"
        )
    };
    let place = "out/salt/pillar/tart/hosts";
    let folder = folder(&[("tartgen.yaml", &spec("x, \"mm[001-400]\"", 2))]);
    let built = run(folder.path(), &["build"]);
    let created = format!("created {place}/mm[001-400].sls (400 files)\ncreated {place}/x.sls\n");
    assert!(built.stderr.contains(&created), "{}", built.stderr);

    fs::remove_file(folder.path().join(place).join("mm007.sls")).expect("it is there");
    fs::write(folder.path().join("tartgen.yaml"), spec("\"mm[001-400]\"", 4)).expect("it can be written");
    let checked = run(folder.path(), &["build", "--check"]);
    let expected = format!(
        "stale {place}/mm[001-006].sls (6 files)\nmissing {place}/mm007.sls\nstale {place}/mm[008-400].sls (393 files)\n\
         extra {place}/x.sls\nout is stale: run `tartgen build` and commit the result\n"
    );
    assert_eq!((checked.code, checked.stderr.as_str()), (Some(1), expected.as_str()));
}
