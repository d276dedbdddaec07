//! `tartgen plan` as its users meet it: what it reads, what it prints, how it exits.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{Run, blocks, root, run, tartgen};

/// A spec of these VMs on mm1.
fn spec(vms: &str, removed: &str) -> String {
    format!(
        "version: 1\ndefaults: {{ run_user: dk, vm: {{ image: ghcr.io/cirruslabs/ubuntu:24.04 }} }}\n\
         hosts: {{ mm1: {{ vms: {{ {vms} }}, removed: [{removed}] }} }}\n"
    )
}

/// A folder with the tree of one spec and the text of another.
fn folder(old: &str, new: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("tartgen.yaml");
    fs::write(&path, old).expect("a spec can be written");
    assert_eq!(run(folder.path(), &["build"]).code, Some(0));
    fs::write(&path, new).expect("a spec can be written");
    folder
}

#[test]
fn the_tree_in_out_is_what_was_applied() {
    let folder = folder(&spec("a: {}, b: {}", ""), &spec("a: { cpu: 4 }, c: {}", "b"));
    let Run { code, stdout, stderr } = run(folder.path(), &["plan"]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let expected = "tartgen.yaml against out\n\
                    \n\
                    mm1\n  \
                      restart  a  cpu 2 -> 4\n  \
                      create   c  from `ghcr.io/cirruslabs/ubuntu:24.04` with a disk of 20 GB\n  \
                      DELETE   b  with its disk, for good\n\
                    \n\
                    1 to create, 1 to restart, 0 VMs unchanged\n\
                    1 disk is DESTROYED FOR GOOD: `b` on `mm1`.\n";
    assert_eq!(stdout, expected);
}

#[test]
fn exit_codes() {
    let folder = folder(&spec("a: {}, b: {}", ""), &spec("a: { cpu: 4 }", "b"));
    fs::write(folder.path().join("same.yaml"), spec("a: {}, b: {}", "")).expect("a spec can be written");
    fs::write(folder.path().join("bad.yaml"), "version: 1\n").expect("a spec can be written");
    for (arguments, expected) in [
        (&["plan"][..], 0),
        (&["plan", "--detailed-exitcode"], 2),
        (&["plan", "same.yaml"], 0),
        (&["plan", "same.yaml", "--detailed-exitcode"], 0),
        (&["plan", "--fail-on", "destroy"], 1),
        (&["plan", "--fail-on", "create,restart", "--detailed-exitcode"], 1),
        (&["plan", "--fail-on", "create", "--fail-on", "stop,orphan"], 0),
        (&["plan", "same.yaml", "--fail-on", "create,start,restart,grow,stop,destroy,impossible,orphan"], 0),
        (&["plan", "bad.yaml"], 1),
        (&["plan", "--against", "nowhere"], 2),
        (&["plan", "--against", "nothing"], 0),
        (&["plan", "--against", "nothing", "--detailed-exitcode"], 2),
        (&["plan", "--against", "./nothing"], 2),
        (&["plan", "--against", "nowhere", "--detailed-exitcode"], 1),
        (&["plan", "missing.yaml"], 2),
        (&["plan", "missing.yaml", "--detailed-exitcode"], 1),
        (&["plan", "--fail-on", "everything"], 2),
        (&["plan", "--against", ""], 2),
        (&["plan", "--bogus"], 2),
        (&["plan", "--bogus", "--detailed-exitcode"], 1),
        (&["plan", "--detailed-exitcode", "--fail-on", "nope"], 1),
        (&["plan", "--detailed-exitcode", "--format", "yaml"], 1),
        (&["plan", "--detailed-exitcode", "a", "b"], 1),
        (&["plan", "--detailed-exitcodes"], 1),
        (&["-q", "--bogus", "plan", "--detailed-exitcode"], 1),
        (&["plan", "--detailed-exitcode", "--help"], 0),
    ] {
        let Run { code, stderr, .. } = run(folder.path(), arguments);
        assert_eq!(code, Some(expected), "{arguments:?}: {stderr}");
    }
    let usage = run(folder.path(), &["plan", "--detailed-exitcode", "--bogus"]).stderr;
    assert!(usage.starts_with("error: unexpected argument '--bogus' found"), "{usage}");
    let failed = run(folder.path(), &["plan", "--fail-on", "destroy,restart,create"]);
    assert_eq!(failed.stderr, "error: --fail-on destroy: 1 VM\nerror: --fail-on restart: 1 VM\n");
}

#[test]
fn without_a_terminal_there_are_no_colours() {
    let folder = folder(&spec("a: {}", ""), &spec("", "a"));
    assert!(!run(folder.path(), &["plan"]).stdout.contains('\u{1b}'));
    let forced = tartgen(folder.path(), &["plan"]).env("CLICOLOR_FORCE", "1").output().expect("it runs");
    assert!(Run::from(forced).stdout.contains("\u{1b}[1;31mDELETE  \u{1b}[0m a"));
}

/// Runs git in a folder.
fn git(folder: &Path, arguments: &[&str]) {
    let who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"];
    let done = Command::new("git").args(who).args(arguments).current_dir(folder).output().expect("git runs");
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn a_commit_is_what_was_applied() {
    let folder = folder(&spec("a: {}, b: {}", ""), &spec("a: { cpu: 4 }", "b"));
    let site = folder.path().join("site");
    fs::create_dir(&site).expect("a folder can be made");
    for name in ["tartgen.yaml", "out"] {
        fs::rename(folder.path().join(name), site.join(name)).expect("it can be moved");
    }
    git(folder.path(), &["init", "--quiet"]);
    git(folder.path(), &["add", "site"]);
    git(folder.path(), &["commit", "--quiet", "--message", "old"]);
    assert_eq!(run(&site, &["build"]).code, Some(0), "the tree on disk is another one now");
    assert!(run(&site, &["plan"]).stdout.contains("1 VM unchanged\nNo disk is destroyed."));
    let told = run(&site, &["plan", "--against", "git:HEAD"]);
    assert!(told.stdout.starts_with("tartgen.yaml against out of git:HEAD\n"), "{}", told.stdout);
    assert!(told.stdout.ends_with("1 disk is DESTROYED FOR GOOD: `b` on `mm1`.\n"), "{}{}", told.stdout, told.stderr);
    let above = run(folder.path(), &["plan", "site/tartgen.yaml", "--against", "git:main", "--out", "./site/out/"]);
    assert!(above.stdout.contains("restart  a  cpu 2 -> 4\n"), "{}{}", above.stdout, above.stderr);
    let absolute = site.join("out");
    for (arguments, expected) in [
        (&["--against", "git:gone"][..], "`git:gone`: git knows no such commit; in CI, fetch it first"),
        (&["--against", "git:--all"], "`git:--all`: git knows no such commit"),
        (&["--against", "git:"], "`git:`: git knows no such commit"),
        (
            &["--against", "git:HEAD", "--out", "out/salt/pillar/top.sls"],
            "`out/salt/pillar/top.sls` is a file or a link in",
        ),
        (&["--against", "git:HEAD", "--out", "tree"], "neither that commit nor the disk has a tree in `tree`"),
        (&["--against", "git:HEAD", "--out", absolute.to_str().expect("UTF-8")], "relative to the current one"),
    ] {
        let Run { code, stdout, stderr } = run(&site, &[&["plan"], arguments].concat());
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{arguments:?}: {stderr}");
        assert!(stderr.contains(expected), "{stderr}");
    }
    let without = tartgen(&site, &["plan", "--against", "git:HEAD"]).env("PATH", "/nowhere").output().expect("it runs");
    let Run { code, stderr, .. } = without.into();
    assert_eq!(code, Some(2));
    assert!(stderr.ends_with("there is no program `git`; install it, or name a directory\n"), "{stderr}");
}

#[test]
fn before_the_first_tree_everything_is_new() {
    let folder = folder(&spec("a: {}", ""), &spec("a: {}, b: { enabled: false }", "c"));
    git(folder.path(), &["init", "--quiet"]);
    fs::write(folder.path().join("README"), "a\n").expect("it can be written");
    git(folder.path(), &["add", "README"]);
    git(folder.path(), &["commit", "--quiet", "--message", "before the fleet"]);
    let expected = "There is no earlier tree: every VM is taken to be new.\n\
                    \n\
                    mm1\n  \
                      a new host: tart is installed first, if it is missing\n  \
                      create   a  from `ghcr.io/cirruslabs/ubuntu:24.04` with a disk of 20 GB\n  \
                      nothing  b  dormant; it is made when it is enabled\n  \
                      DELETE   c  with its disk, for good, if it is there\n\
                    \n\
                    1 to create, 1 VM unchanged\n\
                    1 disk is destroyed for good, if there: `c` on `mm1`.\n";
    let told = |against: &str| run(folder.path(), &["plan", "--against", against]);
    let says = |name: &str| format!("tartgen.yaml against {name}\n{expected}");
    assert_eq!(told("git:HEAD").stdout, says("out of git:HEAD"));
    assert_eq!(told("nothing").stdout, says("nothing"));
    // The directory is there, and has no tree.
    fs::create_dir_all(folder.path().join("out/notes")).expect("it can be made");
    fs::write(folder.path().join("out/notes/a.yaml"), "a: 1\n").expect("it can be written");
    git(folder.path(), &["add", "out/notes"]);
    git(folder.path(), &["commit", "--quiet", "--message", "notes"]);
    assert_eq!(told("git:HEAD").stdout, says("out of git:HEAD"));
    let json = run(folder.path(), &["plan", "--against", "git:HEAD", "--format", "json"]).stdout;
    let json: Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!((json.get("first"), json.get("changed_states")), (Some(&Value::Bool(true)), Some(&Value::Null)));
    // Without a tree on disk it may be the wrong directory.
    fs::remove_dir_all(folder.path().join("out/salt")).expect("it can be removed");
    for (against, advice) in [
        ("git:HEAD", "`out of git:HEAD`: no file there has a pillar `tart`"),
        ("git:HEAD^", "`git:HEAD^`: neither that commit nor the disk has a tree in `out`"),
        ("out", "`out`: no file there has a pillar `tart`"),
        ("nowhere", "`nowhere`: there is no such directory"),
    ] {
        let Run { code, stdout, stderr } = told(against);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{against}: {stderr}");
        assert!(stderr.contains(advice), "{stderr}");
        assert!(stderr.ends_with("or write `--against nothing` if nothing was applied before\n"), "{stderr}");
    }
}

#[test]
fn outside_of_a_repository_git_has_nothing_to_say() {
    let folder = folder(&spec("", ""), &spec("", ""));
    let Run { code, stderr, .. } = run(folder.path(), &["plan", "--against", "git:HEAD"]);
    assert_eq!(code, Some(2));
    assert!(stderr.starts_with("error: cannot compare with `git:HEAD`: git finds no repository here: "), "{stderr}");
}

#[test]
fn hand_written_pillar() {
    let folder = folder(&spec("", ""), &spec("a: { cpu: 10, enabled: false }", ""));
    let pillar =
        "tart:\n  run_user: dk\n  vms: {a: {image: ghcr.io/cirruslabs/ubuntu:24.04, cpu: 010, enabled: off}}\n";
    fs::create_dir(folder.path().join("pillar")).expect("a folder can be made");
    fs::write(folder.path().join("pillar/tart.sls"), pillar).expect("it can be written");
    for against in ["pillar", "pillar/tart.sls"] {
        let Run { code, stdout, stderr } = run(folder.path(), &["plan", "--against", against, "--detailed-exitcode"]);
        assert_eq!(code, Some(0), "{stdout}{stderr}");
        assert!(stdout.contains("There are no states beside that pillar"), "{stdout}");
    }
    let included = format!("include: [other]\n{pillar}");
    fs::write(folder.path().join("pillar/tart.sls"), included).expect("it can be written");
    for against in ["pillar", "pillar/tart.sls"] {
        let Run { code, stderr, .. } = run(folder.path(), &["plan", "--against", against]);
        assert_eq!(code, Some(2), "{stderr}");
        assert!(stderr.contains("tart.sls:1: `include` is not followed here; name the output of `salt"), "{stderr}");
    }
    fs::write(folder.path().join("pillar/tart.sls"), pillar.replace("dk", "{{ x }}")).expect("it can be written");
    let Run { code, stderr, .. } = run(folder.path(), &["plan", "--against", "pillar"]);
    assert_eq!(code, Some(2));
    assert!(stderr.starts_with("error: cannot compare with `pillar`: tart.sls:2: this file uses Jinja"), "{stderr}");
}

/// The page about plans, and the two specs that it shows.
fn page() -> (String, tempfile::TempDir) {
    let page = fs::read_to_string(root().join("docs/plan.md")).expect("the page is there");
    let [old, new] = blocks(&page, "yaml").try_into().expect("two specs");
    let folder = folder(&old, &new);
    (page, folder)
}

/// Puts what is real in the place of what is shown, if that is asked for.
fn update(language: &str, shown: &str, real: &str) {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let path = root().join("docs/plan.md");
        let page = fs::read_to_string(&path).expect("the page is there");
        let block = |text: &str| format!("```{language}\n{text}```");
        fs::write(path, page.replace(&block(shown), &block(real))).expect("the page can be written");
    }
    assert_eq!(shown, real, "docs/plan.md is stale: run `UPDATE_DOCS=1 cargo test --test integration plan::` twice");
}

#[test]
fn the_documented_plan_is_real() {
    let (page, folder) = page();
    for (language, format) in [("text", "human"), ("json", "json"), ("markdown", "markdown")] {
        let [shown] = blocks(&page, language).try_into().expect("one of each");
        let real = run(folder.path(), &["plan", "--format", format]);
        assert_eq!((real.code, real.stderr.as_str()), (Some(0), ""), "{format}");
        update(language, &shown, &real.stdout);
    }
}

#[test]
fn every_key_of_the_json_is_documented() {
    let (page, folder) = page();
    let json = run(folder.path(), &["plan", "--format", "json"]).stdout;
    assert_documented(&serde_json::from_str(&json).expect("it is JSON"), &page);
}

fn assert_documented(value: &Value, page: &str) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                assert!(page.contains(&format!("`{key}`")), "`{key}` is not documented");
                assert_documented(value, page);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| assert_documented(item, page)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn the_plan_in_the_readme_is_real() {
    let readme = fs::read_to_string(root().join("README.md")).expect("it can be read");
    let shown =
        blocks(&readme, "").into_iter().find(|block| block.starts_with("tartgen.yaml against ")).expect("it is shown");
    let old = blocks(&readme, "yaml").into_iter().next().expect("it has a spec");
    let new = old
        .replace("mac-1: { profile: ci-mac }", "mac-1: { profile: ci-mac, disk: 80 }")
        .replace("      linux-1: { image: ubuntu }\n", "")
        .replace("[old-vm]", "[old-vm, linux-1]")
        .replace("hosts:\n", "lints: { unused-image: allow }\nhosts:\n");
    assert_eq!(run(folder(&old, &new).path(), &["plan"]).stdout, shown);
}
