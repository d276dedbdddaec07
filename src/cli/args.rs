//! Arguments that several commands take.

use camino::Utf8PathBuf;
use clap::builder::{NonEmptyStringValueParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::lints::LintArgs;

/// The spec, and how what is found in it is shown.
#[derive(Args)]
pub(super) struct SpecArgs {
    /// The spec; `-` reads standard input
    #[arg(value_name = "SPEC", default_value = "tartgen.yaml", value_parser = path())]
    pub(super) spec: Utf8PathBuf,
    /// How to show what is wrong
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = FormatArg::Human)]
    pub(super) format: FormatArg,
    #[command(flatten)]
    pub(super) findings: FindingArgs,
}

/// Which findings are shown, and as what.
#[derive(Args)]
pub(super) struct FindingArgs {
    /// Show all findings in full, however many there are; the other formats always do
    #[arg(long)]
    pub(super) all: bool,
    #[command(flatten)]
    pub(super) lints: LintArgs,
}

/// How findings are shown.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatArg {
    /// Source lines with the place underlined, on standard error
    Human,
    /// One JSON document, on standard output
    Json,
    /// GitHub workflow commands, on standard output
    Github,
    /// SARIF 2.1.0 for code scanning, on standard output
    Sarif,
}

/// A path, which cannot be empty.
pub(super) fn path() -> impl TypedValueParser<Value = Utf8PathBuf> {
    NonEmptyStringValueParser::new().map(Utf8PathBuf::from)
}
