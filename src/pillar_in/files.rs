//! The pillar of each host among the files of a tree, emitted or written by hand.

use std::collections::BTreeSet;

use super::minion::minion_of;
use super::problem::Problem;
use super::value::{Node, Place};
use super::{included, pillar, read, top, values};
use crate::plan::Host;
use crate::tree::seal::path_of;
use crate::tree::{HOSTS_DIRS, Tree, name_of, parent_of};

/// The hosts of a tree: `known` are the ids that a target may mean besides those that it names.
///
/// An emitted tree has a file for each host, named after it, in a folder of its own. A hand-written one has a `top.sls`, or
/// a single file that everybody gets.
pub(crate) fn hosts(files: &Tree, known: &[&str]) -> Result<Vec<Host>, Problem> {
    let emitted = emitted(files)?;
    if !emitted.is_empty() {
        return Ok(emitted);
    }
    match top_of(files) {
        Some(path) => by_top(files, path, known),
        None => by_name(files, known),
    }
}

/// The top file by which the hosts of a tree were looked for, as a tree without hosts may have the wrong targets there.
pub(crate) fn top_of(files: &Tree) -> Option<&str> {
    let tops = files.iter().map(|(path, _)| path).filter(|path| name_of(path) == "top.sls" && !is_states(path));
    tops.min_by_key(|path| (path.matches('/').count(), *path))
}

fn emitted(files: &Tree) -> Result<Vec<Host>, Problem> {
    let mut hosts = Vec::new();
    for (path, bytes) in files.iter().filter(|(path, bytes)| is_emitted(path, bytes)) {
        let Some(id) = minion_of(name_of(path)) else { continue };
        hosts.extend(read(path, text(path, bytes)?)?.into_iter().map(|(_, pillar)| pillar.host(&id)));
    }
    hosts.sort_by(|left, right| left.minion_id.cmp(&right.minion_id));
    Ok(hosts)
}

/// Whether a file is that of a host in a tree that a build wrote. The tree may be seen from inside, or lie in another one.
fn is_emitted(path: &str, bytes: &[u8]) -> bool {
    let Some(sealed) = path_of(bytes).and_then(|sealed| str::from_utf8(sealed).ok()) else {
        // What others put there Salt gives to minions as well.
        return HOSTS_DIRS.contains(&parent_of(path));
    };
    let is_end =
        |whole: &str, end: &str| whole.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
    HOSTS_DIRS.contains(&parent_of(sealed)) && (is_end(sealed, path) || is_end(path, sealed))
}

fn by_top(files: &Tree, path: &str, known: &[&str]) -> Result<Vec<Host>, Problem> {
    let root = path.strip_suffix("top.sls").unwrap_or_default();
    let top = values_of(files, path)?.unwrap_or_else(|| Node::nothing(path));
    let targets = top::targets(&top)?;
    let named = targets.iter().flat_map(top::Target::named);
    let ids: BTreeSet<&str> = known.iter().copied().chain(named).collect();
    let mut hosts = Vec::new();
    for id in ids {
        let mut all = Node::nothing(path);
        for file in targets.iter().filter(|target| target.is(id)).flat_map(|target| &target.files) {
            if let Some(values) = sls(files, root, file)? {
                all.merge(values);
            }
        }
        hosts.extend(pillar(&all)?.map(|pillar| pillar.host(id)));
    }
    Ok(hosts)
}

/// The values of the file that an SLS name of a top file means.
fn sls(files: &Tree, root: &str, name: &Node) -> Result<Option<Node>, Problem> {
    let below = name.text().unwrap_or_default().replace('.', "/");
    let paths = [format!("{root}{below}.sls"), format!("{root}{below}/init.sls")];
    let Some(path) = paths.iter().find(|path| files.get(path).is_some()) else {
        let message = format!("there is no file for `{}`", name.text().unwrap_or_default());
        return Err(Problem::new(&name.place, message));
    };
    let values = values_of(files, path)?;
    match values.as_ref().and_then(included) {
        Some(problem) => Err(problem),
        None => Ok(values),
    }
}

/// Files without a top file: each is for the minion it is named after, or, if there is no such minion, for everybody.
fn by_name(files: &Tree, known: &[&str]) -> Result<Vec<Host>, Problem> {
    let mut hosts: Vec<Host> = Vec::new();
    let mut everybody = None;
    let is_alone = files.iter().nth(1).is_none();
    let is_pillar = |path: &str| [".sls", ".json", ".yaml", ".yml"].iter().any(|end| path.ends_with(end));
    for (path, bytes) in files.iter().filter(|(path, _)| is_pillar(path) && !is_states(path)) {
        let stem = name_of(path).rsplit_once('.').map_or("", |(stem, _)| stem);
        let text = text(path, bytes)?;
        // Other pillar, which may be a program, is none of our business, unless it was named.
        if !is_alone && !text.contains("tart") {
            continue;
        }
        for (id, pillar) in read(path, text)? {
            match id.or_else(|| minion_of(name_of(path)).filter(|id| known.contains(&id.as_str()))) {
                Some(id) => hosts.push(pillar.host(&id)),
                None if known.contains(&stem) => hosts.push(pillar.host(stem)),
                None if everybody.is_some() => {
                    let place = Place { file: path.into(), line: 1 };
                    let message = "two files have a pillar `tart` and nothing says for which minions; add a `top.sls`";
                    return Err(Problem::new(&place, message));
                }
                None => everybody = Some(pillar),
            }
        }
    }
    if let Some(pillar) = everybody {
        let others: Vec<&str> =
            known.iter().copied().filter(|id| hosts.iter().all(|host| host.minion_id != *id)).collect();
        hosts.extend(others.into_iter().map(|id| pillar.clone().host(id)));
    }
    hosts.sort_by(|left, right| left.minion_id.cmp(&right.minion_id));
    Ok(hosts)
}

fn values_of(files: &Tree, path: &str) -> Result<Option<Node>, Problem> {
    values(path, text(path, files.get(path).unwrap_or_default())?)
}

fn text<'a>(path: &str, bytes: &'a [u8]) -> Result<&'a str, Problem> {
    let place = Place { file: path.into(), line: 1 };
    std::str::from_utf8(bytes).map_err(|_| Problem::new(&place, "this file is not UTF-8 text"))
}

fn is_states(path: &str) -> bool {
    path.split('/').any(|part| part == "states")
}
