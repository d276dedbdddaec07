//! Whether a pillar file says exactly what the plan says, to any YAML parser.

use crate::plan::{CloneOptions, Daemon, HEADLESS, Host, Vm};
use crate::verify::yaml::Node;

/// The pillar a host must have, down to the style of each scalar.
pub(crate) fn expected(host: &Host) -> Node {
    let mut tart = vec![
        (bare("run_user"), quoted(&host.run_user)),
        (bare("vms"), Node::Map(host.vms.iter().map(|vm| (quoted(&vm.name), settings(vm))).collect())),
    ];
    if !host.removed.is_empty() {
        tart.push((bare("removed"), Node::List(host.removed.iter().map(|name| quoted(name)).collect())));
    }
    Node::Map(vec![(bare("tart"), Node::Map(tart))])
}

fn settings(vm: &Vm) -> Node {
    let mut settings = vec![
        (bare("image"), quoted(&vm.image)),
        (bare("cpu"), int(vm.cpu.into())),
        (bare("memory"), int(vm.memory)),
        (bare("disk"), int(vm.disk)),
        (bare("enabled"), Node::Bool(vm.enabled)),
    ];
    let mut add = |key: &str, value: Option<Node>| settings.extend(value.map(|value| (bare(key), value)));
    add("display", vm.display.as_deref().map(quoted));
    add("clone", clone(&vm.clone));
    let arguments = || Node::List(vm.arguments.iter().map(|argument| quoted(argument)).collect());
    add("arguments", (vm.arguments != [HEADLESS]).then(arguments));
    let Daemon { keep_alive, throttle_interval, environment, standard_out_path, standard_error_path } = &vm.daemon;
    add("keep_alive", (!keep_alive).then_some(Node::Bool(false)));
    add("throttle_interval", (*throttle_interval != 10).then(|| int((*throttle_interval).into())));
    let variables = || Node::Map(environment.iter().map(|(name, value)| (quoted(name), quoted(value))).collect());
    add("environment", (!environment.is_empty()).then(variables));
    add("standard_out_path", standard_out_path.as_deref().map(quoted));
    add("standard_error_path", standard_error_path.as_deref().map(quoted));
    Node::Map(settings)
}

fn clone(clone: &CloneOptions) -> Option<Node> {
    let CloneOptions { concurrency, prune_limit, insecure, timeout } = *clone;
    let entries = [
        ("concurrency", concurrency.map(|number| int(number.into()))),
        ("prune_limit", prune_limit.map(|number| int(number.into()))),
        ("insecure", insecure.then_some(Node::Bool(true))),
        ("timeout", (timeout != 3600).then(|| int(timeout.into()))),
    ];
    let entries: Vec<_> = entries.into_iter().filter_map(|(key, value)| Some((bare(key), value?))).collect();
    (!entries.is_empty()).then_some(Node::Map(entries))
}

/// A number beyond i64 never equals what is read, so it fails the comparison.
fn int(number: u64) -> Node {
    i64::try_from(number).map_or(Node::Null, Node::Int)
}

fn bare(text: &str) -> Node {
    Node::Bare(text.to_owned())
}

fn quoted(text: &str) -> Node {
    Node::Quoted(text.to_owned())
}
