//! The launchd jobs of two trees: the states reload a job when the text of its plist differs, whatever the reason.

use minijinja::Environment;
use minijinja::value::Serde;
use roxmltree::{Document, Node, ParsingOptions};
use serde_json::{Value, json};

use super::Reason;
use super::states::States;
use crate::plan::{Host, Vm};
use crate::verify::{environment, home};

/// Renders the jobs of one tree as Salt does.
pub(super) struct Jobs<'a> {
    env: Environment<'a>,
    tart: &'a str,
    logs: &'a str,
}

const TEMPLATE: &str = "plist";

impl<'a> Jobs<'a> {
    /// The jobs of a set of states; `None` if they have no such template as tartgen writes.
    pub(super) fn new(states: &States<'a>) -> Option<Self> {
        let mut env = environment();
        env.add_template(TEMPLATE, states.template()?).ok()?;
        Some(Self { env, tart: states.binary?, logs: states.logs })
    }

    /// The plist of a VM, `None` if the template wants something that tartgen does not give.
    pub(super) fn plist(&self, host: &Host, vm: &Vm) -> Option<String> {
        let context = json!({
            "name": vm.name, "run_user": host.run_user, "home": home(host), "tart": self.tart, "logs": self.logs,
            "pillar": { "tart": { "vms": { vm.name.clone(): settings(vm) } } },
        });
        let text = self.env.get_template(TEMPLATE).and_then(|template| template.render(Serde(context))).ok()?;
        Some(text.trim().to_owned())
    }
}

/// What the pillar says of a VM's job, as the template reads it.
fn settings(vm: &Vm) -> Value {
    let daemon = &vm.daemon;
    let environment: serde_json::Map<_, _> =
        daemon.environment.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    let mut settings = json!({
        "arguments": vm.arguments, "environment": environment, "keep_alive": daemon.keep_alive,
        "throttle_interval": daemon.throttle_interval,
    });
    for (key, path) in
        [("standard_out_path", &daemon.standard_out_path), ("standard_error_path", &daemon.standard_error_path)]
    {
        if let (Some(path), Value::Object(settings)) = (path, &mut settings) {
            settings.insert(key.to_owned(), path.as_str().into());
        }
    }
    settings
}

/// What a difference of two plists comes from, in the words of the spec.
pub(super) fn reasons(old: (&Vm, &str), new: (&Vm, &str), binaries: (&str, &str)) -> Vec<Reason> {
    let ((old_vm, old_text), (new_vm, new_text)) = (old, new);
    let (old_job, new_job) = (&old_vm.daemon, &new_vm.daemon);
    let or_usual = |path: &Option<String>| path.clone().unwrap_or_else(|| "the usual one".to_owned());
    let mut reasons = Vec::new();
    let mut compare = |key: &str, from: String, to: String| {
        if from != to {
            reasons.push(Reason { key: key.to_owned(), from: Some(from), to: Some(to) });
        }
    };
    compare("tart.binary", binaries.0.to_owned(), binaries.1.to_owned());
    let (gone, come) = differing(&flags(old_vm), &flags(new_vm));
    compare("run", gone, come);
    let (gone, come) = differing(&old_job.environment, &new_job.environment);
    compare("daemon.environment", gone, come);
    compare("daemon.keep_alive", old_job.keep_alive.to_string(), new_job.keep_alive.to_string());
    let seconds = |seconds: u32| format!("{seconds} s");
    compare("daemon.throttle_interval", seconds(old_job.throttle_interval), seconds(new_job.throttle_interval));
    compare("daemon.standard_out_path", or_usual(&old_job.standard_out_path), or_usual(&new_job.standard_out_path));
    compare(
        "daemon.standard_error_path",
        or_usual(&old_job.standard_error_path),
        or_usual(&new_job.standard_error_path),
    );
    // What the settings do not explain, the template does.
    if reasons.is_empty() {
        reasons.push(Reason { key: template(old_text, new_text), from: None, to: None });
    }
    reasons
}

/// The reason for a VM whose old job comes from states that tartgen did not write.
pub(super) fn foreign() -> Reason {
    Reason { key: "a launchd job that other states wrote".to_owned(), from: None, to: None }
}

/// The flags of `tart run` with their values. What stands by itself may be a secret and has no name.
fn flags(vm: &Vm) -> Vec<(String, String)> {
    let flag = |argument: &String| match argument.split_once('=').unwrap_or((argument, "")) {
        (flag, value) if flag.starts_with('-') => (flag.to_owned(), value.to_owned()),
        _ => ("a value".to_owned(), argument.clone()),
    };
    vm.arguments.iter().map(flag).collect()
}

/// The names of what only the one or only the other has; values may be secrets and are only compared.
fn differing(old: &[(String, String)], new: &[(String, String)]) -> (String, String) {
    let only = |these: &[(String, String)], those: &[(String, String)]| {
        let names = these.iter().filter(|pair| !those.contains(pair)).map(|(name, _)| name.as_str());
        names.collect::<Vec<_>>().join(" ")
    };
    let (gone, come) = (only(old, new), only(new, old));
    if old == new {
        return (gone, come);
    }
    // The same names have other values, or stand in another order.
    if gone == come {
        let what = if gone.is_empty() { "the order" } else { &gone };
        return (format!("{what} as it was"), format!("{what} as it is now"));
    }
    let or_none = |names: String| if names.is_empty() { "none".to_owned() } else { names };
    (or_none(gone), or_none(come))
}

/// The keys of the job that another template writes differently.
fn template(old: &str, new: &str) -> String {
    let keys = keys(old).zip(keys(new)).map(|(old, new)| {
        let missing = old.iter().filter(|(key, _)| new.iter().all(|(name, _)| name != key)).map(|(key, _)| key);
        let changed = new.iter().filter(|entry| !old.contains(entry)).map(|(key, _)| key);
        changed.chain(missing).map(String::as_str).collect::<Vec<_>>().join(", ")
    });
    match keys.filter(|keys| !keys.is_empty()) {
        Some(keys) => format!("the launchd job that these states write ({keys})"),
        None => "the launchd job that these states write".to_owned(),
    }
}

/// The keys of a plist with their values as text.
fn keys(text: &str) -> Option<Vec<(String, String)>> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).ok()?;
    let dict = document.root_element().first_element_child()?;
    let elements: Vec<Node<'_, '_>> = dict.children().filter(Node::is_element).collect();
    let pair = |pair: &[Node<'_, '_>]| {
        let [key, value] = pair else { return None };
        let words = text.get(value.range())?.split_whitespace().collect::<Vec<_>>().join(" ");
        Some((key.text()?.to_owned(), words))
    };
    elements.chunks(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_are_shown() {
        let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        for (old, new, gone, come) in [
            (&[("A", "1")][..], &[("A", "1")][..], "", ""),
            (&[("A", "1")], &[], "A", "none"),
            (&[("A", "1")], &[("A", "2")], "A as it was", "A as it is now"),
            (&[("A", "1"), ("B", "1")], &[("B", "1"), ("A", "1")], "the order as it was", "the order as it is now"),
            (&[("A", "1"), ("B", "1")], &[("A", "2")], "A B", "A"),
        ] {
            assert_eq!(differing(&pairs(old), &pairs(new)), (gone.to_owned(), come.to_owned()));
        }
    }

    #[test]
    fn keys_of_a_job_are_compared() {
        let job = |inside: &str| format!("<plist><dict>{inside}</dict></plist>");
        let old = job("<key>A</key><true/><key>B</key><string>x</string>");
        for (new, expected) in [
            (job("<key>A</key><true/><key>B</key><string>y</string>"), " (B)"),
            (job("<key>B</key><string>x</string><key>C</key><false/>"), " (C, A)"),
            (job("<key>A</key> <true/><key>B</key><string>x</string>"), ""),
            ("no XML".to_owned(), ""),
        ] {
            assert_eq!(template(&old, &new), format!("the launchd job that these states write{expected}"));
        }
    }
}
