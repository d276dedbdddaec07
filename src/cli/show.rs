//! `tartgen show`.

use std::process::ExitCode;

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};
use tartgen::{MacState, ShowFormat, States, show};

use super::args::{FindingArgs, path};
use super::load::{code_of, load_for_people};
use super::output::{Trouble, Voice, print};

/// Show the states of a host as Salt will run them
#[derive(Args)]
#[command(after_help = "Examples:
  tartgen show mm1
  tartgen show mm1 fleet.yaml --on converged
  tartgen show mm1 --remove
  tartgen show mm1 --format json       as `salt-call state.show_low_sls tart` gives them

The states look at the Mac before they do anything, so what runs depends on it: --on says what the
Mac is imagined to be like.")]
pub(super) struct Show {
    /// The host, by its Salt minion id
    #[arg(value_name = "HOST")]
    host: String,
    /// The spec; `-` reads standard input
    #[arg(value_name = "SPEC", default_value = "tartgen.yaml", value_parser = path())]
    spec: Utf8PathBuf,
    /// What the Mac is like when the states look at it
    #[arg(long, value_name = "MAC", value_enum, default_value_t = On::Bare)]
    on: On,
    /// The states of tart.remove, which takes everything down
    #[arg(long)]
    remove: bool,
    /// How to show the states
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = FormatArg::Text)]
    format: FormatArg,
    #[command(flatten)]
    findings: FindingArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum On {
    /// Homebrew and the account, nothing of tart
    Bare,
    /// Everything exists and nothing is as it should be
    Drifted,
    /// Just as the spec wants it
    Converged,
}

#[derive(Clone, Copy, ValueEnum)]
enum FormatArg {
    /// A few lines for each state
    Text,
    /// Salt's low chunks as one JSON list
    Json,
}

impl Show {
    /// Runs the command.
    pub(super) fn run(&self, voice: Voice) -> Result<ExitCode, Trouble> {
        let outcome = load_for_people(&self.spec, &self.findings, voice)?;
        if outcome.has_errors() {
            return Ok(code_of(&outcome));
        }
        let which = if self.remove { States::Remove } else { States::Apply };
        let mac = match self.on {
            On::Bare => MacState::Bare,
            On::Drifted => MacState::Drifted,
            On::Converged => MacState::Converged,
        };
        let format = match self.format {
            FormatArg::Text => ShowFormat::Text,
            FormatArg::Json => ShowFormat::Json,
        };
        print(&show(&outcome, &self.host, which, mac, format)?)?;
        Ok(ExitCode::SUCCESS)
    }
}
