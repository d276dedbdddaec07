//! Whether a pillar file says exactly what the plan says, to any YAML parser.

use crate::plan::{Host, Vm};
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
    // A number beyond i64 never equals what is read, so it fails the comparison.
    let int = |number: u64| i64::try_from(number).map_or(Node::Null, Node::Int);
    Node::Map(vec![
        (bare("image"), quoted(&vm.image)),
        (bare("cpu"), int(vm.cpu.into())),
        (bare("memory"), int(vm.memory)),
        (bare("disk"), int(vm.disk)),
        (bare("enabled"), Node::Bool(vm.enabled)),
    ])
}

fn bare(text: &str) -> Node {
    Node::Bare(text.to_owned())
}

fn quoted(text: &str) -> Node {
    Node::Quoted(text.to_owned())
}
