//! Diagnostics for programs. The shape is versioned: a field may be added, none changes its meaning.

use serde_json::{Value, json};

use super::{Diagnostic, Severity};
use crate::source::{Source, Span};

const VERSION: u32 = 1;

/// One JSON document on lines of its own.
pub(super) fn render(diagnostics: &[Diagnostic], source: &Source) -> String {
    let count = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity() == severity).count();
    let document = json!({
        "version": VERSION,
        "file": source.name(),
        "errors": count(Severity::Error),
        "warnings": count(Severity::Warning),
        "diagnostics": diagnostics.iter().map(|diagnostic| value(diagnostic, source)).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn value(diagnostic: &Diagnostic, source: &Source) -> Value {
    let mut value = json!({
        "code": diagnostic.code.name(),
        "severity": diagnostic.severity().name(),
        "message": diagnostic.message,
    });
    let related = diagnostic.secondary.iter().map(|label| {
        let mut place = place(label.span, source);
        merge(&mut place, json!({ "text": label.text }));
        place
    });
    let rest = json!({ "label": diagnostic.primary.text, "related": related.collect::<Vec<_>>(), "advice": diagnostic.advice });
    merge(&mut value, place(diagnostic.primary.span, source));
    merge(&mut value, rest);
    value
}

fn place(span: Span, source: &Source) -> Value {
    let file = source.file_at(span.start);
    let (start, end) = (file.position(span.start), file.position(span.end.max(span.start)));
    json!({ "file": file.name(), "line": start.line, "column": start.column, "end_line": end.line, "end_column": end.column })
}

fn merge(value: &mut Value, more: Value) {
    if let (Value::Object(value), Value::Object(more)) = (value, more) {
        value.extend(more);
    }
}
