//! Whether each minion gets its own pillar file, and nothing else does.

use minijinja::value::Serde;
use minijinja::{Environment, context};
use serde_json::json;

use crate::verify::yaml;

/// Ids that Salt would read as patterns, or that only look like an id. None may get any pillar.
pub(crate) const IMPOSTORS: &[&str] =
    &["*", "?", "mm*", "[!x]*", "mm1\n", "", "../mm1", "a/b", "mm1.", "=m", "a+b", "é", "{{ 1 }}"];

/// The names of the files that `top.sls`, already added to `env` under `template`, gives to a minion.
pub(crate) fn given(env: &Environment<'_>, template: &str, minion_id: &str) -> Result<Vec<String>, String> {
    // A minion may claim any grains, so they must not matter.
    let claims = json!({ "id": "somebody-else" });
    let context = context! { opts => Serde(json!({ "id": minion_id })), grains => Serde(claims) };
    let rendered = env.get_template(template).and_then(|template| template.render(context));
    let rendered = rendered.map_err(|error| format!("{error}"))?;
    let Some(top) = yaml::read(&rendered)? else {
        return Ok(Vec::new());
    };
    let problem = || format!("unexpected content: {top:?}");
    let [(base, targets)] = top.map().ok_or_else(problem)? else {
        return Err(problem());
    };
    match (base.text(), targets.map()) {
        (Some("base"), Some([(everybody, files)])) if everybody.text() == Some("*") => {
            let files = files.list().ok_or_else(problem)?;
            // What is there for everybody cannot be missing.
            let files = match files {
                [first, files @ ..] if first.get("ignore_missing") == Some(&yaml::Node::Bool(true)) => files,
                [everybodys] if everybodys.text() == Some("tart") => files,
                _ => return Err("a minion without a file would get an error".to_owned()),
            };
            files.iter().map(|file| file.text().map(str::to_owned).ok_or_else(problem)).collect()
        }
        _ => Err(problem()),
    }
}

/// Checks that no impostor gets anything.
pub(crate) fn refuses_impostors(env: &Environment<'_>, template: &str) -> Result<(), String> {
    for id in IMPOSTORS {
        let files = given(env, template, id)?;
        if !files.is_empty() {
            return Err(format!("a minion called `{}` would get {files:?}", id.escape_debug()));
        }
    }
    Ok(())
}
