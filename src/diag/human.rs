//! Diagnostics for people, in the look of rustc.

use std::borrow::Cow;
use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Label, Severity, plural, summary};
use crate::source::{Source, Span};

/// More findings than anybody reads; programs get them all.
const MOST: usize = 1000;

/// Places further apart than this many lines are shown as two snippets.
const NEAR: usize = 40;

/// All findings, and a line that counts them.
pub(super) fn render(diagnostics: &[Diagnostic], source: &Source, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for diagnostic in most_important(diagnostics) {
        text.push_str(&renderer.render(&[group(diagnostic, source)]));
        text.push_str("\n\n");
    }
    if let Some(more) = diagnostics.len().checked_sub(MOST).filter(|more| *more > 0) {
        let _ = writeln!(text, "... and {}; `--format json` shows all\n", plural(more, "more finding"));
    }
    if let Some(summary) = summary(diagnostics, source) {
        text.push_str(&summary);
        text.push('\n');
    }
    text
}

/// As many findings as are shown, in their order; no warning keeps an error from being shown.
fn most_important(diagnostics: &[Diagnostic]) -> impl Iterator<Item = &Diagnostic> {
    let is_error = |diagnostic: &Diagnostic| diagnostic.severity() == Severity::Error;
    let mut errors = MOST;
    let mut warnings = MOST.saturating_sub(diagnostics.iter().filter(|diagnostic| is_error(diagnostic)).count());
    diagnostics.iter().filter(move |diagnostic| {
        let room = if is_error(diagnostic) { &mut errors } else { &mut warnings };
        let is_shown = *room > 0;
        *room = room.saturating_sub(1);
        is_shown
    })
}

fn group<'a>(diagnostic: &'a Diagnostic, source: &'a Source) -> Group<'a> {
    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.name());
    let snippets = windows(diagnostic, source).into_iter().map(|window| window.snippet(source));
    let advice = diagnostic.advice.iter().map(|advice| Level::HELP.message(advice.as_str()));
    // Of an empty text there is nothing to show but its name.
    let name = source.text().is_empty().then(|| Origin::path(source.name()).line(1).char_column(1));
    title.elements(name).elements(snippets).elements(advice)
}

/// A few lines of the source with the places on them. The renderer is given no more than these lines, because it
/// works through all the text it is given for each finding.
struct Window<'a> {
    first: usize,
    last: usize,
    marks: Vec<(AnnotationKind, &'a Label)>,
}

fn windows<'a>(diagnostic: &'a Diagnostic, source: &Source) -> Vec<Window<'a>> {
    let primary = std::iter::once((AnnotationKind::Primary, &diagnostic.primary));
    let secondary = diagnostic.secondary.iter().map(|label| (AnnotationKind::Context, label));
    let mut windows: Vec<Window<'a>> = Vec::new();
    if source.text().is_empty() {
        return windows;
    }
    for mark in primary.chain(secondary) {
        let line = source.line_of(mark.1.span.start);
        match windows.iter_mut().find(|window| line + NEAR >= window.first && line <= window.last + NEAR) {
            Some(window) => {
                window.first = window.first.min(line);
                window.last = window.last.max(line);
                window.marks.push(mark);
            }
            None => windows.push(Window { first: line, last: line, marks: vec![mark] }),
        }
    }
    windows
}

impl<'a> Window<'a> {
    fn snippet(self, source: &'a Source) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
        let offset = source.line_start(self.first);
        let text = source.slice(Span::new(offset, source.line_end(self.last)));
        let annotations = self.marks.into_iter().map(|(kind, label)| {
            let span = on_one_line(label.span, source);
            let text = (!label.text.is_empty()).then_some(label.text.as_str());
            kind.span(span.start.saturating_sub(offset)..span.end.saturating_sub(offset)).label(text)
        });
        Snippet::source(harmless(text)).line_start(self.first + 1).path(source.name()).annotations(annotations)
    }
}

/// A text without the control characters that the renderer leaves: a terminal may obey U+009B as it does `ESC [`. What
/// stands in their place has as many bytes, so that places stay right.
fn harmless(text: &str) -> Cow<'_, str> {
    let is_obeyed = |character: char| ('\u{80}'..='\u{9f}').contains(&character);
    if text.contains(is_obeyed) { text.replace(is_obeyed, "\u{b7}").into() } else { text.into() }
}

/// The part of a span on its first line: the key or value is underlined where it begins.
pub(super) fn on_one_line(span: Span, source: &Source) -> Span {
    let start = span.start.min(source.text().len());
    let end = span.end.min(source.line_end(source.line_of(start)));
    Span::new(start, end.max(start))
}
