//! `tartgen validate`.

use std::process::ExitCode;

use clap::Args;
use tartgen::printable;

use super::args::{FormatArg, SpecArgs};
use super::load::{code_of, load};
use super::output::{Trouble, Voice};
use super::progress::Progress;

/// Show what is wrong with a spec
#[derive(Args)]
#[command(
    alias = "check",
    after_help = "Examples:
  tartgen validate
  tartgen validate fleet.yaml --format json
  generate-spec | tartgen validate -"
)]
pub(super) struct Validate {
    #[command(flatten)]
    spec: SpecArgs,
}

impl Validate {
    /// Runs the command.
    pub(super) fn run(&self, voice: Voice) -> Result<ExitCode, Trouble> {
        let outcome = load(&self.spec, &Progress::start(voice))?;
        if outcome.diagnostics().is_empty() && self.spec.format == FormatArg::Human {
            let spec = &self.spec.spec;
            let name = if spec == "-" { "the spec".to_owned() } else { printable(spec.as_str()) };
            voice.note(&format!("{name} is fine: {}\n", outcome.size()))?;
        }
        Ok(code_of(&outcome))
    }
}
