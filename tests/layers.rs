//! The flow is one way: who may use whom.

use std::collections::BTreeMap;
use std::fs;

use crate::support::{files, root};

/// Each module and the modules of the crate that it may use.
const LAYERS: &[(&str, &[&str])] = &[
    ("main", &[]),
    ("cli", &[]),
    (
        "compile",
        &[
            "check", "diag", "include", "lower", "parse", "plan", "render", "resolve", "schema", "source", "spec",
            "tree", "verify",
        ],
    ),
    ("show", &["compile", "diag", "plan", "source", "verify"]),
    ("import", &["catalog", "compile", "diag", "pillar_in", "plan", "resolve", "source"]),
    ("graph", &["compile", "diag", "resolve", "spec"]),
    ("emit", &["compile", "source", "write"]),
    ("forecast", &["compile", "catalog", "diag", "pillar_in", "plan", "read", "resolve", "source", "tree", "verify"]),
    ("read", &["source", "parse", "include", "catalog", "diag", "tree"]),
    ("source", &[]),
    ("diag", &["source"]),
    ("catalog", &["source", "diag"]),
    ("parse", &["source", "diag", "catalog"]),
    ("include", &["source", "parse", "diag", "catalog"]),
    ("spec", &[]),
    ("schema", &["spec", "parse", "diag", "source"]),
    ("resolve", &["spec", "catalog"]),
    ("check", &["spec", "parse", "catalog", "diag", "resolve", "source"]),
    ("lower", &["spec", "catalog", "plan", "resolve"]),
    ("plan", &[]),
    ("pillar_in", &["plan", "catalog", "source", "tree"]),
    ("render", &["plan", "tree"]),
    ("tree", &[]),
    ("verify", &["plan", "tree", "catalog", "diag"]),
    ("write", &["tree"]),
];

/// What knows nothing of the product and lies below all of it.
const GROUND: &[&str] = &["counting", "map", "parallel"];

#[test]
fn modules_use_only_what_lies_before_them() {
    let ground = GROUND.iter().map(|module| (*module, &[][..]));
    let layers: BTreeMap<_, _> = LAYERS.iter().copied().chain(ground).collect();
    let source = root().join("src");
    for path in files("src", "rs") {
        let below = path.strip_prefix(&source).expect("it lies below src");
        let first = below.iter().next().expect("it has a name").to_string_lossy();
        let module = first.trim_end_matches(".rs");
        // The root of the library names all modules; tests set up what they need.
        if module == "lib" || path.ends_with("tests.rs") {
            continue;
        }
        let Some(allowed) = layers.get(module) else { panic!("{module} has no layer") };
        let text = fs::read_to_string(&path).expect("it can be read");
        let code = without_tests(&text);
        for used in uses(code) {
            let may = used == module || allowed.contains(&used.as_str()) || GROUND.contains(&used.as_str());
            assert!(may, "{} uses {used}", below.display());
        }
    }
}

/// A file without its tests, which stand at its end.
fn without_tests(text: &str) -> &str {
    text.rsplit_once("#[cfg(test)]").map_or(text, |(code, _)| code)
}

/// The modules named after `crate::`, also inside braces.
fn uses(code: &str) -> Vec<String> {
    let lines: Vec<_> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = lines.join(" ");
    let mut found = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let names = match rest.strip_prefix('{') {
            Some(group) => group.split('}').next().unwrap_or_default(),
            None => rest,
        };
        let names = if rest.starts_with('{') { names.split(',').collect() } else { vec![names] };
        for name in names {
            let end = name.trim_start().find(|character: char| !(character.is_alphanumeric() || character == '_'));
            let name = name.trim_start();
            found.push(name.get(..end.unwrap_or(name.len())).unwrap_or_default().to_owned());
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

#[test]
fn only_the_edges_touch_the_outside() {
    let source = root().join("src");
    for path in files("src", "rs") {
        let below = path.strip_prefix(&source).expect("it lies below src").to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("it can be read");
        let code = without_tests(&text);
        let is_edge = below == "read.rs"
            || below.starts_with("read/")
            || below.starts_with("write/")
            || below.ends_with("tests.rs");
        assert!(is_edge || !code.contains("std::fs"), "{below} touches the file system");
        let is_command = ["main.rs", "cli.rs"].contains(&below.as_str()) || below.starts_with("cli/");
        for outside in ["std::env::", "process::exit", "io::stdout", "io::stderr"] {
            assert!(is_command || !code.contains(outside) || below.ends_with("tests.rs"), "{below} uses {outside}");
        }
    }
}
