//! `tartgen build`.

use std::mem::ManuallyDrop;
use std::process::ExitCode;

use camino::Utf8PathBuf;
use clap::Args;
use tartgen::{Drift, Outcome, annotate, drift, overwrite_tree, printable, write_tree};

use super::args::{FormatArg, SpecArgs, path};
use super::load::{code_of, load, load_unproven};
use super::output::{FINDINGS, Trouble, Voice, print, tell};
use super::progress::Progress;

/// Check a spec and write its Salt tree
#[derive(Args)]
#[command(after_help = "Examples:
  tartgen build
  tartgen build fleet.yaml --out salt
  tartgen build --diff                 what a build would change
  tartgen build --check                in CI: the same, and exit with 1 if anything would

Files that somebody edited since tartgen wrote them stop a build; --force writes them anew.
Files that tartgen did not write are never touched.")]
pub(super) struct Build {
    #[command(flatten)]
    spec: SpecArgs,
    /// Directory for the tree; files there that tartgen did not write are left alone
    #[arg(long, value_name = "DIR", default_value = "out", value_parser = path())]
    out: Utf8PathBuf,
    /// Write nothing; show how the directory differs, and exit with 1 if it does
    #[arg(long)]
    check: bool,
    /// Write nothing; show what a build would change, and exit with 0
    #[arg(long)]
    diff: bool,
    /// Discard what was changed by hand in files that tartgen wrote
    #[arg(long, conflicts_with_all = ["check", "diff"])]
    force: bool,
}

impl Build {
    /// Runs the command.
    pub(super) fn run(&self, voice: Voice) -> Result<ExitCode, Trouble> {
        let progress = Progress::start(voice);
        // The process ends with the command, and to take a large plan apart before that takes a while.
        if self.check || self.diff {
            let outcome = ManuallyDrop::new(load(&self.spec, &progress)?);
            if outcome.has_errors() {
                return Ok(code_of(&outcome));
            }
            progress.enter("comparing");
            let drift = drift(&outcome, &self.out)?;
            drop(progress);
            return self.compare(&outcome, &drift, voice);
        }
        let unproven = ManuallyDrop::new(load_unproven(&self.spec, &progress)?);
        if unproven.has_errors() {
            return Ok(ExitCode::from(FINDINGS));
        }
        progress.enter("proving and writing");
        let write = if self.force { overwrite_tree } else { write_tree };
        let written = write(&unproven, &self.out)?;
        drop(progress);
        voice.note(&written.files)?;
        tell(&written.strangers)?;
        Ok(ExitCode::SUCCESS)
    }

    fn compare(&self, outcome: &Outcome, drift: &Drift, voice: Voice) -> Result<ExitCode, Trouble> {
        let out = printable(self.out.as_str());
        tell(&drift.strangers)?;
        if drift.files.is_empty() {
            voice.note(&format!("{out} is up to date ({} files)\n", outcome.files().count()))?;
            return Ok(ExitCode::SUCCESS);
        }
        // Beside a report for programs, the diff would not be one.
        if self.spec.format == FormatArg::Human {
            print(&drift.diff)?;
        } else {
            tell(&drift.diff)?;
        }
        // What a check finds is no news of something done.
        if self.check { tell(&drift.files) } else { voice.note(&drift.files) }?;
        if self.check && self.spec.format == FormatArg::Github {
            let words = format!("{out} is stale: {}\n{}", drift.advice, drift.files);
            print(&annotate(&printable(self.spec.spec.as_str()), "stale-tree", &words))?;
        }
        if self.check || drift.is_obstructed {
            tell(&format!("{out} is stale: {}\n", drift.advice))?;
        }
        Ok(if self.check { ExitCode::from(FINDINGS) } else { ExitCode::SUCCESS })
    }
}
