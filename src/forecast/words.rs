//! A forecast in words. What is quoted stands between backticks and has none itself, so that every renderer can tell.

use super::count::{count, doomed, gone, unchanged};
use super::{Action, Change, Forecast, Host, Kind, Note, Presence, Problem, Reason, States, Vm};
use crate::catalog;
use crate::diag::plural;
use crate::resolve::short;
use crate::source::printable;

/// One line about a VM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// What happens, in a word.
    pub(super) word: &'static str,
    /// How grave it is; nothing for what only explains.
    pub(super) kind: Option<Kind>,
    /// The VM.
    pub(super) vm: String,
    /// The rest.
    pub(super) text: String,
}

/// The lines about a VM; one that stays as it is has a line only if `all` are wanted.
pub(super) fn rows(host: &Host, vm: &Vm, all: bool) -> Vec<Row> {
    let row = |word, kind, text| Row { word, kind, vm: vm.name.clone(), text };
    let mut rows: Vec<Row> =
        vm.actions.iter().map(|action| row(word(action), Some(action.kind()), describe(action))).collect();
    rows.extend(vm.problems.iter().map(|problem| {
        let word = if problem.kind() == Kind::Orphan { "orphan" } else { "cannot" };
        row(word, Some(problem.kind()), explain(problem, host, &vm.name))
    }));
    if rows.is_empty() && (all || !vm.notes.is_empty()) {
        rows.push(row("nothing", None, vm.notes.iter().map(note).collect::<Vec<_>>().join("; ")));
    } else {
        rows.extend(vm.notes.iter().map(|found| row("note", None, note(found))));
    }
    rows
}

const fn word(action: &Action) -> &'static str {
    match action {
        Action::Delete { .. } => "DELETE",
        Action::Create { .. } => "create",
        Action::Start { .. } => "start",
        Action::Stop => "stop",
        Action::Grow { .. } => "grow",
        Action::Restart { .. } => "restart",
    }
}

fn describe(action: &Action) -> String {
    match action {
        Action::Create { image, disk, image_disk } => {
            let of_image = image_disk.map(|size| format!(", grown from the {size} of the image"));
            let of_image = of_image.filter(|_| *image_disk != Some(*disk)).unwrap_or_default();
            format!("from {} with a disk of {disk} GB{of_image}", quoted(image))
        }
        Action::Start { image, disk } => format!(
            "with the settings of the spec; made first from {} with a disk of {disk} GB, if it never was",
            quoted(image)
        ),
        Action::Stop => "taken out of launchd; its disk stays".to_owned(),
        Action::Grow { from, to } => format!("disk {from} GB -> {to} GB"),
        Action::Restart { reasons } => reasons.iter().map(reason).collect::<Vec<_>>().join(", "),
        Action::Delete { is_certain: true } => "with its disk, for good".to_owned(),
        Action::Delete { is_certain: false } => "with its disk, for good, if it is there".to_owned(),
    }
}

fn reason(reason: &Reason) -> String {
    let Reason { key, from, to } = reason;
    match (from, to) {
        (Some(from), Some(to)) => format!("{key} {} -> {}", value(from), value(to)),
        _ => plain(key),
    }
}

fn explain(problem: &Problem, host: &Host, name: &str) -> String {
    match problem {
        Problem::Shrink { from, to, is_certain: true, is_dormant: false } => format!(
            "disk {from} GB -> {to} GB: a disk only ever grows. The apply fails for this VM, leaves its sizes as they are and \
             keeps it running; set `disk` to {from}"
        ),
        Problem::Shrink { from, to, is_certain: true, is_dormant: true } => format!(
            "disk {from} GB -> {to} GB: a disk only ever grows. The apply that enables this VM will fail; set `disk` to {from}"
        ),
        Problem::Shrink { from, to, is_certain: false, is_dormant: _ } => {
            format!(
                "disk {from} GB -> {to} GB, should it have {from} already: a disk only ever grows; set `disk` to {from}"
            )
        }
        Problem::Image { from, to, is_certain } => format!(
            "image {} -> {}: a VM that exists keeps its disk{}. To make it anew, move it to `removed` for one apply",
            quoted(from),
            quoted(to),
            if *is_certain { "" } else { ", and this one may exist" }
        ),
        Problem::Orphan { is_host_gone: true, is_running } => format!(
            "{}{} when its host leaves the spec; take the host down first with {}",
            stays(*is_running),
            if *is_running { "" } else { "," },
            quoted(&format!("salt {} state.apply tart.remove", host.minion_id))
        ),
        Problem::Orphan { is_host_gone: false, is_running } => {
            format!("left the spec and {}; {}", stays(*is_running), farewell(name, host))
        }
        Problem::Elsewhere { user, is_certain: true } => {
            format!("it belongs to {} and stays there as it is: the apply fails for this VM", quoted(user))
        }
        Problem::Elsewhere { user, is_certain: false } => {
            format!("if {} has it already, it stays there as it is, and the apply fails for this VM", quoted(user))
        }
    }
}

/// How to delete a VM that is not wanted any more.
fn farewell(name: &str, host: &Host) -> String {
    let command = quoted(&format!("tart delete {name}"));
    if let Some(owner) = host.changes.iter().find_map(Change::owner) {
        return format!("it belongs to {}, which alone can delete it, with {command}", quoted(owner));
    }
    // Only hand-written pillar can have given it such a name.
    if catalog::vm(name).is_some() {
        return format!("no spec can name it: delete it on the Mac with {command}");
    }
    // A name such as `08` is a number without quotes, and `{host}`, which may come to stand for a part of it, a mapping.
    let is_word = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && !name.contains(&short(&host.minion_id))
        && !["true", "false", "null"].contains(&name);
    let item = if is_word { name.to_owned() } else { format!("\"{name}\"") };
    format!("list it under {} to delete it", quoted(&format!("removed: [{item}]")))
}

const fn stays(is_running: bool) -> &'static str {
    if is_running { "goes on running on the Mac" } else { "stays on the Mac, if it was ever made" }
}

fn note(note: &Note) -> String {
    match note {
        Note::Waits(keys) => {
            format!("changed while it is dormant: {}; this takes effect when it is enabled", keys.join(", "))
        }
        Note::Clone => "`clone` matters only to VMs that do not exist yet".to_owned(),
        Note::Display(display) => format!("the screen stays {} although the spec no longer says so", quoted(display)),
        Note::Unmade => "dormant; it is made when it is enabled".to_owned(),
    }
}

/// What concerns a host as a whole, a sentence each.
pub(super) fn about(host: &Host) -> Vec<String> {
    let presence = match host.presence {
        Presence::New => Some("a new host: tart is installed first, if it is missing".to_owned()),
        Presence::Gone => Some("left the spec: its minion gets no pillar, and applies fail on it".to_owned()),
        Presence::Kept => None,
    };
    presence.into_iter().chain(host.changes.iter().map(change)).collect()
}

fn change(change: &Change) -> String {
    match change {
        Change::RunUser { from, to } => {
            format!("run_user {} -> {}: VMs that exist stay with the account that has them", quoted(from), quoted(to))
        }
        Change::Minimum { from, to, is_upgraded } => {
            let then = if *is_upgraded { "is upgraded" } else { "makes the apply fail" };
            format!("tart must be {} or newer instead of {}: an older one {then}", value(to), value(from))
        }
        Change::Binary { from, to } => {
            format!("tart.binary {} -> {}: every job is loaded anew", quoted(from), quoted(to))
        }
    }
}

/// What concerns the fleet as a whole, a sentence each.
pub(super) fn preface(forecast: &Forecast) -> Vec<String> {
    match &forecast.states {
        States::Absent => vec!["There is no earlier tree: every VM is taken to be new.".to_owned()],
        States::Unknown => vec![
            "There are no states beside that pillar; the Macs are taken to have those of this spec. If others wrote their \
             launchd jobs, every running VM is restarted once."
                .to_owned(),
        ],
        States::Differ(files) if files.is_empty() => Vec::new(),
        States::Differ(files) => {
            vec![format!("The states change as well: {}.", files.iter().map(|file| quoted(file)).collect::<Vec<_>>().join(", "))]
        }
    }
}

/// How many VMs something happens to.
pub(super) fn tally(forecast: &Forecast) -> String {
    let mut parts: Vec<String> = Kind::ALL
        .into_iter()
        .filter(|kind| *kind != Kind::Destroy)
        .filter_map(|kind| Some((kind, count(forecast, kind))).filter(|(_, count)| *count > 0))
        .map(|(kind, count)| match kind {
            Kind::Orphan => plural(count, "orphan"),
            Kind::Impossible => format!("{count} impossible"),
            Kind::Create | Kind::Start | Kind::Restart | Kind::Grow | Kind::Stop | Kind::Destroy => {
                format!("{count} to {}", kind.name())
            }
        })
        .collect();
    let gone = gone(forecast);
    if gone > 0 {
        parts.push(format!("{} gone", plural(gone, "host")));
    }
    parts.push(format!("{} unchanged", plural(unchanged(forecast), "VM")));
    parts.join(", ")
}

/// How many disks are lost, always said and always last; the first of them by their names.
pub(super) fn losses(forecast: &Forecast) -> (usize, String) {
    let doomed = doomed(forecast);
    let names = |certain: bool| {
        let names: Vec<String> = doomed
            .iter()
            .filter(|(_, _, is_certain)| *is_certain == certain)
            .map(|(vm, host, _)| format!("{} on {}", quoted(vm), quoted(host)))
            .collect();
        let more = names.len().saturating_sub(MOST_NAMES);
        let shown = names.iter().take(MOST_NAMES).cloned().collect::<Vec<_>>().join(", ");
        (names.len(), if more > 0 { format!("{shown} and {more} more") } else { shown })
    };
    let text = match (names(true), names(false)) {
        ((0, _), (0, _)) => "No disk is destroyed.".to_owned(),
        ((0, _), (maybe, them)) => format!("{} destroyed for good, if there: {them}.", disks(maybe)),
        ((sure, them), (0, _)) => format!("{} DESTROYED FOR GOOD: {them}.", disks(sure)),
        ((sure, them), (maybe, others)) => {
            format!("{} DESTROYED FOR GOOD: {them}; {maybe} more, if there: {others}.", disks(sure))
        }
    };
    (doomed.len(), text)
}

/// As many names as fit a line or two.
const MOST_NAMES: usize = 5;

fn disks(count: usize) -> String {
    if count == 1 { "1 disk is".to_owned() } else { format!("{count} disks are") }
}

/// A number or a word as it is, anything else between backticks.
fn value(text: &str) -> String {
    let is_plain = text.chars().all(|character| character.is_ascii_alphanumeric() || " .'-".contains(character));
    if is_plain { text.to_owned() } else { quoted(text) }
}

/// A text of somebody else between backticks.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", plain(text))
}

/// A text of somebody else, in which nothing can be taken for markup of ours or for a control character.
pub(super) fn plain(text: &str) -> String {
    printable(&text.replace('`', "'"))
}
