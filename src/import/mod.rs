//! Pillar that was written by hand, to a fleet spec.
//!
//! What is imported is proven: the spec is compiled again, and its plan must be what the pillar said.

mod factor;
mod flags;
mod groups;
mod names;
mod refuse;
mod top;
mod write;

use std::fmt;
use std::sync::Arc;

use crate::compile::compile;
use crate::map::Lookup;
use crate::pillar_in;
use crate::plan::{Host, Plan};
use crate::source::{Source, printable};

/// Which minions the files are for.
#[derive(Debug, Default)]
pub struct Naming<'a> {
    /// The minion of the one file that does not say.
    pub host: Option<&'a str>,
    /// A top file, which gives files to minions.
    pub top: Option<&'a Source>,
}

/// Everything that keeps pillar from becoming a spec, a full sentence with its place on each line.
#[derive(Debug)]
pub struct ImportError(Vec<String>);

impl fmt::Display for ImportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.0.iter().map(|problem| printable(problem)).collect();
        formatter.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for ImportError {}

/// A host and what the spec's reader should know of how it came about.
struct Imported {
    host: Host,
    /// Whether the file's name is all that says which minion it is for.
    is_guessed: bool,
}

/// A fleet spec that says what the pillar says.
///
/// # Errors
///
/// Says everything that cannot be imported, where it stands and what to do about it.
pub fn import(files: &[Source], naming: &Naming<'_>) -> Result<String, ImportError> {
    let mut problems = Vec::new();
    let mut hosts = Vec::new();
    for file in files {
        match read(file, naming.top.is_some()) {
            Ok(found) if naming.top.is_none() => add(file, found, naming.host, &mut hosts, &mut problems),
            Ok(_) => {}
            Err(found) => problems.extend(found),
        }
    }
    problems.extend(naming.host.filter(|_| problems.is_empty()).and_then(|asked| unused(asked, &hosts)));
    if let Some(top) = naming.top.filter(|_| problems.is_empty()) {
        match top::hosts(files, top) {
            Ok(found) => hosts.extend(found.into_iter().map(|host| Imported { host, is_guessed: false })),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() && hosts.is_empty() {
        let names: Vec<_> = files.iter().map(Source::name).collect();
        problems.push(format!("nothing under `tart` in {}; name the files that have it", names.join(", ")));
    }
    if !problems.is_empty() {
        return Err(ImportError(problems));
    }
    let names: Vec<_> = files.iter().map(Source::file_name).collect();
    let (groups, others) = groups::groups(&hosts);
    let fleet = factor::factor(&groups, &others).map_err(ImportError)?;
    let spec = write::spec(&fleet, &names);
    prove(&spec, &hosts)?;
    Ok(spec)
}

/// What a file says, or everything in it that no spec can say. Below a top file it may be a part only of what a minion
/// gets, so that it is not looked at as a whole.
fn read(file: &Source, is_part: bool) -> Result<pillar_in::Found, Vec<String>> {
    if file.files().any(|file| file.defect().is_some()) {
        let words = "this is not UTF-8 text, or larger than 32 MiB";
        return Err(vec![format!("{}: {words}", file.name())]);
    }
    let values = pillar_in::values(file.name(), file.text()).map_err(|problem| vec![problem.to_string()])?;
    let refused = values.as_ref().map(refuse::refuse).unwrap_or_default();
    if is_part {
        return if refused.is_empty() { Ok(pillar_in::Found::new()) } else { Err(refused) };
    }
    match pillar_in::read(file.name(), file.text()) {
        Ok(found) if refused.is_empty() => Ok(found),
        Ok(_) => Err(refused),
        Err(problem) => {
            let problem = problem.to_string();
            // One that has been found already is not said twice in other words.
            let is_known = refused.iter().any(|other| place(other) == place(&problem));
            Err(refused.iter().cloned().chain((!is_known).then_some(problem)).collect())
        }
    }
}

/// The file and line that a problem begins with.
fn place(problem: &str) -> Option<&str> {
    problem.split_once(": ").map(|(place, _)| place)
}

/// Adds the hosts of a file, each under its name.
fn add(
    file: &Source,
    found: pillar_in::Found,
    asked: Option<&str>,
    hosts: &mut Vec<Imported>,
    problems: &mut Vec<String>,
) {
    for (said, pillar) in found {
        let is_guessed = said.is_none() && asked.is_none();
        let id = said.or_else(|| asked.map(str::to_owned)).map_or_else(|| names::from_file(file.name()), Ok);
        let id = id.and_then(|id| names::refuse_host(&id, file.name()).map_or(Ok(id), Err));
        match id {
            Err(problem) => problems.push(problem),
            Ok(id) if hosts.iter().any(|other| other.host.minion_id == id) => problems.push(format!(
                "{}: the minion `{id}` has pillar from another file already; name each host once, with `--host` or \
                 `--top`",
                file.name()
            )),
            Ok(id) => hosts.push(Imported { host: pillar.host(&id), is_guessed }),
        }
    }
}

/// Says that no pillar needed the name that was given, because all of it names its minions itself.
fn unused(asked: &str, hosts: &[Imported]) -> Option<String> {
    if hosts.is_empty() || hosts.iter().any(|imported| imported.host.minion_id == asked) {
        return None;
    }
    let named: Vec<_> = hosts.iter().map(|imported| format!("`{}`", imported.host.minion_id)).collect();
    Some(format!(
        "`--host {asked}` is for pillar that does not say which minion it is for, and this is for {}; leave `--host` out",
        named.join(", ")
    ))
}

/// Compiles what was written and holds it against what was read. What the spec refuses is for the user to see there.
fn prove(spec: &str, imported: &[Imported]) -> Result<(), ImportError> {
    let source = Source::new("stdout", spec.as_bytes().to_vec());
    let outcome = compile(&source);
    let Some(Plan { hosts, .. }) = outcome.plan() else { return Ok(()) };
    let built: Lookup<&str, &Host> = hosts.iter().map(|host| (host.minion_id.as_str(), host)).collect();
    let is_same =
        |wanted: &Host| built.get(wanted.minion_id.as_str()).is_some_and(|host| sorted(host) == sorted(wanted));
    match imported.iter().find(|imported| !is_same(&imported.host)) {
        None if hosts.len() == imported.len() => Ok(()),
        differing => Err(ImportError(vec![format!(
            "tartgen has a bug: the spec would give {} another pillar than it has; please report this with the files",
            differing.map_or_else(|| "a host".to_owned(), |imported| format!("`{}`", imported.host.minion_id))
        )])),
    }
}

/// The order of `tart run`'s arguments means nothing to tart, and neither does that of what the spec sorts.
fn sorted(host: &Host) -> Host {
    let mut host = host.clone();
    for vm in &mut host.vms {
        let settings = Arc::make_mut(&mut vm.settings);
        settings.arguments.sort();
        settings.daemon.environment.sort();
    }
    host
}

#[cfg(test)]
mod tests;
