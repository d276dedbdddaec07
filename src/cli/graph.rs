//! `tartgen graph`.

use std::process::ExitCode;

use camino::Utf8PathBuf;
use clap::Args;
use tartgen::{graph, printable, write_page};

use super::args::{FindingArgs, path};
use super::load::{code_of, load_for_people};
use super::output::{Trouble, Voice, print};

/// Draw the fleet as one HTML page
#[derive(Args)]
#[command(after_help = "Examples:
  tartgen graph > fleet.html
  tartgen graph fleet.yaml --out docs/fleet.html

The page needs nothing else, runs no scripts and follows the reader's light or dark mode. Above 200
hosts, those that are alike share a card. --out replaces an earlier page, but no other file.")]
pub(super) struct Graph {
    /// The spec; `-` reads standard input
    #[arg(value_name = "SPEC", default_value = "tartgen.yaml", value_parser = path())]
    spec: Utf8PathBuf,
    /// The file to write; without it, the page goes to standard output
    #[arg(long, value_name = "FILE", value_parser = path())]
    out: Option<Utf8PathBuf>,
    #[command(flatten)]
    findings: FindingArgs,
}

impl Graph {
    /// Runs the command.
    pub(super) fn run(&self, voice: Voice) -> Result<ExitCode, Trouble> {
        let outcome = load_for_people(&self.spec, &self.findings, voice)?;
        if outcome.has_errors() {
            return Ok(code_of(&outcome));
        }
        let page = graph(&outcome);
        match &self.out {
            None => print(&page)?,
            Some(file) => {
                write_page(file, &page, &self.spec)?;
                voice.note(&format!("wrote {}\n", printable(file.as_str())))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
