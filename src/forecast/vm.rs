//! What the next apply does to one VM.

use super::{Action, Note, Problem, Reason, Vm};
use crate::catalog::known;
use crate::plan;

/// A VM that only the spec has.
pub(super) fn appears(new: &plan::Vm) -> Vm {
    let mut vm = unchanged(&new.name);
    if new.enabled {
        vm.actions.push(create(new));
    } else {
        vm.notes.push(Note::Unmade);
    }
    vm
}

/// A VM on both sides. `job` tells why launchd's job differs, if it does.
pub(super) fn stays(old: &plan::Vm, new: &plan::Vm, job: impl FnOnce() -> Vec<Reason>) -> Vm {
    let mut vm = unchanged(&new.name);
    if old.image != new.image {
        let (from, to) = (old.image.clone(), new.image.clone());
        vm.problems.push(Problem::Image { from, to, is_certain: old.enabled });
    }
    match (old.enabled, new.enabled) {
        (true, true) => goes_on(&mut vm, old, new, job()),
        (true, false) => {
            vm.actions.push(Action::Stop);
            waits(&mut vm, old, new);
        }
        (false, true) => {
            vm.actions.push(Action::Start { image: new.image.clone(), disk: new.disk });
            shrinks(&mut vm, old, new);
        }
        (false, false) => waits(&mut vm, old, new),
    }
    vm
}

fn goes_on(vm: &mut Vm, old: &plan::Vm, new: &plan::Vm, job: Vec<Reason>) {
    let mut reasons = Vec::new();
    if new.disk < old.disk {
        // The whole `tart set` is refused, so other sizes do not change either; a new job is loaded all the same.
        shrinks(vm, old, new);
    } else {
        reasons.extend(sizes(old, new));
        if new.disk > old.disk {
            vm.actions.push(Action::Grow { from: old.disk, to: new.disk });
        }
    }
    reasons.extend(job);
    if !reasons.is_empty() {
        vm.actions.push(Action::Restart { reasons });
    }
    if old.clone != new.clone {
        vm.notes.push(Note::Clone);
    }
    if let (Some(display), None) = (&old.display, &new.display) {
        vm.notes.push(Note::Display(display.clone()));
    }
}

/// The sizes that a stopped VM is given.
fn sizes(old: &plan::Vm, new: &plan::Vm) -> Vec<Reason> {
    let image = || "the image's".to_owned();
    let display = |vm: &plan::Vm| vm.display.clone().unwrap_or_else(image);
    let is_shown = new.display.is_some();
    let all = [
        ("cpu", old.cpu.to_string(), new.cpu.to_string(), true),
        ("memory", format!("{} MiB", old.memory), format!("{} MiB", new.memory), true),
        ("disk", format!("{} GB", old.disk), format!("{} GB", new.disk), true),
        ("display", display(old), display(new), is_shown),
    ];
    let differing = all.into_iter().filter(|(_, from, to, counts)| *counts && from != to);
    differing.map(|(key, from, to, _)| Reason { key: key.to_owned(), from: Some(from), to: Some(to) }).collect()
}

/// Notes that the disk would have to shrink, if so. That is only known while the old size is in the other tree, so it is
/// said of dormant VMs as well.
fn shrinks(vm: &mut Vm, old: &plan::Vm, new: &plan::Vm) {
    if new.disk < old.disk {
        let (is_certain, is_dormant) = (old.enabled, !new.enabled);
        vm.problems.push(Problem::Shrink { from: old.disk, to: new.disk, is_certain, is_dormant });
    }
}

/// Notes the settings that a dormant VM is not given yet.
fn waits(vm: &mut Vm, old: &plan::Vm, new: &plan::Vm) {
    shrinks(vm, old, new);
    let differing = [
        ("cpu", old.cpu != new.cpu),
        ("memory", old.memory != new.memory),
        ("disk", old.disk < new.disk),
        ("display", old.display != new.display),
        ("run", old.arguments != new.arguments),
        ("daemon", old.daemon != new.daemon),
    ];
    let keys: Vec<String> =
        differing.into_iter().filter(|(_, differs)| *differs).map(|(key, _)| key.to_owned()).collect();
    if !keys.is_empty() {
        vm.notes.push(Note::Waits(keys));
    }
}

/// A VM that the spec removes. `old` is what it was before, if it was anything.
pub(super) fn goes(name: &str, old: Option<&plan::Vm>) -> Vm {
    let is_certain = old.is_some_and(|old| old.enabled);
    Vm { actions: vec![Action::Delete { is_certain }], ..unchanged(name) }
}

/// A VM that left the spec without a word.
pub(super) fn vanishes(old: &plan::Vm, is_host_gone: bool) -> Vm {
    Vm { problems: vec![Problem::Orphan { is_running: old.enabled, is_host_gone }], ..unchanged(&old.name) }
}

/// A VM of a host whose `run_user` is another one now. The account that has a VM keeps it: the states fail rather than make
/// another one, and delete none that is not theirs. Jobs are those of the whole Mac, and are unloaded all the same.
pub(super) fn moves(name: &str, old: Option<&plan::Vm>, new: Option<&plan::Vm>, user: &str) -> Vm {
    let was_running = old.is_some_and(|old| old.enabled);
    let elsewhere = Problem::Elsewhere { user: user.to_owned(), is_certain: was_running };
    let mut vm = match (old, new) {
        (None, Some(new)) => return appears(new),
        (None, None) => return goes(name, None),
        (Some(_), _) => unchanged(name),
    };
    let is_enabled = new.is_some_and(|new| new.enabled);
    match new {
        Some(new) if is_enabled && !was_running => vm.actions.push(create(new)),
        Some(_) if is_enabled => {}
        _ if was_running => vm.actions.push(Action::Stop),
        _ => {}
    }
    if is_enabled || new.is_none() {
        vm.problems.push(elsewhere);
    }
    vm
}

fn create(new: &plan::Vm) -> Action {
    let image_disk = known(&new.image).and_then(|image| image.disk_gb);
    Action::Create { image: new.image.clone(), disk: new.disk, image_disk }
}

fn unchanged(name: &str) -> Vm {
    Vm { name: name.to_owned(), actions: Vec::new(), problems: Vec::new(), notes: Vec::new() }
}
