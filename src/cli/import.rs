//! `tartgen import`.

use std::io;
use std::process::ExitCode;

use camino::Utf8PathBuf;
use clap::Args;
use tartgen::{Format, Look, Naming, Source, compile, import, read_pillar, read_top, render_diagnostics};

use super::args::path;
use super::load::code_of;
use super::output::{FINDINGS, Trouble, has_colour, print, tell, width};

/// Make a fleet spec of pillar that was written by hand
#[derive(Args)]
#[command(after_help = "Examples:
  tartgen import pillar/tart/mm1.sls > tartgen.yaml
  tartgen import pillar/tart/*.sls --top pillar/top.sls > tartgen.yaml
  salt '*' pillar.raw --out json --static | tartgen import - > tartgen.yaml
  salt-call pillar.raw --out json | tartgen import - --host mm1 > tartgen.yaml

The pillar has the shape `tart: {run_user: ..., vms: {NAME: {image: ..., cpu: ...}}}` and is read as
Salt reads it. Jinja is for Salt to render: import what pillar.raw prints. What the spec says is
held against the pillar; building it gives each host an equal one.")]
pub(super) struct Import {
    /// Pillar files, or what pillar.raw prints as JSON; `-` reads standard input
    #[arg(value_name = "PILLAR", required = true, value_parser = path())]
    pillar: Vec<Utf8PathBuf>,
    /// The Salt minion that the pillar is for, if it does not say; else it is named after its file
    #[arg(long, value_name = "ID", conflicts_with = "top")]
    host: Option<String>,
    /// The top file that gives the pillar files to minions
    #[arg(long, value_name = "FILE", value_parser = path())]
    top: Option<Utf8PathBuf>,
}

impl Import {
    /// Runs the command.
    pub(super) fn run(&self) -> Result<ExitCode, Trouble> {
        let files = self.pillar.iter().map(|path| read_pillar(path)).collect::<Result<Vec<_>, _>>()?;
        let top = self.top.as_deref().map(read_top).transpose()?;
        let spec = match import(&files, &Naming { host: self.host.as_deref(), top: top.as_ref() }) {
            Ok(spec) => spec,
            Err(problems) => {
                problems.to_string().lines().try_for_each(|problem| tell(&format!("error: {problem}\n")))?;
                return Ok(ExitCode::from(FINDINGS));
            }
        };
        print(&spec)?;
        // What a build would say of it, with places in what was just printed.
        let source = Source::new("stdout", spec.into_bytes());
        let outcome = compile(&source);
        let look = Look { colour: has_colour(&io::stderr()), width: width(), all: false };
        tell(&render_diagnostics(outcome.diagnostics(), &source, Format::Human(look)))?;
        Ok(code_of(&outcome))
    }
}
