//! VM names once their placeholders are filled in.

use indexmap::IndexMap;
use indexmap::map::Entry;

use super::names::is_refused;
use super::removed::removed;
use super::{Context, HostView};
use crate::catalog::{Rule, vm};
use crate::diag::{Code, Diagnostic, Report, plural};
use crate::map::{Lookup, Seen};
use crate::parallel::each;
use crate::resolve::{HOST, MinionId, NUMBER, expand, short};
use crate::source::Span;

/// Checks placeholders where they are written, and the names that come of them on every host.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    for vm in context.vms() {
        let [section, host, vms, name] = vm.own();
        let count = || context.document.value(&[section, host, vms, name, "count"]);
        let problem = match (vm.vm.count, vm.name.contains(NUMBER)) {
            // What is wrong with the count is reported there, and what is wrong with the name is as well.
            (None, true) if count().is_some() => continue,
            (Some(_), false) if is_refused(vm.name) => continue,
            (Some(count), false) => {
                let message = format!(
                    "`{}` is the name of {}, so it needs `{NUMBER}`",
                    vm.name,
                    plural(count.try_into().unwrap_or(usize::MAX), "VM")
                );
                (message, format!("write `\"{}-{NUMBER}\"`, or remove `count`", vm.name))
            }
            (None, true) => {
                (format!("`{NUMBER}` in `{}` counts nothing", vm.name), "add `count`, or remove `{n}`".to_owned())
            }
            (Some(_), true) | (None, false) => continue,
        };
        let diagnostic = Diagnostic::new(Code::BadPlaceholder, vm.key(context), problem.0);
        report.push(diagnostic.also(count(), "how many").help(problem.1));
    }
    expanded(context, report);
}

/// A name of a VM that a host has or that is removed from it.
struct Name<'a> {
    /// Which entry of the spec it comes from: names that are counted come from one.
    entry: usize,
    written: &'a str,
    number: Option<u32>,
    span: Span,
    is_removed: bool,
}

/// What is wrong with the names of an entry on some hosts: the first of them stands for all.
struct Problem {
    /// The host, by its place among those that are looked at together.
    at: usize,
    /// The same of the last one.
    last: usize,
    minion_id: String,
    name: String,
    hosts: usize,
    /// How many more names the same is wrong with on the first host.
    more: usize,
}

/// Hosts whose names differ from one to the next.
struct Named<'a> {
    ids: &'a [MinionId<'a>],
    /// How many hosts each id stands for.
    hosts: usize,
    names: Vec<Name<'a>>,
}

impl<'a> Named<'a> {
    /// The names of hosts, if they have placeholders: of one host, if none says which it is.
    fn new(host: &HostView<'a>, context: &Context<'a>) -> Option<Self> {
        if !host.class.vms.keys().chain(host.class.removed).any(|name| name.contains('{')) {
            return None;
        }
        let vms = host.vms.iter().filter(|vm| vm.number.is_none_or(|number| number == 1 || vm.name.contains(NUMBER)));
        let vms = vms.map(|vm| (vm.name, vm.number, vm.key(context), false));
        let gone = removed(context, host).into_iter();
        // What is removed twice in the same words is reported without a look at the hosts.
        let mut seen = Seen::default();
        let gone = gone.filter(|(written, _)| seen.insert(*written));
        let gone = gone.map(|(written, span)| (written, None, span, true));
        let mut names: Vec<Name<'_>> = Vec::new();
        for (written, number, span, is_removed) in vms.chain(gone) {
            let last = names.last().filter(|last| last.written == written && last.is_removed == is_removed);
            let entry = last.map_or(names.len(), |last| last.entry);
            names.push(Name { entry, written, number, span, is_removed });
        }
        let all = host.ids.len();
        let (ids, hosts) = if names.iter().any(|name| name.written.contains(HOST)) { (all, 1) } else { (1, all) };
        Some(Self { ids: host.ids.get(..ids).unwrap_or_default(), hosts, names })
    }
}

/// So many hosts are looked at together.
const PIECE: usize = 500;

/// So many pieces are worth a thread: they take half a millisecond, and another rule is at work beside this one.
const PIECES: usize = 4;

/// Checks the names that come of placeholders. Large groups and many small ones are looked at on all processors.
fn expanded(context: &Context<'_>, report: &mut Report) {
    let named: Vec<_> = context.hosts.iter().filter_map(|host| Named::new(host, context)).collect();
    let pieces = named.iter().zip(0..).flat_map(|(named, at)| named.ids.chunks(PIECE).map(move |ids| (at, named, ids)));
    let pieces: Vec<(usize, _, _)> = pieces.collect();
    let found = each(&pieces, PIECES, |(_, named, ids)| problems(ids, &named.names));
    let mut all: Vec<_> = named.iter().map(|named| (named, Problems::new())).collect();
    for ((at, ..), problems) in pieces.iter().zip(found) {
        let Some((_, all)) = all.get_mut(*at) else { continue };
        for (place, problem) in problems {
            match all.entry(place) {
                Entry::Occupied(mut first) => first.get_mut().hosts += problem.hosts,
                Entry::Vacant(new) => {
                    new.insert(problem);
                }
            }
        }
    }
    for (Named { names, hosts, .. }, problems) in all {
        for ((first, at), mut problem) in problems {
            problem.hosts *= hosts;
            let Some(name) = names.get(at) else { continue };
            let rule = vm(&problem.name);
            report.push(match first.and_then(|first| names.get(first)) {
                Some(first) => same(first, name, &problem),
                None => bad(name, &problem, rule),
            });
        }
    }
}

/// Problems by the entries that have them: with the one that came first, if it is about two.
type Problems = IndexMap<(Option<usize>, usize), Problem>;

/// What is wrong with the names on some hosts.
fn problems(ids: &[MinionId<'_>], names: &[Name<'_>]) -> Problems {
    let mut found = Problems::new();
    let mut seen: Lookup<String, usize> = Lookup::default();
    for (host, (minion_id, _)) in ids.iter().enumerate() {
        let short = short(minion_id);
        seen.clear();
        for name in names {
            let expanded = expand(name.written, &short, name.number);
            let mut note = |first: Option<usize>| match found.entry((first, name.entry)) {
                Entry::Vacant(new) => {
                    let (minion_id, name) = (minion_id.to_string(), expanded.clone());
                    new.insert(Problem { at: host, last: host, minion_id, name, hosts: 1, more: 0 });
                }
                Entry::Occupied(mut problem) => {
                    let problem = problem.get_mut();
                    problem.more += usize::from(problem.at == host);
                    problem.hosts += usize::from(problem.last != host);
                    problem.last = host;
                }
            };
            if name.written.contains('{')
                && !expanded.contains('{')
                && vm(&expanded).is_some()
                && !is_refused(name.written)
            {
                note(None);
            }
            // What is written alike is reported without a look at the hosts.
            if let Some(first) = seen.get(&expanded).copied()
                && first != name.entry
            {
                note(Some(first));
            }
            seen.entry(expanded).or_insert(name.entry);
        }
    }
    found
}

/// "on `mm1`", or "on `mm1` and 9 more hosts".
fn places(problem: &Problem) -> String {
    match problem.hosts - 1 {
        0 => format!("on `{}`", problem.minion_id),
        more => format!("on `{}` and {}", problem.minion_id, plural(more, "more host")),
    }
}

/// "; and so with 9 more names", if there are more.
fn others(problem: &Problem) -> String {
    if problem.more == 0 { String::new() } else { format!("; and so with {}", plural(problem.more, "more name")) }
}

fn bad(name: &Name<'_>, problem: &Problem, rule: Option<&Rule>) -> Diagnostic {
    let (places, others) = (places(problem), others(problem));
    let message = format!("`{}` becomes `{}` {places}, which cannot be a VM name{others}", name.written, problem.name);
    let diagnostic = Diagnostic::new(Code::BadExpandedName, name.span, message);
    let diagnostic = diagnostic.help("`{host}` is the minion id up to its first dot, in small letters");
    rule.into_iter().fold(diagnostic, |diagnostic, rule| diagnostic.help(rule.words))
}

fn same(first: &Name<'_>, second: &Name<'_>, problem: &Problem) -> Diagnostic {
    let (name, places, others) = (&problem.name, places(problem), others(problem));
    let other = Some(first.span).filter(|first| *first != second.span);
    match (first.is_removed, second.is_removed) {
        (false, false) => Diagnostic::new(
            Code::DuplicateVm,
            second.span,
            format!("two VMs {places} would be called `{name}`{others}"),
        )
        .also(other, "the other one")
        .help("choose names that differ on every host"),
        (true, true) => {
            Diagnostic::new(Code::DuplicateRemoved, second.span, format!("`{name}` is removed twice {places}"))
                .also(other, "the first")
                .help("remove one of the two")
        }
        (false, true) | (true, false) => {
            let message = format!("`{name}` is both defined and removed {places}{others}");
            Diagnostic::new(Code::RemovedAndDefined, second.span, message)
                .label("removed")
                .also(other, "defined")
                .help("delete one of the two: an apply would destroy what it has made")
        }
    }
}
