//! The settings under `tart` by their types, with the defaults and the refusals of the emitted states.

use super::problem::Problem;
use super::value::{Node, Value};
use super::vm;
use crate::plan::{Host, Vm};

/// What one minion's pillar says under `tart`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pillar {
    /// macOS account that owns the VMs.
    pub(crate) run_user: String,
    /// The VMs, in the order of the file.
    pub(crate) vms: Vec<Vm>,
    /// Names of VMs to be deleted.
    pub(crate) removed: Vec<String>,
}

impl Pillar {
    /// The same as a host of a plan.
    pub(crate) fn host(self, minion_id: &str) -> Host {
        let Self { run_user, vms, removed } = self;
        Host { minion_id: minion_id.to_owned(), run_user, vms, removed }
    }
}

/// What Salt prints in the place of values, from 3008 on.
const MASK: &str = "**********";

/// Whether Salt has hidden the values under `tart`.
pub(crate) fn hidden(tart: &Node) -> Option<Problem> {
    let account = tart.get("run_user").filter(|account| account.text() == Some(MASK))?;
    let message = "Salt hides the values in what `pillar.items` prints; save what `pillar.raw` prints instead";
    Some(Problem::new(&account.place, message))
}

/// Reads what stands under `tart`. What the states would refuse is refused here, in the same words where they fit.
pub(super) fn pillar(tart: &Node) -> Result<Pillar, Problem> {
    if tart.map().is_none() {
        return Err(Problem::new(&tart.place, "`tart` must map `run_user` and `vms` to their values"));
    }
    let run_user = tart.get("run_user").ok_or_else(|| {
        Problem::new(&tart.place, "`run_user` is missing: it must name the account that owns the VMs")
    })?;
    if let Some(problem) = hidden(tart) {
        return Err(problem);
    }
    let account = run_user.text().filter(|name| is_account(name));
    let account = account.ok_or_else(|| {
        Problem::new(&run_user.place, "`run_user` must name the account that owns the VMs, and not root")
    })?;
    let mut seen = Vec::new();
    let vms = vms(tart, &mut seen)?;
    let removed = removed(tart, &mut seen)?;
    Ok(Pillar { run_user: account.to_owned(), vms, removed })
}

fn vms(tart: &Node, seen: &mut Vec<String>) -> Result<Vec<Vm>, Problem> {
    let Some(vms) = tart.get("vms").filter(|vms| vms.is_true()) else { return Ok(Vec::new()) };
    let wrong = |node: &Node| Problem::new(&node.place, "`vms` must map names of VMs to their settings");
    let entries = vms.map().ok_or_else(|| wrong(vms))?;
    let mut found = Vec::with_capacity(entries.len());
    for (key, settings) in entries {
        let name = name(key, seen)?;
        if settings.map().is_none() {
            return Err(wrong(key));
        }
        found.push(vm::vm(&name, settings)?);
    }
    Ok(found)
}

fn removed(tart: &Node, seen: &mut Vec<String>) -> Result<Vec<String>, Problem> {
    let Some(removed) = tart.get("removed").filter(|removed| removed.is_true()) else { return Ok(Vec::new()) };
    let names = match &removed.value {
        Value::Text(_) => std::slice::from_ref(removed),
        Value::List(items) => items.as_slice(),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Map(_) => {
            return Err(Problem::new(&removed.place, "`removed` must be a list of names of VMs"));
        }
    };
    names.iter().map(|node| name(node, seen)).collect()
}

/// A name that can be a VM's, and that none had before it, whatever its case.
fn name(node: &Node, seen: &mut Vec<String>) -> Result<String, Problem> {
    let name = node.text().filter(|name| is_vm_name(name)).ok_or_else(|| {
        let written = node.written().unwrap_or_else(|| "this".to_owned());
        Problem::new(&node.place, format!("`{written}` cannot be the name of a VM"))
    })?;
    let folded = name.to_ascii_lowercase();
    if seen.contains(&folded) {
        return Err(Problem::new(&node.place, format!("`{name}` stands twice, or is both defined and removed")));
    }
    seen.push(folded);
    Ok(name.to_owned())
}

/// As the states have it: `[A-Za-z0-9][A-Za-z0-9._-]{0,62}`, and no staging name.
fn is_vm_name(name: &str) -> bool {
    let inner = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
    let first = |character: char| character.is_ascii_alphanumeric();
    name.starts_with(first)
        && name.chars().all(inner)
        && name.len() <= 63
        && !name.to_ascii_lowercase().ends_with(".tartgen")
}

/// As the states have it: `[A-Za-z_][A-Za-z0-9._-]*`, and not root.
fn is_account(name: &str) -> bool {
    let inner = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
    let first = |character: char| character.is_ascii_alphabetic() || character == '_';
    name.starts_with(first) && name.chars().all(inner) && name != "root"
}
