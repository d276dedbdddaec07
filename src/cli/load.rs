//! Spec to outcome, with everything that was found on the way shown.

use std::io;
use std::process::ExitCode;

use camino::Utf8Path;
use tartgen::{
    Diagnostic, Format, Look, Outcome, Source, Unproven, compile_unproven, read, read_stdin, render_diagnostics,
};

use super::args::{FindingArgs, FormatArg, SpecArgs};
use super::output::{FINDINGS, Trouble, Voice, has_colour, print, tell, width};
use super::progress::Progress;

/// Reads and compiles the spec, and shows what was found. `progress` goes on until its owner drops it.
pub(super) fn load(args: &SpecArgs, progress: &Progress) -> Result<Outcome, Trouble> {
    with(prove, Outcome::diagnostics, &args.spec, args.format, &args.findings, progress)
}

/// The same, with a tree that is proven when it is written.
pub(super) fn load_unproven(args: &SpecArgs, progress: &Progress) -> Result<Unproven, Trouble> {
    with(|unproven, _| unproven, Unproven::diagnostics, &args.spec, args.format, &args.findings, progress)
}

/// The same for commands that have a format of their own, for people who look at findings.
pub(super) fn load_for_people(spec: &Utf8Path, findings: &FindingArgs, voice: Voice) -> Result<Outcome, Trouble> {
    with(prove, Outcome::diagnostics, spec, FormatArg::Human, findings, &Progress::start(voice))
}

fn prove(unproven: Unproven, progress: &Progress) -> Outcome {
    progress.enter("proving the tree");
    unproven.prove()
}

fn with<T>(
    finish: fn(Unproven, &Progress) -> T,
    found: fn(&T) -> &[Diagnostic],
    spec: &Utf8Path,
    format: FormatArg,
    findings: &FindingArgs,
    progress: &Progress,
) -> Result<T, Trouble> {
    let source = if spec == "-" { read_stdin() } else { read(spec) };
    let source = source?;
    let unproven = compile_unproven(&source, &findings.lints.levels, &|phase| progress.enter(phase));
    let compiled = finish(unproven, progress);
    progress.clear();
    show(found(&compiled), &source, format, findings.all)?;
    Ok(compiled)
}

fn show(diagnostics: &[Diagnostic], source: &Source, format: FormatArg, all: bool) -> Result<(), Trouble> {
    let text = |format| render_diagnostics(diagnostics, source, format);
    match format {
        FormatArg::Human => tell(&text(Format::Human(Look { colour: has_colour(&io::stderr()), width: width(), all }))),
        FormatArg::Json => print(&text(Format::Json)),
        FormatArg::Github => print(&text(Format::Github)),
        FormatArg::Sarif => print(&text(Format::Sarif)),
    }
}

/// How a command ends whose only result is what was found.
pub(super) fn code_of(outcome: &Outcome) -> ExitCode {
    if outcome.has_errors() { ExitCode::from(FINDINGS) } else { ExitCode::SUCCESS }
}
