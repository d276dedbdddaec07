//! SARIF that others can read: the official schema, and what GitHub's code scanning asks of an upload.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use tartgen::{Code, Format, Source, compile, render_diagnostics};

use crate::support::{root, run, specs};

fn sarif(source: &Source) -> Value {
    let text = render_diagnostics(compile(source).diagnostics(), source, Format::Sarif);
    serde_json::from_str(&text).expect("it is JSON")
}

fn at<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or_else(|| panic!("nothing at {pointer} of {value:#}"))
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    at(value, pointer).as_str().unwrap_or_else(|| panic!("no string at {pointer}"))
}

fn items<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    at(value, pointer).as_array().map_or(&[], Vec::as_slice)
}

#[test]
fn every_log_is_valid() {
    let schema = fs::read_to_string(root().join("tests/schemas/sarif-2.1.0.json")).expect("it is committed");
    // A bracket too many, which the errata of the standard remove.
    let schema = schema.replace("^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$");
    let schema: Value = serde_json::from_str(&schema).expect("it is JSON");
    let validator = jsonschema::draft7::new(&schema).expect("it is a schema");
    let mut broken = sarif(&Source::new("a.yaml", Vec::new()));
    if let Some(run) = broken.pointer_mut("/runs/0").and_then(Value::as_object_mut) {
        run.remove("tool");
    }
    assert!(!validator.is_valid(&broken), "the schema takes anything");
    for (name, source) in specs("invalid").into_iter().chain(specs("valid")) {
        let log = sarif(&source);
        let errors: Vec<_> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
}

#[test]
fn code_scanning_finds_all_it_asks_for() {
    for (name, source) in specs("invalid").into_iter().chain(specs("valid")) {
        let log = sarif(&source);
        assert_eq!(text(&log, "/version"), "2.1.0");
        assert!(text(&log, "/$schema").ends_with("sarif-2.1.0.json"));
        assert_eq!(items(&log, "/runs").len(), 1);
        assert_eq!(text(&log, "/runs/0/columnKind"), "unicodeCodePoints");
        let rules = items(&log, "/runs/0/tool/driver/rules");
        let mut fingerprints = BTreeSet::new();
        for result in items(&log, "/runs/0/results") {
            let index = at(result, "/ruleIndex").as_u64().and_then(|index| usize::try_from(index).ok());
            let rule = index.and_then(|index| rules.get(index)).expect("the rule is there");
            assert_eq!(text(rule, "/id"), text(result, "/ruleId"), "{name}");
            assert!(["error", "warning"].contains(&text(result, "/level")), "{name}");
            assert!(!text(result, "/message/text").is_empty(), "{name}");
            let hash = text(result, "/partialFingerprints/primaryLocationLineHash");
            assert!(fingerprints.insert((text(result, "/ruleId").to_owned(), hash.to_owned())), "{name}: {hash} twice");
            let places = items(result, "/locations").iter().chain(items(result, "/relatedLocations"));
            for place in places {
                let location = at(place, "/physicalLocation/artifactLocation");
                let artifact = at(location, "/index").as_u64().and_then(|index| usize::try_from(index).ok());
                let artifact = artifact.and_then(|index| items(&log, "/runs/0/artifacts").get(index));
                let artifact = artifact.expect("the file is one of the artifacts");
                assert_eq!(text(location, "/uri"), text(artifact, "/location/uri"), "{name}");
                assert!(text(location, "/uri").starts_with(&source.name().replace(".yaml", "")), "{name}");
                let number = |key: &str| {
                    let number = at(place, &format!("/physicalLocation/region/{key}")).as_u64();
                    number.filter(|number| *number > 0).unwrap_or_else(|| panic!("{name}: {key}"))
                };
                let start = (number("startLine"), number("startColumn"));
                assert!(start <= (number("endLine"), number("endColumn")), "{name}");
            }
            assert_eq!(items(result, "/locations").len(), 1, "{name}");
            for related in items(result, "/relatedLocations") {
                let link = format!("]({})", at(related, "/id"));
                assert!(text(result, "/message/text").contains(&link), "{name}: no link {link}");
            }
        }
    }
}

#[test]
fn every_rule_is_described() {
    let log = sarif(&Source::new("a.yaml", Vec::new()));
    let rules = items(&log, "/runs/0/tool/driver/rules");
    let ids: Vec<_> = rules.iter().map(|rule| text(rule, "/id")).collect();
    assert_eq!(ids, Code::ALL.iter().map(|code| code.name()).collect::<Vec<_>>());
    for rule in rules {
        for pointer in ["/shortDescription/text", "/fullDescription/text"] {
            assert!((1..=1024).contains(&text(rule, pointer).len()), "{}", text(rule, "/id"));
        }
        assert!(text(rule, "/help/text").len() > text(rule, "/fullDescription/text").len() / 2);
        assert!(["error", "warning"].contains(&text(rule, "/defaultConfiguration/level")));
    }
}

#[test]
fn places_are_counted_in_characters() {
    let source = Source::new(
        "./sites/a b.yaml",
        "version: 1\nhosts: { mm1: { run_user: dk, \"é𝄞\": 1, vms: {} } }\n".as_bytes().to_vec(),
    );
    let log = sarif(&source);
    let place = "/runs/0/results/0/locations/0/physicalLocation";
    assert_eq!(text(&log, &format!("{place}/artifactLocation/uri")), "sites/a%20b.yaml");
    let column = |key: &str| at(&log, &format!("{place}/region/{key}")).as_u64();
    assert_eq!((column("startColumn"), column("endColumn")), (Some(31), Some(35)));
}

#[test]
fn fingerprints_survive_edits_elsewhere() {
    let hashes = |text: &str| -> Vec<String> {
        let log = sarif(&Source::new("a.yaml", text.as_bytes().to_vec()));
        let results = items(&log, "/runs/0/results");
        results
            .iter()
            .map(|result| self::text(result, "/partialFingerprints/primaryLocationLineHash").to_owned())
            .collect()
    };
    let before = hashes("version: 1\nhosts:\n  mm1: { run_user: root }\n  mm2: { run_user: dk, cpus: 1 }\n");
    let after =
        hashes("# more\nversion: 1\n\nhosts:\n    mm1: { run_user: root }\n    mm2: { run_user: dk, cpus: 1 }\n");
    assert_eq!(before.len(), 2);
    assert_eq!(before, after);
    assert_ne!(before.first(), before.last());
}

#[test]
fn too_many_results_are_cut_and_counted() {
    // Fewer hosts than a fleet may have, with two findings each.
    let hosts: Vec<_> = (0..12_502).map(|host| format!("  h{host}: {{ cpus: 1, disks: 1 }}\n")).collect();
    let source = Source::new(
        "a.yaml",
        format!("version: 1\npillar: {{ layout: beside }}\ndefaults: {{ run_user: dk }}\nhosts:\n{}", hosts.concat())
            .into(),
    );
    let log = sarif(&source);
    assert_eq!(items(&log, "/runs/0/results").len(), 25_000);
    let note = text(&log, "/runs/0/invocations/0/toolExecutionNotifications/0/message/text");
    assert!(note.starts_with("4 more results"), "{note}");
}

#[test]
fn the_command_writes_it() {
    let done = run(root(), &["validate", "fixtures/invalid/removed-and-defined.yaml", "--format", "sarif"]);
    assert_eq!((done.code, done.stderr.as_str()), (Some(1), ""));
    let log: Value = serde_json::from_str(&done.stdout).expect("it is JSON");
    assert_eq!(text(&log, "/runs/0/results/0/ruleId"), "removed-and-defined");
    assert_eq!(text(&log, "/runs/0/automationDetails/id"), "tartgen/fixtures/invalid/removed-and-defined.yaml/");
}
