//! `tartgen plan`.

use std::io;
use std::process::ExitCode;

use camino::Utf8PathBuf;
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};
use tartgen::{Against, Forecast, ForecastFormat, Kind, forecast, read_tree};

use super::args::{FindingArgs, path};
use super::lints::LintArgs;
use super::load::load_for_people;
use super::output::{FINDINGS, Trouble, Voice, has_colour, print, tell};

/// Exit code: the next apply changes something. Only with `--detailed-exitcode`.
const CHANGES: u8 = 2;

/// Tell what the next apply of a spec will do to each VM
#[derive(Args)]
#[command(after_help = "Examples:
  tartgen plan                                 the spec against the tree in out/
  tartgen plan --against git:origin/main       against out/ of that commit
  tartgen plan --against pillar/tart.sls       against hand-written pillar
  tartgen plan --against nothing               for Macs to which nothing was applied
  tartgen plan --fail-on destroy,orphan        in CI: fail if a disk is lost or a VM forgotten
  tartgen plan --format markdown               as a comment on a pull request

Exit codes: 0 fine, 1 the spec has errors or --fail-on found something, 2 wrong usage or I/O.
With --detailed-exitcode: 0 nothing changes, 1 errors of any kind or --fail-on, 2 something changes")]
pub(super) struct PlanArgs {
    /// The spec; `-` reads standard input
    #[arg(value_name = "SPEC", default_value = "tartgen.yaml", value_parser = path())]
    spec: Utf8PathBuf,
    /// The tree that was applied: a directory, a pillar file, or `git:REV` for the directory of --out as a commit has
    /// it, or `nothing` [default: the directory of --out]
    #[arg(long, value_name = "DIR|git:REV|nothing", value_parser = NonEmptyStringValueParser::new())]
    against: Option<String>,
    /// The directory of the tree
    #[arg(long, value_name = "DIR", default_value = "out", value_parser = path())]
    out: Utf8PathBuf,
    /// How to show the plan
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = PlanFormat::Human)]
    format: PlanFormat,
    /// Exit with 1 if any of this happens to a VM
    #[arg(long, value_name = "KIND", value_enum, value_delimiter = ',')]
    fail_on: Vec<KindArg>,
    /// Exit with 0 if nothing changes, 2 if something does, 1 after any error
    #[arg(long)]
    detailed_exitcode: bool,
    /// Show VMs that stay as they are as well, and all findings in full
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    lints: LintArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum PlanFormat {
    /// Lines by host
    Human,
    /// One JSON document
    Json,
    /// A comment on a pull request
    Markdown,
}

#[derive(Clone, Copy, ValueEnum)]
enum KindArg {
    /// A VM is made
    Create,
    /// A dormant VM is started
    Start,
    /// A VM is stopped and started again
    Restart,
    /// A disk grows
    Grow,
    /// A VM is stopped
    Stop,
    /// A VM is deleted with its disk
    Destroy,
    /// Something is asked for that an apply cannot do
    Impossible,
    /// A VM stays on a Mac without being in the spec
    Orphan,
}

impl From<KindArg> for Kind {
    fn from(kind: KindArg) -> Self {
        match kind {
            KindArg::Create => Self::Create,
            KindArg::Start => Self::Start,
            KindArg::Restart => Self::Restart,
            KindArg::Grow => Self::Grow,
            KindArg::Stop => Self::Stop,
            KindArg::Destroy => Self::Destroy,
            KindArg::Impossible => Self::Impossible,
            KindArg::Orphan => Self::Orphan,
        }
    }
}

/// Shows what the next apply will do.
pub(super) fn plan(args: PlanArgs, voice: Voice) -> Result<ExitCode, Trouble> {
    let is_detailed = args.detailed_exitcode;
    match make(args, voice) {
        // Otherwise whoever asks for details would take trouble for changes.
        Err(trouble) if is_detailed => Ok(trouble.exit(FINDINGS)),
        other => other,
    }
}

fn make(args: PlanArgs, voice: Voice) -> Result<ExitCode, Trouble> {
    let PlanArgs { spec, against, out, format, fail_on, detailed_exitcode, all, lints } = args;
    let outcome = load_for_people(&spec, &FindingArgs { all, lints }, voice)?;
    if outcome.has_errors() {
        return Ok(ExitCode::from(FINDINGS));
    }
    let found = read_tree(&meant(against.as_deref(), out))?;
    let Some(forecast) = forecast(&outcome, spec.as_str(), &found)? else {
        return Ok(ExitCode::from(FINDINGS));
    };
    print(&forecast.render(match format {
        PlanFormat::Human => ForecastFormat::Human { colour: has_colour(&io::stdout()), all },
        PlanFormat::Json => ForecastFormat::Json,
        PlanFormat::Markdown => ForecastFormat::Markdown,
    }))?;
    if complain(&forecast, fail_on)? {
        return Ok(ExitCode::from(FINDINGS));
    }
    let has_changes = detailed_exitcode && !forecast.is_empty();
    Ok(if has_changes { ExitCode::from(CHANGES) } else { ExitCode::SUCCESS })
}

/// What a fleet is to be compared with.
fn meant(against: Option<&str>, out: Utf8PathBuf) -> Against {
    match against.map(|against| (against, against.strip_prefix("git:"))) {
        None => Against::Path(out),
        // A directory of that name is `./nothing`.
        Some(("nothing", None)) => Against::Nothing,
        Some((_, Some(revision))) => Against::Git { revision: revision.to_owned(), out },
        Some((path, None)) => Against::Path(path.into()),
    }
}

/// Says which of the unwanted things happen, if any.
fn complain(forecast: &Forecast, unwanted: Vec<KindArg>) -> Result<bool, Trouble> {
    let mut is_bad = false;
    for kind in unwanted.into_iter().map(Kind::from) {
        let count = forecast.count(kind);
        if count > 0 {
            is_bad = true;
            let vms = if count == 1 { "1 VM".to_owned() } else { format!("{count} VMs") };
            tell(&format!("error: --fail-on {}: {vms}\n", kind.name()))?;
        }
    }
    Ok(is_bad)
}
