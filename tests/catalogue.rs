//! What is handed to `SchemaStore`, the catalogue that editors ask for the schema of a file by its name.
//!
//! `schema/catalogue` is laid out as that repository is: the schema, an entry for the list, and files that the schema
//! must accept and refuse, each for one reason.
#![expect(clippy::indexing_slicing, reason = "a JSON value without a key gives null, and a test then fails")]

use std::fs;

use serde_json::Value;
use tartgen::{Source, compile};

use crate::support::{files, root, run};

fn read(name: &str) -> String {
    fs::read_to_string(root().join("schema/catalogue").join(name)).expect("the catalogue has the file")
}

fn schema() -> Value {
    serde_json::from_str(&read("src/schemas/json/tartgen.json")).expect("the schema is JSON")
}

fn entry() -> Value {
    serde_json::from_str(&read("src/api/json/catalog-entry.json")).expect("the entry is JSON")
}

#[test]
fn the_entry_is_about_the_schema() {
    let (entry, schema) = (entry(), schema());
    assert_eq!(entry["url"], schema["$id"], "the schema is where it says it is");
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    assert_eq!(entry["fileMatch"], serde_json::json!(["tartgen.yaml", "*.tartgen.yaml"]));
    for key in ["name", "description"] {
        assert!(entry[key].as_str().is_some_and(|text| !text.is_empty()), "the entry has no {key}");
    }
}

#[test]
fn the_schema_is_what_the_command_prints() {
    let printed = run(root(), &["schema", "--draft", "7"]);
    assert_eq!((printed.code, printed.stderr.as_str()), (Some(0), ""));
    assert!(printed.stdout == read("src/schemas/json/tartgen.json"), "run `UPDATE_SCHEMA=1 cargo test schema`");
}

/// The test files by whether they are to be accepted.
fn tests(folder: &str) -> Vec<(String, String)> {
    let found = files(&format!("schema/catalogue/src/{folder}/tartgen"), "yaml");
    assert!(found.len() > 2, "{folder} has {} files", found.len());
    found.iter().map(|path| (path.display().to_string(), fs::read_to_string(path).expect("it can be read"))).collect()
}

/// What the schema makes of them is a test of the schema's own, and, with the catalogue's reader, of `tests/editor`.
#[test]
fn the_compiler_accepts_and_refuses_the_files() {
    for (name, text) in tests("test") {
        let outcome = compile(&Source::new(&name, text.into_bytes()));
        assert!(!outcome.has_errors(), "{name}: {:?}", outcome.diagnostics());
    }
    for (name, text) in tests("negative_test") {
        let outcome = compile(&Source::new(&name, text.into_bytes()));
        assert!(outcome.has_errors(), "{name} compiles");
    }
}

#[test]
fn the_page_about_editors_names_the_files() {
    let page = fs::read_to_string(root().join("docs/editors.md")).expect("the page is there");
    for editor in ["VS Code", "Neovim", "JetBrains", "Zed", "Helix"] {
        let (_, section) = page.split_once(&format!("\n## {editor}\n")).expect("each editor has a section");
        let section = section.split("\n## ").next().unwrap_or_default();
        for name in entry()["fileMatch"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            assert!(section.contains(name), "{editor}: {name}");
        }
    }
    let readme = fs::read_to_string(root().join("README.md")).expect("it is there");
    assert!(readme.contains("(docs/editors.md)"), "the README does not lead to the page");
}
