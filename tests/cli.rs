//! The command as its users meet it: arguments, streams, exit codes.

use std::fs::{self, File};
use std::io::Write as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::support::{Run, folder, run, tartgen};

const GOOD: &str =
    "version: 1\nhosts: { mm1: { run_user: dk, vms: { ci: { image: ghcr.io/cirruslabs/ubuntu:24.04 } } } }\n";
const BAD: &str = "version: 1\nhosts: { mm1: { run_user: root } }\n";

#[test]
fn build_writes_and_tells_what_changed() {
    let folder = folder(&[("tartgen.yaml", GOOD)]);
    let first = run(folder.path(), &["build"]);
    assert_eq!((first.code, first.stdout.as_str()), (Some(0), ""), "{}", first.stderr);
    assert!(first.stderr.contains("created out/salt/pillar/top.sls\n"), "{}", first.stderr);
    assert!(folder.path().join("out/salt/states/tart/init.sls").is_file());

    let second = run(folder.path(), &["build"]);
    assert_eq!(second.code, Some(0));
    assert!(second.stderr.starts_with("out is up to date ("), "{}", second.stderr);
}

#[test]
fn check_shows_drift_and_writes_nothing() {
    let folder = folder(&[("fleet.yaml", GOOD)]);
    let arguments = ["build", "fleet.yaml", "--out", "tree", "--check"];
    let missing = run(folder.path(), &arguments);
    assert_eq!(missing.code, Some(1), "{}", missing.stderr);
    assert!(missing.stderr.contains("missing tree/salt/pillar/top.sls\n"), "{}", missing.stderr);
    assert!(!folder.path().join("tree").exists());

    assert_eq!(run(folder.path(), &["build", "fleet.yaml", "--out", "tree"]).code, Some(0));
    assert_eq!(run(folder.path(), &arguments).code, Some(0));

    fs::write(folder.path().join("fleet.yaml"), GOOD.replace("ubuntu:24.04", "ubuntu:22.04"))
        .expect("it can be written");
    let stale = run(folder.path(), &arguments);
    assert_eq!(stale.code, Some(1));
    assert!(
        stale.stdout.lines().any(|line| line.starts_with('+') && line.contains("ubuntu:22.04")),
        "{}",
        stale.stdout
    );
    assert!(stale.stderr.contains("stale tree/salt/pillar/"), "{}", stale.stderr);
    let quiet = run(folder.path(), &[&arguments[..], &["--quiet"]].concat());
    assert_eq!((quiet.code, quiet.stderr), (Some(1), stale.stderr), "what a check finds is still shown");
    let difference = run(folder.path(), &["build", "fleet.yaml", "--out", "tree", "--diff", "--quiet"]);
    assert_eq!((difference.code, difference.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_stale_tree_is_an_annotation_for_github() {
    let folder = folder(&[("fleet.yaml", GOOD)]);
    let arguments = ["build", "./fleet.yaml", "--check", "--format", "github"];
    let stale = run(folder.path(), &arguments);
    assert_eq!(stale.code, Some(1));
    let start = "::error file=fleet.yaml,title=stale-tree::out is stale: run `tartgen build` and commit the result%0Amissing \
                 out/salt/";
    let commands: Vec<_> = stale.stdout.lines().filter(|line| line.starts_with("::")).collect();
    assert!(matches!(commands.as_slice(), [.., last] if last.starts_with(start)), "{}", stale.stdout);
    assert!(stale.stderr.contains("out is stale: "), "{}", stale.stderr);

    let compared = run(folder.path(), &["build", "fleet.yaml", "--diff", "--format", "github"]);
    assert_eq!((compared.code, compared.stdout.contains("stale-tree")), (Some(0), false));
    let json = run(folder.path(), &["build", "fleet.yaml", "--check", "--format", "json"]);
    assert!(serde_json::from_str::<serde_json::Value>(&json.stdout).is_ok(), "{}", json.stdout);
    assert_eq!(run(folder.path(), &["build", "fleet.yaml"]).code, Some(0));
    let fresh = run(folder.path(), &arguments);
    assert_eq!((fresh.code, fresh.stdout.contains("stale-tree")), (Some(0), false));
}

#[test]
fn errors_go_to_stderr_and_nothing_is_written() {
    let folder = folder(&[("tartgen.yaml", BAD)]);
    for arguments in [&["build"][..], &["build", "--check"], &["validate"], &["validate", "--format", "human"]] {
        let Run { code, stdout, stderr } = run(folder.path(), arguments);
        assert_eq!((code, stdout.as_str()), (Some(1), ""), "{arguments:?}");
        assert!(stderr.starts_with("error[root-run-user]: "), "{stderr}");
        assert!(stderr.contains(" --> tartgen.yaml:2:27\n"), "{stderr}");
        assert!(stderr.ends_with("\n1 error in tartgen.yaml\n"), "{stderr}");
        assert!(!stderr.contains('\u{1b}'), "no colours without a terminal");
    }
    assert!(!folder.path().join("out").exists());
}

#[test]
fn formats_for_programs_go_to_stdout() {
    let folder = folder(&[("tartgen.yaml", BAD)]);
    let json = run(folder.path(), &["validate", "--format", "json"]);
    assert_eq!((json.code, json.stderr.as_str()), (Some(1), ""));
    assert!(json.stdout.contains("\"code\": \"root-run-user\""), "{}", json.stdout);
    let github = run(folder.path(), &["validate", "--format", "github"]);
    assert!(github.stdout.starts_with("::error file=tartgen.yaml,line=2,endLine=2,col=27,"), "{}", github.stdout);
}

#[test]
fn a_good_spec_is_said_to_be_fine() {
    let folder = folder(&[("fleet.yaml", GOOD)]);
    let Run { code, stdout, stderr } = run(folder.path(), &["validate", "fleet.yaml"]);
    assert_eq!((code, stdout.as_str(), stderr.as_str()), (Some(0), "", "fleet.yaml is fine: 1 host, 1 VM\n"));
}

#[test]
fn standard_input() {
    let folder = folder(&[]);
    for (spec, expected) in [(GOOD, 0), (BAD, 1)] {
        let mut child = tartgen(folder.path(), &["validate", "-"])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command can be run");
        child.stdin.take().expect("it has an input").write_all(spec.as_bytes()).expect("it reads its input");
        let output: Run = child.wait_with_output().expect("it ends").into();
        assert_eq!(output.code, Some(expected), "{}", output.stderr);
        assert_eq!(output.stderr.contains(" --> stdin:2:27\n"), expected == 1);
    }
}

#[test]
fn what_cannot_be_read_is_trouble() {
    let folder = folder(&[]);
    fs::create_dir(folder.path().join("fleet")).expect("a folder can be made");
    for (spec, words) in [("missing.yaml", "there is no such file"), ("fleet", "it is a directory")] {
        for command in ["build", "validate"] {
            let Run { code, stdout, stderr } = run(folder.path(), &[command, spec]);
            assert_eq!((code, stdout.as_str()), (Some(2), ""));
            assert!(stderr.starts_with(&format!("error: cannot read `{spec}`: {words}")), "{stderr}");
            assert!(!stderr.contains("tartgen build"), "no other command than the one that was run: {stderr}");
        }
    }
}

#[test]
fn a_missing_spec_is_told_of_one_that_is_there() {
    let folder = folder(&[("fleet.yml", GOOD)]);
    for (arguments, advice) in [
        (&["build", "fleet.yaml"][..], "name `fleet.yml`, which is there"),
        (&["build"], "begin with the spec that `tartgen init` writes"),
    ] {
        let Run { code, stderr, .. } = run(folder.path(), arguments);
        assert_eq!(code, Some(2));
        assert!(stderr.contains(advice), "{stderr}");
    }
}

#[test]
fn what_cannot_be_written_is_trouble() {
    let folder = folder(&[("tartgen.yaml", GOOD), ("out", "a file")]);
    let Run { code, stdout, stderr } = run(folder.path(), &["build"]);
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(stderr.starts_with("error: ") && stderr.contains("out"), "{stderr}");
    assert_eq!(fs::read_to_string(folder.path().join("out")).expect("it is still there"), "a file");
}

#[test]
fn a_huge_file_is_refused_at_once() {
    let folder = folder(&[]);
    let file = File::create(folder.path().join("huge.yaml")).expect("a file can be made");
    file.set_len(100 * 1000 * 1000).expect("a file can be huge");
    let start = Instant::now();
    let Run { code, stderr, .. } = run(folder.path(), &["build", "huge.yaml"]);
    assert_eq!(code, Some(1));
    assert!(stderr.starts_with("error[too-large]: the spec is larger than 32 MiB"), "{stderr}");
    assert!(start.elapsed() < Duration::from_secs(5), "it takes {:?}", start.elapsed());
}

#[test]
fn wrong_usage() {
    let folder = folder(&[]);
    for arguments in [&[][..], &["bild"], &["build", "--no-such-option"], &["build", "a", "b"]] {
        let Run { code, stdout, .. } = run(folder.path(), arguments);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{arguments:?}");
    }
    let help = run(folder.path(), &["--help"]);
    assert_eq!(help.code, Some(0));
    assert!(help.stdout.contains("tartgen build --check"), "{}", help.stdout);
}

#[test]
fn schema_is_the_committed_one() {
    let committed =
        fs::read_to_string(crate::support::root().join("schema/fleet.schema.json")).expect("it is committed");
    let Run { code, stdout, stderr } = run(crate::support::root(), &["schema"]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert!(stdout == committed, "schema/fleet.schema.json is stale");
}

#[test]
fn a_reader_that_leaves_does_not_change_the_result() {
    let folder = folder(&[("good.yaml", GOOD), ("bad.yaml", BAD)]);
    let cases = [
        (&["schema"][..], 0),
        (&["--version"], 0),
        (&["help", "build"], 0),
        (&["build", "good.yaml", "--check"], 1),
        (&["validate", "bad.yaml"], 1),
    ];
    for (arguments, expected) in cases {
        let mut child = tartgen(folder.path(), arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command can be run");
        drop((child.stdout.take(), child.stderr.take()));
        assert_eq!(child.wait().expect("it ends").code(), Some(expected), "{arguments:?}");
    }
}

/// A device that is always full stands for a disk that is.
#[test]
fn output_that_is_lost_is_trouble() {
    let folder = folder(&[("tartgen.yaml", GOOD)]);
    for arguments in [&["schema"][..], &["--version"], &["--help"], &["help", "build"], &["build", "--help"]] {
        let full = File::options().write(true).open("/dev/full").expect("there is such a device");
        let output = tartgen(folder.path(), arguments).stdout(full).output().expect("the command can be run");
        let Run { code, stderr, .. } = output.into();
        assert_eq!(code, Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.starts_with("error: cannot write the output: "), "{arguments:?}: {stderr}");
    }
}
