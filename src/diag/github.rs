//! Diagnostics as GitHub workflow commands.

use std::fmt::Write as _;

use super::human::on_one_line;
use super::{Diagnostic, summary};
use crate::source::{Source, SourceFile};

/// One command a finding, and a line that counts them.
pub(super) fn render(diagnostics: &[Diagnostic], source: &Source) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let file = source.file_at(diagnostic.primary.span.start);
        let span = on_one_line(diagnostic.primary.span, file);
        let (start, end) = (file.position(span.start), file.position(span.end));
        let mut body = diagnostic.message.clone();
        for advice in &diagnostic.advice {
            body.push_str("\nhelp: ");
            body.push_str(advice);
        }
        for label in diagnostic.secondary.iter().filter(|label| !label.text.is_empty()) {
            let other = source.file_at(label.span.start);
            let of = if other.start() == file.start() { String::new() } else { format!(" of {}", path(other)) };
            // Writing to a string cannot fail.
            let _ = write!(body, "\nline {}{of}: {}", other.position(label.span.start).line, label.text);
        }
        // GitHub knows columns only of places on one line.
        let _ = writeln!(
            text,
            "::{} file={},line={},endLine={},col={},endColumn={},title={}::{}",
            diagnostic.severity().name(),
            property(path(file)),
            start.line,
            start.line,
            start.column,
            end.column,
            property(diagnostic.code.name()),
            data(&body),
        );
    }
    if let Some(summary) = summary(diagnostics, source) {
        text.push_str(&summary);
        text.push('\n');
    }
    text
}

/// One command for what is wrong with a whole file rather than with a place in it.
#[must_use]
pub fn annotate(file: &str, title: &str, words: &str) -> String {
    let file = file.trim_start_matches("./");
    format!("::error file={},title={}::{}\n", property(file), property(title), data(words.trim_end()))
}

/// A file as GitHub names it.
fn path(file: &SourceFile) -> &str {
    file.name().trim_start_matches("./")
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
