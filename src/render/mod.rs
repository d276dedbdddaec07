//! `Plan` -> `Tree`: fills the templates of the states and serialises the pillar.

mod host_file;
mod pillar;
mod quote;
mod rollout;
mod template;

use std::fmt;

use crate::parallel::{joined, parts};
use crate::plan::{Host, Layout, Plan};
use crate::render::template::Filler;
use crate::tree::seal::{Comment, seal};
use crate::tree::{BESIDE_DIR, HOSTS_DIR, PILLAR_INIT, ROLLOUT, Tree};

/// The path of the file that a template becomes, the way that file writes comments, and the template.
type Template = (&'static str, Comment, &'static str);

/// The templates of every tree.
const TEMPLATES: &[Template] = &[
    ("salt/states/tart/init.sls", Comment::Hash, include_str!("templates/init.sls.j2")),
    ("salt/states/tart/remove.sls", Comment::Hash, include_str!("templates/remove.sls.j2")),
    (
        "salt/states/tart/files/com.tart.vm.plist.jinja",
        Comment::Jinja,
        include_str!("templates/com.tart.vm.plist.jinja.j2"),
    ),
    (
        "salt/states/tart/files/tart-vm.sh",
        Comment::Hash,
        concat!("#!/bin/sh\n", include_str!("templates/tart-vm.sh.j2")),
    ),
];

/// What gives each minion its file from inside the pillar root.
const INSIDE: &[Template] = &[(TOP, Comment::Hash, include_str!("templates/top.sls.j2"))];

/// What gives each minion its file from beside the pillar root.
const BESIDE: &[Template] = &[
    (TOP, Comment::Hash, include_str!("templates/top-beside.sls.j2")),
    (PILLAR_INIT, Comment::Hash, include_str!("templates/pillar-init.sls.j2")),
];

/// The rollout in waves.
const WAVES: &[Template] = &[(ROLLOUT, Comment::Hash, include_str!("templates/rollout.sls.j2"))];

const TOP: &str = "salt/pillar/top.sls";

/// Why a plan cannot be rendered. The checks before rendering should have refused such a spec.
#[derive(Debug)]
pub(crate) enum RenderError {
    /// A template is wrong: a bug of tartgen.
    Template {
        /// The file that the template becomes.
        path: &'static str,
        /// What the template engine says.
        source: minijinja::Error,
    },
    /// What templates share is wrong: a bug of tartgen.
    Parts(minijinja::Error),
    /// A minion id from which no file name can be made.
    MinionId(String),
    /// Two hosts with one file.
    SameFile(String),
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Template { path, source } => write!(f, "the template of `{path}` is wrong: {source}"),
            Self::Parts(source) => write!(f, "what the templates share is wrong: {source}"),
            Self::MinionId(id) => write!(
                f,
                "no file can be named after the minion id `{}`: it must consist of letters, digits, `.`, `_` and `-`, \
                 and have at most 246 of them, a capital counting twice",
                id.escape_debug()
            ),
            Self::SameFile(path) => write!(f, "two hosts have the file `{path}`"),
        }
    }
}

impl std::error::Error for RenderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Template { source, .. } | Self::Parts(source) => Some(source),
            Self::MinionId(_) | Self::SameFile(_) => None,
        }
    }
}

/// The whole tree of a fleet.
pub(crate) fn render(plan: &Plan) -> Result<Tree, RenderError> {
    let mut tree = Tree::default();
    let filler = Filler::new(plan).map_err(RenderError::Parts)?;
    let (serving, folder) = match plan.layout {
        Layout::Inside => (INSIDE, HOSTS_DIR),
        Layout::Beside => (BESIDE, BESIDE_DIR),
    };
    let rollout = if plan.waves.is_empty() { &[] } else { WAVES };
    for &(path, comment, source) in [TEMPLATES, serving, rollout].into_iter().flatten() {
        let body = filler.fill(path, source).map_err(|source| RenderError::Template { path, source })?;
        tree.insert(path.to_owned(), seal(comment, &plan.spec_name, path, &body).into_bytes());
    }
    let files = parts(&plan.hosts, PART, |hosts| {
        let (mut writer, mut files) = (pillar::Writer::default(), Vec::with_capacity(hosts.len()));
        for host in hosts {
            files.push(host_pillar(plan, folder, host, &mut writer)?);
        }
        Ok(files)
    });
    tree.extend(joined(files.into_iter().collect::<Result<_, RenderError>>()?)).map_err(RenderError::SameFile)?;
    Ok(tree)
}

/// Fewest hosts that are worth a thread.
const PART: usize = 200;

/// The path and the bytes of a host's pillar file, which stands in a folder.
fn host_pillar<'p>(
    plan: &Plan,
    folder: &str,
    host: &'p Host,
    writer: &mut pillar::Writer<'p>,
) -> Result<(String, Vec<u8>), RenderError> {
    let name = host_file::host_file(&host.minion_id).ok_or_else(|| RenderError::MinionId(host.minion_id.clone()))?;
    let path = format!("{folder}/{name}");
    let sealed = seal(Comment::Hash, &plan.spec_name, &path, &writer.pillar(host));
    Ok((path, sealed.into_bytes()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]
mod tests;
