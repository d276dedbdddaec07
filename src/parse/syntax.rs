//! What the parser finds wrong with the syntax, in the user's words.

use granit_parser::{ErrorKind, ScanError};

use crate::diag::{Code, Diagnostic};
use crate::source::{Source, Span};

/// The diagnostic for a syntax error.
#[expect(clippy::wildcard_enum_match_arm, reason = "the parser's own words serve for its other hundred kinds")]
pub(super) fn explain(error: &ScanError, source: &Source) -> Diagnostic {
    let span = place(error, source);
    let syntax = |message: &str| Diagnostic::new(Code::YamlSyntax, span, message);
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
            syntax("a tab stands where YAML allows only spaces").help("indent with spaces")
        }
        ErrorKind::UnclosedQuotedScalar => syntax("a quoted string is not closed").help("add the closing quote"),
        ErrorKind::UnclosedFlowCollection { open } => {
            let close = if *open == '[' { ']' } else { '}' };
            syntax(&format!("`{open}` is not closed")).help(format!("add `{close}`"))
        }
        ErrorKind::UnexpectedEofFlowSequence => syntax("`[` is not closed").help("add `]`"),
        ErrorKind::UnexpectedEofFlowMapping | ErrorKind::UnexpectedEofImplicitFlowMapping => {
            syntax("`{` is not closed").help("add `}`")
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => syntax(&format!("`{open}` is closed by `{close}`")),
        ErrorKind::MisplacedFlowCollectionEnd => syntax("a bracket is closed that was not opened"),
        ErrorKind::UnknownAnchor => syntax("the alias has no anchor")
            .help("a value that begins with `*` names an anchor; put it in quotes to make it a string"),
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidIndentation => {
            syntax("a `:` or a line stands where none is expected")
                .help("check the indentation, and put a value with a `:` in it in quotes")
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            syntax("a `:` is missing after a key").help("write `key: value`")
        }
        ErrorKind::ExpectedBlockMappingKey => {
            syntax("a key is expected here").help("check the indentation of this line and of those before it")
        }
        ErrorKind::UnexpectedCharacter { character } => {
            syntax(&format!("`{}` cannot begin a value", character.escape_debug())).help("put the value in quotes")
        }
        kind => syntax(&format!("this is not YAML: {kind}")),
    }
}

/// The place of the error, widened to the character there.
fn place(error: &ScanError, source: &Source) -> Span {
    let marker = error.marker();
    let start = marker.byte_offset().unwrap_or_else(|| {
        let line = source.line_start(marker.line().saturating_sub(1));
        let text = source.text().get(line..).unwrap_or_default();
        line + text.char_indices().nth(marker.col()).map_or(text.len(), |(at, _)| at)
    });
    // At the end of the text there is nothing to underline: show the end of the last line that says something.
    let written = source.text().trim_end().len();
    let start = start.min(written);
    let width = source.text().get(start..).and_then(|text| text.chars().next()).map_or(0, char::len_utf8);
    Span::new(start, start + width)
}
