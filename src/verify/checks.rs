//! What a host's states must do and must not do, whatever they look like.

use std::collections::BTreeSet;

use minijinja::value::Serde;
use minijinja::{Environment, Value};

use super::states::States;
use super::world::{Condition, home};
use super::{INIT, PLIST, REMOVE, SCRIPT, STATES, plist, yaml};
use crate::plan::{CloneOptions, Host, Plan, Vm};

/// What a host's states are held against.
pub(super) struct Proof<'a> {
    pub(super) env: &'a Environment<'a>,
    pub(super) plan: &'a Plan,
    pub(super) host: &'a Host,
    pub(super) condition: Condition,
    /// The host's pillar as Jinja sees it.
    pub(super) pillar: &'a Value,
}

pub(super) type Check = fn(&Proof<'_>, &States<'_>) -> Result<(), String>;

/// The files with states, and what is asked of them.
pub(super) const CHECKS: [(&str, Check); 2] = [(INIT, check_init), (REMOVE, check_remove)];

/// Files that states fetch from the master must be in the tree.
pub(super) fn sources(states: &States<'_>) -> Result<(), String> {
    let known = [PLIST, SCRIPT].map(|path| path.replace(STATES, "salt://"));
    let missing = states.iter().find(|(_, state)| {
        state.argument("source").is_some() && !known.iter().any(|path| path == state.text("source"))
    });
    missing.map_or(Ok(()), |(id, state)| Err(format!("`{id}`: there is no `{}`", state.text("source"))))
}

fn check_init(proof: &Proof<'_>, states: &States<'_>) -> Result<(), String> {
    let host = proof.host;
    if !host.vms.is_empty() {
        has(states, &["tart_tap", "tart_install"], "")?;
    }
    for vm in &host.vms {
        if vm.enabled {
            has(states, &["tart_clone_", "tart_set_", "tart_plist_", "tart_service_"], &vm.name)?;
            // A plist that is as it should be is left to itself.
            if proof.condition != Condition::Converged {
                check_plist(proof, states, vm)?;
            }
            check_options(states, vm)?;
        } else {
            has(states, &["tart_unload_", "tart_stop_", "tart_plist_absent_"], &vm.name)?;
        }
    }
    deletes_only(states, host.removed.iter())
}

fn check_remove(proof: &Proof<'_>, states: &States<'_>) -> Result<(), String> {
    let host = proof.host;
    let all = || host.vms.iter().map(|vm| &vm.name).chain(&host.removed);
    for name in all() {
        has(states, &["tart_unload_", "tart_stop_", "tart_plist_absent_"], name)?;
    }
    deletes_only(states, all())
}

fn has(states: &States<'_>, prefixes: &[&str], name: &str) -> Result<(), String> {
    let missing = prefixes.iter().map(|prefix| format!("{prefix}{name}")).find(|id| !states.contains_key(id.as_str()));
    missing.map_or(Ok(()), |id| Err(format!("there is no state `{id}`")))
}

/// The promise of the product: nothing deletes a VM that the spec did not say to remove.
fn deletes_only<'a>(states: &States<'_>, names: impl Iterator<Item = &'a String>) -> Result<(), String> {
    let expected: BTreeSet<String> = names.map(|name| format!("tart_delete_{name}")).collect();
    let deletes = |id: &str, verb: Option<&str>| id.starts_with("tart_delete_") || verb == Some("delete");
    let found: BTreeSet<String> =
        states.iter().filter(|(id, state)| deletes(id, state.verb())).map(|(id, _)| (*id).to_owned()).collect();
    if found == expected { Ok(()) } else { Err(format!("the states {found:?} delete VMs, instead of {expected:?}")) }
}

/// Where jobs find programs, unless the spec says otherwise.
const SEARCHED: &str = "/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

/// What launchd must run for a VM: the program and its arguments.
pub(crate) fn program<'a>(plan: &'a Plan, vm: &'a Vm) -> Vec<&'a str> {
    let arguments = vm.arguments.iter().map(String::as_str);
    [plan.tart.binary.as_str(), "run"].into_iter().chain(arguments).chain([vm.name.as_str()]).collect()
}

/// The environment that launchd must run it in, in the order of the names.
pub(crate) fn variables<'a>(vm: &'a Vm, home: &'a str) -> Vec<(&'a str, &'a str)> {
    let own = vm.daemon.environment.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let mut variables: Vec<_> = own.clone().collect();
    let usual = [("HOME", home), ("PATH", SEARCHED)];
    variables.extend(usual.into_iter().filter(|(name, _)| own.clone().all(|(own, _)| own != *name)));
    variables.sort_unstable();
    variables
}

fn check_plist(proof: &Proof<'_>, states: &States<'_>, vm: &Vm) -> Result<(), String> {
    let name = vm.name.as_str();
    let id = format!("tart_plist_{name}");
    let state = states.get(id.as_str()).ok_or_else(|| format!("there is no state `{id}`"))?;
    let problem = |problem: String| format!("`{id}`: {problem}");
    let label = format!("com.tart.{name}");
    let path = format!("/Library/LaunchDaemons/{label}.plist");
    for (argument, expected) in
        [("name", path.as_str()), ("user", "root"), ("group", "wheel"), ("mode", "0644"), ("template", "jinja")]
    {
        if state.text(argument) != expected {
            return Err(problem(format!("`{argument}` is not `{expected}`")));
        }
    }
    let context = Value::from(Serde(state.argument("context").map(yaml::Node::json).unwrap_or_default()));
    let context = minijinja::context! { pillar => proof.pillar, ..context };
    let rendered = proof.env.get_template(PLIST).and_then(|template| template.render(context));
    let rendered = rendered.map_err(|error| problem(format!("{error}")))?;

    let home = home(proof.host);
    let (arguments, environment) = (program(proof.plan, vm), variables(vm, &home));
    let log = |path: &Option<String>, ending: &str| {
        path.clone().unwrap_or_else(|| format!("/var/log/tart/{name}.{ending}.log"))
    };
    let job = plist::Job {
        label: &label,
        user: &proof.host.run_user,
        arguments: &arguments,
        environment: &environment,
        keep_alive: vm.daemon.keep_alive,
        throttle_interval: vm.daemon.throttle_interval,
        standard_out_path: &log(&vm.daemon.standard_out_path, "out"),
        standard_error_path: &log(&vm.daemon.standard_error_path, "err"),
    };
    plist::check(&rendered, &job).map_err(problem)
}

/// The commands that make a VM and size it must end in just what the plan says of its screen and of `tart clone`.
fn check_options(states: &States<'_>, vm: &Vm) -> Result<(), String> {
    let CloneOptions { concurrency, prune_limit, insecure, timeout } = vm.clone;
    let display = vm.display.as_ref().map(|display| format!("display={display}"));
    let is_bridged = vm.arguments.iter().any(|argument| argument.starts_with("--net-bridged"));
    let creation = [
        display.clone(),
        (timeout != CloneOptions::default().timeout).then(|| format!("timeout={timeout}")),
        concurrency.map(|number| format!("--concurrency={number}")),
        prune_limit.map(|number| format!("--prune-limit={number}")),
        insecure.then(|| "--insecure".to_owned()),
        is_bridged.then(|| "--random-mac".to_owned()),
    ];
    for (prefix, expected) in
        [("tart_clone_", creation.into_iter().flatten().collect::<Vec<_>>()), ("tart_set_", Vec::from_iter(display))]
    {
        let id = format!("{prefix}{}", vm.name);
        let Some(state) = states.get(id.as_str()).filter(|state| state.verb().is_some()) else { continue };
        let is_option = |word: &&str| word.starts_with("--") || word.contains('=');
        let found: Vec<_> = state.text("name").split_whitespace().filter(is_option).collect();
        if found != expected {
            return Err(format!("`{id}`: its options are {found:?} instead of {expected:?}"));
        }
    }
    Ok(())
}
