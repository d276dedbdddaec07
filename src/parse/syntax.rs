//! What the parser finds wrong with the syntax, in the user's words.

use granit_parser::{ErrorKind, ScanError};

use super::layout;
use crate::diag::{Code, Diagnostic};
use crate::source::{SourceFile, Span};

/// The diagnostic for a syntax error. `opening` is the bracket of the collection around it, if there is one.
#[expect(clippy::wildcard_enum_match_arm, reason = "the parser's own words serve for its other hundred kinds")]
pub(super) fn explain(error: &ScanError, opening: Option<Span>, source: &SourceFile) -> Diagnostic {
    let span = place(error, source);
    if let Some(diagnostic) = layout::conflict(source).or_else(|| layout::template(span, source)) {
        return diagnostic;
    }
    let syntax = |message: &str, help: &str| Diagnostic::new(Code::YamlSyntax, span, message).help(help);
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => {
            Diagnostic::new(Code::NestingTooDeep, span, "the spec is nested too deeply")
                .help("no valid spec nests deeper than a few levels")
        }
        ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabNotAllowed
        | ErrorKind::TabInPlainScalar
        | ErrorKind::TabAtBlockScalarStart => {
            let tab = layout::tab(span, source);
            Diagnostic::new(Code::YamlSyntax, tab, "a tab stands where YAML allows only spaces")
                .help("indent with spaces")
        }
        ErrorKind::UnclosedQuotedScalar => syntax("a quoted string is not closed", "add the closing quote"),
        ErrorKind::UnclosedFlowCollection { open: '[' } | ErrorKind::UnexpectedEofFlowSequence => {
            syntax("`[` is not closed", "add `]`")
        }
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping => syntax("`{` is not closed", "add `}`"),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            let wanted = if *open == '[' { ']' } else { '}' };
            syntax(&format!("`{open}` is closed by `{close}`"), &format!("add `{wanted}` before `{close}`"))
        }
        ErrorKind::MisplacedFlowCollectionEnd => {
            syntax("a bracket is closed that was not opened", "remove it, or add the bracket that opens it")
        }
        ErrorKind::UnknownAnchor => syntax(
            "the alias has no anchor",
            "a value that begins with `*` names an anchor; put it in quotes to make it a string",
        ),
        ErrorKind::MissingAnchorOrAliasName => {
            syntax("a name is missing after `*` or `&`", "put the value in quotes to make it a string")
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
        ErrorKind::ExpectedBlockMappingKey => {
            syntax("a key is expected here", "check the indentation of this line and of those before it")
        }
        ErrorKind::ExpectedBlockSequenceEntry => syntax(
            "a line without `-` stands among lines with `-`",
            "write either `- item` or `key: value` on all lines of the same indentation",
        ),
        ErrorKind::UnexpectedCharacter { character: '`' } => {
            syntax("a backtick cannot begin a value", "put the value in quotes")
        }
        ErrorKind::UnexpectedCharacter { character } => {
            syntax(&format!("`{character}` cannot begin a value"), "put the value in quotes")
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            syntax("text follows the closing quote", "put all of it in quotes, or add the `,` that is missing")
        }
        ErrorKind::UnknownQuotedScalarEscape | ErrorKind::InvalidQuotedScalarHexEscape => syntax(
            "a backslash in this string begins nothing that YAML knows",
            "write `\\\\` for a backslash, or use single quotes",
        ),
        ErrorKind::InvalidBlockScalarHeader => {
            syntax("text follows `|` or `>`", "put a value that begins with `|` or `>` in quotes")
        }
        kind => syntax(
            &format!("this is not YAML: {kind}"),
            "check this line and the one before it: its quotes and brackets, and the blank after each `:`",
        ),
    }
}

/// A collection in brackets goes on where it should have been closed, or where a comma should stand.
fn separator(found: Span, opening: Span, source: &SourceFile) -> Diagnostic {
    let (open, close) = if source.slice(opening) == "[" { ('[', ']') } else { ('{', '}') };
    let last = layout::before(found, opening.end, source);
    Diagnostic::new(Code::YamlSyntax, last, format!("`{open}` is not closed, or a `,` is missing"))
        .label("after this")
        .also(Some(opening), "opened here")
        .help(format!("add `{close}` to close it, or `,` if more of it follows"))
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
