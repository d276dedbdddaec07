//! What each command does beside `build` and `validate`, and how each ends.

use std::fs;
use std::path::Path;

use crate::support::{Run, folder, root, run, tartgen};

const GOOD: &str =
    "version: 1\nhosts: { mm1: { run_user: dk, vms: { ci: { image: \"ghcr.io/cirruslabs/ubuntu:24.04\" } } } }\n";
const BAD: &str = "version: 1\nhosts: { mm1: { run_user: root } }\n";
const PILLAR: &str = "tart: { run_user: dk, vms: { ci: { image: \"ghcr.io/cirruslabs/ubuntu:24.04\" } } }\n";

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("it can be read")
}

/// 0 fine, 1 findings, 2 usage or I/O: the same for all commands.
#[test]
fn exit_codes() {
    let files = [
        ("tartgen.yaml", GOOD),
        ("bad.yaml", BAD),
        ("mm1.sls", PILLAR),
        ("jinja.sls", "tart: {{ x }}\n"),
        ("file", "not a folder\n"),
    ];
    let folder = folder(&files);
    assert_eq!(run(folder.path(), &["build", "--out", "built"]).code, Some(0));
    let cases: &[(i32, &[&str])] = &[
        (0, &["--version"]),
        (0, &["help", "build"]),
        (2, &["show"]),
        (2, &["buidl"]),
        (0, &["init", "new.yaml"]),
        (2, &["init", "tartgen.yaml"]),
        (0, &["init", "missing/folder.yaml"]),
        (2, &["init", "missing/folder.yaml"]),
        (2, &["init", "file/tartgen.yaml"]),
        (2, &["init", "file"]),
        (0, &["build", "--check", "--out", "built"]),
        (1, &["build", "--check"]),
        (0, &["build", "--diff"]),
        (1, &["build", "bad.yaml"]),
        (2, &["build", "missing.yaml"]),
        (2, &["build", "--out", "file"]),
        (2, &["build", "--check", "--force"]),
        (0, &["validate"]),
        (1, &["validate", "bad.yaml"]),
        (2, &["validate", "missing.yaml"]),
        (0, &["show", "mm1"]),
        (1, &["show", "mm1", "bad.yaml"]),
        (2, &["show", "mm1", "missing.yaml"]),
        (2, &["show", "mm7"]),
        (2, &["show", "mm1", "--on", "mars"]),
        (0, &["graph", "--out", "new/fleet.html"]),
        (1, &["graph", "bad.yaml"]),
        (2, &["graph", "missing.yaml"]),
        (2, &["graph", "--out", "file/fleet.html"]),
        (0, &["plan", "--against", "built"]),
        (1, &["plan", "bad.yaml", "--against", "built"]),
        (2, &["plan", "--against", "missing"]),
        (0, &["import", "mm1.sls"]),
        (1, &["import", "jinja.sls"]),
        (2, &["import", "missing.sls"]),
        (2, &["import"]),
        (0, &["explain", "moving-tag"]),
        (2, &["explain", "no-such-code"]),
        (0, &["schema"]),
        (2, &["schema", "--draft", "4"]),
        (0, &["completions", "bash"]),
        (2, &["completions", "cobol"]),
        (0, &["man"]),
        (2, &["man", "--out", "file"]),
    ];
    for (expected, arguments) in cases {
        let Run { code, stderr, .. } = run(folder.path(), arguments);
        assert_eq!(code, Some(*expected), "{arguments:?}: {stderr}");
        assert!(!stderr.contains("panicked"), "{arguments:?}: {stderr}");
        assert!(
            *expected != 2 || stderr.starts_with("error: ") || stderr.contains("Usage: "),
            "{arguments:?}: {stderr}"
        );
    }
}

#[test]
fn the_starter_spec_builds_at_once_and_is_never_overwritten() {
    let folder = folder(&[]);
    let made = run(folder.path(), &["init"]);
    assert_eq!((made.code, made.stdout.as_str()), (Some(0), ""), "{}", made.stderr);
    let spec = read(folder.path(), "tartgen.yaml");
    let fine = run(folder.path(), &["validate"]);
    assert_eq!(fine.stderr, "tartgen.yaml is fine: 1 host, 3 VMs\n");
    assert_eq!(run(folder.path(), &["build"]).code, Some(0));
    assert_eq!(run(folder.path(), &["init", "-"]).stdout, spec);

    fs::write(folder.path().join("tartgen.yaml"), "mine\n").expect("it can be written");
    let refused = run(folder.path(), &["init"]);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.stderr.starts_with("error: `tartgen.yaml` is there already and stays as it is"),
        "{}",
        refused.stderr
    );
    assert_eq!(read(folder.path(), "tartgen.yaml"), "mine\n");
}

#[test]
fn diff_and_check_show_the_same_and_write_nothing() {
    let folder = folder(&[("tartgen.yaml", GOOD)]);
    assert_eq!(run(folder.path(), &["build"]).code, Some(0));
    let (top, host) = ("out/salt/pillar/top.sls", "out/salt/pillar/tart/hosts/mm1.sls");
    let edited = read(folder.path(), top) + "# mine\n";
    fs::write(folder.path().join(top), &edited).expect("it can be written");
    fs::remove_file(folder.path().join("out/salt/states/tart/init.sls")).expect("it can be removed");
    fs::write(folder.path().join("tartgen.yaml"), GOOD.replace("24.04", "22.04").replace("mm1", "mm2"))
        .expect("it can be written");

    let check = run(folder.path(), &["build", "--check"]);
    let diff = run(folder.path(), &["build", "--diff"]);
    assert_eq!((check.code, diff.code), (Some(1), Some(0)));
    assert_eq!(check.stdout, diff.stdout);
    for line in ["-# mine", "--- a/salt/pillar/tart/hosts/mm1.sls", "+++ b/salt/pillar/tart/hosts/mm2.sls"] {
        assert!(check.stdout.lines().any(|found| found == line), "{line} in\n{}", check.stdout);
    }
    for line in [
        "hand-edited out/salt/pillar/top.sls",
        "missing out/salt/states/tart/init.sls",
        "missing out/salt/pillar/tart/hosts/mm2.sls",
        "extra out/salt/pillar/tart/hosts/mm1.sls",
    ] {
        assert!(check.stderr.lines().any(|found| found == line), "{line} in\n{}", check.stderr);
        assert!(diff.stderr.lines().any(|found| found == line), "{line} in\n{}", diff.stderr);
    }
    assert!(check.stderr.contains("changed by hand, or by a merge in git, since tartgen wrote it"), "{}", check.stderr);
    assert_eq!(read(folder.path(), top), edited);
    assert!(folder.path().join(host).is_file() && !folder.path().join("out/salt/states/tart/init.sls").exists());
}

#[test]
fn edits_by_hand_are_kept_unless_forced() {
    let folder = folder(&[("tartgen.yaml", GOOD)]);
    assert_eq!(run(folder.path(), &["build"]).code, Some(0));
    let (top, own) = ("out/salt/pillar/top.sls", "out/salt/states/own.sls");
    let whole = read(folder.path(), top);
    fs::write(folder.path().join(top), whole.clone() + "# mine\n").expect("it can be written");
    fs::write(folder.path().join(own), "mine\n").expect("it can be written");

    let refused = run(folder.path(), &["build"]);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.stderr.contains("changed by hand") && refused.stderr.contains("build with `--force`"),
        "{}",
        refused.stderr
    );
    assert_eq!(read(folder.path(), top), whole.clone() + "# mine\n");

    let forced = run(folder.path(), &["build", "--force"]);
    assert_eq!(forced.code, Some(0), "{}", forced.stderr);
    let told = "updated out/salt/pillar/top.sls\ndiscarded the edits made by hand to out/salt/pillar/top.sls\n";
    assert_eq!(forced.stderr, told);
    assert_eq!((read(folder.path(), top), read(folder.path(), own)), (whole, "mine\n".to_owned()));

    fs::write(folder.path().join(top), "mine\n").expect("it can be written");
    assert_eq!(run(folder.path(), &["build", "--force"]).code, Some(2), "a file of somebody else is never touched");
    assert_eq!(read(folder.path(), top), "mine\n");
}

#[test]
fn show_tells_what_runs() {
    let folder = folder(&[("tartgen.yaml", GOOD)]);
    let bare = run(folder.path(), &["show", "mm1"]);
    assert_eq!((bare.code, bare.stderr.as_str()), (Some(0), ""));
    assert!(bare.stdout.starts_with("# mm1: state.apply tart on a Mac that is bare"), "{}", bare.stdout);
    let clone = "   $ tart-vm.sh clone dk ci ghcr.io/cirruslabs/ubuntu:24.04 2 4096 20\n   after tart_install\n";
    assert!(bare.stdout.contains(clone), "{}", bare.stdout);

    let converged = run(folder.path(), &["show", "mm1", "--on", "converged"]).stdout;
    assert!(!converged.contains("cmd.script"), "{converged}");
    let removed = run(folder.path(), &["show", "mm1", "--remove", "--on", "drifted"]).stdout;
    assert!(removed.contains("$ tart-vm.sh delete dk ci\n"), "{removed}");

    let json = run(folder.path(), &["show", "mm1", "--format", "json"]).stdout;
    let chunks: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(chunks.pointer("/0/__id__").and_then(|id| id.as_str()), Some("tart_preflight"));

    let path = "PATH=/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
    let job = format!(
        "   launchd runs /opt/homebrew/bin/tart run --no-graphics ci\n   with HOME=/Users/dk\n   with {path}\n   after "
    );
    assert!(bare.stdout.contains(&job), "{}", bare.stdout);
    let settings = "24.04\", run: { no_audio: true, dir: [{ name: src, path: \"/Users/dk/my src\" }] }, \
                    daemon: { environment: { TZ: UTC, GREETING: \"it is $5\", PATH: /bin } }";
    fs::write(folder.path().join("more.yaml"), GOOD.replace("24.04\"", settings)).expect("it can be written");
    for mac in ["bare", "drifted", "converged"] {
        let more = run(folder.path(), &["show", "mm1", "more.yaml", "--on", mac]);
        let line =
            "   launchd runs /opt/homebrew/bin/tart run --no-graphics --no-audio '--dir=src:/Users/dk/my src' ci\n";
        let variables = "   with GREETING='it is $5'\n   with HOME=/Users/dk\n   with PATH=/bin\n   with TZ=UTC\n";
        assert!(more.stdout.contains(&format!("{line}{variables}")), "{mac}: {}{}", more.stdout, more.stderr);
    }
    let json = run(folder.path(), &["show", "mm1", "more.yaml", "--format", "json"]).stdout;
    assert!(!json.contains("--no-audio"), "Salt's low chunks have nothing of it: {json}");

    let unknown = run(folder.path(), &["show", "mm2"]).stderr;
    assert_eq!(unknown, "error: the spec has no host `mm2`; did you mean `mm1`?\n");
    let spec = "version: 1\ndefaults: { run_user: dk }\ngroups: { lab: { hosts: [\"mm[1-3]\"] } }\n";
    fs::write(folder.path().join("groups.yaml"), spec).expect("it can be written");
    let group = run(folder.path(), &["show", "lab", "groups.yaml"]).stderr;
    assert_eq!(group, "error: `lab` is a group; name one of its hosts\n");
}

#[test]
fn import_gives_a_spec_that_gives_the_pillar() {
    let files = [("pillar/tart/mm1.sls", PILLAR), ("pillar/top.sls", "base: { mm4: [tart.mm1], mm5: [tart.mm1] }\n")];
    let folder = folder(&files);
    let named = run(folder.path(), &["import", "pillar/tart/mm1.sls"]);
    assert_eq!((named.code, named.stderr.as_str()), (Some(0), ""), "{}", named.stdout);
    fs::write(folder.path().join("tartgen.yaml"), &named.stdout).expect("it can be written");
    assert_eq!(run(folder.path(), &["build"]).code, Some(0));
    let pillar = read(folder.path(), "out/salt/pillar/tart/hosts/mm1.sls");
    assert!(pillar.ends_with("    \"ci\":\n      image: \"ghcr.io/cirruslabs/ubuntu:24.04\"\n      cpu: 2\n      memory: 4096\n      disk: 20\n      enabled: true\n"), "{pillar}");

    let by_top = run(folder.path(), &["import", "pillar/tart/mm1.sls", "--top", "pillar/top.sls"]).stdout;
    assert!(by_top.contains("  mm4:\n") && by_top.contains("  mm5:\n"), "{by_top}");
    let by_host = run(folder.path(), &["import", "pillar/tart/mm1.sls", "--host", "mm9.example.com"]).stdout;
    assert!(by_host.contains("  mm9.example.com:\n"), "{by_host}");
}

#[test]
fn an_import_speaks_of_pillar() {
    let included = "include: [common.sls]\ntart: { run_user: dk }\n";
    let folder = folder(&[("pillar/mm1.sls", PILLAR), ("mm2.sls", included), ("common.sls", PILLAR)]);
    for (arguments, code, expected) in [
        (
            &["nope"][..],
            2,
            "`nope`: there is no such file; name a pillar file, as in `tartgen import pillar/tart/mm1.sls`",
        ),
        (&["pillar"], 2, "`pillar`: it is a directory; name the pillar files inside it"),
        (&["mm2.sls", "--top", "nope"], 2, "`nope`: there is no such file; name the top file, as in `--top pillar/top"),
        (&["mm2.sls", "--top", "pillar"], 2, "`pillar`: it is a directory; name the top file inside it"),
        (&["mm2.sls"], 1, "mm2.sls:1: `include` is not followed here"),
        (&["mm2.sls", "--host", "mm3"], 1, "mm2.sls:1: `include` is not followed here"),
    ] {
        let ran = run(folder.path(), &[&["import"], arguments].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(code), ""), "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(expected), "{arguments:?}: {}", ran.stderr);
    }
}

/// Where the states take more than a spec may say, the spec is printed and what is wrong with it as well.
#[test]
fn an_import_that_no_build_takes_says_why() {
    let vm =
        |number| format!("v{number}: {{ image: \"ghcr.io/cirruslabs/macos-sonoma-base:14.6\", disk: 60, cpu: 4 }}");
    let pillar = format!("tart: {{ run_user: dk, vms: {{ {}, {}, {} }} }}\n", vm(1), vm(2), vm(3));
    let folder = folder(&[("mm1.sls", &pillar)]);
    let Run { code, stdout, stderr } = run(folder.path(), &["import", "mm1.sls"]);
    assert_eq!(code, Some(1));
    assert!(
        stdout.contains("v3: { profile: macos-sonoma-base }") && stderr.contains("error[too-many-macos-guests]"),
        "{stdout}{stderr}"
    );
}

/// They stay, and the tree is as it should be; but no proof has seen what they give to a Mac.
#[test]
fn files_of_hosts_by_other_hands_are_told() {
    let folder = folder(&[("tartgen.yaml", GOOD), ("out/salt/pillar/tart/hosts/mm2.sls", "tart: {}\n")]);
    let told =
        "not written by tartgen, but Salt gives it to the minion of that name: out/salt/pillar/tart/hosts/mm2.sls\n";
    for arguments in [&["build", "-q"][..], &["build", "-q", "--check"], &["build", "-q", "--diff"]] {
        let Run { code, stdout, stderr } = run(folder.path(), arguments);
        assert_eq!((code, stdout.as_str(), stderr.as_str()), (Some(0), "", told), "{arguments:?}");
    }
}

#[test]
fn quiet_is_quiet() {
    let folder = folder(&[("tartgen.yaml", GOOD), ("bad.yaml", BAD)]);
    for arguments in [
        &["build", "-q"][..],
        &["--quiet", "build"],
        &["validate", "-q"],
        &["init", "x.yaml", "-q"],
        &["man", "--out", "man", "-q"],
    ] {
        let Run { code, stdout, stderr } = run(folder.path(), arguments);
        assert_eq!((code, stdout.as_str(), stderr.as_str()), (Some(0), "", ""), "{arguments:?}");
    }
    assert!(run(folder.path(), &["build", "-q", "bad.yaml"]).stderr.starts_with("error[root-run-user]: "));
    assert_eq!(
        run(folder.path(), &["show", "-q", "mm7"]).stderr,
        "error: the spec has no host `mm7`; did you mean `mm1`?\n"
    );
}

/// The commit is in it where there is one, and nothing of it is in what a build writes.
#[test]
fn version_names_the_commit() {
    let version = run(root(), &["--version"]).stdout;
    let (number, commit) =
        version.trim_end().split_once(" (").map_or((version.trim_end(), None), |(n, c)| (n, Some(c)));
    assert_eq!(number, format!("tartgen {}", env!("CARGO_PKG_VERSION")));
    if let Some(commit) = commit {
        let digits = commit.strip_suffix(')').expect("the bracket is closed");
        assert!(digits.len() == 12 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()), "{version}");
        let folder = folder(&[("tartgen.yaml", GOOD)]);
        assert_eq!(run(folder.path(), &["build"]).code, Some(0));
        assert!(!read(folder.path(), "out/salt/states/tart/init.sls").contains(digits));
    }
    assert_eq!(commit.is_some(), root().join(".git").exists(), "{version}");
}

#[test]
fn completions_are_what_the_shells_take() {
    for (shell, part) in [
        ("bash", "complete -F _tartgen"),
        ("zsh", "#compdef tartgen"),
        ("fish", "complete -c tartgen"),
        ("elvish", "tartgen"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let script = run(root(), &["completions", shell]).stdout;
        assert!(script.contains(part) && script.contains("against"), "{shell}: {script}");
    }
    let script = run(root(), &["completions", "bash"]).stdout;
    let folder = folder(&[("tartgen.bash", &script)]);
    for (words, expected) in [
        (&["sh"][..], "show"),
        (&["explain", "moving"], "moving-tag"),
        (&["explain", "unknown-k"], "unknown-key"),
        (&["build", "--deny", "moving"], "moving-tag"),
        (&["build", "--deny", "warn"], "warnings"),
        (&["build", "--deny", "unknown-k"], ""),
        (&["build", "--warn", "warnin"], ""),
    ] {
        let (line, count, last) = (words.join(" "), words.len(), words.last().expect("there is a word"));
        let before = count.checked_sub(2).and_then(|at| words.get(at)).unwrap_or(&"tartgen");
        let ask = format!(
            "source tartgen.bash; COMP_WORDS=(tartgen {line}); COMP_CWORD={count}; _tartgen tartgen {last} {before}; \
             echo ${{COMPREPLY[@]}}"
        );
        let output = std::process::Command::new("bash").args(["-c", &ask]).current_dir(folder.path()).output();
        let output = output.expect("there is a bash");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{expected}\n"), "{line}: {said}");
    }
}

#[test]
fn there_is_a_manual_page_for_each_command() {
    let folder = folder(&[]);
    assert_eq!(run(folder.path(), &["man", "--out", "share/man"]).code, Some(0));
    let help = run(folder.path(), &["--help"]).stdout;
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands: Vec<_> = listed
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.len() >= 10, "{help}");
    for command in commands.into_iter().filter(|command| *command != "help") {
        let page = read(folder.path(), &format!("share/man/tartgen-{command}.1"));
        assert!(page.contains(".TH") && page.contains(&format!("tartgen\\-{command}")), "{page}");
    }
    assert!(read(folder.path(), "share/man/tartgen.1").contains("SUBCOMMANDS"));
    let twice = [run(root(), &["man"]).stdout, run(root(), &["man"]).stdout];
    assert_eq!(twice[0], twice[1]);
}

#[test]
fn graph_prints_a_page_and_says_what_is_wrong() {
    let folder = folder(&[("tartgen.yaml", GOOD), ("bad.yaml", BAD)]);
    let page = run(folder.path(), &["graph"]).stdout;
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"), "{page}");
    let written = run(folder.path(), &["graph", "--out", "docs/fleet.html"]);
    assert_eq!((written.stdout.as_str(), written.stderr.as_str()), ("", "wrote docs/fleet.html\n"));
    assert_eq!(read(folder.path(), "docs/fleet.html"), page);
    let bad = run(folder.path(), &["graph", "bad.yaml"]);
    assert!(bad.stdout.is_empty() && bad.stderr.starts_with("error[root-run-user]"), "{}", bad.stderr);
}

/// A picture takes the place of a picture, never that of another file.
#[test]
fn graph_overwrites_only_what_it_wrote() {
    let own = "<!DOCTYPE html>\n<html lang=\"en\">\n<title>mine</title>\n";
    let folder = folder(&[("tartgen.yaml", GOOD), ("own.html", own), ("empty.html", "")]);
    std::os::unix::fs::symlink("tartgen.yaml", folder.path().join("link.html")).expect("it can be made");
    let names = ["tartgen.yaml", "./tartgen.yaml", "link.html", "own.html"];
    for (name, words) in names.into_iter().zip(["is the spec itself"; 3].into_iter().chain(["was not written by"])) {
        let Run { code, stdout, stderr } = run(folder.path(), &["graph", "--out", name]);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{name}: {stderr}");
        assert!(stderr.starts_with(&format!("error: `{name}` {words}")), "{stderr}");
        assert!(stderr.contains("Name another file with `--out`"), "{stderr}");
    }
    assert_eq!(
        (read(folder.path(), "tartgen.yaml"), read(folder.path(), "own.html")),
        (GOOD.to_owned(), own.to_owned())
    );

    fs::write(folder.path().join("other.yaml"), GOOD.replace("mm1", "mm2")).expect("it can be written");
    for spec in ["tartgen.yaml", "other.yaml"] {
        let written = run(folder.path(), &["graph", spec, "--out", "empty.html"]);
        assert_eq!(written.code, Some(0), "{}", written.stderr);
        assert_eq!(read(folder.path(), "empty.html"), run(folder.path(), &["graph", spec]).stdout);
    }
}

/// The advice about a tree would be wrong.
#[test]
fn files_that_cannot_be_written_have_advice_of_their_own() {
    let folder = folder(&[("tartgen.yaml", GOOD), ("file", "")]);
    for (name, words) in [
        ("/dev/full", "no space left on device. The file is not complete: free some space and run the command again"),
        ("file/fleet.html", ". A file stands where a folder is needed: move it, or choose another place"),
        (".", ": is a directory. Name a file inside it"),
    ] {
        let Run { code, stderr, .. } = run(folder.path(), &["graph", "--out", name]);
        assert_eq!(code, Some(2), "{name}: {stderr}");
        assert!(stderr.starts_with(&format!("error: cannot write `{name}`: ")) && stderr.contains(words), "{stderr}");
    }
}

/// Each page of help as people see it.
#[test]
fn help() {
    let overview = tartgen(root(), &["--help"]).output().expect("it can be run");
    let overview = String::from_utf8(overview.stdout).expect("it is text");
    let commands = overview.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names: Vec<_> = commands
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty())
        .collect();
    let mut pages = vec![("tartgen".to_owned(), overview.clone())];
    for name in names.into_iter().filter(|name| *name != "help") {
        let page = run(root(), &[name, "--help"]).stdout;
        assert!(page.contains("Example"), "{name} has no example");
        pages.push((name.to_owned(), page));
    }
    for (name, page) in pages {
        assert!(page.lines().all(|line| line.chars().count() <= 100), "{page}");
        insta::with_settings!({ snapshot_path => "../snapshots/help", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, page);
        });
    }
}
