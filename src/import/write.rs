//! The spec as people would write it.

use std::fmt::Write as _;

use super::Imported;
use super::factor::{Fleet, Settings, memory};
use super::flags::{self, Flags, Value};
use super::groups::Group;
use crate::catalog::{Guest, known};
use crate::plan::{CloneOptions, Daemon, Host, Vm};

/// Longest line that is still easy to read.
const WIDTH: usize = 110;

/// The text of a spec.
pub(super) fn spec(fleet: &Fleet<'_>, files: &[&str]) -> String {
    let mut out =
        format!("# Imported from {}. It gives each host the pillar that it has; look it over, and\n", list(files));
    out.push_str("# rename images and profiles as you like.\nversion: 1\n");
    if !fleet.images.is_empty() {
        out.push_str("\nimages:\n");
        for (reference, name) in &fleet.images {
            let os = known(reference).map_or("linux", |image| match image.os {
                Guest::Macos => "macos",
                Guest::Linux => "linux",
            });
            // Writing to a string cannot fail.
            let _ = writeln!(out, "  {}: {{ ref: {}, os: {os} }}", word(name), quoted(reference));
        }
    }
    let _ = writeln!(out, "\ndefaults:\n  run_user: {}", word(fleet.run_user));
    if !fleet.profiles.is_empty() {
        out.push_str("\n# Settings that several VMs have in common.\nprofiles:\n");
        for (settings, name) in &fleet.profiles {
            entry(&mut out, 2, name, &fields(fleet, settings));
        }
    }
    if !fleet.groups.is_empty() {
        out.push_str("\n# Hosts that are alike.\ngroups:\n");
        fleet.groups.iter().for_each(|group| push_group(&mut out, fleet, group));
    }
    if !fleet.hosts.is_empty() {
        out.push_str("\nhosts:\n");
        fleet.hosts.iter().for_each(|imported| push_host(&mut out, fleet, imported));
    }
    out
}

fn list(files: &[&str]) -> String {
    const MOST: usize = 3;
    let shown: Vec<_> = files.iter().take(MOST).copied().collect();
    let more = files.len().saturating_sub(MOST);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

fn push_host(out: &mut String, fleet: &Fleet<'_>, imported: &Imported) {
    let Imported { host, is_guessed } = imported;
    if *is_guessed {
        out.push_str("  # Named after its file: this must be the id of the Salt minion.\n");
    }
    let is_usual = host.run_user == fleet.run_user;
    if host.vms.is_empty() && host.removed.is_empty() && is_usual {
        let _ = writeln!(out, "  {}: {{}}", word(&host.minion_id));
        return;
    }
    let _ = writeln!(out, "  {}:", word(&host.minion_id));
    push_settings(out, fleet, host);
}

fn push_group(out: &mut String, fleet: &Fleet<'_>, group: &Group) {
    if group.is_guessed {
        out.push_str("  # Named after their files: these must be the ids of the Salt minions.\n");
    }
    let _ = writeln!(out, "  {}:", word(&group.name));
    let ids: Vec<_> = group.ids.iter().map(|id| word(id)).collect();
    let line = format!("    hosts: [{}]", ids.join(", "));
    if line.chars().count() <= WIDTH {
        let _ = writeln!(out, "{line}");
    } else {
        out.push_str("    hosts:\n");
        for id in ids {
            let _ = writeln!(out, "      - {id}");
        }
    }
    push_settings(out, fleet, &group.host);
}

/// What a host says of itself, or a group of each of its hosts.
fn push_settings(out: &mut String, fleet: &Fleet<'_>, host: &Host) {
    if host.run_user != fleet.run_user {
        let _ = writeln!(out, "    run_user: {}", word(&host.run_user));
    }
    if !host.vms.is_empty() {
        out.push_str("    vms:\n");
    }
    for vm in &host.vms {
        let mut own = match fleet.profile(vm) {
            Some(profile) => vec![("profile".to_owned(), word(profile))],
            None => fields(fleet, &Settings { vm, run: flags::flags(vm).unwrap_or_default() }),
        };
        if !vm.enabled {
            own.push(("enabled".to_owned(), "false".to_owned()));
        }
        entry(out, 6, &vm.name, &own);
    }
    if !host.removed.is_empty() {
        let names: Vec<_> = host.removed.iter().map(|name| word(name)).collect();
        let _ = writeln!(out, "    removed: [{}]", names.join(", "));
    }
}

/// A name and its fields, on one line if they fit.
fn entry(out: &mut String, indent: usize, name: &str, fields: &[(String, String)]) {
    let pairs: Vec<_> = fields.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    let line = format!("{:indent$}{}: {{ {} }}", "", word(name), pairs.join(", "));
    if line.chars().count() <= WIDTH {
        let _ = writeln!(out, "{line}");
        return;
    }
    let _ = writeln!(out, "{:indent$}{}:", "", word(name));
    for pair in pairs {
        let _ = writeln!(out, "{:indent$}  {pair}", "");
    }
}

/// The settings that VMs can share. The sizes are written also where they are the usual ones: whoever reads the spec
/// looks for them.
fn fields(fleet: &Fleet<'_>, settings: &Settings<'_>) -> Vec<(String, String)> {
    let Settings { vm, run } = settings;
    let image = fleet.image(&vm.image);
    let image = if image == vm.image { quoted(image) } else { word(image) };
    let mut fields = vec![
        ("image".to_owned(), image),
        ("cpu".to_owned(), vm.cpu.to_string()),
        ("memory".to_owned(), memory(vm.memory)),
        ("disk".to_owned(), vm.disk.to_string()),
    ];
    let mut add = |key: &str, value: Option<String>| fields.extend(value.map(|value| (key.to_owned(), value)));
    add("display", vm.display.as_deref().map(word));
    add("clone", flow(clone(&vm.clone)));
    add("run", flow(run_fields(run)));
    add("daemon", flow(daemon(vm)));
    fields
}

fn clone(clone: &CloneOptions) -> Vec<(String, String)> {
    let CloneOptions { concurrency, prune_limit, insecure, timeout } = clone;
    let timeout = (*timeout != CloneOptions::default().timeout).then_some(timeout);
    pairs([
        ("concurrency", concurrency.map(|number| number.to_string())),
        ("prune_limit", prune_limit.map(|number| number.to_string())),
        ("insecure", insecure.then(|| "true".to_owned())),
        ("timeout", timeout.map(ToString::to_string)),
    ])
}

fn run_fields(flags: &Flags) -> Vec<(String, String)> {
    let value = |value: &Value| match value {
        Value::Switch(truth) => truth.to_string(),
        Value::Word(text) => quoted(text),
        Value::List(items) => format!("[{}]", items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(", ")),
    };
    flags.iter().map(|(key, found)| ((*key).to_owned(), value(found))).collect()
}

fn daemon(vm: &Vm) -> Vec<(String, String)> {
    let Daemon { keep_alive, throttle_interval, environment, standard_out_path, standard_error_path } = &vm.daemon;
    let usual = Daemon::default();
    let variables: Vec<_> = environment.iter().map(|(name, value)| (word(name), quoted(value))).collect();
    pairs([
        ("keep_alive", (*keep_alive != usual.keep_alive).then(|| keep_alive.to_string())),
        ("throttle_interval", (*throttle_interval != usual.throttle_interval).then(|| throttle_interval.to_string())),
        ("environment", flow(variables)),
        ("standard_out_path", standard_out_path.as_deref().map(quoted)),
        ("standard_error_path", standard_error_path.as_deref().map(quoted)),
    ])
}

fn pairs<const N: usize>(found: [(&str, Option<String>); N]) -> Vec<(String, String)> {
    found.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}

/// A mapping on one line, unless it is empty.
fn flow(pairs: Vec<(String, String)>) -> Option<String> {
    let pairs: Vec<_> = pairs.into_iter().map(|(key, value)| format!("{key}: {value}")).collect();
    (!pairs.is_empty()).then(|| format!("{{ {} }}", pairs.join(", ")))
}

/// A string without quotes where every reader of YAML takes it for one.
fn word(text: &str) -> String {
    const WORDS: &[&str] = &["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let is_plain = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|character| character.is_ascii_alphanumeric() || "._-".contains(character))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    if is_plain { text.to_owned() } else { quoted(text) }
}

/// A string of JSON is one of YAML.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
