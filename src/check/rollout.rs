//! The waves of the rollout.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::Context;
use super::minions::bad_range;
use super::twice::twice;
use crate::catalog::{COMPARISONS, HOSTS, RANGE_COMPARISONS, REST};
use crate::diag::{Code, Diagnostic, Names, Report};
use crate::parse::{Kind, Node};
use crate::resolve::{Found, Minions, Place, Waves, is_pattern};
use crate::source::{Span, printable};

const ONLY: &str = "write only ranges of hosts that there are, or a pattern such as `mm*` for whichever there are";

/// Checks that waves name hosts of the fleet, each host in one wave, and have names of their own.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    if let Some(finding) = too_much(context) {
        report.push(finding);
        return;
    }
    let Some(waves) = Waves::new(context.fleet, context.classes) else { return };
    let nodes = context.items(&["rollout", "waves"]);
    let items: Vec<_> = nodes.iter().map(|wave| entries(context, wave)).collect();
    let ids = context.hosts.iter().flat_map(|host| host.ids).map(|(minion_id, _)| minion_id.as_ref());
    let groups = context.fleet.groups.keys().map(String::as_str);
    let mut names = Names::new(ids.chain(groups));
    let mut seen: HashMap<&str, Span> = HashMap::new();
    let mut taken: HashMap<&String, Span> = HashMap::new();
    for ((wave, found), (node, entries)) in waves.written().zip(nodes.iter().zip(&items)) {
        let is_empty = found.iter().all(|found| *found == Found::Hosts(0));
        for ((text, found), entry) in wave.hosts.iter().flatten().zip(found).zip(entries) {
            let finding = match found {
                _ if waves.is_ambiguous(text) => Some(ambiguous(context, text, entry.span)),
                Found::Nothing => unreadable(text, entry).or_else(|| unknown(context, text, entry.span, &mut names)),
                Found::Again(first) => Some(again(text, entry.span, place(&items, *first))),
                Found::Hosts(_) => match (waves.missing(text).as_slice(), taken.entry(text)) {
                    ([first, others @ ..], _) => partly(context, text, entry.span, first, others.len()),
                    // Groups and patterns take what is left, which is nothing the second time.
                    ([], Entry::Occupied(first)) if !is_empty => Some(twice(text, "rollout", entry.span, *first.get())),
                    ([], Entry::Occupied(_)) => None,
                    ([], Entry::Vacant(first)) => {
                        first.insert(entry.span);
                        None
                    }
                },
            };
            if let Some(finding) = finding {
                report.push(finding);
            }
        }
        let name = wave.name.as_deref().unwrap_or_default();
        let span = node.entry("name").map_or(node.span, |entry| entry.value.span);
        // That a wave must name hosts is in the schema.
        if is_empty && !entries.is_empty() && context.document.is_sound(&["hosts"]) && entries.len() == written(node) {
            report.push(empty(name, span));
        }
        match seen.insert(name, span) {
            Some(first) if !name.is_empty() => report.push(same_name(name, span, Some(first))),
            Some(_) | None => {}
        }
    }
    if let Some(span) = seen.get(REST).filter(|_| waves.has_rest()) {
        report.push(same_name(REST, *span, None));
    }
}

/// Patterns of more bytes than this count as several.
const LONG_PATTERN: usize = 64;

/// Items that would take long to compare with the hosts of the fleet.
fn too_much(context: &Context<'_>) -> Option<Diagnostic> {
    let waves = context.fleet.rollout.iter().flat_map(|rollout| rollout.waves.iter().flatten());
    let comparisons = waves.flat_map(|wave| wave.hosts.iter().flatten()).map(|text| {
        if text.contains('[') {
            // Longer ones stand for no hosts of a fleet, and are not written out.
            Minions::new(text).map_or(0, |minions| minions.len().min(HOSTS)).saturating_mul(RANGE_COMPARISONS)
        } else if is_pattern(text) {
            context.classes.size().saturating_mul(text.len().div_ceil(LONG_PATTERN))
        } else {
            0
        }
    });
    (comparisons.fold(0, usize::saturating_add) > COMPARISONS).then(|| {
        let message = format!("the items of the rollout are compared with more than {COMPARISONS} hosts");
        let help = "name groups instead of ranges and patterns, and write few patterns that match many hosts";
        Diagnostic::new(Code::TooManyValues, context.key(&["rollout"]), message).help(help)
    })
}

/// The usable entries of a wave, as serde has read them.
fn entries<'a>(context: &Context<'_>, wave: &'a Node) -> Vec<&'a Node> {
    let entries = (0..written(wave)).filter_map(|index| wave.entry("hosts")?.value.item(index));
    entries.filter(|entry| !context.document.wrong.contains(&entry.id)).collect()
}

/// How many entries a wave has, usable or not.
fn written(wave: &Node) -> usize {
    match wave.entry("hosts").map(|entry| &entry.value.kind) {
        Some(Kind::List(items)) => items.len(),
        _ => 0,
    }
}

/// Where an entry is written.
fn place(items: &[Vec<&Node>], place: Place) -> Option<Span> {
    items.get(place.wave)?.get(place.entry).map(|entry| entry.span)
}

/// A range that cannot be one, or that no fleet has hosts for.
fn unreadable(text: &str, entry: &Node) -> Option<Diagnostic> {
    match Minions::new(text) {
        Err(bad) if text.contains('[') => Some(bad_range(&bad, text, entry)),
        Ok(_) if text.contains('[') && text.contains(['*', '?']) => {
            let message = format!("a range and a pattern cannot stand together, as in `{}`", printable(text));
            let help = "write ranges of whole ids, or a pattern without brackets";
            Some(Diagnostic::new(Code::BadRange, entry.span, message).help(help))
        }
        Ok(minions) if minions.len() > HOSTS => {
            let message = format!("`{text}` stands for {} hosts, and a fleet has at most {HOSTS}", minions.len());
            Some(Diagnostic::new(Code::UnknownHost, entry.span, message).help(ONLY))
        }
        Ok(_) | Err(_) => None,
    }
}

fn unknown(context: &Context<'_>, text: &str, span: Span, names: &mut Names<'_>) -> Option<Diagnostic> {
    // A host that is written but wrong is reported elsewhere.
    let is_gone = if is_pattern(text) {
        context.document.is_sound(&["hosts"])
    } else {
        context.document.is_missing(&["hosts", text])
    };
    let shown = printable(text);
    let message =
        if is_pattern(text) { format!("no host matches `{shown}`") } else { format!("no host is called `{shown}`") };
    let suggestion = if is_pattern(text) { None } else { names.closest(text) };
    let diagnostic = Diagnostic::new(Code::UnknownHost, span, message);
    is_gone.then(|| match suggestion {
        Some(_) => diagnostic.did_you_mean(suggestion),
        None => {
            diagnostic.help("name a host or a group of the spec, or write a pattern such as `lab-*` or `mm[01-20]`")
        }
    })
}

/// A range that goes beyond the hosts of the fleet: a wave would have fewer than it seems.
fn partly(context: &Context<'_>, text: &str, span: Span, first: &str, others: usize) -> Option<Diagnostic> {
    let more = if others == 0 { String::new() } else { format!(", and neither are {others} more") };
    let message = format!("`{first}` of `{}` is no host of the spec{more}", printable(text));
    let is_gone = ["hosts", "groups"].iter().all(|section| context.document.is_sound(&[section]));
    is_gone.then(|| Diagnostic::new(Code::UnknownHost, span, message).help(ONLY))
}

fn ambiguous(context: &Context<'_>, text: &str, span: Span) -> Diagnostic {
    let mut classes = context.classes.with_ids();
    let host = classes.find(|(_, ids)| ids.iter().any(|(id, _)| id == text)).map(|(class, _)| class);
    let host = host.and_then(|class| context.document.key(&[class.section, class.name]));
    let group = context.document.key(&["groups", text]);
    Diagnostic::new(Code::AmbiguousHost, span, format!("`{text}` is a host and a group"))
        .also(group, "the group")
        .also(host.filter(|_| host != group), "the host, or the group that it stands in")
        .help("rename the group")
}

fn again(text: &str, span: Span, first: Option<Span>) -> Diagnostic {
    let message = format!("`{text}` is in the rollout twice");
    Diagnostic::new(Code::HostInTwoWaves, span, message)
        .also(first, "the first, which counts")
        .help("remove one of the two; a pattern takes only hosts that no earlier wave has, so it may come last")
}

fn empty(name: &str, span: Span) -> Diagnostic {
    let message = format!("the wave `{name}` has no hosts left: earlier waves have them all");
    Diagnostic::new(Code::EmptyWave, span, message)
        .help("remove the wave, or put it before the pattern that takes its hosts")
}

fn same_name(name: &str, span: Span, first: Option<Span>) -> Diagnostic {
    let message = match first {
        Some(_) => format!("two waves are called `{name}`"),
        None => format!("`{name}` is the wave of the hosts that are in no other"),
    };
    Diagnostic::new(Code::DuplicateWave, span, message).also(first, "the first").help(match first {
        Some(_) => "give each wave a name of its own".to_owned(),
        None => format!("choose another name, or add `\"*\"` to the hosts of `{name}` to take them all"),
    })
}
