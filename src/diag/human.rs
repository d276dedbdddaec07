//! Diagnostics for people, in the look of rustc.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Label, Severity, most_important, summary, wrap};
use crate::source::{Source, SourceFile, Span, is_invisible};

/// So many findings are shown in full unless all are asked for; nobody reads more at once.
const MOST: usize = 50;

/// Places further apart than this many lines are shown as two snippets.
const NEAR: usize = 40;

/// Of a line with more bytes, only what stands around a place is shown.
const LONG: usize = 10_000;

/// How findings are shown to people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    /// Whether to add terminal colours.
    pub colour: bool,
    /// The columns of the terminal, if it is one: advice is wrapped and source lines are cut to fit.
    pub width: Option<usize>,
    /// Whether to show all findings in full, however many there are.
    pub all: bool,
}

/// The findings, and lines that count them.
pub(super) fn render(diagnostics: &[Diagnostic], source: &Source, look: Look) -> String {
    let renderer = if look.colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = match look.width {
        Some(width) => renderer.term_width(width.max(NARROWEST)),
        None => renderer,
    };
    let most = if look.all { usize::MAX } else { MOST };
    let mut text = String::new();
    for diagnostic in most_important(diagnostics, most) {
        let shown = renderer.render(&[group(diagnostic, source, look.width)]);
        text.push_str(&without_empty_origins(shown));
        text.push_str("\n\n");
    }
    if diagnostics.len() > most {
        text.push_str(&rest(diagnostics, most));
    }
    if let Some(summary) = summary(diagnostics, source) {
        text.push_str(&summary);
        text.push('\n');
    }
    text
}

/// How many findings are not shown, by their codes.
fn rest(diagnostics: &[Diagnostic], most: usize) -> String {
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        *counts.entry((diagnostic.severity(), diagnostic.code)).or_default() += 1;
    }
    for diagnostic in most_important(diagnostics, most) {
        counts.entry((diagnostic.severity(), diagnostic.code)).and_modify(|count| *count -= 1);
    }
    counts.retain(|_, count| *count > 0);
    let longest = counts.keys().map(|(severity, code)| severity.name().len() + code.name().len()).max();
    let width = longest.unwrap_or_default() + 2;
    let mut text = format!("... and {} more, which `--all` shows:\n", diagnostics.len() - most);
    for ((severity, code), count) in counts {
        let name = format!("{}[{}]", severity.name(), code.name());
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{count:9} {name:width$}  {}", code.title());
    }
    text.push('\n');
    text
}

fn group<'a>(diagnostic: &'a Diagnostic, source: &'a Source, width: Option<usize>) -> Group<'a> {
    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.name());
    let advice = diagnostic.advice.iter().map(|advice| Level::HELP.message(wrapped(advice, width)));
    // Of an empty text there is nothing to show but its name.
    let file = source.file_at(diagnostic.primary.span.start);
    let name = file.text().is_empty().then(|| Origin::path(file.name()).line(1).char_column(1));
    let mut group = title.elements(name);
    for window in windows(diagnostic, source) {
        group = window.add_to(group);
    }
    group.elements(advice)
}

/// A few lines of a file with the places on them. The renderer is given no more than these lines, because it
/// works through all the text it is given for each finding.
struct Window<'a> {
    file: &'a SourceFile,
    first: usize,
    last: usize,
    marks: Vec<(AnnotationKind, &'a Label)>,
}

fn windows<'a>(diagnostic: &'a Diagnostic, source: &'a Source) -> Vec<Window<'a>> {
    let primary = std::iter::once((AnnotationKind::Primary, &diagnostic.primary));
    let secondary = diagnostic.secondary.iter().map(|label| (AnnotationKind::Context, label));
    let mut windows: Vec<Window<'a>> = Vec::new();
    for mark in primary.chain(secondary) {
        let file = source.file_at(mark.1.span.start);
        if file.text().is_empty() {
            continue;
        }
        let line = file.line_of(mark.1.span.start);
        let is_long = |line| file.line_end(line) - file.line_start(line) > LONG;
        let is_near = |window: &&mut Window<'_>| {
            window.file.start() == file.start()
                && line + NEAR >= window.first
                && line <= window.last + NEAR
                && !(window.first..=window.last).any(is_long)
        };
        match windows.iter_mut().find(is_near).filter(|_| !is_long(line)) {
            Some(window) => {
                window.first = window.first.min(line);
                window.last = window.last.max(line);
                window.marks.push(mark);
            }
            None => windows.push(Window { file, first: line, last: line, marks: vec![mark] }),
        }
    }
    windows
}

impl<'a> Window<'a> {
    fn add_to(self, group: Group<'a>) -> Group<'a> {
        let source = self.file;
        let offset = source.line_start(self.first);
        let text = source.slice(Span::new(offset, source.line_end(self.last)));
        if let [(kind, label)] = self.marks.as_slice()
            && self.first == self.last
            && text.len() > LONG
        {
            return piece(group, *kind, label, source);
        }
        let annotations = self.marks.into_iter().map(|(kind, label)| annotation(kind, label, offset, source));
        group.element(
            Snippet::source(harmless(text)).line_start(self.first + 1).path(source.name()).annotations(annotations),
        )
    }
}

/// What stands around a place in a line that is too long to be shown.
fn piece<'a>(group: Group<'a>, kind: AnnotationKind, label: &'a Label, source: &'a SourceFile) -> Group<'a> {
    let position = source.position(label.span.start);
    let around = source.around(label.span.start, PIECE);
    let end = label.span.end.min(around.end);
    let short = Label { span: Span::new(label.span.start, end), text: label.text.clone() };
    let cut = |is_whole: bool| if is_whole { "" } else { "..." };
    let before = cut(around.start == source.line_start(position.line - 1));
    let after = cut(around.end == source.line_end(position.line - 1));
    let mark = annotation(kind, &short, around.start.saturating_sub(before.len()), source);
    let text = format!("{before}{}{after}", harmless(source.slice(around)));
    let origin = Origin::path(source.name()).line(position.line).char_column(position.column);
    group.element(origin).element(Snippet::source(text).line_start(position.line).annotation(mark))
}

/// So many bytes of a long line are shown.
const PIECE: usize = 100;

/// The renderer points to the file of every snippet but the first, also to one that is not named.
fn without_empty_origins(shown: String) -> String {
    if !shown.contains(":::") {
        return shown;
    }
    let is_empty = |line: &&str| {
        let words = line.split('\u{1b}').map(|part| part.split_once('m').map_or(part, |(_, rest)| rest));
        words.collect::<String>().trim() == ":::"
    };
    shown.lines().filter(|line| !is_empty(line)).collect::<Vec<_>>().join("\n")
}

fn annotation<'a>(kind: AnnotationKind, label: &Label, offset: usize, source: &SourceFile) -> Annotation<'a> {
    let span = on_one_line(label.span, source);
    let range = span.start.saturating_sub(offset)..span.end.saturating_sub(offset);
    kind.span(range).label((!label.text.is_empty()).then(|| label.text.clone()))
}

/// Text with line breaks where a terminal ends. What stands before it on its first line takes some columns.
fn wrapped(text: &str, width: Option<usize>) -> String {
    width.map_or_else(|| text.to_owned(), |width| wrap(text, width.max(NARROWEST) - BEFORE))
}

/// Narrower terminals get what this one would.
const NARROWEST: usize = 40;

/// What stands before an advice: the line number's columns, `= help: `.
const BEFORE: usize = 16;

/// A text without the control characters that the renderer leaves, and without characters that nobody sees: a terminal
/// may obey U+009B as it does `ESC [`. What stands in their place has as many bytes, so that places stay right.
fn harmless(text: &str) -> Cow<'_, str> {
    let is_harmful = |character: char| ('\u{80}'..='\u{9f}').contains(&character) || is_invisible(character);
    if !text.contains(is_harmful) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match (is_harmful(character), character.len_utf8()) {
            (false, _) => shown.push(character),
            (true, 3) => shown.push(char::REPLACEMENT_CHARACTER),
            (true, width) => shown.extend(std::iter::repeat_n('\u{b7}', width / 2)),
        }
    }
    shown.into()
}

/// The part of a span on its first line: the key or value is underlined where it begins.
pub(super) fn on_one_line(span: Span, source: &SourceFile) -> Span {
    let start = span.start.min(source.end());
    let end = span.end.min(source.line_end(source.line_of(start)));
    Span::new(start, end.max(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_shown_in_its_width() {
        for text in ["mm\u{200b}1", "mm\u{ad}1", "a\u{2028}b", "a\u{9b}b", "a\u{e0041}b"] {
            let shown = harmless(text);
            assert_eq!((shown.len(), shown.find(['1', 'b'])), (text.len(), text.find(['1', 'b'])), "{text:?}");
            assert!(!shown.contains(is_invisible) && !shown.contains('\u{9b}'), "{text:?}");
        }
        assert_eq!(harmless("é \u{1f600}"), "é \u{1f600}");
    }

    #[test]
    fn advice_is_wrapped_between_words() {
        assert_eq!(wrapped("a b", None), "a b");
        let text = "use lower-case letters, digits and `-`, at most 63, with a letter or digit at both ends";
        let lines = wrapped(text, Some(60));
        assert!(lines.lines().all(|line| line.len() <= 44) && lines.lines().count() == 2, "{lines}");
        assert_eq!(lines.replace('\n', " "), text);
    }
}
