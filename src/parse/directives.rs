//! Directives: lines that begin with `%` before the document. Only the one that says what a spec is anyway is taken: each
//! other one asks for something else than this reader does, and the parser would ignore most of them.

use crate::diag::{Code, Diagnostic, cut};
use crate::source::{SourceFile, Span};

/// Longer lines are cut in messages.
const LONGEST: usize = 40;

/// What is wrong with the directives of a file.
pub(super) fn refuse(source: &SourceFile) -> Option<Diagnostic> {
    let mut offset = source.start();
    let mut version = None;
    for line in source.text().split_inclusive('\n') {
        let text = line.trim_start_matches('\u{feff}');
        let start = offset + line.len() - text.len();
        offset += line.len();
        let span = Span::new(start, start + text.trim_end().len());
        if text.starts_with('%') {
            let directive = text.split_once(" #").map_or(text, |(directive, _)| directive).trim_end();
            if let Some(diagnostic) = refuse_line(directive, span, version) {
                return Some(diagnostic);
            }
            version = Some(span);
        } else if !text.trim_start().is_empty() && !text.trim_start().starts_with('#') {
            let is_document = text.starts_with("---");
            return version.filter(|_| !is_document).map(unended);
        }
    }
    version.map(unended)
}

fn refuse_line(directive: &str, span: Span, earlier: Option<Span>) -> Option<Diagnostic> {
    let words: Vec<&str> = directive.split_ascii_whitespace().collect();
    let shown = cut(directive, LONGEST);
    let (code, message, help) = match words.as_slice() {
        ["%YAML", "1.2"] if earlier.is_none() => return None,
        ["%YAML", "1.2"] => (Code::YamlSyntax, format!("`{shown}` is given twice"), "remove one of the two"),
        ["%YAML", version] if version.starts_with(|first: char| first.is_ascii_digit()) => {
            let message = format!("a spec is YAML 1.2, not {}", cut(version, LONGEST));
            (Code::YamlSyntax, message, "remove the line, or write `%YAML 1.2`")
        }
        ["%YAML", ..] => {
            (Code::YamlSyntax, format!("`{shown}` names no version"), "remove the line, or write `%YAML 1.2`")
        }
        ["%TAG", ..] => {
            (Code::YamlTag, "tags are not supported, so there are none to declare".to_owned(), "remove the line")
        }
        _ => {
            let message = format!("`{shown}` is no directive of YAML 1.2");
            (Code::YamlSyntax, message, "remove the line; a value that begins with `%` must be in quotes")
        }
    };
    Some(Diagnostic::new(code, span, message).also(earlier, "the first").help(help))
}

fn unended(directive: Span) -> Diagnostic {
    Diagnostic::new(Code::YamlSyntax, directive, "a `---` is missing after the directive")
        .help("write `---` on a line of its own below it, or remove the directive")
}
