//! What the README shows is true: its specs compile, its commands run, its error looks like that.

use std::fs;
use std::path::Path;

use camino::Utf8PathBuf;
use tartgen::{Format, Look, Severity, Source, compile, read, render_diagnostics};

use crate::support::{Run, blocks, root, run};

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("it can be read")
}

/// The whole spec, and what is shown by itself: a group with an include, and a profile. The last block is for the master.
fn specs() -> [String; 3] {
    let [spec, group, profile, master] = blocks(&readme(), "yaml").try_into().expect("three of specs, one of Salt");
    let roots = [("file_roots", "out/salt/states"), ("pillar_roots", "out/salt/pillar")];
    for (line, (key, path)) in master.lines().zip(roots) {
        assert!(line.starts_with(key) && line.ends_with(&format!("/{path}] }}")), "{line}");
        assert!(root().join(path).is_dir(), "{path}");
    }
    [spec, group, profile]
}

#[test]
fn the_specs_compile() {
    let [spec, group, profile] = specs();
    let images = "images: { ubuntu: { ref: \"ghcr.io/cirruslabs/ubuntu:24.04\", os: linux } }";
    let host = "hosts: { mm1: { run_user: dk, vms: { vm: { profile: ci-linux } } } }";
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::create_dir(folder.path().join("sites")).expect("a folder can be made");
    fs::write(folder.path().join("sites/a.yaml"), format!("{images}\n")).expect("it can be written");
    let path = Utf8PathBuf::from_path_buf(folder.path().join("tartgen.yaml")).expect("it is text");
    let group = format!("version: 1\ndefaults: {{ run_user: dk }}\n{group}");
    for spec in [spec, group, format!("version: 1\n{images}\n{profile}{host}\n")] {
        fs::write(&path, spec).expect("it can be written");
        let source = read(&path).expect("it can be read");
        let outcome = compile(&source);
        let report = render_diagnostics(outcome.diagnostics(), &source, Format::Human(Look::default()));
        assert!(!outcome.has_errors(), "{report}");
        let errors = outcome.diagnostics().iter().filter(|found| found.severity() == Severity::Error);
        assert_eq!(errors.count(), 0);
    }
}

#[test]
fn the_error_is_what_tartgen_says() {
    let shown = blocks(&readme(), "").into_iter().find(|block| block.starts_with("error[")).expect("it is shown");
    // The spec it is about has the mistake on the line that the error shows.
    let line = shown.lines().filter_map(|line| line.split_once(" | "));
    let (number, mistake) = line.map(|(number, line)| (number.parse(), line)).next().expect("the error shows a line");
    let number: usize = number.expect("the line has a number");
    let images = "images: { sonoma: { ref: \"ghcr.io/cirruslabs/macos-sonoma-base:14.6\", os: macos } }";
    let mut lines = vec!["version: 1", images];
    lines.resize(number - 5, "");
    lines.extend(["hosts:", "  mm1:", "    run_user: dk", "    vms:", mistake]);
    let spec = format!("{}\n", lines.join("\n"));
    let source = Source::new("tartgen.yaml", spec.into_bytes());
    let report = render_diagnostics(compile(&source).diagnostics(), &source, Format::Human(Look::default()));
    assert_eq!(report, shown);
}

/// A folder as the README supposes it: its spec, and the fixtures of a clone.
fn clone() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let fixtures = folder.path().join("fixtures/valid");
    fs::create_dir_all(&fixtures).expect("a folder can be made");
    fs::copy(root().join("fixtures/valid/kri.yaml"), fixtures.join("kri.yaml")).expect("it can be copied");
    fs::write(folder.path().join("tartgen.yaml"), &specs()[0]).expect("it can be written");
    let pillar = "tart: { run_user: dk, vms: { a: { image: \"ghcr.io/cirruslabs/ubuntu:24.04\" } } }\n";
    fs::write(folder.path().join("mm1.sls"), pillar).expect("it can be written");
    folder
}

fn words(command: &str) -> Vec<&str> {
    command.split('#').next().unwrap_or_default().split_whitespace().collect()
}

#[test]
fn commands_in_blocks_work() {
    let folder = clone();
    let mut seen = 0;
    for line in blocks(&readme(), "sh").iter().flat_map(|block| block.lines()) {
        match words(line).as_slice() {
            ["cargo", "run", "--", arguments @ ..] => {
                let done = run(folder.path(), arguments);
                assert_eq!(done.code, Some(0), "{line}: {}", done.stderr);
            }
            ["tests/run"] => assert_executable(&root().join("tests/run")),
            ["salt", _, "state.apply", sls, options @ ..] => assert_applies(sls, options),
            ["salt", "'*'", "pillar.raw", .., "|", "tartgen", "import", "-", ">", _] => {
                let printed = fs::read_to_string(folder.path().join("mm1.sls")).expect("it is there");
                let items = format!("mm1: {{ {printed} }}\n");
                fs::write(folder.path().join("items.yaml"), items).expect("it can be written");
                assert_eq!(run(folder.path(), &["import", "items.yaml"]).code, Some(0), "{line}");
            }
            [] => continue,
            other => panic!("nothing is known of {other:?}"),
        }
        seen += 1;
    }
    assert!(seen >= 6, "only {seen} commands were found");
}

fn assert_executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path).expect("it is there").permissions().mode();
    assert_ne!(mode & 0o111, 0, "{} cannot be run", path.display());
}

/// The states are in the tree, and what the command gives beside them is pillar.
fn assert_applies(sls: &str, options: &[&str]) {
    let path = sls.replace('.', "/");
    let states = root().join("out/salt/states");
    let is_there = states.join(format!("{path}.sls")).is_file() || states.join(path).join("init.sls").is_file();
    assert!(is_there, "the tree has no states {sls}");
    let options = options.join(" ");
    if let Some(pillar) = options.strip_prefix("pillar=") {
        let json = pillar.trim_matches('\'');
        let value: serde_json::Value = serde_json::from_str(json).expect("the pillar is JSON");
        assert!(value.pointer("/tart/only/0").is_some(), "{value}");
        let remove = fs::read_to_string(states.join("tart/remove.sls")).expect("it can be read");
        assert!(remove.contains("only"), "the states know nothing of `only`");
    } else {
        assert!(["", "test=True"].contains(&options.as_str()), "nothing is known of {options}");
    }
}

#[test]
fn commands_in_text_work() {
    let folder = clone();
    let text = readme();
    let mut seen = 0;
    let spans = text.split('`').skip(1).step_by(2).filter(|span| span.starts_with("tartgen ") && !span.contains('\n'));
    for command in spans {
        let command = command.replace(['[', ']'], "").replace("SPEC", "tartgen.yaml").replace("DIR", "out");
        let command = command.replace("CODE", "moving-tag").replace("HOST", "mm1").replace("SHELL", "bash");
        let command = command.replace("PILLAR...", "mm1.sls").replace("PATH", "new.yaml").replace("FILE", "fleet.html");
        let arguments: Vec<_> = words(&command).into_iter().skip(1).take_while(|word| *word != ">").collect();
        let Run { code, stderr, .. } = run(folder.path(), &arguments);
        assert_eq!(code, Some(0), "{command}: {stderr}");
        seen += 1;
    }
    assert!(seen >= 5, "only {seen} commands were found");
}

/// The states that are shown are those of the spec.
#[test]
fn the_states_are_what_tartgen_shows() {
    let shown =
        blocks(&readme(), "").into_iter().find(|block| block.starts_with("# mm1: state.apply")).expect("it is shown");
    let done = run(clone().path(), &["show", "mm1"]);
    assert!(done.stdout.starts_with(&shown), "{}", done.stdout);
}
