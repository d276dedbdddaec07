//! What the parser finds wrong with the syntax, in the user's words.

use granit_parser::{ErrorKind, ScanError};

use super::words::words;
use super::{escapes, layout};
use crate::diag::{Code, Diagnostic};
use crate::source::{SourceFile, Span};

/// The diagnostic for a syntax error. `opening` is the bracket of the collection around it, if there is one.
#[expect(clippy::wildcard_enum_match_arm, reason = "the other hundred kinds need no look at the text")]
pub(super) fn explain(error: &ScanError, opening: Option<Span>, source: &SourceFile) -> Diagnostic {
    let span = place(error, source);
    let syntax = |message: &str, help: &str| Diagnostic::new(Code::YamlSyntax, span, message).help(help);
    let in_words = || {
        let (code, message, help) = words(error.kind());
        Diagnostic::new(code, span, message).help(help)
    };
    if let Some(diagnostic) = layout::conflict(source)
        .or_else(|| layout::template(span, source))
        .or_else(|| is_about_keys(error.kind()).then(|| layout::long_key(span, source))?)
    {
        return diagnostic;
    }
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => {
            Diagnostic::new(Code::NestingTooDeep, span, "the spec is nested too deeply")
                .help("no valid spec nests deeper than a few levels")
        }
        ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabNotAllowed
        | ErrorKind::TabInPlainScalar
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::InvalidBlockEntryWhitespace
        | ErrorKind::InvalidMappingValueWhitespace => {
            let tab = layout::tab(span, source);
            Diagnostic::new(Code::YamlSyntax, tab, "a tab stands where YAML allows only spaces")
                .help("indent with spaces")
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            let wanted = if *open == '[' { ']' } else { '}' };
            syntax(&format!("`{open}` is closed by `{close}`"), &format!("add `{wanted}` before `{close}`"))
        }
        // The parser says so of each token that it cannot use there, not only at the end.
        ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
            if source.slice(span) == "," && !is_last(span, source) =>
        {
            syntax("a value is missing before the `,`", "remove the `,`, or add the value")
        }
        ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::MappingValueNotAllowed
        | ErrorKind::InvalidFlowScalarIndent
            if opening.is_some() =>
        {
            separator(span, opening.unwrap_or(span), source)
        }
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidIndentation => layout::line_before(span, source)
            .unwrap_or_else(|| {
                syntax(
                    "a `:` or a line stands where none is expected",
                    "check the indentation, and put a value with a `:` in it in quotes",
                )
            }),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => layout::colon(source.line_of(span.start), source)
            .unwrap_or_else(|| syntax("a `:` is missing after a key", "write `key: value`")),
        ErrorKind::ExpectedBlockMappingKey if ["&", "*"].contains(&source.slice(span)) => syntax(
            "a value has an anchor or an alias too many",
            "put a value that begins with `&` or `*` in quotes to make it a string",
        ),
        ErrorKind::UnexpectedCharacter { character: '`' } => {
            syntax("a backtick cannot begin a value", "put the value in quotes")
        }
        ErrorKind::UnexpectedCharacter { character } => {
            syntax(&format!("`{character}` cannot begin a value"), "put the value in quotes")
        }
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => escapes::explain(span.start, source).unwrap_or_else(in_words),
        _ => in_words(),
    }
}

/// Whether a key that is too long can be the cause.
const fn is_about_keys(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::SimpleKeyExpected
            | ErrorKind::InvalidSimpleKey
            | ErrorKind::MappingValueNotAllowed
            | ErrorKind::InvalidColonPlacement
            | ErrorKind::ExpectedFlowMappingSeparator
            | ErrorKind::ExpectedFlowSequenceSeparator
            | ErrorKind::ExpectedBlockMappingKey
    )
}

/// Whether nothing is written after a place.
fn is_last(span: Span, source: &SourceFile) -> bool {
    source.after(span.end).trim_start().is_empty()
}

/// A collection in brackets goes on where it should have been closed, or where a comma should stand.
fn separator(found: Span, opening: Span, source: &SourceFile) -> Diagnostic {
    let (open, close) = if source.slice(opening) == "[" { ('[', ']') } else { ('{', '}') };
    let last = layout::before(found, opening.end, source);
    let is_glued = |character: char| !character.is_whitespace() && !",:[]{}\"'".contains(character);
    let help = match source.slice(found) {
        // A range or a placeholder looks like a list or a mapping.
        bracket @ ("[" | "{") if source.before(found.start).ends_with(is_glued) => {
            let example = if bracket == "[" { "mm[1-3]" } else { "ci-{host}" };
            format!("put a text with `{bracket}` in quotes, as in `\"{example}\"`")
        }
        _ => format!("add `{close}` to close it, or `,` if more of it follows"),
    };
    Diagnostic::new(Code::YamlSyntax, last, format!("`{open}` is not closed, or a `,` is missing"))
        .label("after this")
        .also(Some(opening), "opened here")
        .help(help)
}

/// The place of the error, widened to the character there.
fn place(error: &ScanError, source: &SourceFile) -> Span {
    let marker = error.marker();
    let by_line = || {
        let line = source.line_start(marker.line().saturating_sub(1));
        let text = source.after(line);
        line + text.char_indices().nth(marker.col()).map_or(text.len(), |(at, _)| at)
    };
    let start = marker.byte_offset().map_or_else(by_line, |offset| source.start() + offset);
    // At the end of the text there is nothing to underline: show the end of the last line that says something.
    let written = source.start() + source.text().trim_end().len();
    let start = start.min(written);
    let width = source.after(start).chars().next().map_or(0, char::len_utf8);
    Span::new(start, start + width)
}
