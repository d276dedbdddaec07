//! What is refused although YAML takes it: keys that are no names, characters that no field can have, and texts as a whole.

use granit_parser::ScalarStyle;

use super::{Kind, Node, layout};
use crate::catalog::{DEPTH, SLOT_PREFIX, VALUES};
use crate::diag::{Code, Diagnostic, Report, plural};
use crate::source::{SourceFile, Span};

/// A number that is another for YAML 1.1.
pub(super) fn ambiguous(text: &str, span: Span) -> Diagnostic {
    let message = format!("`{text}` is a different number for YAML 1.1 and YAML 1.2");
    let help = format!("write `{}`; only where a text is meant, put it in quotes", without_zeros(text));
    Diagnostic::new(Code::AmbiguousNumber, span, message).help(help)
}

/// A number without its leading zeros.
fn without_zeros(number: &str) -> String {
    let digits = number.trim_start_matches(['-', '+']);
    let sign = number.strip_suffix(digits).unwrap_or_default();
    let rest = digits.trim_start_matches('0');
    if rest.is_empty() { "0".to_owned() } else { format!("{sign}{rest}") }
}

/// Whether a key is no name.
pub(super) fn key(node: &Node, span: Span, source: &SourceFile, report: &mut Report) -> bool {
    let written = source.slice(span);
    let diagnostic = match &node.kind {
        Kind::String(text) if text == "<<" && written == "<<" => {
            let help = "put the shared settings under `profiles` and name the profile";
            Diagnostic::new(Code::MergeKey, span, "merge keys are not supported").help(help)
        }
        Kind::String(_) => return false,
        Kind::Broken => return true,
        Kind::Null | Kind::Bool(_) | Kind::Integer(_) | Kind::Float(_) => {
            let message = if written.is_empty() {
                "a key is missing".to_owned()
            } else {
                format!("the key `{written}` is not a string")
            };
            let help = match written {
                "" => "write a key before the `:`".to_owned(),
                _ => format!("put it in quotes: `\"{written}\"`"),
            };
            Diagnostic::new(Code::NonStringKey, span, message).help(help)
        }
        // `{{ name }}` is a mapping inside a mapping: one of the two findings says it all.
        Kind::List(_) | Kind::Map(_) if report.last_is_in(node.span) => return true,
        Kind::List(_) | Kind::Map(_) => {
            let message = "a key must be a string, not a collection";
            let is_template = source.before(node.span.start).ends_with('{') && source.slice(node.span).starts_with('{');
            let help = if is_template {
                layout::NO_TEMPLATE
            } else {
                "a value that begins with `{` or `[` must be in quotes to be a string"
            };
            Diagnostic::new(Code::NonStringKey, span, message).help(help)
        }
    };
    report.push(diagnostic);
    true
}

/// What is wrong with a string wherever it stands.
pub(super) fn string(text: &str, style: ScalarStyle, span: Span) -> Option<Diagnostic> {
    if text.starts_with(SLOT_PREFIX) {
        let message = format!("Salt would execute a string that begins with `{SLOT_PREFIX}`");
        return Some(Diagnostic::new(Code::SlotString, span, message).help("write something else"));
    }
    let character = text.chars().find(|character| is_unprintable(*character))?;
    let (message, help) = match (character, style) {
        ('\n', ScalarStyle::Literal | ScalarStyle::Folded) => (
            "a string has a line break, which no field can have".to_owned(),
            "write it on one line, without `|` or `>`",
        ),
        ('\n', _) => ("a string has a line break, which no field can have".to_owned(), "write it on one line"),
        _ => (
            format!("a string has the character U+{:04X}, which no field can have", u32::from(character)),
            "remove the character",
        ),
    };
    Some(Diagnostic::new(Code::ControlCharacter, span, message).help(help))
}

/// The first character that is no text and that the parser would stumble over.
pub(super) fn text(source: &SourceFile) -> Option<Diagnostic> {
    let text = source.text();
    // Nearly all specs are printable ASCII, and bytes are looked at faster than characters.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r')) {
        return None;
    }
    let is_no_text = |character: char| {
        character.is_control() && !"\t\n\r".contains(character) || matches!(character, '\u{fffe}' | '\u{ffff}')
    };
    let (at, character) = text.char_indices().find(|(_, character)| is_no_text(*character))?;
    let at = source.start() + at;
    let span = Span::new(at, at + character.len_utf8());
    let message = format!("the spec has the control character U+{:04X}", u32::from(character));
    let more = text.chars().filter(|character| is_no_text(*character)).count() - 1;
    let help = match more {
        0 => "remove it".to_owned(),
        _ => format!("remove it, and {} after it", plural(more, "more control character")),
    };
    Some(Diagnostic::new(Code::ControlCharacter, span, message).help(help))
}

/// Characters that some reader of the output cannot take, or that no reviewer can see.
fn is_unprintable(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// A second document.
pub(super) fn several(span: Span, source: &SourceFile) -> Diagnostic {
    let help = if source.slice(span) == "---" {
        "remove this `---`, or make separate specs"
    } else {
        "remove the `...` before this line, or make separate specs"
    };
    Diagnostic::new(Code::SeveralDocuments, span, "the spec has several YAML documents").help(help)
}

/// A file with nothing in it.
pub(super) fn empty(source: &SourceFile) -> Diagnostic {
    let (message, help) = if source.start() == 0 {
        ("the spec is empty", "a spec needs at least `version: 1` and one host under `hosts`")
    } else {
        ("the included file is empty", "add what belongs into it, such as `hosts`, or remove the file")
    };
    let start = Span::new(source.start(), source.start());
    Diagnostic::new(Code::EmptySpec, start, message).help(help)
}

/// More keys and values than a spec may have.
pub(super) fn too_many(span: Span) -> Diagnostic {
    let message = format!("the spec has more than {VALUES} keys and values, counted with its aliases written out");
    Diagnostic::new(Code::TooManyValues, span, message)
        .help("write what hosts share once, under `profiles` and `defaults`, or make several fleets")
}

/// A collection inside too many others.
pub(super) fn too_deep(span: Span) -> Diagnostic {
    let message = format!("the spec is nested deeper than {DEPTH} levels");
    Diagnostic::new(Code::NestingTooDeep, span, message).help("no valid spec nests deeper than a few levels")
}
