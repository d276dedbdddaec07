//! Warnings as errors, and warnings that nobody sees.

use std::fs;

use tartgen::{Code, Draft, Level, Levels, Severity, Source, compile, compile_with, schema_json};

use crate::support::{Run, root, run};

const MOVING: &str =
    "version: 1\nhosts: { mm1: { run_user: dk, vms: { ci: { image: ghcr.io/cirruslabs/ubuntu:latest } } } }\n";

fn validate(spec: &str, arguments: &[&str]) -> Run {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join("tartgen.yaml"), spec).expect("a spec can be written");
    run(folder.path(), &[&["validate"], arguments].concat())
}

fn with_lints(lints: &str) -> String {
    format!("{MOVING}lints: {lints}\n")
}

#[test]
fn the_spec_sets_levels() {
    let denied = validate(&with_lints("{ moving-tag: deny }"), &[]);
    assert_eq!(denied.code, Some(1), "{}", denied.stderr);
    assert!(denied.stderr.starts_with("error[moving-tag]: "), "{}", denied.stderr);
    assert!(denied.stderr.contains("denied here"), "{}", denied.stderr);
    let allowed = validate(&with_lints("{ moving-tag: allow }"), &[]);
    assert_eq!((allowed.code, allowed.stderr.as_str()), (Some(0), "tartgen.yaml is fine: 1 host, 1 VM\n"));
}

#[test]
fn the_command_line_goes_before_the_spec() {
    for (lints, arguments, code) in [
        ("{}", &["--deny", "moving-tag"][..], 1),
        ("{}", &["-D", "warnings"], 1),
        ("{}", &["--deny", "warnings", "--allow", "moving-tag"], 0),
        ("{}", &["--allow", "moving-tag", "--deny", "moving-tag"], 1),
        ("{}", &["--deny", "moving-tag", "--allow", "moving-tag"], 0),
        ("{ moving-tag: deny }", &["--warn", "moving-tag"], 0),
        ("{ moving-tag: deny }", &["-W", "moving-tag", "-D", "warnings"], 1),
        ("{ moving-tag: deny }", &["--allow", "warnings"], 1),
        ("{ moving-tag: allow }", &["--deny", "warnings"], 0),
        ("{}", &["--deny", "secret-in-plist,moving-tag"], 1),
        ("{}", &["--deny", "warnings", "--allow", "secret-in-plist,moving-tag"], 0),
        ("{ moving-tag: allow }", &["-D", "moving-tag"], 1),
    ] {
        let done = validate(&with_lints(lints), arguments);
        assert_eq!(done.code, Some(code), "{lints} {arguments:?}: {}", done.stderr);
    }
    let done = validate(MOVING, &["--deny", "warnings"]);
    assert!(done.stderr.contains("denied on the command line: `--deny warnings`"), "{}", done.stderr);
    let hidden = validate(MOVING, &["--allow", "warnings"]);
    assert_eq!(hidden.stderr, "tartgen.yaml is fine: 1 host, 1 VM\n");
}

#[test]
fn errors_stay_errors() {
    for (option, code, words) in [
        ("--allow", "unknown-key", "errors stay errors"),
        ("--warn", "unknown-key", "errors stay errors"),
        ("--deny", "unknown-key", "always an error"),
        ("--warn", "warnings", "name a code"),
        ("--deny", "moving-tags", "did you mean `moving-tag`?"),
        ("--deny", "warning", "did you mean `warnings`?"),
        ("--deny", "moving-tag,moving-tags", "'moving-tags'"),
    ] {
        let done = validate(MOVING, &[option, code]);
        assert_eq!((done.code, done.stdout.as_str()), (Some(2), ""), "{option} {code}");
        assert!(done.stderr.contains(words), "{}", done.stderr);
    }
}

#[test]
fn a_denied_warning_leaves_nothing_to_write() {
    let source = Source::new("fleet.yaml", with_lints("{ moving-tag: deny }").into_bytes());
    assert!(compile(&source).has_errors() && compile(&source).files().count() == 0);
    let mut levels = Levels::default();
    levels.set(Code::MovingTag, Level::Warn);
    let outcome = compile_with(&source, &levels);
    assert!(!outcome.has_errors() && outcome.files().count() > 0);
    assert!(outcome.diagnostics().iter().all(|found| found.severity() == Severity::Warning));
}

#[test]
fn repeated_names_are_only_looked_for_on_demand() {
    let spec = "version: 1\ndefaults: { run_user: dk, vm: { image: ghcr.io/cirruslabs/ubuntu:24.04 } }\n\
                hosts: { mm1: { vms: { ci: {} } }, mm2: { vms: { ci: {} } } }\n";
    assert_eq!(validate(spec, &["--deny", "warnings"]).code, Some(0));
    let shown = validate(spec, &["--warn", "repeated-vm-name"]);
    assert_eq!(shown.code, Some(0));
    assert!(shown.stderr.starts_with("warning[repeated-vm-name]: `mm1` and `mm2` both"), "{}", shown.stderr);
    assert!(shown.stderr.contains("the first, on `mm1`"), "{}", shown.stderr);
}

#[test]
fn the_schema_knows_each_lint() {
    let schema: serde_json::Value = serde_json::from_str(&schema_json(Draft::Draft202012)).expect("it is JSON");
    let keys = schema.pointer("/$defs/Lints/properties").and_then(|keys| keys.as_object()).expect("it has keys");
    let names: Vec<_> = Code::lints().map(Code::name).collect();
    assert_eq!(keys.keys().map(String::as_str).collect::<Vec<_>>(), names);
    assert_eq!(schema.pointer("/$defs/Lints/additionalProperties"), Some(&false.into()));
    let page = fs::read_to_string(root().join("docs/diagnostics.md")).expect("it is committed");
    assert!(names.iter().all(|name| page.contains(&format!("| [`{name}`](#{name}) |"))));
}
