//! Spec to outcome, with everything that was found on the way shown.

use std::io;
use std::process::ExitCode;

use camino::Utf8Path;
use tartgen::{
    Diagnostic, Format, Look, Outcome, Phase, Source, Unproven, compile_unproven, read, read_stdin, render_diagnostics,
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
    let watch = |phase: Phase| {
        take_pages(match phase {
            Phase::Check { bytes } => Pages::filled_by(bytes),
            Phase::Render { hosts } => Pages::filled_by(hosts * HOST),
        });
        progress.enter(phase.words());
    };
    let unproven = compile_unproven(&source, &findings.lints.levels, &watch);
    // Whoever proves the tree or writes it somewhere uses the same memory again and again.
    take_pages(Pages::Small);
    let compiled = finish(unproven, progress);
    progress.clear();
    show(found(&compiled), &source, format, findings.all)?;
    Ok(compiled)
}

/// How long the text is, about, that is read or made for a host.
const HOST: usize = 1000;

/// In which pages the system gives memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pages {
    /// Of a few KiB: what is little stands in few of them.
    Small,
    /// Of some MiB, which are given faster than as many small ones, but are cleared as a whole.
    Huge,
}

impl Pages {
    /// Those that suit what is made of so much text.
    const fn filled_by(bytes: usize) -> Self {
        if bytes < 100_000 { Self::Small } else { Self::Huge }
    }
}

/// Has the system give memory in such pages from now on, where it does so at all. The allocator asks for huge ones.
fn take_pages(pages: Pages) {
    // A system that does not know of this goes on as before.
    #[cfg(target_os = "linux")]
    rustix::thread::disable_transparent_huge_pages(pages == Pages::Small).ok();
    #[cfg(not(target_os = "linux"))]
    let _ = pages;
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
