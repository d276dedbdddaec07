//! What stands in pillar and has no place in a spec, all of it at once.

use crate::catalog;
use crate::diag::closest;
use crate::pillar_in::{Node, Problem, hidden, included};

/// What the emitted states read below `tart`.
const TART: &[&str] = &["run_user", "vms", "removed"];

/// What they read of a VM.
const VM: &[&str] = &[
    "image",
    "cpu",
    "memory",
    "disk",
    "enabled",
    "display",
    "clone",
    "arguments",
    "keep_alive",
    "throttle_interval",
    "environment",
    "standard_out_path",
    "standard_error_path",
];

/// What they read of `clone`.
const CLONE: &[&str] = &["concurrency", "prune_limit", "insecure", "timeout"];

/// Where `only` belongs, which the states do read.
const ONLY: &str = "it is for the command line of one removal, as in `salt HOST state.apply tart.remove \
                    pillar='{\"tart\": {\"only\": [\"VM\"]}}'`; take it out";

/// Everything below `tart` that a spec cannot say, as sentences with their places; also where the minions' ids stand
/// above it. An `include` may bring in more.
pub(super) fn refuse(values: &Node) -> Vec<String> {
    let mut found: Vec<Problem> = included(values).into_iter().collect();
    match values.get("tart") {
        Some(tart) => refuse_tart(tart, &mut found),
        None => {
            for (_, values) in values.map().unwrap_or_default() {
                if let Some(tart) = values.get("tart") {
                    refuse_tart(tart, &mut found);
                }
            }
        }
    }
    found.iter().map(Problem::to_string).collect()
}

fn refuse_tart(tart: &Node, found: &mut Vec<Problem>) {
    if let Some(problem) = hidden(tart) {
        found.push(problem);
        return;
    }
    refuse_keys(tart, "tart", TART, found);
    if let Some(account) = tart.get("run_user")
        && let Some(rule) = account.text().and_then(catalog::account)
    {
        found.push(bad_name(account, rule, "let an account with such a name own the VMs"));
    }
    for (name, settings) in tart.get("vms").and_then(Node::map).unwrap_or_default() {
        refuse_vm_name(name, found);
        let path = name.text().unwrap_or("vms");
        refuse_keys(settings, path, VM, found);
        if let Some(clone) = settings.get("clone") {
            refuse_keys(clone, "clone", CLONE, found);
        }
    }
    for name in tart.get("removed").and_then(Node::list).unwrap_or_default() {
        refuse_vm_name(name, found);
    }
}

fn refuse_keys(node: &Node, owner: &str, known: &[&str], found: &mut Vec<Problem>) {
    for (key, _) in node.map().unwrap_or_default() {
        let written = key.written().unwrap_or_default();
        if key.text().is_some_and(|key| known.contains(&key)) {
            continue;
        }
        let advice = match closest(&written, known.iter().copied()) {
            _ if owner == "tart" && written == "only" => ONLY.to_owned(),
            Some(name) => format!("did you mean `{name}`?"),
            None => "the states do not read it; take it out, or keep it in a pillar of its own".to_owned(),
        };
        found.push(Problem::new(&key.place, format!("`{owner}` has the key `{written}`, which no spec has; {advice}")));
    }
}

fn refuse_vm_name(name: &Node, found: &mut Vec<Problem>) {
    if let Some(rule) = name.text().and_then(catalog::vm) {
        found.push(bad_name(name, rule, RENAME));
    }
}

/// What to do on a Mac about a name that no spec can have. Under its old name launchd would go on starting the VM, and to tart
/// on a volume that does not tell capitals from small letters, a name that differs only in them is taken.
const RENAME: &str = "on the Mac, take its job out with `launchctl bootout system/com.tart.NAME`, remove its property list, \
                      and rename the VM with `tart rename`, by way of a third name if only capitals differ (never delete \
                      what tart calls the target: it is the same VM); then rename it here";

fn bad_name(node: &Node, rule: &catalog::Rule, advice: &str) -> Problem {
    let written = node.written().unwrap_or_default();
    Problem::new(&node.place, format!("`{written}` cannot be {}: {}; {advice}", rule.noun, rule.words))
}
