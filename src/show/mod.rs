//! What Salt will run on a host, in its order.

mod chunk;
mod job;
mod text;

use std::fmt;

use crate::compile::Outcome;
use crate::diag::{closest, plural};
use crate::plan::{Host, Plan};
use crate::source::printable;
use crate::verify::{self, Condition, Sls};

use self::chunk::Chunk;

/// What a Mac is imagined to be like when the states look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MacState {
    /// Homebrew and the user's account, nothing of tart.
    Bare,
    /// Everything exists and nothing is as it should be.
    Drifted,
    /// Just as the spec wants it.
    Converged,
}

/// Which states are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum States {
    /// Those of `state.apply tart`.
    Apply,
    /// Those of `state.apply tart.remove`.
    Remove,
}

/// How states are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShowFormat {
    /// For people: each state with what it runs.
    Text,
    /// As `state.show_low_sls` gives them.
    Json,
}

/// Why there is nothing to show, in a full sentence.
#[derive(Debug)]
pub struct ShowError(String);

impl fmt::Display for ShowError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&printable(&self.0))
    }
}

impl std::error::Error for ShowError {}

/// The states of a host as Salt will run them, in their order. Nothing if the spec has errors.
///
/// # Errors
///
/// Says that the spec has no such host, and which one may be meant.
pub fn show(
    outcome: &Outcome,
    minion_id: &str,
    which: States,
    mac: MacState,
    format: ShowFormat,
) -> Result<String, ShowError> {
    let (Some(plan), Some(tree)) = (outcome.plan(), outcome.tree()) else { return Ok(String::new()) };
    let host = plan.hosts.iter().find(|host| host.minion_id == minion_id);
    let host = host.ok_or_else(|| unknown(outcome, plan, minion_id))?;
    let sls = match which {
        States::Apply => Sls::Init,
        States::Remove => Sls::Remove,
    };
    let condition = match mac {
        MacState::Bare => Condition::Bare,
        MacState::Drifted => Condition::Drifted,
        MacState::Converged => Condition::Converged,
    };
    let bug = |problem: String| ShowError(format!("tartgen has a bug: {problem}; please report this with the spec"));
    let states = verify::rendered(plan, tree, host, sls, condition).map_err(bug)?;
    let chunks = states.as_ref().map(|states| chunk::chunks(states, sls.name())).transpose().map_err(bug)?;
    let chunks = chunks.unwrap_or_default();
    Ok(match format {
        ShowFormat::Text => {
            text::text(&heading(host, which, mac, chunks.len()), &chunks, |id| job::lines(plan, host, id))
        }
        ShowFormat::Json => json(&chunks),
    })
}

fn unknown(outcome: &Outcome, plan: &Plan, minion_id: &str) -> ShowError {
    if outcome.fleet().is_some_and(|fleet| fleet.groups.contains_key(minion_id)) {
        return ShowError(format!("`{minion_id}` is a group; name one of its hosts"));
    }
    let ids = || plan.hosts.iter().map(|host| host.minion_id.as_str());
    let advice = match closest(minion_id, ids()) {
        Some(id) => format!("did you mean `{id}`?"),
        None if plan.hosts.len() <= MOST_LISTED => {
            format!("it has {}", ids().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", "))
        }
        None => format!("it has {}", plural(plan.hosts.len(), "host")),
    };
    ShowError(format!("the spec has no host `{minion_id}`; {advice}"))
}

/// So many hosts are named to somebody who named a wrong one.
const MOST_LISTED: usize = 10;

fn heading(host: &Host, which: States, mac: MacState, count: usize) -> String {
    let mac = match mac {
        MacState::Bare => "bare, with Homebrew only",
        MacState::Drifted => "other than the spec wants it in everything",
        MacState::Converged => "as the spec wants it",
    };
    let sls = match which {
        States::Apply => "tart",
        States::Remove => "tart.remove",
    };
    let states = plural(count, "state");
    format!("# {}: state.apply {sls} on a Mac that is {mac}: {states}, in this order", host.minion_id)
}

fn json(chunks: &[Chunk<'_>]) -> String {
    let chunks: Vec<_> = chunks.iter().map(Chunk::json).collect();
    // Serialising values that were made here cannot fail.
    let mut text = serde_json::to_string_pretty(&chunks).unwrap_or_default();
    text.push('\n');
    text
}
