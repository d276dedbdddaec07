//! A large spec is parsed in two halves at once, split between two hosts.
//!
//! The text after `hosts:` is nearly all of a large spec. It is cut at a line that looks like the name of a host, and the
//! second half gets a `hosts:` of its own. That this means the same as the whole is then certain from what both halves
//! turn out to be: the first ends inside its `hosts`, whose names stand in the column of the line; a text in quotes or
//! brackets that the cut went through would not have ended, and one below `|` would be no host of the first half's. Where
//! anything is unusual, nothing is gained, and the whole is parsed as usual: only that is judged by what it says.

use std::sync::Arc;

use super::build::{self, Built, Part};
use super::{Entries, Kind, Node};
use crate::catalog::VALUES;
use crate::diag::Report;
use crate::parallel::both;
use crate::source::SourceFile;

const HOSTS: &str = "hosts";
const LINE: &str = "hosts:\n";

/// Root, key and mapping: the nodes of the second half that the first has too.
const SHARED: u32 = 3;

/// The document of a file of which both halves are in order by themselves.
pub(super) fn build(source: &SourceFile, before: u32) -> Option<Built> {
    let text = source.text();
    at(middle(text)?, source, before)
}

/// Where the name of a host begins near the middle of the hosts.
fn middle(text: &str) -> Option<usize> {
    let hosts = if text.starts_with(LINE) { 0 } else { text.find("\nhosts:\n")? + 1 } + LINE.len();
    let rest = text.get(hosts..)?;
    let first = rest.lines().find(|line| !line.trim_start().is_empty() && !line.trim_start().starts_with('#'))?;
    let indent = first.len() - first.trim_start_matches(' ').len();
    let half = hosts + rest.len() / 2;
    let bytes = text.as_bytes();
    // The half may lie inside a character, but a line feed does not.
    let lines = bytes.iter().enumerate().skip(half).filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    let mut names = lines.map(|line| line + indent).filter(|name| is_name(bytes, *name, indent));
    (indent > 0).then(|| names.next()).flatten()
}

/// Whether a line begins with spaces up to an offset, and with a name there.
fn is_name(bytes: &[u8], at: usize, indent: usize) -> bool {
    bytes.get(at - indent..at).is_some_and(|spaces| spaces.iter().all(|byte| *byte == b' '))
        && bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_'\"".contains(byte))
}

/// The document of a file from its halves before and after an offset, if that is certain to be the same.
fn at(split: usize, source: &SourceFile, before: u32) -> Option<Built> {
    let (first, second) = source.text().split_at_checked(split)?;
    let indent = &first[first.rfind('\n')? + 1..];
    // What stands behind the end of a document is none of it.
    if source.text().contains("\n...") {
        return None;
    }
    // So that offsets in the second half count from the text's own beginning.
    let start = (source.start() + split).checked_sub(LINE.len() + indent.len())?;
    let head = Part { text: first, ..Part::whole(source, before) };
    let tail = || {
        let text = [LINE, indent, second].concat();
        // Nodes of the first half have numbers up to the limit.
        parse(Part { source, text: &text, start, before, first_id: VALUES })
    };
    let (one, other) = both(true, || parse(head), tail);
    join(one?, other?, source, indent)
        .filter(|built| !built.is_bomb() && built.root.weight.max(built.written) + before <= VALUES)
}

/// A half in which there is nothing to report.
fn parse(part: Part<'_>) -> Option<Built> {
    let mut report = Report::default();
    build::build(part, &mut report).ok().filter(|_| report.is_empty())
}

/// Adds the hosts of the second half, and what stands behind them, to the first half.
fn join(mut first: Built, second: Built, source: &SourceFile, indent: &str) -> Option<Built> {
    let (Kind::Map(top), Kind::Map(mut more)) = (&mut first.root.kind, second.root.kind) else { return None };
    let (last, hosts) = top.last_mut()?;
    if last != HOSTS {
        return None;
    }
    let added = Arc::into_inner(more.remove(HOSTS)?.value)?;
    let node: &mut Node = Arc::get_mut(&mut hosts.value)?;
    let (Kind::Map(names), Kind::Map(others)) = (&mut node.kind, added.kind) else { return None };
    if !source.before(node.span.start).ends_with(&format!("\n{indent}")) {
        return None;
    }
    add_all(others, names)?;
    node.span.end = added.span.end;
    node.weight += added.weight - 1;
    node.height = node.height.max(added.height);
    add_all(more, top)?;
    first.root.span.end = second.root.span.end;
    first.root.weight += second.root.weight - SHARED;
    first.root.height = first.root.height.max(second.root.height);
    first.written += second.written - SHARED;
    Some(first)
}

/// Adds entries to others, if none has the name of another.
fn add_all(added: Entries, entries: &mut Entries) -> Option<()> {
    added.into_vec().into_iter().all(|(name, entry)| entries.add(name, entry).is_none()).then_some(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]
mod tests {
    use super::*;
    use crate::source::Source;

    /// The document without the numbers of its nodes, and how many there are.
    fn shown(built: &Built) -> (String, u32) {
        let text = format!("{:?}", built.root);
        let mut parts = text.split("Node { id: ");
        let first = parts.next().unwrap_or_default().to_owned();
        (parts.fold(first, |all, part| all + part.split_once(',').unwrap().1), built.written)
    }

    /// In how many places a text can be cut; in each, the halves mean what the whole means.
    fn cuts(text: &str) -> usize {
        let source = Source::new("fleet.yaml", text.as_bytes().to_vec());
        let file = source.file_at(0);
        let whole = parse(Part::whole(file, 7));
        let is_cut = |split: &usize| {
            let indent = split - file.text()[..*split].rfind('\n').map_or(0, |line| line + 1);
            if !is_name(file.text().as_bytes(), *split, indent) {
                return false;
            }
            let halves = at(*split, file, 7);
            if let Some(halves) = &halves {
                assert_eq!(Some(shown(halves)), whole.as_ref().map(shown), "{text}\ncut at {split}");
            }
            halves.is_some()
        };
        file.text().char_indices().map(|(at, _)| at).filter(is_cut).count()
    }

    #[test]
    fn halves_mean_the_same_as_the_whole() {
        assert_eq!(
            cuts("version: 1\nhosts:\n  a: { vms: {} }\n  b:\n    vms: &v\n      x:\n\n  # c\n  c: {}\ngroups: {}\n"),
            2
        );
        for text in [
            "hosts:\n  a: 1\nnote: |\n  b: 2\n  c: 3\n",
            "hosts:\n  a: 1\nnote: \"\n  b: 2\n  c: 3\"\n",
            "hosts:\n  a: [\n  b,\n  c]\n",
            "hosts: |\n  a: 1\n  b: 2\n",
            "hosts: {\n  a: 1,\n  b: 2 }\n",
            "hosts:\n  a: &x 1\n  b: *x\n",
            "hosts:\n  a: 1\n  a: 2\n",
            "hosts:\n  a: 1\n  b: 2\nhosts:\n  c: 1\n",
            "groups: 1\nhosts:\n  a: 1\n  b: 2\ngroups: 2\n",
            "hosts:\n  a: 1\n...\n  b: 2\n",
            "hosts:\n  a: 1\n---\nhosts:\n  b: 2\n",
            "hosts:\n  a\n  b: 1\n",
            "hosts:\n  a: x\n   y\n b: 1\n",
            "hosts:\n   a: 1\n  b: 1\n",
            "hosts:\n- a: 1\n  b: 1\n",
        ] {
            let source = Source::new("fleet.yaml", text.as_bytes().to_vec());
            let halves = middle(text).and_then(|split| at(split, source.file_at(0), 0));
            assert!(halves.is_none(), "{text}");
            cuts(text);
        }
    }

    #[test]
    fn fixtures_mean_the_same_in_halves() {
        let mut count = 0;
        for folder in ["valid", "invalid"] {
            let folder = format!("{}/fixtures/{folder}", env!("CARGO_MANIFEST_DIR"));
            for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                let is_small = |text: &String| text.len() < 4096;
                if let Some(text) = std::fs::read_to_string(path).ok().filter(is_small) {
                    count += cuts(&text);
                }
            }
        }
        assert!(count > 20, "{count}");
    }

    #[test]
    fn large_specs_are_cut_in_the_middle() {
        let hosts: Vec<_> = (0..100).map(|n| format!("  mm{n}:\n    vms: {{ a{n}: {{}} }}\n")).collect();
        let text = format!("version: 1\nhosts:\n{}groups: {{}}\n", hosts.concat());
        let split = middle(&text).unwrap();
        assert!(text.get(split..).unwrap().starts_with("mm") && split.abs_diff(text.len() / 2) < 60, "{split}");
        let source = Source::new("fleet.yaml", text.into_bytes());
        let whole = shown(&parse(Part::whole(source.file_at(0), 0)).unwrap());
        assert_eq!(shown(&build(source.file_at(0), 0).unwrap()), whole);
    }
}
