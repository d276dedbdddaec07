//! The states of a tree, as far as they decide what an apply does to VMs.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::Tree;

const FOLDER: &str = "states/tart/";
const INIT: &str = "init.sls";
const SCRIPT: &str = "files/tart-vm.sh";
const PLIST: &str = "files/com.tart.vm.plist.jinja";

/// The states of a tree.
#[derive(Debug)]
pub(super) struct States<'a> {
    /// The files by their paths below the folder `tart`, without the headers, which name the spec and change nothing.
    files: BTreeMap<&'a str, &'a str>,
    /// Where tart stands on the Mac.
    pub(super) binary: Option<&'a str>,
    /// Oldest tart that will do.
    pub(super) minimum: Option<&'a str>,
    /// Where the logs stand.
    pub(super) logs: &'a str,
}

impl<'a> States<'a> {
    /// The template of the launchd jobs.
    pub(super) fn template(&self) -> Option<&'a str> {
        self.files.get(PLIST).copied()
    }

    /// Whether the same settings become the same jobs.
    pub(super) fn writes_jobs_like(&self, other: &States<'_>) -> bool {
        let is_same = self.template() == other.template() && self.binary == other.binary && self.logs == other.logs;
        is_same && self.template().is_some()
    }
}

/// The states among the files of a tree, if it has any.
pub(super) fn find(tree: &Tree) -> Option<States<'_>> {
    let below = |path| Some(str::split_once(path, FOLDER)?.1);
    let files: BTreeMap<_, _> =
        tree.iter().filter_map(|(path, bytes)| Some((below(path)?, body(std::str::from_utf8(bytes).ok()?)))).collect();
    let init = files.get(INIT)?;
    let script = files.get(SCRIPT).copied().unwrap_or_default();
    Some(States {
        binary: between(init, "{%- set tart = \"", "\""),
        minimum: between(script, "\nminimum='", "'"),
        logs: between(init, "{%- set logs = \"", "\"").unwrap_or("/var/log/tart"),
        files,
    })
}

/// The files that differ, by their names.
pub(super) fn differences(old: &States<'_>, new: Option<&States<'_>>) -> Vec<String> {
    let nothing = BTreeMap::new();
    let new = new.map_or(&nothing, |states| &states.files);
    let all: BTreeSet<&&str> = old.files.keys().chain(new.keys()).collect();
    all.into_iter().filter(|path| old.files.get(*path) != new.get(*path)).map(|path| (*path).to_owned()).collect()
}

/// A file without tartgen's header: the lines of the head up to the first empty one, if they have its mark.
fn body(text: &str) -> &str {
    match text.split_once("\n\n") {
        Some((head, body)) if head.contains("tartgen-sha256: ") => body,
        Some(_) | None => text,
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    Some(text.split_once(start)?.1.split_once(end)?.0)
}
