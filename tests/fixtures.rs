//! Specs that compile, and specs that do not: a case is added by dropping a file into a folder.

use tartgen::{Format, Look, Severity, Source, compile, render_diagnostics};

use crate::support::specs;

fn report(source: &Source) -> String {
    render_diagnostics(compile(source).diagnostics(), source, Format::Human(Look::default()))
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
fn every_finding_has_a_place_and_advice() {
    for (name, source) in specs("invalid").into_iter().chain(specs("valid")) {
        for found in compile(&source).diagnostics() {
            for label in std::iter::once(&found.primary).chain(&found.secondary) {
                let (span, text) = (label.span, source.slice(label.span));
                assert_eq!(text.len(), span.end - span.start, "{name}: a place is in no file: {found:?}");
            }
            assert!(!found.advice.is_empty(), "{name}: no advice: {}", found.message);
            assert!(!found.message.contains('\n'), "{name}: {}", found.message);
        }
    }
}
