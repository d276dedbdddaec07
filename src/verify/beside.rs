//! Whether each minion gets its own pillar file, and nothing else does, where the files stand beside the pillar root.

use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Kwargs, Object, Rest, Serde};
use minijinja::{Environment, Error, ErrorKind, Value, context};
use serde_json::json;

use crate::tree::BESIDE_DIR;
use crate::verify::top::{IMPOSTORS, given};
use crate::verify::{PILLAR_INIT, TOP, yaml};

/// Where the imagined master has the tree; no pillar root is at the root of a disk.
const ROOT: &str = "/srv/";

/// The one file that is read for a minion, by its path in the tree.
pub(crate) fn file(env: &Environment<'_>, minion_id: &str) -> Result<String, String> {
    let given = given(env, TOP, minion_id)?;
    if given != ["tart"] {
        return Err(format!("the minion would get {given:?}"));
    }
    let (rendered, read) = render(env, minion_id, Disk::FULL)?;
    let [path] = read.as_slice() else {
        return Err(format!("the minion would get {read:?}"));
    };
    // Nothing but comments may stand around what was read, and nothing may be added to it.
    let lines = rendered.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    if !lines.eq([CONTENT]) {
        return Err(format!("{PILLAR_INIT}: the file does not come out as it is: {rendered}"));
    }
    let prefix = format!("{ROOT}salt/pillar/../hosts/");
    let name = path.strip_prefix(prefix.as_str()).filter(|name| !name.contains('/'));
    name.map(|name| format!("{BESIDE_DIR}/{name}")).ok_or_else(|| format!("the minion would get {path}"))
}

/// Checks that no impostor gets anything, that a minion without a file gets nothing, and that a pillar root which was
/// copied alone is noticed.
pub(crate) fn refuses_impostors(env: &Environment<'_>) -> Result<(), String> {
    for id in IMPOSTORS {
        let (rendered, read) = render(env, id, Disk::FULL)?;
        if !read.is_empty() || yaml::read(&rendered)?.is_some() {
            return Err(format!("a minion called `{}` would get {read:?}", id.escape_debug()));
        }
    }
    let (rendered, read) = render(env, "stranger", Disk { files: false, ..Disk::FULL })?;
    if !read.is_empty() || yaml::read(&rendered)?.is_some() {
        return Err(format!("a minion without a file would get {read:?}"));
    }
    match render(env, "mm1", Disk { files: false, folders: false }) {
        Err(problem) if problem.contains("copy salt/hosts") => Ok(()),
        other => Err(format!("nobody would notice that the folder of the hosts is missing: {other:?}")),
    }
}

/// What the file of every host holds here.
const CONTENT: &str = "content: read";

/// What is on the master's disk.
#[derive(Debug, Clone, Copy)]
struct Disk {
    files: bool,
    folders: bool,
}

impl Disk {
    /// Everything that anybody asks for.
    const FULL: Self = Self { files: true, folders: true };
}

/// What comes of the pillar's Jinja for a minion, and the files that were read.
fn render(env: &Environment<'_>, minion_id: &str, disk: Disk) -> Result<(String, Vec<String>), String> {
    let salt = Arc::new(Salt { disk, read: Mutex::default() });
    // A minion may claim any grains, so they must not matter.
    let claims = json!({ "id": "somebody-else" });
    let context = context! {
        salt => Value::from_dyn_object(Arc::clone(&salt)),
        opts => Serde(json!({ "id": minion_id })),
        grains => Serde(claims),
        tplpath => format!("{ROOT}{PILLAR_INIT}"),
    };
    let rendered = env.get_template(PILLAR_INIT).and_then(|template| template.render(context));
    let rendered = rendered.map_err(|error| format!("{PILLAR_INIT}: {error}"))?;
    let read = salt.read.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok((rendered, read))
}

/// Salt's `salt` on the master: the functions that look at its disk.
#[derive(Debug)]
struct Salt {
    disk: Disk,
    read: Mutex<Vec<String>>,
}

impl Object for Salt {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let function = key.as_str()?.to_owned();
        let salt = Arc::clone(self);
        Some(Value::from_function(move |args: Rest<Value>, _: Kwargs| {
            let path = args.first().and_then(Value::as_str).unwrap_or_default();
            match function.as_str() {
                "file.directory_exists" => Ok(Value::from(salt.disk.folders)),
                "file.file_exists" => Ok(Value::from(salt.disk.files)),
                "file.read" => {
                    salt.read.lock().unwrap_or_else(PoisonError::into_inner).push(path.to_owned());
                    Ok(Value::from(CONTENT))
                }
                other => Err(Error::new(ErrorKind::InvalidOperation, format!("the pillar asks for salt['{other}']"))),
            }
        }))
    }
}
