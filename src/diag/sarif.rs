//! Diagnostics as SARIF 2.1.0, with what GitHub's code scanning asks of an upload.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Code, Diagnostic, Label, Level};
use crate::source::{Source, SourceFile, Span};

/// Code scanning refuses an upload with more results.
const MOST: usize = 25_000;

/// Code scanning shows no more places of one result.
const MOST_PLACES: usize = 99;

/// One SARIF log with one run.
pub(super) fn render(diagnostics: &[Diagnostic], source: &Source) -> String {
    let root = uri(source.name());
    let uris: Vec<_> = source.files().map(|file| uri(file.name())).collect();
    let artifacts =
        uris.iter().map(|uri| json!({ "location": { "uri": uri }, "encoding": "UTF-8", "sourceLanguage": "yaml" }));
    let mut seen = HashMap::new();
    let shown = super::most_important(diagnostics, MOST);
    let results: Vec<_> = shown.map(|diagnostic| result(diagnostic, source, &mut seen)).collect();
    let mut invocation = json!({ "executionSuccessful": true });
    if let Some(left_out) = diagnostics.len().checked_sub(MOST).filter(|left_out| *left_out > 0)
        && let Some(invocation) = invocation.as_object_mut()
    {
        let text = format!("{left_out} more results were left out: code scanning takes {MOST}");
        let notification = json!([{ "level": "warning", "message": { "text": text } }]);
        invocation.insert("toolExecutionNotifications".to_owned(), notification);
    }
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "tartgen",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": Code::ALL.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
            } },
            // Two specs of one commit are two categories, so that neither upload replaces the other.
            "automationDetails": { "id": format!("tartgen/{root}/") },
            "invocations": [invocation],
            "columnKind": "unicodeCodePoints",
            "artifacts": artifacts.collect::<Vec<_>>(),
            "results": results,
        }],
    });
    format!("{document:#}\n")
}

fn rule(code: Code) -> Value {
    let help = format!("{}\n\n{}", code.help(), code.explanation());
    json!({
        "id": code.name(),
        "shortDescription": { "text": code.title() },
        "fullDescription": { "text": format!("{}. {}", code.title(), code.help()) },
        "help": { "text": help, "markdown": help },
        "defaultConfiguration": {
            "level": code.severity().name(),
            "enabled": code.level() != Some(Level::Allow),
        },
        "properties": { "precision": "very-high", "problem.severity": code.severity().name() },
    })
}

fn result(diagnostic: &Diagnostic, source: &Source, seen: &mut HashMap<String, usize>) -> Value {
    let code = diagnostic.code;
    let file = source.file_at(diagnostic.primary.span.start);
    let mut text = plain(&diagnostic.message);
    for advice in &diagnostic.advice {
        text.push_str("\nhelp: ");
        text.push_str(&plain(advice));
    }
    let places: Vec<_> = diagnostic.secondary.iter().take(MOST_PLACES).zip(1_u32..).collect();
    for (label, id) in &places {
        // Writing to a string cannot fail.
        let _ = write!(text, "\nsee [{}]({id})", linked(words(label)));
    }
    let related = places.iter().map(|(label, id)| {
        let place = physical(label.span, source);
        json!({ "id": id, "physicalLocation": place, "message": { "text": plain(words(label)) } })
    });
    let mut location = json!({ "physicalLocation": physical(diagnostic.primary.span, source) });
    if !diagnostic.primary.text.is_empty()
        && let Some(location) = location.as_object_mut()
    {
        location.insert("message".to_owned(), json!({ "text": plain(&diagnostic.primary.text) }));
    }
    json!({
        "ruleId": code.name(),
        "ruleIndex": Code::ALL.iter().position(|other| *other == code),
        "level": diagnostic.severity().name(),
        "message": { "text": text },
        "locations": [location],
        "relatedLocations": related.collect::<Vec<_>>(),
        "partialFingerprints": { "primaryLocationLineHash": fingerprint(diagnostic, file, seen) },
    })
}

fn words(label: &Label) -> &str {
    if label.text.is_empty() { "another place" } else { &label.text }
}

/// Text in which nothing is taken for a link.
fn plain(text: &str) -> String {
    text.replace("](", "] (")
}

/// Text for the words of a link.
fn linked(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

fn physical(span: Span, source: &Source) -> Value {
    let number = source.number_at(span.start);
    let file = source.file_at(span.start);
    let (start, end) = (file.position(span.start), file.position(span.end.max(span.start)));
    json!({
        "artifactLocation": { "uri": uri(file.name()), "index": number },
        "region": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        },
    })
}

/// Names a finding in a way that survives edits elsewhere in the file: by its kind and by what its line says. Equal
/// ones are counted.
fn fingerprint(diagnostic: &Diagnostic, source: &SourceFile, seen: &mut HashMap<String, usize>) -> String {
    let start = diagnostic.primary.span.start;
    let line = source.line_of(start);
    let line = Span::new(source.line_start(line), source.line_end(line));
    // In a very long line, what stands around the place tells it apart.
    let near = if line.end - line.start <= LONG { line } else { source.around(start, LONG) };
    let mut hasher = Sha256::new();
    hasher.update(diagnostic.code.name());
    hasher.update([0]);
    hasher.update(source.slice(near).trim());
    let hash = hasher.finalize().iter().take(8).fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"));
    let count = seen.entry(hash.clone()).or_default();
    *count += 1;
    format!("{hash}:{count}")
}

/// Longer lines are not looked at as a whole.
const LONG: usize = 400;

/// A path as a relative reference, or as a `file` URI if it is absolute.
fn uri(path: &str) -> String {
    let scheme = if path.starts_with('/') { "file://" } else { "" };
    let path = path.trim_start_matches("./");
    let mut uri = String::from(scheme);
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("./sites/a b:c.yaml"), "sites/a%20b%3Ac.yaml");
        assert_eq!(uri("/srv/é%.yaml"), "file:///srv/%C3%A9%25.yaml");
    }

    #[test]
    fn words_are_no_links() {
        assert_eq!((plain("[a](1)").as_str(), linked("[a]").as_str()), ("[a] (1)", "\\[a\\]"));
    }
}
