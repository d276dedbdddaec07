//! Macs that answer the states' questions, without a Mac.

use std::sync::Arc;

use camino::Utf8Path;
use minijinja::value::{Kwargs, Object, Rest, Serde};
use minijinja::{Error, ErrorKind, Value};
use serde_json::json;

use crate::plan::{Host, Plan, Vm};

/// How far a Mac is from what the plan wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    /// Homebrew and the user's account, nothing of ours.
    Bare,
    /// Everything exists and nothing is as it should be: other sizes, old definitions, dormant and removed VMs running.
    Drifted,
    /// Just as the plan wants it.
    Converged,
}

/// All conditions: together they take the states through their branches.
pub(crate) const CONDITIONS: [Condition; 3] = [Condition::Bare, Condition::Drifted, Condition::Converged];

/// One imagined Mac.
#[derive(Debug)]
pub(crate) struct Mac {
    condition: Condition,
    host: Host,
    brew: String,
    minimum_version: String,
}

/// Where the states remember what they have seen.
const STATE: &str = "/var/db/tartgen/";
const SYSTEM: &[&str] = &["/usr/bin/plutil"];
/// The checksum of every file and text on a converged Mac: there all are as they should be.
pub(crate) const HASH: &str = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
/// The process of every VM.
const PID: u32 = 4711;

impl Mac {
    /// The host of a plan in a condition.
    pub(crate) fn new(plan: &Plan, host: &Host, condition: Condition) -> Self {
        let brew = plan.tart.brew.clone();
        Self { condition, host: host.clone(), brew, minimum_version: plan.tart.minimum_version.clone() }
    }

    /// What Jinja sees of this Mac, besides the pillar.
    pub(crate) fn context(self, pillar: &serde_json::Value) -> Value {
        let grains = json!({
            "id": self.host.minion_id, "kernel": "Darwin", "os": "MacOS", "osarch": "arm64", "cpuarch": "arm64",
            "osrelease": "15.6",
        });
        let opts = json!({ "id": self.host.minion_id });
        let salt = Value::from_object(Salt(Arc::new(self)));
        minijinja::context! { salt, grains => Serde(grains), opts => Serde(opts), pillar => Serde(pillar) }
    }

    fn answer(&self, function: &str, args: &[Value]) -> Result<Value, Error> {
        let path = args.first().and_then(Value::as_str).unwrap_or_default();
        let converged = self.condition == Condition::Converged;
        Ok(match function {
            "file.file_exists" => self.has_file(path).into(),
            "file.directory_exists" => self.has_folder(path).into(),
            "file.get_user" => self.host.run_user.as_str().into(),
            "file.get_hash" => if converged { HASH } else { "" }.into(),
            "file.readdir" => self.plists(path).into(),
            "file.read" if path.ends_with("/config.json") => self.config(path).into(),
            "file.read" => self.text(path).into(),
            "file.stats" => {
                let size = self.vm_at(path).map_or(0, |vm| vm.disk * 1_000_000_000);
                let size = if converged { size } else { 1 };
                let target = home(&self.host);
                Value::from(Serde(
                    json!({ "target": target, "size": size, "mode": "0644", "uid": 0, "group": "wheel" }),
                ))
            }
            "cmd.run_stdout" => self.command(args.first())?.into(),
            "cmd.which" => format!("/bin/{path}").into(),
            "ps.get_pid_list" => vec![PID].into(),
            "ps.proc_info" => Value::from(Serde(json!({ "cmdline": self.running() }))),
            "ps.pgrep" if self.is_running(path) => vec![PID].into(),
            "ps.pgrep" => ().into(),
            _ => return Err(unknown(&format!("salt['{function}']"))),
        })
    }

    /// The `config.json` of a VM. Disks are raw here, so that their size is the length of the file.
    fn config(&self, path: &str) -> String {
        let Some(vm) = self.vm_at(path).filter(|_| self.condition == Condition::Converged) else {
            return "{}".to_owned();
        };
        let display = vm.display.as_ref().map(|display| {
            let size = display.trim_end_matches(|last: char| last.is_ascii_alphabetic());
            let (width, height) = size.split_once('x').unwrap_or_default();
            let number = |text: &str| text.parse::<u64>().unwrap_or_default();
            let (width, height) = (number(width), number(height));
            // Without a unit there is no such key.
            match display.get(size.len()..).filter(|unit| !unit.is_empty()) {
                Some(unit) => json!({ "width": width, "height": height, "unit": unit }),
                None => json!({ "width": width, "height": height }),
            }
        });
        json!({ "cpuCount": vm.cpu, "memorySize": vm.memory * 1024 * 1024, "display": display }).to_string()
    }

    fn has_file(&self, path: &str) -> bool {
        match self.condition {
            Condition::Bare => SYSTEM.contains(&path) || path == self.brew,
            Condition::Drifted => true,
            // Of a VM that is gone, nothing is remembered.
            Condition::Converged if path.starts_with(STATE) => self.remembers(path),
            Condition::Converged => !path.ends_with("/overlay.asif"),
        }
    }

    /// What stands in the folder of launchd.
    fn plists(&self, folder: &str) -> Vec<String> {
        let names = self.host.vms.iter().map(|vm| &vm.name).chain(&self.host.removed);
        let files = names.map(|name| format!("com.tart.{name}.plist"));
        let others = [".", "..", "com.example.plist"].map(str::to_owned);
        others.into_iter().chain(files.filter(|file| self.has_file(&format!("{folder}/{file}")))).collect()
    }

    /// Whether a file of the states' memory is that of a VM, or of tart.
    fn remembers(&self, path: &str) -> bool {
        let path = Utf8Path::new(path);
        let name = path.file_stem();
        // No VM waits for a restart.
        path.extension() != Some("restart")
            && (name == Some("tart") || self.host.vms.iter().any(|vm| Some(vm.name.as_str()) == name))
    }

    fn has_folder(&self, path: &str) -> bool {
        match self.condition {
            // Of an apply that was killed.
            Condition::Bare | Condition::Converged if path.starts_with("/var/run/") => false,
            Condition::Bare => !path.contains("/.tart/vms/"),
            Condition::Drifted => true,
            Condition::Converged => !path.contains("/.tart/vms/") || self.vm_at(path).is_some(),
        }
    }

    /// What the states have written down about a VM or about tart.
    fn text(&self, path: &str) -> String {
        if self.condition != Condition::Converged {
            return String::new();
        }
        if Some("pid") == Utf8Path::new(path).extension() {
            format!("{PID}\n")
        } else {
            format!("{HASH} {}\n", self.minimum_version)
        }
    }

    fn command(&self, argv: Option<&Value>) -> Result<String, Error> {
        let word = |index| argv.and_then(|argv| argv.get_item_by_index(index).ok()).unwrap_or_default();
        match (word(0).as_str().unwrap_or_default(), word(1).as_str().unwrap_or_default()) {
            ("/bin/launchctl", "list") => Ok(self.jobs()),
            ("/bin/launchctl", "print-disabled") => Ok(self.overrides()),
            ("sysctl", "-n") => Ok("1".to_owned()),
            ("sw_vers", "-productVersion") => Ok("15.6".to_owned()),
            (other, _) => Err(unknown(&format!("the command `{other}`"))),
        }
    }

    /// The output of `launchctl list`.
    fn jobs(&self) -> String {
        let names: Vec<&String> = match self.condition {
            Condition::Bare => Vec::new(),
            Condition::Drifted => self.host.vms.iter().map(|vm| &vm.name).chain(&self.host.removed).collect(),
            Condition::Converged => self.host.vms.iter().filter(|vm| vm.enabled).map(|vm| &vm.name).collect(),
        };
        names.iter().fold("PID\tStatus\tLabel".to_owned(), |list, name| format!("{list}\n{PID}\t0\tcom.tart.{name}"))
    }

    /// The output of `launchctl print-disabled system`.
    fn overrides(&self) -> String {
        let word = if self.condition == Condition::Drifted { "disabled" } else { "enabled" };
        let lines = self.host.vms.iter().map(|vm| format!("\t\t\"com.tart.{}\" => {word}\n", vm.name));
        format!("\n\tdisabled services = {{\n{}\t}}\n", lines.collect::<String>())
    }

    /// The words of the command that runs the VMs that should run, as if one process ran them all.
    fn running(&self) -> Vec<&str> {
        let converged = self.condition == Condition::Converged;
        self.host.vms.iter().filter(|vm| converged && vm.enabled).map(|vm| vm.name.as_str()).collect()
    }

    /// Whether a command that runs a VM fits a pattern. (`stop.jinja`: the pattern)
    fn is_running(&self, pattern: &str) -> bool {
        let is_of = |name: &&str| pattern == format!("run (.* )?{name}( |$)");
        self.condition == Condition::Drifted || self.running().iter().any(is_of)
    }

    /// The VM of the plan whose folder, or a file in whose folder, is at a path.
    fn vm_at(&self, path: &str) -> Option<&Vm> {
        let (_, below) = path.split_once("/.tart/vms/")?;
        let name = below.split('/').next()?;
        self.host.vms.iter().find(|vm| vm.name == name)
    }
}

/// The home directory of the account that has the VMs of a host.
pub(crate) fn home(host: &Host) -> String {
    format!("/Users/{}", host.run_user)
}

fn unknown(what: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("the states ask for {what}, which the proof knows nothing about"))
}

/// Salt's `salt`: execution modules by their name.
#[derive(Debug)]
struct Salt(Arc<Mac>);

impl Object for Salt {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let function = key.as_str()?.to_owned();
        let mac = Arc::clone(&self.0);
        Some(Value::from_function(move |args: Rest<Value>, _: Kwargs| mac.answer(&function, &args)))
    }
}
