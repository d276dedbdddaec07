//! Spec to tree: the phases in their order.

use crate::diag::{Code, Diagnostic, Level, Levels, Report, Severity, plural};
use crate::parse::Document;
use crate::plan::Plan;
use crate::source::{Defect, SIZE_LIMIT, Source, Span};
use crate::spec::{Fleet, LintLevel};
use crate::tree::Tree;
use crate::{check, lower, parse, render, schema, verify};

/// What came of compiling a spec.
#[derive(Debug)]
pub struct Outcome {
    diagnostics: Vec<Diagnostic>,
    built: Option<(Plan, Tree)>,
    size: Size,
}

/// How much a spec describes.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    hosts: usize,
    vms: usize,
}

impl Outcome {
    /// Everything that was found, in the order of the spec.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Whether the spec has errors, so that there is no tree.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error)
    }

    /// The files of the tree by their paths in the output directory, in order; none if the spec has errors.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.tree().into_iter().flat_map(Tree::iter)
    }

    /// How much the spec describes, as in "1 host, 3 VMs".
    #[must_use]
    pub fn size(&self) -> String {
        format!("{}, {}", plural(self.size.hosts, "host"), plural(self.size.vms, "VM"))
    }

    pub(crate) fn tree(&self) -> Option<&Tree> {
        self.built.as_ref().map(|(_, tree)| tree)
    }

    pub(crate) fn plan(&self) -> Option<&Plan> {
        self.built.as_ref().map(|(plan, _)| plan)
    }
}

/// Compiles a spec, with warnings at the levels that it asks for.
#[must_use]
pub fn compile(source: &Source) -> Outcome {
    compile_with(source, &Levels::default())
}

/// Compiles a spec, with warnings at the levels asked for here, else at those that the spec asks for.
#[must_use]
pub fn compile_with(source: &Source, levels: &Levels) -> Outcome {
    let mut report = Report::default();
    let fleet = analyse(source, levels, &mut report);
    let size = fleet.as_ref().map(size).unwrap_or_default();
    let built = fleet.and_then(|fleet| build(&fleet, source, &mut report));
    Outcome { diagnostics: report.into_sorted(), built, size }
}

fn size(fleet: &Fleet) -> Size {
    Size { hosts: fleet.hosts().count(), vms: fleet.hosts().map(|(_, host)| host.vms.len()).sum() }
}

/// The fleet, if nothing is wrong with the spec.
fn analyse(source: &Source, levels: &Levels, report: &mut Report) -> Option<Fleet> {
    if let Some(defect) = source.defect() {
        report.push(explain(defect));
        return None;
    }
    let mut document = parse::parse(source, report)?;
    let fleet = schema::check(&mut document, source, report);
    report.expect(levels, |code| asked(code, &fleet, &document).map(|(level, _)| level));
    check::check(&fleet, &document, report);
    report.apply(levels, |code| asked(code, &fleet, &document));
    (!report.has_errors()).then_some(fleet)
}

/// The level that the spec asks for, and where.
fn asked(code: Code, fleet: &Fleet, document: &Document) -> Option<(Level, Span)> {
    let level = match fleet.lints.get(code.name())? {
        LintLevel::Allow => Level::Allow,
        LintLevel::Warn => Level::Warn,
        LintLevel::Deny => Level::Deny,
    };
    Some((level, document.value(&["lints", code.name()])?))
}

/// The plan and its tree, if that proves right.
fn build(fleet: &Fleet, source: &Source, report: &mut Report) -> Option<(Plan, Tree)> {
    let proven = lower::lower(fleet, source.file_name()).and_then(|plan| {
        let tree = render::render(&plan).map_err(|error| error.to_string())?;
        verify::verify(&plan, &tree).map(|()| (plan, tree))
    });
    proven.map_err(|bug| report.push(internal(&bug))).ok()
}

fn explain(defect: Defect) -> Diagnostic {
    match defect {
        Defect::TooLarge => {
            let message = format!("the spec is larger than {} MiB, the most that is read", SIZE_LIMIT / (1024 * 1024));
            Diagnostic::new(Code::TooLarge, Span::default(), message)
                .help("write what hosts share once, under `profiles` and `defaults`")
        }
        Defect::OtherUnicode(encoding) => {
            let message = format!("the spec is not UTF-8 text: it looks like {encoding}");
            Diagnostic::new(Code::NotUtf8, Span::default(), message).help("save the file with the encoding UTF-8")
        }
        Defect::NotUtf8(span) => {
            let message = format!("the spec is not UTF-8 text: byte {} begins no character", span.start + 1);
            Diagnostic::new(Code::NotUtf8, span, message).help("save the file with the encoding UTF-8")
        }
    }
}

fn internal(bug: &str) -> Diagnostic {
    Diagnostic::new(Code::Internal, Span::default(), format!("tartgen has a bug: {bug}"))
        .help("nothing was written; please report this with the spec")
}
