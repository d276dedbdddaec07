//! `tartgen schema`.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use tartgen::{Draft, schema_json};

use super::output::{Trouble, print};

/// Print the JSON Schema of the spec
#[derive(Args)]
#[command(after_help = "Example:
  tartgen schema > fleet.schema.json

An editor with the YAML language server uses it when the spec begins with
  # yaml-language-server: $schema=fleet.schema.json")]
pub(super) struct Schema {
    /// Version of JSON Schema; 7 for editors that do not know 2020-12
    #[arg(long, value_name = "DRAFT", value_enum, default_value_t = DraftArg::Draft202012)]
    draft: DraftArg,
}

#[derive(Clone, Copy, ValueEnum)]
enum DraftArg {
    /// Draft 7
    #[value(name = "7")]
    Draft7,
    /// Draft 2020-12
    #[value(name = "2020-12")]
    Draft202012,
}

impl Schema {
    /// Runs the command.
    pub(super) fn run(&self) -> Result<ExitCode, Trouble> {
        let draft = match self.draft {
            DraftArg::Draft7 => Draft::Draft7,
            DraftArg::Draft202012 => Draft::Draft202012,
        };
        print(&schema_json(draft))?;
        Ok(ExitCode::SUCCESS)
    }
}
