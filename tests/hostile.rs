//! Input made to break a reader: it must be refused in no time, and never crash.

use std::fmt::Write as _;
use std::time::Duration;

use tartgen::{Code, Format, Look, SIZE_LIMIT, Source, compile, render_diagnostics};

use crate::support::{processor_time, specs};

/// Far more than any of it takes, far less than a reader that works through it all.
const NO_TIME: Duration = Duration::from_secs(10);

fn codes(bytes: Vec<u8>) -> Vec<Code> {
    let source = Source::new("hostile.yaml", bytes);
    let start = processor_time();
    let outcome = compile(&source);
    let report = render_diagnostics(outcome.diagnostics(), &source, Format::Human(Look::default()));
    let time = processor_time().saturating_sub(start);
    assert!(time < NO_TIME, "it takes {time:?}");
    assert!(report.len() < 1_000_000, "the report has {} bytes", report.len());
    outcome.diagnostics().iter().map(|found| found.code).collect()
}

#[test]
fn deep_nesting() {
    for open in ["[", "{a: ", "- ", "? ", "[{a: ["] {
        let found = codes(open.repeat(100_000).into_bytes());
        assert!(matches!(found.as_slice(), [Code::NestingTooDeep | Code::YamlSyntax]), "{open:?}: {found:?}");
    }
}

#[test]
fn bombs() {
    let mut text = String::from("version: 1\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..40 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(text, "a{level}: &a{level} [{aliases}]").expect("a string takes it");
    }
    assert_eq!(codes(text.into_bytes()), [Code::AliasBomb]);

    // Each level is one deeper than the last, so that what is written is flat and what is meant is not.
    let mut text = String::from("a0: &a0 [x]\n");
    for level in 1..1000 {
        writeln!(text, "a{level}: &a{level} [*a{}]", level - 1).expect("a string takes it");
    }
    assert_eq!(codes(text.into_bytes()), [Code::NestingTooDeep]);

    // As keys, large collections are looked at and not copied.
    let list = format!("[{}]", "x, ".repeat(100_000));
    let map = (0..100_000).fold(String::from("{"), |map, key| map + &format!("k{key}: x, ")) + "}";
    for collection in [list, map] {
        let text = format!("a: &a {collection}\n{}", "*a : x\n".repeat(20_000));
        assert!(codes(text.into_bytes()).contains(&Code::AliasBomb));
    }
}

#[test]
fn too_large() {
    assert_eq!(codes(vec![b'#'; SIZE_LIMIT + 1]), [Code::TooLarge]);
}

#[test]
fn many_mistakes() {
    for line in ["? []\n", "a: b\n", "- 1\n", "{}: \n", "a\n", ": \n", "&a a: *a\n"] {
        assert!(!codes(line.repeat(20_000).into_bytes()).is_empty(), "{line:?}");
    }
    let keys: String = (0..20_000).fold(String::from("version: 1\n"), |text, key| text + &format!("key{key}: 1\n"));
    assert!(codes(keys.into_bytes()).len() > 20_000);
}

#[test]
fn numbers_without_end() {
    let digits = "9".repeat(100_000);
    for number in [digits.clone(), format!("-{digits}"), format!("1e{digits}"), format!("0x{}", "f".repeat(100_000))] {
        let spec = format!("version: 1\nhosts: {{ mm1: {{ run_user: dk, hardware: {{ cpu: {number} }} }} }}\n");
        let found = codes(spec.into_bytes());
        assert!(matches!(found.as_slice(), [Code::OutOfRange | Code::WrongType]), "{found:?}");
    }
}

#[test]
fn one_long_line_and_long_names() {
    let name = "x".repeat(200_000);
    assert_eq!(codes(name.clone().into_bytes()), [Code::WrongType]);
    assert!(!codes(format!("version: 1\nhosts: {{ \"{name}\": {{}} }}\n").into_bytes()).is_empty());
    assert!(!codes(format!("version: 1\nhosts:\n  ? \"{name}\"\n  : {{}}\n").into_bytes()).is_empty());
}

#[test]
fn damaged_specs() {
    let (_, source) = specs("valid").into_iter().find(|(name, _)| name == "everything").expect("it exists");
    let text = source.text().as_bytes();
    for end in (0..text.len()).step_by(3) {
        let _ = compile(&Source::new("prefix.yaml", text.iter().copied().take(end).collect()));
    }
    for at in (0..text.len()).step_by(17) {
        for damage in [0, b'\t', b'\n', b'{', b']', b'"', b'*', b'&', b'!', b':', 0xff] {
            let mut bytes = text.to_vec();
            if let Some(byte) = bytes.get_mut(at) {
                *byte = damage;
            }
            let source = Source::new("damaged.yaml", bytes);
            let outcome = compile(&source);
            let _ = render_diagnostics(outcome.diagnostics(), &source, Format::Human(Look::default()));
        }
    }
}
