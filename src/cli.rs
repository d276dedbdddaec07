//! Arguments to library to output to exit code.

mod lints;

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use anstream::ColorChoice;
use camino::{Utf8Path, Utf8PathBuf};
use clap::builder::{NonEmptyStringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use tartgen::{
    Code, Draft, Format, Look, Outcome, Source, compile_with, drift, explain, list_codes, printable, read, read_stdin,
    render_diagnostics, schema_json, write_tree,
};

use lints::LintArgs;

/// Exit code: the spec has errors, or the tree is stale.
const FINDINGS: u8 = 1;

/// Exit code: wrong usage, or something could not be read or written.
const TROUBLE: u8 = 2;

/// Compiles one typed fleet spec into a Salt tree that runs macOS and Linux VMs with tart on Apple-silicon Macs
#[derive(Parser)]
#[command(name = "tartgen", version, max_term_width = 100, subcommand_required = true, arg_required_else_help = true)]
#[command(after_help = "Examples:
  tartgen build                        compile tartgen.yaml into out/
  tartgen build fleet.yaml --out salt  compile fleet.yaml into salt/
  tartgen build --check                in CI: fail if out/ is stale
  tartgen validate fleet.yaml          show what is wrong with a spec
  tartgen explain moving-tag           say more about a warning or an error

Exit codes: 0 fine, 1 the spec has errors or the tree is stale, 2 wrong usage or I/O")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check a spec and write its Salt tree
    #[command(after_help = "Examples:
  tartgen build
  tartgen build fleet.yaml --out salt
  tartgen build --check")]
    Build {
        #[command(flatten)]
        spec: SpecArgs,
        /// Directory for the tree; files there that tartgen did not write are left alone
        #[arg(long, value_name = "DIR", default_value = "out", value_parser = path())]
        out: Utf8PathBuf,
        /// Write nothing; show how the directory differs, and exit with 1 if it does
        #[arg(long)]
        check: bool,
    },
    /// Show what is wrong with a spec
    #[command(after_help = "Examples:
  tartgen validate
  tartgen validate fleet.yaml --format json
  generate-spec | tartgen validate -

What the spec includes is looked for from its own directory, from standard input in the current one")]
    Validate {
        #[command(flatten)]
        spec: SpecArgs,
    },
    /// Say more about an error or a warning; without CODE, list them all
    #[command(after_help = "Examples:
  tartgen explain
  tartgen explain moving-tag")]
    Explain {
        /// The code, as it stands in brackets in a message
        #[arg(value_name = "CODE", value_parser = lints::code)]
        code: Option<Code>,
    },
    /// Print the JSON Schema of the spec
    #[command(after_help = "Example:
  tartgen schema > fleet.schema.json

An editor with the YAML language server uses it when the spec begins with
  # yaml-language-server: $schema=fleet.schema.json")]
    Schema {
        /// Version of JSON Schema; 7 for editors that do not know 2020-12
        #[arg(long, value_name = "DRAFT", value_enum, default_value_t = DraftArg::Draft202012)]
        draft: DraftArg,
    },
}

#[derive(Args)]
struct SpecArgs {
    /// The spec; `-` reads standard input
    #[arg(value_name = "SPEC", default_value = "tartgen.yaml", value_parser = path())]
    spec: Utf8PathBuf,
    /// How to show what is wrong
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = FormatArg::Human)]
    format: FormatArg,
    /// Show all findings in full, however many there are; the other formats always do
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    lints: LintArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    /// Source lines with the place underlined, on standard error
    Human,
    /// One JSON document, on standard output
    Json,
    /// GitHub workflow commands, on standard output
    Github,
    /// SARIF 2.1.0 for code scanning, on standard output
    Sarif,
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

impl From<DraftArg> for Draft {
    fn from(draft: DraftArg) -> Self {
        match draft {
            DraftArg::Draft7 => Self::Draft7,
            DraftArg::Draft202012 => Self::Draft202012,
        }
    }
}

/// A path, which cannot be empty.
fn path() -> impl TypedValueParser<Value = Utf8PathBuf> {
    NonEmptyStringValueParser::new().map(Utf8PathBuf::from)
}

/// Something could not be read or written, in a full sentence.
struct Trouble(String);

impl<E: std::error::Error> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// Runs the command.
pub(crate) fn run() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Build { spec, out, check } => build(&spec, &out, check),
        Command::Validate { spec } => validate(&spec),
        Command::Explain { code } => print(&code.map_or_else(list_codes, explain)).map(|()| ExitCode::SUCCESS),
        Command::Schema { draft } => print(&schema_json(draft.into())).map(|()| ExitCode::SUCCESS),
    };
    match done {
        Ok(code) => code,
        Err(Trouble(message)) => {
            // If this cannot be written either, the exit code still tells.
            let _ = tell(&format!("error: {message}\n"));
            ExitCode::from(TROUBLE)
        }
    }
}

fn build(spec: &SpecArgs, out: &Utf8Path, check: bool) -> Result<ExitCode, Trouble> {
    let outcome = load(spec)?;
    if outcome.has_errors() {
        return Ok(code_of(&outcome));
    }
    if !check {
        let changes = write_tree(&outcome, out)?;
        tell(&changes)?;
        return Ok(ExitCode::SUCCESS);
    }
    match drift(&outcome, out)? {
        None => {
            tell(&format!("{} is up to date ({} files)\n", printable(out.as_str()), outcome.files().count()))?;
            Ok(ExitCode::SUCCESS)
        }
        Some(drift) => {
            // Beside a report for programs, the diff would not be one.
            if spec.format == FormatArg::Human {
                print(&drift.diff)?;
            } else {
                tell(&drift.diff)?;
            }
            tell(&drift.files)?;
            tell(&format!("{} is stale: {}\n", printable(out.as_str()), drift.advice))?;
            Ok(ExitCode::from(FINDINGS))
        }
    }
}

fn validate(args: &SpecArgs) -> Result<ExitCode, Trouble> {
    let outcome = load(args)?;
    if outcome.diagnostics().is_empty() && args.format == FormatArg::Human {
        let name = if args.spec == "-" { "the spec".to_owned() } else { printable(args.spec.as_str()) };
        tell(&format!("{name} is fine: {}\n", outcome.size()))?;
    }
    Ok(code_of(&outcome))
}

/// Reads and compiles the spec, and shows what was found.
fn load(args: &SpecArgs) -> Result<Outcome, Trouble> {
    let source = if args.spec == "-" { read_stdin() } else { read(&args.spec) };
    let source = source?;
    let outcome = compile_with(&source, &args.lints.levels);
    show(&outcome, &source, args)?;
    Ok(outcome)
}

fn show(outcome: &Outcome, source: &Source, args: &SpecArgs) -> Result<(), Trouble> {
    let text = |format| render_diagnostics(outcome.diagnostics(), source, format);
    match args.format {
        FormatArg::Human => tell(&text(Format::Human(Look { colour: has_colour(), width: width(), all: args.all }))),
        FormatArg::Json => print(&text(Format::Json)),
        FormatArg::Github => print(&text(Format::Github)),
        FormatArg::Sarif => print(&text(Format::Sarif)),
    }
}

/// The columns of standard error, if it is a terminal that knows them.
fn width() -> Option<usize> {
    let (terminal_size::Width(columns), _) = terminal_size::terminal_size_of(io::stderr())?;
    (columns > 0).then_some(columns.into())
}

/// Whether standard error is a terminal that wants colours: `NO_COLOR` and its relatives are respected.
fn has_colour() -> bool {
    let stderr = io::stderr();
    match anstream::AutoStream::choice(&stderr) {
        ColorChoice::Never => false,
        ColorChoice::Always | ColorChoice::AlwaysAnsi => true,
        ColorChoice::Auto => stderr.is_terminal(),
    }
}

fn code_of(outcome: &Outcome) -> ExitCode {
    if outcome.has_errors() { ExitCode::from(FINDINGS) } else { ExitCode::SUCCESS }
}

/// Writes data.
fn print(text: &str) -> Result<(), Trouble> {
    let mut stdout = io::stdout().lock();
    finish(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()))
}

/// Writes everything that is not data.
fn tell(text: &str) -> Result<(), Trouble> {
    finish(io::stderr().lock().write_all(text.as_bytes()))
}

/// If whoever read the output has left, nobody misses it, and the exit code still tells the result.
fn finish(written: io::Result<()>) -> Result<(), Trouble> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Trouble(format!("cannot write the output: {error}")))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
