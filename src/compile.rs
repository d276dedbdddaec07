//! Spec to tree: the phases in their order.

use crate::diag::{Code, Diagnostic, Level, Levels, Report, Severity, plural};
use crate::lower::Oversized;
use crate::parse::Document;
use crate::plan::Plan;
use crate::resolve::Classes;
use crate::schema::Part;
use crate::source::{Defect, SIZE_LIMIT, Source, SourceFile, Span};
use crate::spec::{Fleet, LintLevel};
use crate::tree::Tree;
use crate::tree::seal::harmless;
use crate::{check, include, lower, parse, render, schema, verify};

/// What came of compiling a spec.
#[derive(Debug)]
pub struct Outcome {
    diagnostics: Vec<Diagnostic>,
    fleet: Option<Fleet>,
    plan: Option<Plan>,
    tree: Option<Tree>,
    size: Size,
    /// What was read, which is thrown away with all the rest: for a large spec that takes as long as all the rules, and a
    /// process that ends need not do it.
    _document: Option<Document>,
}

/// A compiled spec whose tree is still to be proven, which [`write_tree`](crate::write_tree()) does while it writes.
#[derive(Debug)]
pub struct Unproven(Outcome);

impl Unproven {
    /// Everything that was found, in the order of the spec.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        self.0.diagnostics()
    }

    /// Whether the spec has errors, so that there is no tree.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.0.has_errors()
    }

    /// The tree, unless the spec has errors.
    pub(crate) const fn tree(&self) -> Option<&Tree> {
        self.0.tree()
    }

    /// Proves the tree. An error is a bug of tartgen.
    pub(crate) fn proof(&self) -> Result<(), String> {
        let Outcome { plan: Some(plan), tree: Some(tree), .. } = &self.0 else { return Ok(()) };
        verify::verify(plan, tree)
    }

    /// Proves the tree; without a proof there is none.
    #[must_use]
    pub fn prove(self) -> Outcome {
        let proof = self.proof();
        let mut outcome = self.0;
        if let Err(bug) = proof {
            outcome.diagnostics.insert(0, internal(&bug));
            outcome = Outcome { fleet: None, plan: None, tree: None, size: Size::default(), ..outcome };
        }
        outcome
    }
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
        self.tree.iter().flat_map(Tree::iter)
    }

    /// How much the spec describes, as in "1 host, 3 VMs".
    #[must_use]
    pub fn size(&self) -> String {
        format!("{}, {}", plural(self.size.hosts, "host"), plural(self.size.vms, "VM"))
    }

    /// The checked spec, unless it has errors.
    pub(crate) const fn fleet(&self) -> Option<&Fleet> {
        self.fleet.as_ref()
    }

    /// The resolved fleet, unless the spec has errors.
    pub(crate) const fn plan(&self) -> Option<&Plan> {
        self.plan.as_ref()
    }

    /// The tree, unless the spec has errors.
    pub(crate) const fn tree(&self) -> Option<&Tree> {
        self.tree.as_ref()
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
    compile_unproven(source, levels, &|_| {}).prove()
}

/// Like [`compile_with`], and tells in a word what it is doing meanwhile, but leaves the proof of the tree to the writing of
/// it, for a large tree takes as long to write as to prove.
#[must_use]
pub fn compile_unproven(source: &Source, levels: &Levels, watch: &dyn Fn(&'static str)) -> Unproven {
    let mut report = Report::default();
    watch("checking");
    let (fleet, document) = read(source, levels, &mut report).unzip();
    let built = document.as_ref().zip(fleet.as_ref()).and_then(|(document, fleet)| {
        let classes = Classes::new(fleet);
        check::check(fleet, &classes, document, &mut report);
        report.apply(levels, |code| asked(code, fleet, document));
        if report.has_errors() { None } else { build(fleet, &classes, document, source, watch, &mut report) }
    });
    // Without a plan there is nothing to say of the fleet.
    let (fleet, document) = if built.is_some() { (fleet, document) } else { (None, None) };
    let size = built.as_ref().map(|(plan, _)| size(plan)).unwrap_or_default();
    let (plan, tree) = built.unzip();
    Unproven(Outcome { diagnostics: report.into_sorted(), fleet, plan, tree, size, _document: document })
}

fn size(plan: &Plan) -> Size {
    Size { hosts: plan.hosts.len(), vms: plan.hosts.iter().map(|host| host.vms.len()).sum() }
}

/// The fleet and what it was read from, as far as it has the shape of one.
fn read(source: &Source, levels: &Levels, report: &mut Report) -> Option<(Fleet, Document)> {
    let document = document(source, report)?;
    let fleet = schema::read(&document, report);
    report.expect(levels, |code| asked(code, &fleet, &document).map(|(level, _)| level));
    Some((fleet, document))
}

/// All files of a spec as one document, of which each has been held against the schema by itself. None comes back if
/// the text of one makes no sense.
fn document(source: &Source, report: &mut Report) -> Option<Document> {
    let (mut documents, mut nodes, mut defects) = (Vec::new(), 0, Vec::new());
    for (number, file) in source.files().enumerate() {
        if let Some(defect) = file.defect() {
            defects.push((number, file, defect));
        } else if let Some(document) = parse::parse(file, nodes, report) {
            nodes = document.nodes;
            documents.push(document);
        }
    }
    let places = include::Places::new(&documents, source);
    for (number, file, defect) in defects {
        report.push(explain(defect, file).also(places.of(number), "included here"));
    }
    for document in &mut documents {
        let part = if source.number_at(document.root.span.start) == 0 { Part::Root } else { Part::Included };
        schema::check(document, part, source, report);
    }
    include::check(&documents, source, &places, report);
    let is_complete = documents.len() == source.files().count();
    include::merge(documents, report).filter(|_| is_complete)
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

/// The plan and its tree.
fn build(
    fleet: &Fleet,
    classes: &Classes<'_>,
    document: &Document,
    source: &Source,
    watch: &dyn Fn(&'static str),
    report: &mut Report,
) -> Option<(Plan, Tree)> {
    let built = lower::lower(fleet, classes, &harmless(source.file_name())).and_then(|plan| {
        if let Some(found) = lower::oversized(&plan) {
            report.push(oversized(&found, classes, document));
            return Ok(None);
        }
        watch("rendering");
        let tree = render::render(&plan).map_err(|error| error.to_string())?;
        Ok(Some((plan, tree)))
    });
    built.map_err(|bug| report.push(internal(&bug))).ok().flatten()
}

/// What the finding of too much text is about: the host or the group that it stands in, or the fleet.
fn oversized(found: &Oversized, classes: &Classes<'_>, document: &Document) -> Diagnostic {
    let of_host = |host: usize| {
        let mut end = 0;
        classes.with_ids().map(|(class, ids)| (class, ids.len())).find_map(|(class, hosts)| {
            end += hosts;
            (host < end).then(|| document.key(&[class.section, class.name]))?
        })
    };
    let fleet = || document.key(&["hosts"]).or_else(|| document.key(&["groups"]));
    let span = found.host.map_or_else(fleet, of_host).unwrap_or_default();
    Diagnostic::new(Code::TooLarge, span, found.message.clone())
        .help("shorten what VMs have under `run` and `daemon.environment`, or put it into a file that they share")
}

fn explain(defect: Defect, file: &SourceFile) -> Diagnostic {
    let start = Span::new(file.start(), file.start());
    let utf8 = "save the file with the encoding UTF-8";
    match defect {
        Defect::TooLarge => {
            let whole = if file.start() == 0 { "the spec is" } else { "with this file, the spec is" };
            let message = format!("{whole} larger than {} MiB, the most that is read", SIZE_LIMIT / (1024 * 1024));
            Diagnostic::new(Code::TooLarge, start, message)
                .help("write what hosts share once, under `groups`, `profiles` and `defaults`")
        }
        Defect::OtherUnicode(encoding) => {
            let message = format!("the spec is not UTF-8 text: it looks like {encoding}");
            Diagnostic::new(Code::NotUtf8, start, message).help(utf8)
        }
        Defect::NotUtf8(span) => {
            let byte = span.start.saturating_sub(file.start()) + 1;
            let message = format!("the spec is not UTF-8 text: byte {byte} begins no character");
            Diagnostic::new(Code::NotUtf8, span, message).help(utf8)
        }
    }
}

fn internal(bug: &str) -> Diagnostic {
    Diagnostic::new(Code::Internal, Span::default(), format!("tartgen has a bug: {bug}"))
        .help("nothing was written; please report this with the spec")
}
