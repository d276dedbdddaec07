//! Arguments of `tart run` back to the keys of `run`.

use crate::catalog::{Form, RUN_FLAGS, RunFlag};
use crate::plan::{HEADLESS, Vm};

/// Keys of `run` and their values, as YAML.
pub(super) type Flags = Vec<(&'static str, Value)>;

/// The value of a key of `run`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// Whether the flag is passed.
    Switch(bool),
    /// The one value of a flag.
    Word(String),
    /// The values of a flag.
    List(Vec<String>),
}

/// Flags whose value the spec takes apart into several keys.
const COMPOUND: &[&str] = &["disk", "dir", "root_disk_opts", "provisioning_opts"];

/// Flags that come once.
const SINGLE: &[&str] = &["serial_path", "rosetta"];

/// The keys of `run` that give a VM its arguments, or why there are none.
pub(super) fn flags(vm: &Vm) -> Result<Flags, String> {
    let mut flags = Flags::new();
    if !vm.arguments.iter().any(|argument| argument == HEADLESS) {
        flags.push(("no_graphics", Value::Switch(false)));
    }
    for argument in vm.arguments.iter().filter(|argument| *argument != HEADLESS) {
        let (name, value) = argument.split_once('=').map_or((argument.as_str(), None), |(n, v)| (n, Some(v)));
        let about = RUN_FLAGS.iter().find(|flag| flag.on_command_line() == name);
        let about = about.ok_or_else(|| refusal(vm, argument, "tart has no such flag, or not for launchd"))?;
        if COMPOUND.contains(&about.key) {
            return Err(refusal(vm, argument, &format!("write it under `run: {}` after the import", about.key)));
        }
        let value =
            read(about, value).ok_or_else(|| refusal(vm, argument, "write it as `--flag` or `--flag=VALUE`"))?;
        match (flags.iter_mut().find(|(key, _)| *key == about.key), value) {
            (None, value) => flags.push((about.key, value)),
            (Some((_, Value::List(list))), Value::List(more)) => list.extend(more),
            (Some(_), _) => return Err(refusal(vm, argument, "it stands twice")),
        }
    }
    Ok(flags)
}

fn read(about: &RunFlag, value: Option<&str>) -> Option<Value> {
    match (about.form, value) {
        (Form::Switch, None) => Some(Value::Switch(true)),
        (Form::Each, Some(word)) if SINGLE.contains(&about.key) => Some(Value::Word(word.to_owned())),
        (Form::Each, Some(word)) => Some(Value::List(vec![word.to_owned()])),
        (Form::List, Some(words)) => Some(Value::List(words.split(',').map(str::to_owned).collect())),
        (Form::Switch, Some(_)) | (Form::Each | Form::List, None) => None,
    }
}

fn refusal(vm: &Vm, argument: &str, advice: &str) -> String {
    format!("the argument `{argument}` of the VM `{}` cannot be imported: {advice}", vm.name)
}
