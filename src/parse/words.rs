//! What the parser finds, in words that need no look at the text.

use granit_parser::ErrorKind;

use crate::diag::Code;

/// The code, what is wrong and what to do.
#[expect(clippy::wildcard_enum_match_arm, reason = "what is left cannot come from a text, or has nothing more to say")]
pub(super) const fn words(kind: &ErrorKind) -> (Code, &'static str, &'static str) {
    let (message, help) = match kind {
        ErrorKind::UnclosedQuotedScalar => ("a quoted string is not closed", "add the closing quote"),
        ErrorKind::DocumentIndicatorInQuotedScalar => {
            ("a quoted string is not closed before a `---` or `...`", "add the closing quote")
        }
        ErrorKind::UnclosedFlowCollection { open: '[' } | ErrorKind::UnexpectedEofFlowSequence => {
            ("`[` is not closed", "add `]`")
        }
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping => ("`{` is not closed", "add `}`"),
        ErrorKind::MisplacedFlowCollectionEnd => {
            ("a bracket is closed that was not opened", "remove it, or add the bracket that opens it")
        }
        ErrorKind::UnknownAnchor => (
            "the alias has no anchor",
            "a value that begins with `*` names an anchor; put it in quotes to make it a string",
        ),
        ErrorKind::MissingAnchorOrAliasName => {
            ("a name is missing after `*` or `&`", "put the value in quotes to make it a string")
        }
        ErrorKind::ExpectedBlockMappingKey => {
            ("a key is expected here", "check the indentation of this line and of those before it")
        }
        ErrorKind::ExpectedBlockSequenceEntry => (
            "a line without `-` stands among lines with `-`",
            "write either `- item` or `key: value` on all lines of the same indentation",
        ),
        ErrorKind::PlainScalarStartsWithDashFlowIndicator | ErrorKind::BlockEntryInFlowCollection => (
            "a `-` stands in brackets, where it begins no item",
            "in brackets, items stand without `-`, as in `[a, b]`; put a text `-` in quotes",
        ),
        ErrorKind::BlockSequenceEntryNotAllowed => (
            "a `-` stands where no list can begin",
            "begin the list on a line of its own, or write it as `[a, b]`; put a text in quotes",
        ),
        ErrorKind::MappingKeyNotAllowed => {
            ("a `?` stands where no key can begin", "put a value that begins with `?` in quotes")
        }
        ErrorKind::FlowMappingValueAdjacentCollection => {
            ("a blank is missing after the `:`", "write `key: [value]` or `key: { key: value }`")
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            ("text follows the closing quote", "put all of it in quotes, or add the `,` that is missing")
        }
        ErrorKind::InvalidQuotedScalarIndent => {
            ("a line of the quoted string is indented less than its key", "write the string on one line")
        }
        ErrorKind::InvalidBlockScalarHeader | ErrorKind::ZeroBlockScalarIndent => {
            ("text follows `|` or `>`", "put a value that begins with `|` or `>` in quotes")
        }
        ErrorKind::InvalidBlockScalarIndent => (
            "a line of the text below `|` or `>` is indented wrongly",
            "no field needs several lines: write the text beside its key, without `|` or `>`",
        ),
        ErrorKind::CommentNotSeparated => {
            ("a blank is missing before the `#` of a comment", "add it, or put a text with `#` in quotes")
        }
        ErrorKind::CommentInterceptedScalar => {
            ("a comment stands inside a text of several lines", "write the text on one line")
        }
        ErrorKind::ExpectedDocumentStart => (
            "this line does not go on with what stands before it",
            "give the keys at the top of the spec the same indentation, and each its `:`",
        ),
        ErrorKind::InvalidDocumentEnd => {
            ("text follows `...`, which ends the document", "remove the `...`, or what follows it")
        }
        ErrorKind::MissingDocumentEndBeforeDirective => (
            "a line of the spec begins with `%`",
            "only a directive before the `---` does: remove it, or put a value that begins with `%` in quotes",
        ),
        ErrorKind::BomInsideDocument => {
            ("the invisible character U+FEFF stands inside the spec", "remove it: only a file may begin with one")
        }
        ErrorKind::UndeclaredTagHandle
        | ErrorKind::ExpectedTagBang
        | ErrorKind::InvalidGlobalTagCharacter
        | ErrorKind::InvalidTagTerminator
        | ErrorKind::MissingTagUri
        | ErrorKind::UnclosedVerbatimTag
        | ErrorKind::InvalidTagEscape
        | ErrorKind::InvalidTagUtf8LeadingByte
        | ErrorKind::InvalidTagUtf8TrailingByte
        | ErrorKind::InvalidTagUtf8 => {
            return (Code::YamlTag, "tags are not supported", "put a value that begins with `!` in quotes");
        }
        _ => (
            "the text makes no sense here",
            "check this line and the one before it: its quotes and brackets, and the blank after each `:`",
        ),
    };
    (Code::YamlSyntax, message, help)
}
