//! `tartgen explain`.

use std::process::ExitCode;

use clap::Args;
use tartgen::{Code, explain, list_codes};

use super::lints;
use super::output::{Trouble, print};

/// Say more about an error or a warning; without CODE, list them all
#[derive(Args)]
#[command(after_help = "Examples:
  tartgen explain
  tartgen explain moving-tag")]
pub(super) struct Explain {
    /// The code, as it stands in brackets in a message
    #[arg(value_name = "CODE", value_parser = lints::codes(), hide_possible_values = true)]
    code: Option<Code>,
}

impl Explain {
    /// Runs the command.
    pub(super) fn run(&self) -> Result<ExitCode, Trouble> {
        print(&self.code.map_or_else(list_codes, explain))?;
        Ok(ExitCode::SUCCESS)
    }
}
