//! What large fleets are told.

use std::fmt::Write as _;

use tartgen::{Code, Source, compile};

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
