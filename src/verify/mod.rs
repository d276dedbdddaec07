//! Proves the tree before anything of it is in its place: renders it as Salt will, reads the results back, and compares
//! them with the plan.
//!
//! Nothing here uses `render`, so a mistake there cannot hide itself. What is proven for each of ten thousand hosts is
//! proven by a quick reader of just the form that is emitted; whatever it does not read goes to the general one.

mod alike;
mod beside;
mod checks;
mod jinja;
mod lines;
mod mapping;
mod pillar;
mod plist;
mod rendered;
mod rollout;
mod shape;
mod states;
mod top;
mod world;
mod yaml;

pub(crate) use self::checks::{program, variables};
pub(crate) use self::rendered::{Sls, rendered};
pub(crate) use self::world::{Condition, home};
pub(crate) use self::yaml::Node;
#[cfg(test)]
pub(crate) use self::yaml::read as read_yaml;

use std::str;

use minijinja::value::Serde;
use minijinja::{Environment, Value};

use self::alike::Shapes;
use self::checks::{CHECKS, Check, Proof, sources};
pub(crate) use self::jinja::environment;
use self::mapping::Mapping;
use self::world::{CONDITIONS, Mac};
use crate::parallel::{each, parts};
use crate::plan::{Host, Layout, Plan};
use crate::tree::seal::{Seal, inspect};
use crate::tree::{HOSTS_DIR, INIT, PILLAR_INIT, ROLLOUT, Tree};

const REMOVE: &str = "salt/states/tart/remove.sls";
/// What `salt://` stands for.
const STATES: &str = "salt/states/";
const PLIST: &str = "salt/states/tart/files/com.tart.vm.plist.jinja";
const SCRIPT: &str = "salt/states/tart/files/tart-vm.sh";
const TOP: &str = "salt/pillar/top.sls";

/// Fewest files that are worth a thread.
const PART: usize = 200;

/// Up to so many hosts have the file rendered that gives them theirs.
const FEW: usize = 4;

/// Longest line of a file that people read, the values of the user aside.
const WIDTH: usize = 160;

/// Proves that the tree says what the plan says, to Salt, YAML and launchd. An error is a bug of tartgen.
pub(crate) fn verify(plan: &Plan, tree: &Tree) -> Result<(), String> {
    let shared = shared(plan);
    let env = templates(&shared, tree)?;
    for &path in &shared {
        let mut long = text(tree, path)?.lines().filter(|line| line.len() > WIDTH);
        if let Some(line) = long.find(|line| width(line, plan) > WIDTH) {
            return Err(format!("{path}: a line is longer than {WIDTH} characters: {line}"));
        }
    }
    match plan.layout {
        Layout::Inside => top::refuses_impostors(&env, TOP).map_err(|problem| format!("{TOP}: {problem}"))?,
        Layout::Beside => beside::refuses_impostors(&env).map_err(|problem| format!("{PILLAR_INIT}: {problem}"))?,
    }
    rollout::check(&env, plan).map_err(|problem| format!("{ROLLOUT}: {problem}"))?;

    let given = hosts(&env, plan, tree)?;
    no_others(tree, &shared, &given.paths)?;
    shared.iter().try_for_each(|path| is_known(path, text(tree, path)?))?;
    // Hosts of one shape have the same states, up to values that the states do not look into.
    let pillars = each(&given.hosts, 1, |host| {
        // Found by a rendering, whatever was understood of the file that gives hosts theirs.
        let (path, source) = pillar_of(&env, plan.layout, None, tree, host, &mut 0)?;
        read_pillar(source, host).map(|pillar| pillar.json()).map_err(|problem| format!("{path}: {problem}"))
    });
    let pillars = pillars.into_iter().collect::<Result<Vec<_>, String>>()?;
    let macs = given.hosts.into_iter().zip(&pillars);
    let macs = macs.flat_map(|(host, pillar)| CONDITIONS.map(|condition| (host, pillar, condition)));
    let cases: Vec<_> = macs.flat_map(|mac| CHECKS.map(|check| (mac, check))).collect();
    let proven = each(&cases, 1, |((host, pillar, condition), (file, check))| {
        prove(&env, plan, host, pillar, *condition, file, *check)
            .map_err(|problem| format!("{file}: {problem} (for `{}`, on a Mac that is {condition:?})", host.minion_id))
    });
    proven.into_iter().collect()
}

/// What hosts get.
struct Given<'a> {
    /// The paths of their pillar files, each with the host's id, in the order of the paths.
    paths: Vec<(String, &'a str)>,
    /// Hosts whose states are like those of all.
    hosts: Vec<&'a Host>,
}

/// Checks that each host gets a file of its own, which says just what the plan says.
fn hosts<'a>(env: &Environment<'static>, plan: &'a Plan, tree: &'a Tree) -> Result<Given<'a>, String> {
    let served = match plan.layout {
        Layout::Inside => TOP,
        Layout::Beside => PILLAR_INIT,
    };
    // To understand the file is worth a few renderings of it.
    let is_worth = plan.hosts.len() > FEW;
    let mapping = if is_worth { Mapping::read(env, plan.layout, text(tree, served)?) } else { None };
    let proven = parts(&plan.hosts, PART, |hosts| {
        let mut paths = Vec::with_capacity(hosts.len());
        let (mut reader, mut shapes) = (lines::Reader::default(), Shapes::default());
        let mut next = 0;
        for host in hosts {
            let (path, source) = pillar_of(env, plan.layout, mapping.as_ref(), tree, host, &mut next)?;
            is_known(&path, source)?;
            if !reader.says(source, host) {
                read_pillar(source, host).map_err(|problem| format!("{path}: {problem}"))?;
            }
            paths.push((path, &*host.minion_id));
            shapes.add(host);
        }
        Ok((paths, shapes.hosts()))
    });
    let (mut paths, mut shapes) = (Vec::with_capacity(plan.hosts.len()), Shapes::default());
    for (part, hosts) in proven.into_iter().collect::<Result<Vec<_>, String>>()? {
        paths.extend(part);
        for host in hosts {
            shapes.add(host);
        }
    }
    paths.sort();
    let twice = paths.windows(2).find_map(|pair| match pair {
        [(first, _), (second, id)] if first == second => Some(*id),
        _ => None,
    });
    match twice {
        Some(id) => Err(format!("{TOP}: `{id}` gets the file of another minion")),
        None => Ok(Given { paths, hosts: shapes.hosts() }),
    }
}

/// The path and the text of the one pillar file that a host is given, which is probably the `next` in the tree.
fn pillar_of<'t>(
    env: &Environment<'_>,
    layout: Layout,
    mapping: Option<&Mapping<'_>>,
    tree: &'t Tree,
    host: &Host,
    next: &mut usize,
) -> Result<(String, &'t str), String> {
    let id = &host.minion_id;
    let path = match mapping.and_then(|mapping| mapping.path(id)) {
        Some(path) => path,
        None => host_path(env, layout, id).map_err(|problem| format!("{TOP}, for `{id}`: {problem}"))?,
    };
    let text = utf8(&path, tree.get_next(&path, next))?;
    Ok((path, text))
}

/// Checks that there are no other files, and that no file is there twice.
fn no_others(tree: &Tree, shared: &[&str], hosts: &[(String, &str)]) -> Result<(), String> {
    if let Some(((path, _), _)) = tree.iter().zip(tree.iter().skip(1)).find(|((one, _), (next, _))| one >= next) {
        return Err(format!("{path}: two files at one path"));
    }
    // Those of hosts are all there, and in the same order.
    let mut expected = hosts.iter().map(|(path, _)| path.as_str());
    let mut own = tree.iter().map(|(path, _)| path).filter(|path| !shared.contains(path));
    own.find(|path| expected.next() != Some(path)).map_or(Ok(()), |path| Err(format!("{path}: an unexpected file")))
}

/// Checks that tartgen will know a file for its own.
fn is_known(path: &str, text: &str) -> Result<(), String> {
    match inspect(path, text.as_bytes()) {
        Seal::Intact => Ok(()),
        Seal::Broken | Seal::Absent => Err(format!("{path}: tartgen would not recognise its own file")),
    }
}

/// The files that are not a host's.
fn shared(plan: &Plan) -> Vec<&'static str> {
    let beside = (plan.layout == Layout::Beside).then_some(PILLAR_INIT);
    let rollout = (!plan.waves.is_empty()).then_some(ROLLOUT);
    [INIT, REMOVE, PLIST, SCRIPT, TOP].into_iter().chain(beside).chain(rollout).collect()
}

/// The length of a line without what the user chose to be long.
fn width(line: &str, plan: &Plan) -> usize {
    let tart = &plan.tart;
    let prefix = tart.brew.strip_suffix("/bin/brew").unwrap_or(&tart.brew);
    let values = [tart.binary.as_str(), &tart.brew, prefix, &tart.tap, &tart.formula, &plan.spec_name];
    let long = values.into_iter().chain(tart.trust.iter().map(String::as_str)).filter(|value| value.len() > 8);
    long.fold(line.to_owned(), |line, value| line.replace(value, "")).chars().count()
}

/// The Jinja files of the tree, by their paths; they include each other by their paths below `salt://`.
fn templates(paths: &[&'static str], tree: &Tree) -> Result<Environment<'static>, String> {
    let mut env = jinja::environment();
    env.set_path_join_callback(|name, _| format!("{STATES}{name}").into());
    for &path in paths.iter().filter(|path| **path != SCRIPT) {
        env.add_template_owned(path, text(tree, path)?.to_owned())
            .map_err(|error| format!("{path}: not Jinja: {error}"))?;
    }
    Ok(env)
}

fn text<'t>(tree: &'t Tree, path: &str) -> Result<&'t str, String> {
    utf8(path, tree.get(path))
}

fn utf8<'t>(path: &str, bytes: Option<&'t [u8]>) -> Result<&'t str, String> {
    let bytes = bytes.ok_or_else(|| format!("{path}: missing"))?;
    str::from_utf8(bytes).map_err(|_| format!("{path}: not UTF-8"))
}

/// The one pillar file that a minion is given.
fn host_path(env: &Environment<'_>, layout: Layout, minion_id: &str) -> Result<String, String> {
    if layout == Layout::Beside {
        return beside::file(env, minion_id);
    }
    let files = top::given(env, TOP, minion_id)?;
    let [file] = files.as_slice() else {
        return Err(format!("the minion would get {files:?}"));
    };
    let name = file.strip_prefix("tart.hosts.").filter(|name| !name.contains(['.', '/', '*', '?', '[']));
    name.map(|name| format!("{HOSTS_DIR}/{name}.sls")).ok_or_else(|| format!("Salt would not find `{file}`"))
}

/// The pillar in a file that says what the plan says, as a general parser reads it.
fn read_pillar(source: &str, host: &Host) -> Result<yaml::Node, String> {
    if !source.starts_with("#!yaml\n") {
        return Err("Salt would render the values as Jinja".to_owned());
    }
    let pillar = yaml::read(source)?.unwrap_or(yaml::Node::Null);
    let expected = pillar::expected(host);
    if pillar == expected { Ok(pillar) } else { Err(format!("it says {pillar:?} instead of {expected:?}")) }
}

/// Renders the states in a file as Salt does on one Mac, and checks them.
fn prove(
    env: &Environment<'_>,
    plan: &Plan,
    host: &Host,
    pillar: &serde_json::Value,
    condition: Condition,
    file: &str,
    check: Check,
) -> Result<(), String> {
    let context = Mac::new(plan, host, condition).context(pillar);
    let rendered = env.get_template(file).and_then(|template| template.render(context));
    let Some(sls) = yaml::read(&rendered.map_err(|error| error.to_string())?)? else { return Ok(()) };
    let states = states::states(&sls)?;
    sources(&states)?;
    check(&Proof { env, plan, host, condition, pillar: &Value::from(Serde(pillar)) }, &states)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]
mod tests;
