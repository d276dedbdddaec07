//! Pillar that is not all there.

use super::problem::Problem;
use super::value::{Node, Value};

/// What a file includes, which nobody reads here: without it hosts would lose VMs in silence.
///
/// Below a mapping with `tart` the key is a minion's id.
pub(crate) fn included(values: &Node) -> Option<Problem> {
    let include = values.get("include").filter(|include| include.get("tart").is_none())?;
    let message =
        "`include` is not followed here; name the output of `salt '*' pillar.raw --out json --static` instead";
    Some(Problem::new(&include.place, message))
}

/// The minions that did not answer when what Salt printed was saved. Without their pillar they would look like new ones.
///
/// Salt prints `false` or a sentence for them. Where other minions have `tart`, the keys are minions' ids for sure.
pub(super) fn silent(values: &Node) -> Option<Problem> {
    let minions = values.map().unwrap_or_default();
    let is_salts = minions.iter().any(|(_, pillar)| pillar.get("tart").is_some());
    let silent: Vec<_> = minions.iter().filter(|(_, pillar)| is_silence(pillar, is_salts)).map(|(id, _)| id).collect();
    let first = silent.first()?;
    let names: Vec<_> = silent.iter().filter_map(|id| id.written()).map(|id| format!("`{id}`")).collect();
    let message = format!(
        "these minions did not answer Salt: {}; save the output again when they answer, or take them out of the file",
        names.join(", ")
    );
    Some(Problem::new(&first.place, message))
}

/// What Salt could not render of the pillar of a minion: it leaves that out and says so under `_errors`.
pub(super) fn broken(values: &Node) -> Option<Problem> {
    let below = values.map().unwrap_or_default().iter().map(|(_, pillar)| pillar);
    let errors = [values].into_iter().chain(below).find_map(|pillar| pillar.get("_errors"))?;
    let message =
        "Salt could not render all of this pillar: `_errors` says why; mend the pillar, and save the output again";
    Some(Problem::new(&errors.place, message))
}

fn is_silence(pillar: &Node, is_salts: bool) -> bool {
    match &pillar.value {
        Value::Text(text) => is_salts || text.starts_with("Minion did not return"),
        Value::Map(_) => false,
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::List(_) => is_salts,
    }
}
