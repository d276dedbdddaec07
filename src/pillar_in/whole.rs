//! Pillar that is not all there.

use super::problem::Problem;
use super::value::Node;

/// What a file includes, which nobody reads here: without it hosts would lose VMs in silence.
///
/// Below a mapping with `tart` the key is a minion's id.
pub(crate) fn included(values: &Node) -> Option<Problem> {
    let include = values.get("include").filter(|include| include.get("tart").is_none())?;
    let message =
        "`include` is not followed here; name the output of `salt '*' pillar.raw --out json --static` instead";
    Some(Problem::new(&include.place, message))
}
