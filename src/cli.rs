//! Arguments to library to output to exit code; one file a command.

mod args;
mod build;
mod completions;
mod explain;
mod graph;
mod import;
mod init;
mod lints;
mod load;
mod man;
mod output;
mod plan;
mod progress;
mod schema;
mod show;
mod validate;

use std::env;
use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::output::{FINDINGS, TROUBLE, Voice, finish};

/// The version, with the commit that it was built from if that is known.
const VERSION: &str = env!("TARTGEN_VERSION");

/// Compiles one typed fleet spec into a Salt tree that runs macOS and Linux VMs with tart on Apple-silicon Macs
#[derive(Parser)]
#[command(name = "tartgen", version = VERSION, max_term_width = 100)]
#[command(subcommand_required = true, arg_required_else_help = true)]
#[command(after_help = "Examples:
  tartgen init                         begin a fleet: write a commented tartgen.yaml
  tartgen build                        compile tartgen.yaml into out/
  tartgen build fleet.yaml --out salt  compile fleet.yaml into salt/
  tartgen build --check                in CI: fail if out/ is stale
  tartgen validate fleet.yaml          show what is wrong with a spec
  tartgen plan --against git:HEAD      tell what the next apply will do to each VM
  tartgen show mm1                     what Salt will run on one host
  tartgen explain moving-tag           say more about a warning or an error

Exit codes: 0 fine, 1 the spec has errors or the tree is stale, 2 wrong usage or I/O")]
struct Cli {
    /// Say nothing of what was done; findings, errors and data are still shown
    #[arg(long, short, global = true)]
    quiet: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Init(init::Init),
    Build(build::Build),
    Validate(validate::Validate),
    Show(show::Show),
    Graph(graph::Graph),
    Plan(plan::PlanArgs),
    Import(import::Import),
    Explain(explain::Explain),
    Schema(schema::Schema),
    Completions(completions::Completions),
    Man(man::Man),
}

/// Runs the command.
pub(crate) fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(answer) => return without_command(&answer),
    };
    let voice = Voice { quiet: cli.quiet };
    let done = match cli.command {
        Command::Init(command) => command.run(voice),
        Command::Build(command) => command.run(voice),
        Command::Validate(command) => command.run(voice),
        Command::Show(command) => command.run(voice),
        Command::Graph(command) => command.run(voice),
        Command::Plan(command) => plan::plan(command, voice),
        Command::Import(command) => command.run(),
        Command::Explain(command) => command.run(),
        Command::Schema(command) => command.run(),
        Command::Completions(command) => command.run(),
        Command::Man(command) => command.run(voice),
    };
    done.unwrap_or_else(|trouble| trouble.exit(TROUBLE))
}

/// Shows what the arguments ask for instead of a command: help, the version, or what is wrong with them.
fn without_command(answer: &clap::Error) -> ExitCode {
    let code = if wants_details() { FINDINGS } else { TROUBLE };
    // The standard library would lose what it could not write at the end of the process.
    let shown = finish(answer.print().and_then(|()| io::stdout().flush()));
    match shown {
        Ok(()) if answer.exit_code() == 0 => ExitCode::SUCCESS,
        Ok(()) => ExitCode::from(code),
        Err(trouble) => trouble.exit(code),
    }
}

/// Whether 2 is to mean that something changes. Arguments that are wrong have no parsed form, so this looks at the words;
/// a misspelt option counts as well, since whoever wrote it takes 2 for changes.
fn wants_details() -> bool {
    let has = |is_meant: fn(&str) -> bool| env::args_os().skip(1).any(|word| is_meant(&word.to_string_lossy()));
    has(|word| word == "plan") && has(|word| word.starts_with("--detailed-exit"))
}
