//! Specs that compile, and specs that do not: a case is added by dropping a file into a folder.

use std::collections::BTreeSet;

use tartgen::{Code, Format, Severity, Source, compile, render_diagnostics};

use crate::support::specs;

/// Findings that no fixture can show: what would show a bug of tartgen itself, and those of specs that are too large.
/// `limits.rs` shows these.
const WITHOUT_FIXTURE: &[Code] =
    &[Code::Internal, Code::TooLarge, Code::TooManyValues, Code::TooManyHosts, Code::TooManyVms];

fn report(source: &Source) -> String {
    render_diagnostics(compile(source).diagnostics(), source, Format::Human { colour: false })
}

fn snapshot(name: &str, source: &Source) {
    let report = report(source);
    let settings = {
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path("../snapshots/diagnostics");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings
    };
    settings.bind(|| insta::assert_snapshot!(name, report));
}

#[test]
fn invalid_specs_are_refused_for_the_reason_in_their_name() {
    for (name, source) in specs("invalid") {
        let outcome = compile(&source);
        let expected = name.split('.').next().unwrap_or_default();
        let errors: Vec<_> = outcome.diagnostics().iter().filter(|found| found.severity() == Severity::Error).collect();
        assert!(outcome.has_errors() && outcome.files().count() == 0, "{name} compiles");
        assert!(errors.iter().any(|found| found.code.name() == expected), "{name} is refused for something else");
        snapshot(&name, &source);
    }
}

#[test]
fn valid_specs_compile() {
    for (name, source) in specs("valid") {
        let outcome = compile(&source);
        assert!(!outcome.has_errors(), "{}", report(&source));
        assert!(outcome.files().count() > 0, "{name} makes no files");
        if !outcome.diagnostics().is_empty() {
            snapshot(&format!("valid.{name}"), &source);
        }
    }
}

#[test]
fn every_code_has_a_fixture() {
    let sources = specs("invalid").into_iter().chain(specs("valid"));
    let found: BTreeSet<_> = sources
        .flat_map(|(_, source)| compile(&source).diagnostics().iter().map(|found| found.code).collect::<Vec<_>>())
        .collect();
    for code in Code::ALL {
        assert_ne!(found.contains(code), WITHOUT_FIXTURE.contains(code), "{}", code.name());
    }
}

#[test]
fn every_finding_has_a_place_and_advice() {
    for (name, source) in specs("invalid").into_iter().chain(specs("valid")) {
        for found in compile(&source).diagnostics() {
            let span = found.primary.span;
            assert!(span.start <= span.end && span.end <= source.text().len(), "{name}: {found:?}");
            assert!(!found.advice.is_empty(), "{name}: no advice: {}", found.message);
            assert!(!found.message.contains('\n'), "{name}: {}", found.message);
        }
    }
}

#[test]
fn formats_for_programs() {
    let (_, source) = specs("invalid").into_iter().find(|(name, _)| name == "removed-and-defined").expect("it exists");
    let outcome = compile(&source);
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path("../snapshots/diagnostics");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!("format.json", render_diagnostics(outcome.diagnostics(), &source, Format::Json));
        insta::assert_snapshot!("format.github", render_diagnostics(outcome.diagnostics(), &source, Format::Github));
    });
}
