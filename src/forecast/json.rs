//! A forecast for programs. The shape is versioned: a key may be added, none changes its meaning.

use serde_json::{Map, Value, json};

use super::count::{count, gone, unchanged};
use super::words::rows;
use super::{Action, Change, Forecast, Host, Kind, Note, Presence, Problem, States, Vm};

const VERSION: u32 = 1;

/// One JSON document on lines of its own.
pub(super) fn render(forecast: &Forecast) -> String {
    let mut summary: Map<String, Value> =
        Kind::ALL.iter().map(|kind| (kind.name().to_owned(), count(forecast, *kind).into())).collect();
    summary.insert("unchanged".to_owned(), unchanged(forecast).into());
    summary.insert("gone_hosts".to_owned(), gone(forecast).into());
    let states = match &forecast.states {
        States::Absent | States::Unknown => Value::Null,
        States::Differ(files) => json!(files),
    };
    let document = json!({
        "version": VERSION,
        "spec": forecast.spec,
        "against": forecast.against,
        "first": forecast.states == States::Absent,
        "changed_states": states,
        "summary": summary,
        "hosts": forecast.hosts.iter().map(host).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn host(host: &Host) -> Value {
    let presence = match host.presence {
        Presence::New => "new",
        Presence::Kept => "kept",
        Presence::Gone => "gone",
    };
    json!({
        "host": host.minion_id,
        "presence": presence,
        "changes": host.changes.iter().map(change).collect::<Vec<_>>(),
        "vms": host.vms.iter().map(|found| vm(host, found)).collect::<Vec<_>>(),
    })
}

fn change(change: &Change) -> Value {
    match change {
        Change::RunUser { from, to } => json!({ "key": "run_user", "from": from, "to": to }),
        Change::Minimum { from, to, .. } => json!({ "key": "tart.minimum_version", "from": from, "to": to }),
        Change::Binary { from, to } => json!({ "key": "tart.binary", "from": from, "to": to }),
    }
}

fn vm(host: &Host, vm: &Vm) -> Value {
    let text: Vec<String> =
        rows(host, vm, false).into_iter().map(|row| format!("{}: {}", row.word, row.text)).collect();
    json!({
        "vm": vm.name,
        "actions": vm.actions.iter().map(action).collect::<Vec<_>>(),
        "problems": vm.problems.iter().map(problem).collect::<Vec<_>>(),
        "notes": vm.notes.iter().map(note).collect::<Vec<_>>(),
        "text": text,
    })
}

fn action(action: &Action) -> Value {
    let kind = action.kind().name();
    match action {
        Action::Create { image, disk, image_disk } => {
            json!({ "action": kind, "image": image, "disk": disk, "image_disk": image_disk })
        }
        Action::Start { image, disk } => json!({ "action": kind, "image": image, "disk": disk }),
        Action::Stop => json!({ "action": kind }),
        Action::Grow { from, to } => json!({ "action": kind, "from": from, "to": to }),
        Action::Restart { reasons } => {
            let reasons = reasons.iter().map(|why| json!({ "key": why.key, "from": why.from, "to": why.to }));
            json!({ "action": kind, "reasons": reasons.collect::<Vec<_>>() })
        }
        Action::Delete { is_certain } => json!({ "action": kind, "certain": is_certain }),
    }
}

fn problem(problem: &Problem) -> Value {
    match problem {
        Problem::Shrink { from, to, is_certain, is_dormant } => {
            json!({ "problem": "shrink", "from": from, "to": to, "certain": is_certain, "dormant": is_dormant })
        }
        Problem::Image { from, to, is_certain } => {
            json!({ "problem": "image", "from": from, "to": to, "certain": is_certain })
        }
        Problem::Orphan { is_running, .. } => json!({ "problem": "orphan", "running": is_running }),
        Problem::Elsewhere { user, is_certain } => {
            json!({ "problem": "elsewhere", "user": user, "certain": is_certain })
        }
    }
}

fn note(note: &Note) -> Value {
    match note {
        Note::Waits(keys) => json!({ "note": "waits", "keys": keys }),
        Note::Clone => json!({ "note": "clone" }),
        Note::Display(display) => json!({ "note": "display", "display": display }),
        Note::Unmade => json!({ "note": "unmade" }),
    }
}
