//! Findings for programs, and many findings for people.

use std::fs;

use serde_json::Value;
use tartgen::{Format, Look, Source, compile, render_diagnostics};

use crate::support::{blocks, root, specs};

fn render(source: &Source, format: Format) -> String {
    render_diagnostics(compile(source).diagnostics(), source, format)
}

#[test]
fn formats_for_programs() {
    let (_, source) = specs("invalid").into_iter().find(|(name, _)| name == "removed-and-defined").expect("it exists");
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path("../snapshots/diagnostics");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!("format.json", render(&source, Format::Json));
        insta::assert_snapshot!("format.github", render(&source, Format::Github));
    });
}

#[test]
fn the_documented_json_is_real() {
    let page = fs::read_to_string(root().join("docs/json.md")).expect("the page is there");
    let [spec] = blocks(&page, "yaml").try_into().expect("one spec");
    let [json] = blocks(&page, "json").try_into().expect("one document");
    let real = render(&Source::new("tartgen.yaml", spec.into_bytes()), Format::Json);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let updated = page.replace(&format!("```json\n{json}```"), &format!("```json\n{real}```"));
        fs::write(root().join("docs/json.md"), updated).expect("the page can be written");
    }
    assert_eq!(json, real, "docs/json.md is stale: run `UPDATE_DOCS=1 cargo test documented_json` twice");
    let document: Value = serde_json::from_str(&json).expect("it is JSON");
    assert_documented(&document, &page);
}

/// Each key of the document has a row in the page's tables.
fn assert_documented(value: &Value, page: &str) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                assert!(page.contains(&format!("| `{key}` |")), "`{key}` is not documented");
                assert_documented(value, page);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| assert_documented(item, page)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_json_has_the_same_shape() {
    for (name, source) in specs("invalid").into_iter().chain(specs("valid")) {
        let document: Value = serde_json::from_str(&render(&source, Format::Json)).expect("it is JSON");
        let keys = |value: &Value| -> Vec<String> {
            value.as_object().map(|map| map.keys().cloned().collect()).unwrap_or_default()
        };
        assert_eq!(keys(&document), ["version", "file", "errors", "warnings", "diagnostics"], "{name}");
        for found in document.get("diagnostics").and_then(Value::as_array).into_iter().flatten() {
            let expected = [
                "code",
                "severity",
                "message",
                "file",
                "line",
                "column",
                "end_line",
                "end_column",
                "label",
                "related",
                "advice",
            ];
            assert_eq!(keys(found), expected, "{name}");
        }
    }
}

#[test]
fn annotations_are_escaped() {
    let source = Source::new(
        "./a,b:100%.yaml",
        b"version: 1\nhosts: { mm1: { run_user: dk, \"50% ::error::\": 1, removed: [a, a] } }\n".to_vec(),
    );
    let text = render(&source, Format::Github);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 3, "a command has one line: {text}");
    let [unknown, twice, _] = lines.as_slice() else { panic!("{text}") };
    for line in [unknown, twice] {
        assert!(line.starts_with("::error file=a%2Cb%3A100%25.yaml,line=2,endLine=2,col="), "{line}");
    }
    assert!(unknown.contains("50%25"), "{unknown}");
    assert!(twice.ends_with("%0Ahelp: remove one of the two%0Aline 2: the first"), "{twice}");
}

#[test]
fn many_errors_are_counted_by_code() {
    let hosts: Vec<_> = (0..200).map(|host| format!("  h{host}: {{ cpus: 1, run_user: root }}\n")).collect();
    let source = Source::new("a.yaml", format!("version: 1\nhosts:\n{}", hosts.concat()).into());
    let short = render(&source, Format::Human(Look::default()));
    assert_eq!(short.matches(" --> ").count(), 50);
    let end = "\n... and 350 more, which `--all` shows:\n      \
               175 error[unknown-key]    there is no such key\n      \
               175 error[root-run-user]  VMs cannot run as root\n\n400 errors in a.yaml\n";
    assert!(short.ends_with(end), "{}", short.lines().rev().take(6).collect::<Vec<_>>().join("\n"));
    let all = render(&source, Format::Human(Look { all: true, ..Look::default() }));
    assert_eq!(all.matches(" --> ").count(), 400);
    assert!(all.ends_with("\n400 errors in a.yaml\n"));
}

#[test]
fn a_long_line_is_shown_in_part() {
    let hosts: Vec<String> = (0..3000).map(|host| format!("hé{host}: {{ cpus: 1 }}")).collect();
    let source = Source::new("a.yaml", format!("{{version: 1, hosts: {{ {} }}}}\n", hosts.join(", ")).into());
    let report = render(&source, Format::Human(Look::default()));
    let found = compile(&source);
    let first = found.diagnostics().iter().find(|found| found.code.name() == "unknown-key").expect("there are many");
    let column = source.position(first.primary.span.start).column;
    assert!(report.contains(&format!("--> a.yaml:1:{column}\n")), "{}", report.lines().take(5).collect::<String>());
    assert!(report.lines().all(|line| line.chars().count() < 400), "a line is too long");
}

#[test]
fn a_narrow_terminal_gets_short_lines() {
    let (_, source) = specs("invalid").into_iter().find(|(name, _)| name == "bad-minion-id").expect("it exists");
    let report = render(&source, Format::Human(Look { width: Some(60), ..Look::default() }));
    let advice: Vec<_> = report.lines().filter(|line| line.starts_with("  ") && !line.contains('|')).collect();
    assert!(advice.len() > 10 && advice.iter().all(|line| line.chars().count() <= 60), "{report}");
}
