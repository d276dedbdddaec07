//! What must hold for any bytes at all.

use std::time::Duration;

use tartgen::{Code, Format, Look, Outcome, Severity, Source, compile, render_diagnostics};

use crate::support::processor_time;

/// More processor time than any small input takes in a build without optimisation.
const LONGEST: Duration = Duration::from_secs(10);

/// Puts bytes through the whole pipeline; whether they compile, or what is wrong with tartgen.
pub(super) fn examine(bytes: &[u8]) -> Result<bool, String> {
    let start = processor_time();
    let source = Source::new("fuzz.yaml", bytes.to_vec());
    let outcome = compile(&source);
    findings(&outcome, &source)?;
    texts(&outcome, &source)?;
    let files: Vec<_> = outcome.files().collect();
    if outcome.has_errors() != files.is_empty() {
        return Err(format!("errors: {}, files: {}", outcome.has_errors(), files.len()));
    }
    if let Some((path, _)) = files.iter().find(|(path, _)| !path.starts_with("salt/") || path.contains("..")) {
        return Err(format!("a file at `{path}`"));
    }
    let again = compile(&Source::new("fuzz.yaml", bytes.to_vec()));
    if again.diagnostics() != outcome.diagnostics() || again.files().collect::<Vec<_>>() != files {
        return Err("a second run gives something else".to_owned());
    }
    let time = processor_time().saturating_sub(start);
    if time > LONGEST { Err(format!("it takes {time:?}")) } else { Ok(!outcome.has_errors()) }
}

/// Every finding lies in the text and says something; none is a bug of tartgen, which a tree that does not prove right is.
fn findings(outcome: &Outcome, source: &Source) -> Result<(), String> {
    for found in outcome.diagnostics() {
        let spans = std::iter::once(&found.primary).chain(&found.secondary).map(|label| label.span);
        let is_bad = |(start, end): (usize, usize)| start > end || source.text().get(start..end).is_none();
        if found.code == Code::Internal
            || found.message.is_empty()
            || found.message.contains('\n')
            || spans.map(|span| (span.start, span.end)).any(is_bad)
        {
            return Err(format!("a bad finding: {found:?}"));
        }
    }
    let errors = outcome.diagnostics().iter().any(|found| found.severity() == Severity::Error);
    if errors == outcome.has_errors() { Ok(()) } else { Err("it does not know its errors".to_owned()) }
}

/// Every format says all findings, and nothing in it can steer a terminal or a workflow.
fn texts(outcome: &Outcome, source: &Source) -> Result<(), String> {
    let count = outcome.diagnostics().len();
    let render = |format| render_diagnostics(outcome.diagnostics(), source, format);
    let human = render(Format::Human(Look::default()));
    let steers = |character: char| character.is_control() && character != '\n';
    if human.contains(steers) || (count > 0) == human.is_empty() {
        return Err(format!("a bad report for people: {human:?}"));
    }
    if render(Format::Human(Look { colour: true, ..Look::default() })).len() < human.len() {
        return Err("colours take something away".to_owned());
    }
    // A report grows with its findings, not with the text around them.
    if human.len() > 200 + count.min(1000) * 8000 {
        return Err(format!("{count} findings take {} bytes", human.len()));
    }
    let json: serde_json::Value = serde_json::from_str(&render(Format::Json)).map_err(|error| error.to_string())?;
    if json.pointer("/diagnostics").and_then(serde_json::Value::as_array).map(Vec::len) != Some(count) {
        return Err(format!("a bad report for programs: {json}"));
    }
    let github = render(Format::Github);
    let commands = github.lines().filter(|line| line.starts_with("::error ") || line.starts_with("::warning ")).count();
    if commands != count || github.lines().count() != count + usize::from(count > 0) || github.contains(steers) {
        return Err(format!("a bad report for GitHub: {github:?}"));
    }
    let sarif: serde_json::Value = serde_json::from_str(&render(Format::Sarif)).map_err(|error| error.to_string())?;
    if sarif.pointer("/runs/0/results").and_then(serde_json::Value::as_array).map(Vec::len) != Some(count) {
        return Err(format!("a bad report for code scanning: {sarif}"));
    }
    Ok(())
}
