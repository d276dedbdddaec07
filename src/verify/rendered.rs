//! The states of one host as Salt renders them.

use crate::plan::{Host, Plan};
use crate::tree::Tree;
use crate::verify::states::states;
use crate::verify::world::{Condition, Mac};
use crate::verify::yaml::{self, Node};
use crate::verify::{INIT, REMOVE, host_path, read_pillar, shared, templates, text};

/// One of the two files of states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sls {
    /// `tart`.
    Init,
    /// `tart.remove`.
    Remove,
}

impl Sls {
    /// As `state.apply` takes it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Init => "tart",
            Self::Remove => "tart.remove",
        }
    }
}

/// The states that a file gives a host whose Mac is in a condition. An error is a bug of tartgen.
pub(crate) fn rendered(
    plan: &Plan,
    tree: &Tree,
    host: &Host,
    sls: Sls,
    condition: Condition,
) -> Result<Option<Node>, String> {
    let env = templates(&shared(plan), tree)?;
    let pillar = read_pillar(text(tree, &host_path(&env, plan.layout, &host.minion_id)?)?, host)?.json();
    let path = match sls {
        Sls::Init => INIT,
        Sls::Remove => REMOVE,
    };
    let context = Mac::new(plan, host, condition).context(&pillar);
    let rendered = env.get_template(path).and_then(|template| template.render(context));
    let node = yaml::read(&rendered.map_err(|error| format!("{path}: {error}"))?)?;
    if let Some(node) = &node {
        states(node)?;
    }
    Ok(node)
}
