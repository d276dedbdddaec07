//! Whether the rollout applies the states to each host once, in the waves of the plan, and stops when one fails.

use minijinja::{Environment, context};

use crate::plan::{Plan, Wave};
use crate::tree::ROLLOUT;
use crate::verify::yaml::{self, Node};

/// Checks the states that the master runs.
pub(crate) fn check(env: &Environment<'_>, plan: &Plan) -> Result<(), String> {
    if plan.waves.is_empty() {
        return Ok(());
    }
    let rendered = env.get_template(ROLLOUT).and_then(|template| template.render(context! {}));
    let sls = yaml::read(&rendered.map_err(|error| error.to_string())?)?.unwrap_or(Node::Null);
    let expected = Node::Map(batches(plan));
    if sls.json() == expected.json() { Ok(()) } else { Err(format!("it says {sls:?} instead of {expected:?}")) }
}

/// The states in their order.
fn batches(plan: &Plan) -> Vec<(Node, Node)> {
    let mut states: Vec<(Node, Node)> = Vec::new();
    let mut previous: Option<String> = None;
    for wave in &plan.waves {
        for (hosts, number) in wave.hosts.chunks(wave.batch.max(1)).zip(1..) {
            let id = format!("tart_rollout_{}_{number}", wave.name);
            let arguments = arguments(wave, hosts, &id, previous.replace(id.clone()));
            states.push((text(&id), map("salt.state", Node::List(arguments))));
        }
    }
    states
}

fn arguments(wave: &Wave, hosts: &[String], id: &str, previous: Option<String>) -> Vec<Node> {
    let whole = usize::try_from(wave.max_failures).is_ok_and(|failures| failures >= wave.batch);
    let most = if whole { u32::MAX } else { u32::try_from(hosts.len() - 1).unwrap_or(u32::MAX) };
    let mut arguments = vec![
        map("name", text(id)),
        map("sls", Node::List(vec![text("tart")])),
        map("allow_fail", Node::Int(wave.max_failures.min(most).into())),
        map("tgt_type", text("list")),
        map("tgt", Node::List(hosts.iter().map(|host| text(host)).collect())),
    ];
    // Each batch waits for the one before it, and so for all.
    arguments.extend(previous.map(|previous| map("require", Node::List(vec![map("salt", text(&previous))]))));
    arguments
}

fn map(key: &str, value: Node) -> Node {
    Node::Map(vec![(text(key), value)])
}

fn text(text: &str) -> Node {
    Node::Quoted(text.to_owned())
}
