//! Pillar as it is found: emitted by this or an earlier tartgen, written by hand, or printed by `salt-call`.
//!
//! Everything is read as Salt reads it, YAML 1.1 with its `yes`, `012` and `1:30`, and taken or refused as the emitted
//! states take or refuse it. Nothing here is reported as a diagnostic: those are about the spec.

mod files;
mod glob;
mod json;
mod minion;
mod problem;
mod renderer;
mod scalar;
mod shape;
mod top;
mod value;
mod vm;
mod whole;
mod yaml;

use std::rc::Rc;

pub(crate) use self::files::{hosts, top_of};
pub(crate) use self::minion::minion_of;
pub(crate) use self::problem::Problem;
pub(crate) use self::shape::{Pillar, hidden};
pub(crate) use self::top::{Target, targets};
pub(crate) use self::value::Node;
pub(crate) use self::whole::included;

/// What a text says of `tart`, by the minions it says it of: `None` stands for whoever gets the file.
pub(crate) type Found = Vec<(Option<String>, Pillar)>;

/// The values of a pillar file, `None` if it has none. `file` is how people know it.
pub(crate) fn values(file: &str, text: &str) -> Result<Option<Node>, Problem> {
    let file: Rc<str> = file.into();
    // Salt rendered what it prints: braces in there are text.
    if !json::is_object(&file, text)? {
        renderer::refuse_programs(&file, text)?;
    }
    yaml::read(&file, text)
}

/// The settings under `tart`, if the values have any.
pub(crate) fn pillar(values: &Node) -> Result<Option<Pillar>, Problem> {
    values.get("tart").map(shape::pillar).transpose()
}

/// Reads a pillar file, or what `salt ID pillar.raw --out json` prints: then `tart` stands below the minions' ids, or
/// below `local` for `salt-call`.
pub(crate) fn read(file: &str, text: &str) -> Result<Found, Problem> {
    let Some(values) = values(file, text)? else { return Ok(Vec::new()) };
    if let Some(problem) = included(&values).or_else(|| whole::broken(&values)) {
        return Err(problem);
    }
    if let Some(pillar) = pillar(&values)? {
        return Ok(vec![(None, pillar)]);
    }
    if let Some(problem) = whole::silent(&values) {
        return Err(problem);
    }
    let mut found = Found::new();
    for (minion, values) in values.map().unwrap_or_default() {
        if let (Some(id), Some(pillar)) = (minion.text(), pillar(values)?) {
            found.push(((id != "local").then(|| id.to_owned()), pillar));
        }
    }
    Ok(found)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]
mod tests;
