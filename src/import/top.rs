//! Pillar files that a top file gives to minions.

use std::collections::BTreeSet;

use indexmap::IndexSet;

use crate::pillar_in::{self, Node, Target};
use crate::plan::Host;
use crate::source::Source;

/// The hosts that a top file names, each with all the files it gets, merged as Salt merges them. Files that are not
/// among those to import are no business of tart.
pub(super) fn hosts(files: &[Source], top: &Source) -> Result<Vec<Host>, Vec<String>> {
    let one = |problem: pillar_in::Problem| vec![problem.to_string()];
    let values = pillar_in::values(top.name(), top.text()).map_err(one)?;
    let values = values.unwrap_or_else(|| Node::nothing(top.name()));
    let targets = pillar_in::targets(&values).map_err(one)?;
    let ids: IndexSet<&str> = targets.iter().flat_map(Target::named).collect();
    let mut used = BTreeSet::new();
    let mut hosts = Vec::new();
    let mut problems = Vec::new();
    for id in ids {
        let mut all = Node::nothing(top.name());
        for sls in targets.iter().filter(|target| target.is(id)).flat_map(|target| &target.files) {
            let named = files.iter().find(|file| sls.text().is_some_and(|sls| is_at(sls, file.name())));
            let Some(file) = named else { continue };
            used.insert(file.name());
            match pillar_in::values(file.name(), file.text()) {
                Ok(values) => values.into_iter().for_each(|values| all.merge(values)),
                Err(problem) => problems.push(problem.to_string()),
            }
        }
        match pillar_in::pillar(&all) {
            Ok(pillar) => hosts.extend(pillar.map(|pillar| pillar.host(id))),
            Err(problem) => problems.push(problem.to_string()),
        }
    }
    problems.extend(files.iter().filter(|file| !used.contains(file.name())).map(|file| {
        format!(
            "{}: `{}` gives this file to no minion that it names in full; import what \
             `salt '*' pillar.raw --out json --static` prints",
            file.name(),
            top.name()
        )
    }));
    problems.dedup();
    if problems.is_empty() { Ok(hosts) } else { Err(problems) }
}

/// Whether an SLS name such as `tart.mm1` is that of a file such as `pillar/tart/mm1.sls` or `pillar/tart/mm1/init.sls`.
fn is_at(sls: &str, path: &str) -> bool {
    let path = path.strip_suffix(".sls").unwrap_or(path);
    let path = path.strip_suffix("/init").unwrap_or(path);
    let sls = sls.replace('.', "/");
    path == sls || path.strip_suffix(&sls).is_some_and(|folders| folders.ends_with('/'))
}
