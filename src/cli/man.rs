//! `tartgen man`.

use std::process::ExitCode;

use camino::Utf8PathBuf;
use clap::{Args, Command, CommandFactory as _};
use clap_mangen::Man as Page;
use tartgen::{printable, write_file};

use super::Cli;
use super::args::path;
use super::output::{Trouble, Voice, print};

/// Print the manual page, or write one page for each command
#[derive(Args)]
#[command(after_help = "Examples:
  tartgen man | man -l -
  tartgen man --out /usr/local/share/man/man1")]
pub(super) struct Man {
    /// Directory for the pages: tartgen.1, tartgen-build.1 and so on
    #[arg(long, value_name = "DIR", value_parser = path())]
    out: Option<Utf8PathBuf>,
}

impl Man {
    /// Runs the command.
    pub(super) fn run(&self, voice: Voice) -> Result<ExitCode, Trouble> {
        let mut command = Cli::command();
        // Gives each command what it inherits, and its full name.
        command.build();
        let Some(folder) = &self.out else {
            print(&page(&command)?)?;
            return Ok(ExitCode::SUCCESS);
        };
        let commands = command.get_subcommands().filter(|command| command.get_name() != "help");
        for command in std::iter::once(&command).chain(commands) {
            let name = command.get_display_name().unwrap_or(command.get_name());
            let file = folder.join(format!("{name}.1"));
            write_file(&file, &page(command)?)?;
            voice.note(&format!("wrote {}\n", printable(file.as_str())))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// One page. Its date is left out: the same tartgen gives the same pages.
fn page(command: &Command) -> Result<String, Trouble> {
    let mut page = Vec::new();
    Page::new(command.clone()).render(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}
