//! `tartgen init`.

use std::process::ExitCode;

use camino::Utf8PathBuf;
use clap::Args;
use tartgen::{STARTER, create_file, printable};

use super::args::path;
use super::output::{Trouble, Voice, print};

/// Write a commented spec to begin with
#[derive(Args)]
#[command(after_help = "Examples:
  tartgen init
  tartgen init fleets/lab.yaml
  tartgen init -                       print it instead

It builds as it is. A file that is there already stays as it is.")]
pub(super) struct Init {
    /// The file to write; `-` prints it
    #[arg(value_name = "PATH", default_value = "tartgen.yaml", value_parser = path())]
    path: Utf8PathBuf,
}

impl Init {
    /// Runs the command.
    pub(super) fn run(&self, voice: Voice) -> Result<ExitCode, Trouble> {
        if self.path == "-" {
            print(STARTER)?;
            return Ok(ExitCode::SUCCESS);
        }
        let path = printable(self.path.as_str());
        if !create_file(&self.path, STARTER)? {
            let message = format!("`{path}` is there already and stays as it is; name another file, or move it away");
            return Err(Trouble(message));
        }
        let argument = if self.path == "tartgen.yaml" { String::new() } else { format!(" {path}") };
        voice.note(&format!("wrote {path}; change it to your Macs, then run `tartgen build{argument}`\n"))?;
        Ok(ExitCode::SUCCESS)
    }
}
