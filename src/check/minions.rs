//! Minion ids of groups, and hosts that come twice.

use std::borrow::Cow;
use std::collections::hash_map::Entry;

use indexmap::IndexMap;

use super::names::refuse;
use super::{Context, HostView};
use crate::catalog::minion_id;
use crate::diag::{Code, Diagnostic, Report};
use crate::map::Lookup;
use crate::parse::Node;
use crate::resolve::{BadRange, Minions};
use crate::source::Span;

/// Checks the ranges of groups, and that no host comes twice.
pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    let items: Vec<_> = context.hosts.iter().map(|host| items(host, context)).collect();
    for (host, items) in context.hosts.iter().zip(&items) {
        for (pattern, node) in host.class.patterns().iter().zip(items) {
            match Minions::new(pattern) {
                Err(bad) => report.push(bad_range(&bad, pattern, node)),
                Ok(minions) => {
                    let broken = minion_id(&minions.longest());
                    let is_glob = pattern.contains(['*', '?']);
                    let advice = is_glob.then_some(
                        "Salt reads `*` and `?` as a glob that matches other minions: name each host, or ranges",
                    );
                    refuse(Code::BadMinionId, broken, pattern, advice, || node.span, report);
                }
            }
        }
    }
    repetitions(context, &items, report);
}

/// The items of a group's hosts.
fn items<'a>(host: &HostView<'_>, context: &Context<'a>) -> Vec<&'a Node> {
    let [section, name] = host.route();
    if host.class.is_group() { context.items(&[section, name, "hosts"]) } else { Vec::new() }
}

pub(super) fn bad_range(bad: &BadRange, written: &str, node: &Node) -> Diagnostic {
    // Only a text without escapes has its bytes where they are written.
    let before = match (node.span.end - node.span.start).checked_sub(written.len()) {
        Some(0) => Some(0),
        Some(2) => Some(1),
        None | Some(_) => None,
    };
    let inside = |before| Span::new(node.span.start + before + bad.at.start, node.span.start + before + bad.at.end);
    let span = before.map_or(node.span, inside);
    Diagnostic::new(Code::BadRange, span, format!("{} in `{written}`", bad.problem)).help(&bad.help)
}

/// A host by the number of its class and that of the item in it.
type Place = (usize, usize);

/// Hosts that come twice in the same two places, those under `hosts` as one: the first of them stands for all.
struct Repeated<'a> {
    first: &'a str,
    at: Place,
    second: &'a str,
    hosts: usize,
}

/// An id without its case.
fn fold(id: &str) -> Cow<'_, str> {
    let is_folded = id.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_folded { Cow::Borrowed(id) } else { Cow::Owned(id.to_lowercase()) }
}

/// Reports hosts that come twice, and hosts whose ids differ only in case.
fn repetitions(context: &Context<'_>, items: &[Vec<&Node>], report: &mut Report) {
    let mut seen: Lookup<Cow<'_, str>, (&str, Place)> = Lookup::default();
    seen.reserve(context.classes.size());
    // Those that differ from one before them, but only in case.
    let mut others: Lookup<&str, Place> = Lookup::default();
    let mut found: IndexMap<(Code, Option<Place>, Place), Repeated<'_>> = IndexMap::new();
    for (class, host) in context.hosts.iter().enumerate() {
        for (id, item) in host.ids {
            let (id, place) = (id.as_ref(), (class, *item));
            let (other, first) = match seen.entry(fold(id)) {
                Entry::Occupied(first) => *first.get(),
                Entry::Vacant(new) => {
                    new.insert((id, place));
                    continue;
                }
            };
            let (code, first, other) = match others.entry(id) {
                _ if other == id => (Code::DuplicateHost, first, id),
                Entry::Occupied(same) => (Code::DuplicateHost, *same.get(), id),
                Entry::Vacant(new) => {
                    new.insert(place);
                    (Code::LookAlikeHosts, first, other)
                }
            };
            let new = || Repeated { first: other, at: first, second: id, hosts: 0 };
            // The hosts of one group that stand under `hosts` as well are one finding.
            let is_single = |(class, _): Place| context.hosts.get(class).is_some_and(|host| !host.class.is_group());
            let shared = if is_single(first) && !is_single(place) { None } else { Some(first) };
            found.entry((code, shared, place)).or_insert_with(new).hosts += 1;
        }
    }
    for ((code, _, second), repeated) in found {
        let first = repeated.at;
        let span = |(class, item): Place| {
            let node = items.get(class).and_then(|items| items.get(item));
            let key = || context.hosts.get(class).map(|host| context.key(&host.route()));
            node.map(|node| node.span).or_else(key)
        };
        let place = |(class, _): Place| match context.hosts.get(class) {
            Some(host) if host.class.is_group() => format!("in `{}`", host.class.name),
            Some(_) | None => "under `hosts`".to_owned(),
        };
        let more = match repeated.hosts - 1 {
            0 => String::new(),
            1 => ", and so does 1 more host".to_owned(),
            more => format!(", and so do {more} more hosts"),
        };
        let Repeated { first: other, second: id, .. } = repeated;
        let (message, help) = if code == Code::LookAlikeHosts {
            let more = if more.is_empty() { "" } else { ", as do others" };
            let message = format!("`{id}` and `{other}` differ only in case{more}");
            (message, "Salt takes them for two minions; check that both are meant")
        } else if first.0 == second.0 {
            (format!("`{id}` comes twice {}{more}", place(first)), "remove one of the two, or shorten a range")
        } else {
            let message = format!("`{id}` stands {} and {}{more}", place(first), place(second));
            (message, "a host stands in one place: remove it from one of the two, or split a range")
        };
        let at = span(second).unwrap_or_default();
        let diagnostic = Diagnostic::new(code, at, message);
        report.push(diagnostic.also(span(first).filter(|first| *first != at), "the first").help(help));
    }
}
