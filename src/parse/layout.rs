//! Where the cause of a syntax error is, judged by how the text is laid out: the parser stumbles later.

use crate::diag::{Code, Diagnostic, cut};
use crate::source::{SourceFile, Span};

/// Longer keys are cut in messages.
const LONGEST: usize = 40;

/// The tab that the parser means: the first in an indentation from this line on.
pub(super) fn tab(found: Span, source: &SourceFile) -> Span {
    let start = source.line_start(source.line_of(found.start));
    let mut offset = start;
    // A value may go on for some lines before the tab; further down is something else.
    for line in source.after(start).split_inclusive('\n').take(3) {
        let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line.get(..indentation).and_then(|blank| blank.find('\t')) {
            return Span::new(offset + tab, offset + tab + 1);
        }
        offset += line.len();
    }
    found
}

/// The last character of what was complete before the parser stumbled inside brackets. If that was at a `:`, the word
/// before it belongs to what follows.
pub(super) fn before(found: Span, least: usize, source: &SourceFile) -> Span {
    let text = source.before(found.start);
    let text = if source.slice(found) == ":" {
        text.trim_end_matches(|character: char| !character.is_whitespace() && !",{}[]".contains(character))
    } else {
        text
    };
    let mut text = text.trim_end();
    // What stands behind a `#` is no content.
    while let Some((rest, comment)) = text.rsplit_once('#') {
        if comment.contains('\n') || !rest.ends_with([' ', '\t', '\n']) {
            break;
        }
        text = rest.trim_end();
    }
    let width = text.chars().next_back().map_or(0, char::len_utf8);
    let end = (source.start() + text.len()).max(least);
    Span::new(end.saturating_sub(width), end)
}

/// What is wrong with the line before a `:` that should not be there, if that line explains it.
pub(super) fn line_before(found: Span, source: &SourceFile) -> Option<Diagnostic> {
    let line = source.line_of(found.start);
    let start = source.slice(Span::new(source.line_start(line), found.start));
    // With two of them on one line, the line itself is wrong.
    if source.slice(found) != ":" || start.contains(": ") {
        return None;
    }
    let content = |line: &usize| {
        let text = text_of(*line, source).1;
        !text.is_empty() && !text.starts_with('#')
    };
    colon((0..line).rev().take(NEAR).find(content)?, source)
}

/// So many lines are searched for the one before.
const NEAR: usize = 100;

/// What is wrong with the `:` of a line: none at all, or no blank after it.
pub(super) fn colon(line: usize, source: &SourceFile) -> Option<Diagnostic> {
    let (start, text) = text_of(line, source);
    let is_key = |text: &str| {
        !text.is_empty() && text.chars().all(|character| character.is_alphanumeric() || "._-".contains(character))
    };
    match text.split_once(':') {
        None if is_key(text) => {
            let span = Span::new(start, start + text.len());
            let message = format!("a `:` is missing after `{}`", cut(text, LONGEST));
            let help = format!("write `{}:`, or `key: value`", cut(text, LONGEST));
            Some(Diagnostic::new(Code::YamlSyntax, span, message).help(help))
        }
        Some((key, value)) if is_key(key) && !value.is_empty() && !value.starts_with(char::is_whitespace) => {
            let colon = start + key.len();
            let key = cut(key, LONGEST);
            let message = format!("a blank is missing after the `:` of `{key}`");
            let help = format!("write `{key}: {}`", cut(value, LONGEST));
            Some(Diagnostic::new(Code::YamlSyntax, Span::new(colon, colon + 1), message).help(help))
        }
        None | Some(_) => None,
    }
}

/// A key before the next `:` that is longer than YAML allows: the parser then takes it for no key.
pub(super) fn long_key(found: Span, source: &SourceFile) -> Option<Diagnostic> {
    let line = source.line_of(found.start);
    let start = source.line_start(line);
    let text = source.slice(Span::new(start, source.line_end(line)));
    let ends_key = |(at, _): &(usize, &str)| {
        let rest = text.get(at + 1..).unwrap_or_default();
        start + at >= found.start && (rest.is_empty() || rest.starts_with([' ', '\t', '\r']))
    };
    let (end, _) = text.match_indices(':').find(ends_key)?;
    let before = text.get(..end)?.trim_end();
    let key = match before.chars().next_back().filter(|last| "\"'".contains(*last)) {
        Some(quote) => before.get(before.strip_suffix(quote)?.rfind(quote)?..)?,
        None => before.rsplit([',', '{', '[']).next()?.trim_start_matches([' ', '\t', '-', '?', ':']),
    };
    let (at, count) = (start + before.len() - key.len(), key.chars().count());
    let message = format!("a key has {count} characters, and YAML takes {LONGEST_KEY}");
    let help = "shorten it, or put it in quotes if it is no key";
    (count > LONGEST_KEY).then(|| Diagnostic::new(Code::YamlSyntax, Span::new(at, at + key.len()), message).help(help))
}

/// Characters of the longest key that stands on one line with its `:`. (YAML 1.2.2: 7.4.2, 8.2.2, implicit keys)
const LONGEST_KEY: usize = 1024;

/// The first line that a merge left where it could not choose.
pub(super) fn conflict(source: &SourceFile) -> Option<Diagnostic> {
    let text = source.text();
    let at = if text.starts_with(CONFLICT) { 0 } else { text.find(&format!("\n{CONFLICT}"))? + 1 };
    let start = source.start() + at;
    let span = Span::new(start, source.line_end(source.line_of(start)));
    Some(
        Diagnostic::new(Code::YamlSyntax, span, "the file has a merge conflict that nobody has resolved")
            .help("keep one of the two sides, and remove the lines with `<<<<<<<`, `=======` and `>>>>>>>`"),
    )
}

/// What git writes before the first of two sides.
const CONFLICT: &str = "<<<<<<< ";

/// A statement of Jinja where the parser stumbled.
pub(super) fn template(found: Span, source: &SourceFile) -> Option<Diagnostic> {
    let (start, text) = text_of(source.line_of(found.start), source);
    let statement = text.find("{%")?;
    let span = Span::new(start + statement, start + statement + 2);
    Some(Diagnostic::new(Code::YamlSyntax, span, "a spec is no template").help(NO_TEMPLATE))
}

/// What to do instead of Jinja.
pub(super) const NO_TEMPLATE: &str =
    "Jinja is not read here: write the values out; `profiles`, `defaults` and `groups` save repetition";

/// The content of a line and where it begins.
fn text_of(line: usize, source: &SourceFile) -> (usize, &str) {
    let span = Span::new(source.line_start(line), source.line_end(line));
    let text = source.slice(span).trim_end();
    let content = text.trim_start_matches([' ', '\t', '-']);
    (span.start + text.len() - content.len(), content)
}
