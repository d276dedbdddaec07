//! What the next apply will do to each VM, told from two pillars and two sets of states: those of a tree that was
//! applied, and those of the spec.
//!
//! The old tree is taken to have been applied without failures. What it cannot tell, such as whether a dormant VM was
//! ever made, is said as a condition.

mod blocks;
mod compare;
mod count;
mod human;
mod job;
mod json;
mod markdown;
mod states;
mod vm;
mod words;

use std::fmt;

pub use self::count::Kind;
use crate::compile::Outcome;
use crate::pillar_in;
use crate::read::FoundTree;
use crate::source::printable;

impl Change {
    /// The account that has the VMs that exist, if another one is to have those of the spec.
    const fn owner(&self) -> Option<&String> {
        match self {
            Self::RunUser { from, .. } => Some(from),
            Self::Minimum { .. } | Self::Binary { .. } => None,
        }
    }
}

/// What the next apply will do to a fleet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// The spec, as it was named.
    spec: String,
    /// What it was compared with.
    against: String,
    /// What the states that were applied are.
    states: States,
    /// The hosts of the spec in its order, then those that left it.
    hosts: Vec<Host>,
}

/// How the applied states differ from those of the spec.
#[derive(Debug, Clone, PartialEq, Eq)]
enum States {
    /// Nothing was applied before.
    Absent,
    /// The old tree has none; they are taken to be the same.
    Unknown,
    /// These files differ, headers aside.
    Differ(Vec<String>),
}

/// One host.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Host {
    minion_id: String,
    presence: Presence,
    changes: Vec<Change>,
    vms: Vec<Vm>,
}

/// Whether a host is on one side or on both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    /// Only in the spec.
    New,
    /// On both sides.
    Kept,
    /// Only in the old tree: it gets no pillar any more.
    Gone,
}

/// What concerns a host as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Change {
    /// Another account is to own the VMs; those that exist stay with the old one.
    RunUser { from: String, to: String },
    /// tart must be newer.
    Minimum { from: String, to: String, is_upgraded: bool },
    /// tart stands elsewhere.
    Binary { from: String, to: String },
}

/// One VM.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Vm {
    name: String,
    actions: Vec<Action>,
    problems: Vec<Problem>,
    notes: Vec<Note>,
}

/// What the next apply does to a VM.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Action {
    /// Clones it, sizes it and starts it.
    Create {
        image: String,
        disk: u64,
        /// Size of the image's own disk in GB, where it is known.
        image_disk: Option<u64>,
    },
    /// Starts a dormant VM with the settings of the spec; one that was never made is made first.
    Start { image: String, disk: u64 },
    /// Stops it and takes its job away; the disk stays.
    Stop,
    /// Grows its disk, in GB.
    Grow { from: u64, to: u64 },
    /// Stops it and starts it again.
    Restart { reasons: Vec<Reason> },
    /// Deletes it with its disk.
    Delete {
        /// Whether it is there for sure.
        is_certain: bool,
    },
}

/// A setting for which a VM is restarted, in the words of the spec.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reason {
    key: String,
    from: Option<String>,
    to: Option<String>,
}

/// What the next apply cannot do.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    /// The disk would have to shrink: the apply fails for this VM and changes none of its sizes.
    Shrink {
        from: u64,
        to: u64,
        /// Whether the disk surely has the old size.
        is_certain: bool,
        /// Whether the VM is dormant, so that only the apply that enables it fails.
        is_dormant: bool,
    },
    /// An existing VM keeps its disk, whatever its image is now.
    Image {
        from: String,
        to: String,
        /// Whether the VM surely exists.
        is_certain: bool,
    },
    /// It left the spec without a tombstone.
    Orphan {
        /// Whether launchd goes on running it.
        is_running: bool,
        /// Whether its host left as well.
        is_host_gone: bool,
    },
    /// The account that `run_user` named before keeps it: the apply fails for this VM.
    Elsewhere {
        user: String,
        /// Whether the VM surely exists.
        is_certain: bool,
    },
}

/// What differs and does nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Note {
    /// These settings wait until the VM is enabled.
    Waits(Vec<String>),
    /// The options of `clone` matter only when a VM is made.
    Clone,
    /// The screen stays as it was set.
    Display(String),
    /// The VM is dormant, and is made when it is enabled.
    Unmade,
}

/// How a forecast is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForecastFormat {
    /// For people at a terminal.
    Human {
        /// Whether there are colours.
        colour: bool,
        /// Whether VMs that stay as they are have lines as well.
        all: bool,
    },
    /// For programs.
    Json,
    /// For a comment on a pull request.
    Markdown,
}

/// A tree with which a spec cannot be compared.
#[derive(Debug)]
pub struct ForecastError(String);

impl fmt::Display for ForecastError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for ForecastError {}

impl Forecast {
    /// How many VMs something happens to, or cannot happen to.
    #[must_use]
    pub fn count(&self, kind: Kind) -> usize {
        count::count(self, kind)
    }

    /// Whether an apply changes nothing and can do all that is asked of it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let hosts = self.hosts.iter().all(|host| host.changes.is_empty() && host.presence == Presence::Kept);
        hosts && self.hosts.iter().flat_map(|host| &host.vms).all(|vm| vm.actions.is_empty() && vm.problems.is_empty())
    }

    /// The forecast as text, each line ended.
    #[must_use]
    pub fn render(&self, format: ForecastFormat) -> String {
        match format {
            ForecastFormat::Human { colour, all } => human::render(self, colour, all),
            ForecastFormat::Json => json::render(self),
            ForecastFormat::Markdown => markdown::render(self),
        }
    }
}

/// Tells what the next apply of a spec's tree will do to Macs to which another tree was applied. Without a tree,
/// because the spec has errors, there is nothing to tell.
///
/// # Errors
///
/// Says in full sentences what the other tree lacks, or what of its pillar the states would refuse.
pub fn forecast(outcome: &Outcome, spec: &str, found: &FoundTree) -> Result<Option<Forecast>, ForecastError> {
    let Some((plan, tree)) = outcome.plan().zip(outcome.tree()) else { return Ok(None) };
    let known: Vec<&str> = plan.hosts.iter().map(|host| host.minion_id.as_str()).collect();
    let name = found.name();
    let hosts = pillar_in::hosts(found.files(), &known).map_err(|problem| {
        spec_found(found).unwrap_or_else(|| ForecastError(format!("cannot compare with `{name}`: {problem}")))
    })?;
    let is_first = hosts.is_empty() && found.may_be_first();
    if hosts.is_empty() && !is_first {
        return Err(spec_found(found).unwrap_or_else(|| without_hosts(found)));
    }
    let new = compare::Side { states: states::find(tree), hosts: &plan.hosts };
    let old = compare::Side { states: states::find(found.files()), hosts: &hosts };
    let states = match &old.states {
        _ if is_first => States::Absent,
        None => States::Unknown,
        Some(states) => States::Differ(states::differences(states, new.states.as_ref())),
    };
    let hosts = compare::hosts(&old, &new, plan.tart.outdated).map_err(ForecastError)?;
    Ok(Some(Forecast { spec: printable(spec), against: name.to_owned(), states, hosts }))
}

/// Says that a fleet spec was named instead of a tree, if it was.
fn spec_found(found: &FoundTree) -> Option<ForecastError> {
    // A directory may have a spec beside other files.
    let (_, bytes) = found.files().iter().next().filter(|(file, _)| found.name().ends_with(file))?;
    let text = std::str::from_utf8(bytes).ok()?;
    let has = |key: &str| text.lines().any(|line| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')));
    let is_spec = has("version") && ["hosts", "groups", "include"].into_iter().any(has);
    let name = found.name();
    is_spec.then(|| {
        ForecastError(format!(
            "cannot compare with `{name}`: it is a fleet spec, not a tree; build it into a directory of its own with \
             `tartgen build {name} --out DIR`, and name that directory"
        ))
    })
}

/// Says that no host was found in a tree, and why it may be.
fn without_hosts(found: &FoundTree) -> ForecastError {
    let (missing, check) = match pillar_in::top_of(found.files()) {
        Some(top) => (
            format!("`{}` gives no host of the spec a pillar `tart`", printable(top)),
            "correct its targets if they are to mean these hosts, ",
        ),
        None => ("no file there has a pillar `tart`".to_owned(), ""),
    };
    ForecastError(format!(
        "cannot compare with `{}`: {missing}; {check}name the output directory of a build or hand-written pillar, or \
         write `--against nothing` if nothing was applied before",
        found.name()
    ))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]
mod tests;
