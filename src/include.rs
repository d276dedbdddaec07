//! The files that a spec includes: what keeps them from being read, and all of them as one document.

mod merge;
mod pattern;

use std::collections::HashMap;

use crate::catalog::FILES;
use crate::diag::{Code, Diagnostic, Report, plural};
use crate::parse::{Document, Kind, Node};
use crate::source::{Found, Obstacle, Source, SourceFile, Span};

pub(crate) use merge::merge;
pub(crate) use pattern::{Part, Pattern, matches};

/// Where each file of a source is included, by its number; nothing for the root.
pub(crate) struct Places(Vec<Option<Span>>);

impl Places {
    /// Finds them in the documents.
    pub(crate) fn new(documents: &[Document], source: &Source) -> Self {
        let mut places = vec![None; source.files().count()];
        for document in documents {
            let number = number(document, source);
            for (node, text) in patterns(document) {
                for found in source.found(number, text) {
                    if let Ok(file) = found.file
                        && let Some(place) = places.get_mut(file)
                    {
                        *place = Some(node.span);
                    }
                }
            }
        }
        Self(places)
    }

    /// Where the file with a number is included.
    pub(crate) fn of(&self, file: usize) -> Option<Span> {
        self.0.get(file).copied().flatten()
    }
}

/// The number of the file that a document stands in.
fn number(document: &Document, source: &Source) -> usize {
    source.number_at(document.root.span.start)
}

/// The patterns of a document and their nodes.
fn patterns(document: &Document) -> impl Iterator<Item = (&Node, &str)> {
    let items = match document.root.entry("include").map(|entry| &entry.value.kind) {
        Some(Kind::List(items)) => items.as_slice(),
        _ => &[],
    };
    items
        .iter()
        .filter_map(|node| if let Kind::String(text) = &node.kind { Some((&**node, text.as_str())) } else { None })
}

/// The texts of a document's patterns, for whoever reads the files.
pub(crate) fn written(document: &Document) -> Vec<String> {
    patterns(document).map(|(_, text)| text.to_owned()).collect()
}

/// Reports what of the includes could not be read, and what only the root of a spec may say.
pub(crate) fn check(documents: &[Document], source: &Source, places: &Places, report: &mut Report) {
    for document in documents {
        let number = number(document, source);
        let mut seen = HashMap::new();
        for (node, text) in patterns(document) {
            match seen.insert(text, node.span) {
                None => check_pattern(node, text, number, source, places, report),
                Some(first) => report.push(twice(format!("`{text}` is included twice"), node.span, Some(first))),
            }
        }
        if number > 0 {
            root_only(document, places.of(number), report);
        }
    }
}

fn check_pattern(node: &Node, text: &str, file: usize, source: &Source, places: &Places, report: &mut Report) {
    let folder = source.file(file).map(SourceFile::folder).unwrap_or_default();
    let pattern = match Pattern::new(folder, text) {
        Ok(pattern) => pattern,
        Err((problem, help)) => {
            let message = format!("`{text}` cannot be included: it {problem}");
            report.push(Diagnostic::new(Code::BadInclude, node.span, message).help(help));
            return;
        }
    };
    let found = source.found(file, text);
    if found.is_empty() {
        let (message, help) = if pattern.is_plain() {
            (
                format!("there is no file `{text}` to include"),
                "correct the path, which begins at the directory of this file",
            )
        } else {
            (
                format!("no file matches `{text}`"),
                "correct the pattern, which begins at the directory of this file, or remove it",
            )
        };
        report.push(Diagnostic::new(Code::UnknownInclude, node.span, message).help(help));
    }
    // Of the files that two patterns both find, and of those outside, the first stands for all.
    let mut shown: Vec<(&Found, Option<Span>, usize)> = Vec::new();
    for found in found {
        let place = match found.file {
            Err(Obstacle::Twice(first)) => places.of(first),
            _ => None,
        };
        let is_outside = |found: &Found| matches!(found.file, Err(Obstacle::Outside));
        let is_same =
            |first: &Found, other| place.is_some() && other == place || is_outside(first) && is_outside(found);
        match shown.iter_mut().find(|(first, other, _)| is_same(first, *other)) {
            Some((.., more)) => *more += 1,
            None => shown.push((found, place, 0)),
        }
    }
    for (found, _, more) in shown {
        if let Some(diagnostic) = explain(found, more, node.span, source, places) {
            report.push(diagnostic);
        }
    }
}

/// What keeps a file from being read, and `more` in the same way.
fn explain(found: &Found, more: usize, span: Span, source: &Source, places: &Places) -> Option<Diagnostic> {
    let name = source.name_of(&found.path);
    let bad = |problem: &str, help: &str| {
        Diagnostic::new(Code::BadInclude, span, format!("`{name}` cannot be included: {problem}")).help(help)
    };
    let name_of = |file: usize| source.file(file).map(SourceFile::name).unwrap_or_default();
    Some(match found.file.as_ref().err()? {
        Obstacle::Directory => bad("it is a directory", "name the files in it, as in `sites/*.yaml`"),
        Obstacle::Special => bad("it is no regular file", "name a file"),
        Obstacle::Outside => {
            let others = if more == 0 { String::new() } else { format!(", as to {}", plural(more, "more file")) };
            bad(
                &format!("a symbolic link leads out of the directory of the spec{others}"),
                "move the file itself below that directory",
            )
        }
        Obstacle::Unreadable(why) => bad(why, "see that it can be read"),
        Obstacle::TooMany => {
            let message = format!("the spec has more than {FILES} files");
            Diagnostic::new(Code::TooManyFiles, span, message).help("put more hosts into one file")
        }
        Obstacle::Twice(file) => {
            let (first, place) = (name_of(*file), places.of(*file));
            let link = if first == name { String::new() } else { format!(", as `{name}` as well") };
            let others = if more == 0 { String::new() } else { format!(", and so are {}", plural(more, "more file")) };
            twice(format!("`{first}` is included twice{link}{others}"), span, place.filter(|place| *place != span))
        }
        Obstacle::Name => bad("its name is not UTF-8", "rename it"),
        Obstacle::Cycle(file) => cycle(*file, span, source, places),
    })
}

fn twice(message: String, span: Span, first: Option<Span>) -> Diagnostic {
    let label = if first.is_some() { "the second time" } else { "both times" };
    Diagnostic::new(Code::IncludedTwice, span, message)
        .label(label)
        .also(first, "the first time")
        .help("remove one of the two, or choose patterns that do not overlap")
}

/// A file that includes one by which it is included itself.
fn cycle(file: usize, span: Span, source: &Source, places: &Places) -> Diagnostic {
    let name = |file: usize| source.file(file).map(SourceFile::name).unwrap_or_default();
    let this = source.number_at(span.start);
    if this == file {
        let message = format!("`{}` includes itself", name(file));
        return Diagnostic::new(Code::IncludeCycle, span, message)
            .help("remove the line, or choose a pattern that does not match the file itself");
    }
    // The step by which the other file leads here.
    let mut step = places.of(this);
    while let Some(place) = step {
        let from = source.number_at(place.start);
        if from == file {
            break;
        }
        step = places.of(from);
    }
    let (this, other) = (name(this), name(file));
    Diagnostic::new(Code::IncludeCycle, span, format!("`{this}` includes `{other}`, by which it is included itself"))
        .also(step, "the other way round")
        .help("remove one of the two; what both files need belongs into a third or into the root")
}

/// Keys of an included file; all others say something about the whole fleet.
const SHARED: &[&str] = &["version", "include", "images", "profiles", "hosts", "groups"];

fn root_only(document: &Document, place: Option<Span>, report: &mut Report) {
    let Kind::Map(entries) = &document.root.kind else { return };
    for (key, entry) in entries.iter().filter(|(key, _)| !SHARED.contains(key)) {
        // Keys that do not exist are reported as such.
        if document.wrong.contains(&entry.value.id) {
            continue;
        }
        let message = format!("`{key}` counts for the whole fleet and cannot stand in an included file");
        let help = if key == "defaults" {
            "move it to the file that is named on the command line, or give hosts and groups `defaults` of their own"
        } else {
            "move it to the file that is named on the command line"
        };
        report.push(Diagnostic::new(Code::RootOnlyKey, entry.key, message).also(place, "included here").help(help));
    }
}
