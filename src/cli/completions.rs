//! `tartgen completions`.

use std::process::ExitCode;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::Cli;
use super::output::{Trouble, print};

/// Print what a shell needs to complete tartgen's commands and options
#[derive(Args)]
#[command(after_help = "Examples:
  tartgen completions zsh > \"${fpath[1]}/_tartgen\"
  tartgen completions bash > ~/.local/share/bash-completion/completions/tartgen
  tartgen completions fish > ~/.config/fish/completions/tartgen.fish")]
pub(super) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

impl Completions {
    /// Runs the command.
    pub(super) fn run(&self) -> Result<ExitCode, Trouble> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "tartgen", &mut script);
        print(&String::from_utf8_lossy(&script))?;
        Ok(ExitCode::SUCCESS)
    }
}
