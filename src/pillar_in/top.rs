//! A hand-written `top.sls`: which minions get which files.

use super::glob::fits;
use super::problem::Problem;
use super::value::{Node, Value};

/// One target of a top file with the files it gets, by their SLS names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    globs: Vec<String>,
    /// The files, in their order.
    pub(crate) files: Vec<Node>,
}

impl Target {
    /// Whether a minion is meant.
    pub(crate) fn is(&self, minion_id: &str) -> bool {
        self.globs.iter().any(|glob| fits(glob, minion_id))
    }

    /// The minions that are named in full.
    pub(crate) fn named(&self) -> impl Iterator<Item = &str> {
        self.globs.iter().map(String::as_str).filter(|glob| !glob.contains(['*', '?', '[', ']', '!']))
    }
}

/// The targets of a top file, in their order.
pub(crate) fn targets(top: &Node) -> Result<Vec<Target>, Problem> {
    let wrong =
        |node: &Node| Problem::new(&node.place, "a top file maps environments to targets, and targets to files");
    let mut found = Vec::new();
    for (_, environment) in top.map().ok_or_else(|| wrong(top))? {
        for (target, files) in environment.map().ok_or_else(|| wrong(environment))? {
            let items = match &files.value {
                Value::Text(_) => std::slice::from_ref(files),
                Value::List(items) => items.as_slice(),
                Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Map(_) => {
                    return Err(wrong(files));
                }
            };
            let kind = items.iter().find_map(|item| item.get("match")).and_then(Node::text);
            let files = items.iter().filter(|item| item.text().is_some()).cloned().collect();
            found.push(Target { globs: globs(target, kind)?, files });
        }
    }
    Ok(found)
}

/// The globs of a target. What else may stand there asks the minion, which is not here.
fn globs(target: &Node, kind: Option<&str>) -> Result<Vec<String>, Problem> {
    let text = target.written().unwrap_or_default();
    // The ids of a list are no globs, so that brackets have no place there.
    let (globs, signs): (Vec<String>, _) = match kind {
        Some("list") => (text.split(',').map(|id| id.trim().to_owned()).collect(), "._-*?"),
        None | Some("glob" | "compound") => (vec![text.clone()], "._-*?[]!"),
        Some(_) => (Vec::new(), ""),
    };
    let is_glob = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || signs.contains(c));
    if !globs.is_empty() && globs.iter().all(|glob| is_glob(glob)) {
        return Ok(globs);
    }
    let message = format!(
        "only a minion itself can tell whether it is `{text}`; name the output of `salt '*' pillar.raw --out json \
         --static` instead"
    );
    Err(Problem::new(&target.place, message))
}

#[cfg(test)]
mod tests {
    use super::super::values;
    use super::*;

    #[test]
    fn targets_have_files() {
        let read =
            |text: &str| targets(&values("top.sls", text).ok().flatten().unwrap_or_else(|| Node::nothing("top.sls")));
        let found =
            read("base:\n  '*': [a, {ignore_missing: true}]\n  'mm1,mm2': [{match: list}, b.c]\n").unwrap_or_default();
        let shown: Vec<_> = found
            .iter()
            .map(|target| {
                (target.is("mm1"), target.is("x"), target.files.iter().filter_map(Node::text).collect::<Vec<_>>())
            })
            .collect();
        assert_eq!(shown, [(true, true, vec!["a"]), (true, false, vec!["b.c"])]);
        assert_eq!(found.iter().flat_map(Target::named).collect::<Vec<_>>(), ["mm1", "mm2"]);
        for text in [
            "base: {'os:MacOS': [{match: grain}, a]}",
            "base: {'G@os:x': [a]}",
            "base: {'mm[1],mm2': [{match: list}, a]}",
            "base: [a]",
            "base: {a: {b: c}}",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
