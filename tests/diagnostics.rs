//! The catalogue of diagnostics: documented, reachable, and its examples true.

use std::collections::BTreeSet;
use std::fs;

use tartgen::{Code, Severity, Source, compile, diagnostics_page, explain, list_codes};

use crate::support::{blocks, root, run, specs};

/// What no spec of a few lines can show: a file of 32 MiB, a text that is not UTF-8, a bug of tartgen itself, a
/// nesting or a number of files, values, hosts or VMs that would not fit a page, and what takes several files.
const WITHOUT_EXAMPLE: &[Code] = &[
    Code::TooLarge,
    Code::NotUtf8,
    Code::NestingTooDeep,
    Code::TooManyValues,
    Code::TooManyHosts,
    Code::TooManyVms,
    Code::CostlyPillar,
    Code::IncludeCycle,
    Code::IncludedTwice,
    Code::TooManyFiles,
    Code::RootOnlyKey,
    Code::Internal,
];

#[test]
fn docs_are_current() {
    let path = root().join("docs/diagnostics.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, diagnostics_page()).expect("the page can be written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == diagnostics_page(), "docs/diagnostics.md is stale: run `UPDATE_DOCS=1 cargo test docs`");
}

#[test]
fn every_code_is_documented() {
    let page = diagnostics_page();
    for code in Code::ALL {
        let name = code.name();
        assert!(page.contains(&format!("\n## {name}\n")), "{name}");
        assert!(code.explanation().split_whitespace().count() >= 15, "{name} is explained in a few words");
        assert!(!code.explanation().contains("\n\n\n") && code.explanation().ends_with('\n'), "{name}");
        assert!(explain(*code).starts_with(&format!("{}[{name}]: {}\n", code.severity().name(), code.title())));
        assert!(code.title().len() + code.help().len() < 1020, "{name} is too long for code scanning");
        assert!(code.explanation().lines().all(|line| line.chars().count() <= 120), "{name} has long lines");
    }
    assert_eq!(list_codes().lines().count(), Code::ALL.len());
}

#[test]
fn examples_show_what_they_say() {
    for code in Code::ALL {
        let name = code.name();
        let examples = blocks(code.explanation(), "yaml");
        if WITHOUT_EXAMPLE.contains(code) {
            assert_eq!(examples.len(), 0, "{name} has examples after all");
            continue;
        }
        let [wrong, right] = examples.as_slice() else { panic!("{name} has no wrong and right example") };
        let found = |text: &str| {
            let outcome = compile(&Source::new("example.yaml", text.as_bytes().to_vec()));
            let codes: BTreeSet<_> = outcome.diagnostics().iter().map(|found| found.code.name()).collect();
            (codes, outcome.has_errors())
        };
        assert!(found(wrong).0.contains(name), "{name}: the wrong example shows {:?}", found(wrong).0);
        assert_eq!(found(wrong).1, code.severity() == Severity::Error || wrong.contains("deny"), "{name}");
        assert_eq!(found(right), (BTreeSet::new(), false), "{name}: the right example is not right");
    }
}

/// Codes that no file of the folder can show; `limits.rs` and a test below show what they can.
const WITHOUT_FIXTURE: &[Code] = &[
    Code::Internal,
    Code::TooLarge,
    Code::TooManyFiles,
    Code::TooManyValues,
    Code::TooManyHosts,
    Code::TooManyVms,
    Code::CostlyPillar,
];

#[test]
fn every_code_has_a_fixture_and_a_snapshot() {
    let fixtures: BTreeSet<_> = specs("invalid").into_iter().map(|(name, _)| name).collect();
    for code in Code::ALL {
        let name = code.name();
        let own: Vec<_> = fixtures.iter().filter(|fixture| fixture.split('.').next() == Some(name)).collect();
        assert_eq!(own.is_empty(), WITHOUT_FIXTURE.contains(code), "{name}");
        for fixture in own {
            let snapshot = root().join(format!("snapshots/diagnostics/{fixture}.snap"));
            let report = fs::read_to_string(snapshot).expect("each fixture has a snapshot");
            assert!(report.contains(&format!("error[{name}]")), "{fixture}");
        }
    }
    for fixture in &fixtures {
        let code = fixture.split('.').next().and_then(Code::from_name);
        assert!(code.is_some(), "{fixture} is named after no code");
    }
}

#[test]
fn a_spec_that_is_too_large_is_reported() {
    let source = Source::new("large.yaml", vec![b'#'; tartgen::SIZE_LIMIT + 1]);
    let codes: Vec<_> = compile(&source).diagnostics().iter().map(|found| found.code).collect();
    assert_eq!(codes, [Code::TooLarge]);
}

#[test]
fn explain_prints_what_the_page_says() {
    for code in ["moving-tag", "warning[moving-tag]"] {
        let done = run(root(), &["explain", code]);
        assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""));
        assert_eq!(done.stdout, explain(Code::MovingTag));
        assert!(done.stdout.contains("`--deny moving-tag`"), "{}", done.stdout);
    }
    let list = run(root(), &["explain"]);
    assert_eq!((list.code, list.stdout), (Some(0), list_codes()));
}

#[test]
fn unknown_codes_are_wrong_usage() {
    for (code, words) in [("unknow-key", "did you mean `unknown-key`?"), ("E0308", "`tartgen explain` lists them all")]
    {
        let done = run(root(), &["explain", code]);
        assert_eq!((done.code, done.stdout.as_str()), (Some(2), ""));
        assert!(done.stderr.contains(words), "{}", done.stderr);
    }
}
