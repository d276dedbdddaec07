//! Findings about a spec, and how they are shown.

mod code;
mod github;
mod human;
mod json;
mod level;
mod manual;
mod sarif;
mod suggest;

pub use code::{Code, Severity};
pub use github::annotate;
pub use human::Look;
pub use level::{Level, Levels};
pub use manual::{diagnostics_page, explain, list_codes};
pub(crate) use suggest::{Names, capitalized, closest, cut, plural, wrap};

use std::collections::BTreeSet;

use crate::source::{Source, Span, printable};

/// What a message quotes may be a megabyte long.
const LONGEST_LINE: usize = 400;

/// The one way of words into a finding: what they quote of the spec may be long, and may be made to steer a terminal.
fn one_line(text: &str) -> String {
    printable(&cut(text, LONGEST_LINE))
}

/// How diagnostics are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Source lines with the place underlined, for people.
    Human(Look),
    /// One JSON document for programs.
    Json,
    /// Workflow commands that GitHub shows beside the changed lines.
    Github,
    /// SARIF 2.1.0, as code scanning takes it.
    Sarif,
}

/// A place with a few words about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there; may be empty.
    pub text: String,
}

/// One finding: what is wrong, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable name of the kind of finding.
    pub code: Code,
    severity: Severity,
    /// What is wrong, in the user's words, on one line.
    pub message: String,
    /// The exact key or value.
    pub primary: Label,
    /// Other places that matter, such as a first definition.
    pub secondary: Vec<Label>,
    /// What to do.
    pub advice: Vec<String>,
}

impl Diagnostic {
    /// A finding at a place.
    pub(crate) fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        let primary = Label { span, text: String::new() };
        Self {
            code,
            severity: code.severity(),
            message: one_line(&message.into()),
            primary,
            secondary: Vec::new(),
            advice: Vec::new(),
        }
    }

    /// Adds a few words beside the underlined place.
    pub(crate) fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = one_line(&text.into());
        self
    }

    /// Adds a second place, unless it is unknown.
    pub(crate) fn also(mut self, span: Option<Span>, text: impl Into<String>) -> Self {
        self.secondary.extend(span.map(|span| Label { span, text: one_line(&text.into()) }));
        self
    }

    /// Adds what to do.
    pub(crate) fn help(mut self, advice: impl Into<String>) -> Self {
        self.advice.push(one_line(&advice.into()));
        self
    }

    /// Adds "did you mean", if something is close enough.
    pub(crate) fn did_you_mean(self, suggestion: Option<&str>) -> Self {
        match suggestion {
            Some(suggestion) => self.help(format!("did you mean `{suggestion}`?")),
            None => self,
        }
    }

    fn order(&self) -> (Span, Code, &str) {
        (self.primary.span, self.code, &self.message)
    }

    /// Whether this is an error or a warning, with the levels that the spec and the command line ask for.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.severity
    }
}

/// Findings in the order of their places, each once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Report {
    diagnostics: Vec<Diagnostic>,
    /// Kinds of findings that nobody would see.
    unwanted: BTreeSet<Code>,
}

impl Report {
    /// Adds a finding.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// An empty report that wants the same.
    pub(crate) fn fork(&self) -> Self {
        Self { diagnostics: Vec::new(), unwanted: self.unwanted.clone() }
    }

    /// Adds what another report has.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.diagnostics.extend(other.diagnostics);
    }

    /// Whether nothing was found.
    pub(crate) const fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// Whether a finding of a kind is among them.
    pub(crate) fn has(&self, code: Code) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.code == code)
    }

    /// Whether anything found is an error.
    pub(crate) fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error)
    }

    /// Whether what was found last lies inside a place.
    pub(crate) fn last_is_in(&self, place: Span) -> bool {
        self.diagnostics.last().is_some_and(|diagnostic| diagnostic.primary.span.is_in(place))
    }

    /// Tells which kinds of findings nobody would see, so that costly ones need not be looked for.
    pub(crate) fn expect(&mut self, levels: &Levels, spec: impl Fn(Code) -> Option<Level>) {
        self.unwanted = Code::lints().filter(|code| levels.of(*code, spec(*code)) == Some(Level::Allow)).collect();
    }

    /// Whether anybody would see a kind of finding.
    pub(crate) fn wants(&self, code: Code) -> bool {
        !self.unwanted.contains(&code)
    }

    /// Gives each finding the severity that was asked for, and drops what is allowed. `spec` tells what the spec asks
    /// for, and where.
    pub(crate) fn apply(&mut self, levels: &Levels, spec: impl Fn(Code) -> Option<(Level, Span)>) {
        let found = std::mem::take(&mut self.diagnostics);
        self.diagnostics.extend(found.into_iter().filter_map(|found| {
            let asked = spec(found.code);
            levels.apply(found, asked)
        }));
    }

    /// Sorts by place and removes repetitions: what is wrong in a profile or behind an anchor is found once for every
    /// VM that uses it.
    pub(crate) fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by(|left, right| left.order().cmp(&right.order()));
        self.diagnostics.dedup_by(|next, previous| next.order() == previous.order());
        self.diagnostics
    }
}

/// The text of all findings about a source in one format, each line ended; empty if there is nothing to say.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], source: &Source, format: Format) -> String {
    match format {
        Format::Human(look) => human::render(diagnostics, source, look),
        Format::Json => json::render(diagnostics, source),
        Format::Github => github::render(diagnostics, source),
        Format::Sarif => sarif::render(diagnostics, source),
    }
}

/// As many findings as are to be shown, in their order; no warning keeps an error from being shown.
fn most_important(diagnostics: &[Diagnostic], most: usize) -> impl Iterator<Item = &Diagnostic> {
    let is_error = |diagnostic: &Diagnostic| diagnostic.severity() == Severity::Error;
    let mut errors = most;
    let mut warnings = most.saturating_sub(diagnostics.iter().filter(|diagnostic| is_error(diagnostic)).count());
    diagnostics.iter().filter(move |diagnostic| {
        let room = if is_error(diagnostic) { &mut errors } else { &mut warnings };
        let is_shown = *room > 0;
        *room = room.saturating_sub(1);
        is_shown
    })
}

/// "2 errors, 1 warning in fleet.yaml", or "in 2 files" if they are spread over so many; nothing for no findings.
pub(crate) fn summary(diagnostics: &[Diagnostic], source: &Source) -> Option<String> {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity() == Severity::Error).count();
    let warnings = diagnostics.len() - errors;
    let parts: Vec<_> = [(errors, "error"), (warnings, "warning")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| plural(count, noun))
        .collect();
    let files: BTreeSet<_> = diagnostics.iter().map(|found| source.number_at(found.primary.span.start)).collect();
    let name = diagnostics.first().map(|found| source.name_at(found.primary.span.start));
    let place = if files.len() > 1 { plural(files.len(), "file") } else { name.unwrap_or_default().to_owned() };
    (!parts.is_empty()).then(|| format!("{} in {place}", parts.join(", ")))
}
