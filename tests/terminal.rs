//! Colours and widths: what a terminal gets, and what the environment asks for.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;
use std::process::Stdio;

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::support::tartgen;

const ESCAPE: char = '\u{1b}';

const BAD: &str = "version: 1\nhosts: { mm 1: { run_user: dk } }\n";

/// Without the line that tells of progress, which a slow machine would see.
const VALIDATE: &[&str] = &["validate", "--quiet"];

/// What the command writes to its standard error, which is a terminal of so many columns or a pipe.
fn stderr(folder: &Path, arguments: &[&str], columns: Option<u16>, environment: &[(&str, &str)]) -> String {
    let mut command = tartgen(folder, arguments);
    command.envs(environment.iter().copied()).stdin(Stdio::null()).stdout(Stdio::null());
    let Some(columns) = columns else {
        let output = command.output().expect("the command can be run");
        return String::from_utf8(output.stderr).expect("output is UTF-8");
    };
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("there are terminals");
    grantpt(&master).and_then(|()| unlockpt(&master)).expect("it can be used");
    let name = ptsname(&master, Vec::new()).expect("it has a name");
    let slave = rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).expect("it can be opened");
    let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&slave, size).expect("it has a size");
    let mut child = command.stderr(Stdio::from(slave)).spawn().expect("the command can be run");
    // The command is the only one that still holds the other end.
    drop(command);
    let mut bytes = Vec::new();
    // At the end, Linux reports an error instead of an end.
    let _ = File::from(master).read_to_end(&mut bytes);
    child.wait().expect("it ends");
    String::from_utf8(bytes).expect("output is UTF-8").replace("\r\n", "\n")
}

fn without_colours(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(ESCAPE) {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    plain + rest
}

#[test]
fn colours_are_for_terminals_unless_somebody_asks() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join("tartgen.yaml"), BAD).expect("a spec can be written");
    let terminal = ("TERM", "xterm-256color");
    for (columns, environment, expected) in [
        (Some(100), &[terminal][..], true),
        (Some(100), &[terminal, ("NO_COLOR", "1")], false),
        (Some(100), &[terminal, ("CLICOLOR", "0")], false),
        (Some(100), &[("TERM", "dumb")], false),
        (None, &[terminal], false),
        (None, &[("CLICOLOR_FORCE", "1")], true),
        (None, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
    ] {
        let text = stderr(folder.path(), VALIDATE, columns, environment);
        assert!(without_colours(&text).starts_with("error[bad-minion-id]: "), "{text}");
        assert_eq!(text.contains(ESCAPE), expected, "{columns:?} {environment:?}");
    }
}

#[test]
fn advice_fits_the_terminal() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join("tartgen.yaml"), BAD).expect("a spec can be written");
    let widest = |columns| {
        let text = without_colours(&stderr(folder.path(), VALIDATE, columns, &[("TERM", "xterm")]));
        assert!(text.contains("no two dots in a row") || columns.is_some(), "{text}");
        text.lines().map(|line| line.chars().count()).max().unwrap_or_default()
    };
    assert!(widest(None) > 80);
    assert!(widest(Some(80)) <= 80 && widest(Some(60)) <= 60);
}

/// A build that takes long enough to wonder tells what it does; only on a terminal, and nothing of it stays.
#[test]
fn long_builds_tell_what_they_do() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let images = "images: { i: { ref: \"a.example/b/c:1\", os: linux, disk: 20, min_cpu: 1, min_memory: 512 } }";
    let vms = "\"v-{n}\": { image: i, count: 30 }";
    let hosts = format!("groups: {{ g: {{ hosts: [\"mm[1-4000]\"], run_user: dk, vms: {{ {vms} }} }} }}");
    let spec = format!("version: 1\npillar: {{ layout: beside }}\n{images}\n{hosts}\n");
    fs::write(folder.path().join("tartgen.yaml"), spec).expect("a spec can be written");
    let shown = stderr(folder.path(), &["validate"], Some(100), &[("TERM", "xterm")]);
    assert!(shown.contains("\r\u{1b}[K") && shown.contains(" the tree ... "), "{}", shown.get(..200).unwrap_or(&shown));
    let last = shown.rfind("\r\u{1b}[K").expect("the line is taken away");
    assert!(!shown.get(last..).unwrap_or_default().contains(" ... "), "the line stays");
    let piped = stderr(folder.path(), &["validate"], None, &[("TERM", "xterm")]);
    let plain = stderr(folder.path(), &["validate"], Some(100), &[("TERM", "dumb")]);
    assert!(!plain.contains(ESCAPE), "a terminal that knows no colours knows no other sequences");
    assert!(!piped.contains(" ... ") && !piped.contains(ESCAPE), "{piped}");
}
