//! Whether a rendered SLS is what Salt will take it for.

use std::collections::BTreeMap;

use crate::verify::yaml::Node;

/// One state of an SLS.
#[derive(Debug)]
pub(crate) struct State<'a> {
    /// The module, such as `file`.
    pub(crate) module: &'a str,
    /// Module and function, such as `file.managed`.
    pub(crate) function: &'a str,
    /// The arguments, requisites included.
    pub(crate) arguments: Vec<(&'a str, &'a Node)>,
}

/// The states of an SLS by their ID.
pub(crate) type States<'a> = BTreeMap<&'a str, State<'a>>;

/// The functions in use and their arguments. Salt takes an unknown argument in silence, so a slip would go unnoticed.
const FUNCTIONS: &[(&str, &[&str])] = &[
    ("cmd.script", &["name", "source", "shell", "stateful", "timeout"]),
    ("file.absent", &["name"]),
    ("file.directory", &["name", "user", "group", "mode", "makedirs"]),
    (
        "file.managed",
        &["name", "source", "template", "user", "group", "mode", "context", "check_cmd", "show_changes", "tmp_ext"],
    ),
    ("test.fail_without_changes", &["name", "comment"]),
    ("test.nop", &["name"]),
];

/// The requisites, without `_any` and `_in`.
const REQUISITES: &[&str] = &["require", "watch", "onchanges", "onfail", "prereq", "listen"];

/// Arguments that Salt expects to be strings, whatever they look like.
const STRINGS: &[&str] = &["name", "source", "shell", "user", "group", "mode", "template", "check_cmd", "tmp_ext"];

impl<'a> State<'a> {
    /// The value of an argument.
    pub(crate) fn argument(&self, name: &str) -> Option<&'a Node> {
        self.arguments.iter().find(|(argument, _)| *argument == name).map(|(_, value)| *value)
    }

    /// The value of an argument that is a string.
    pub(crate) fn text(&self, name: &str) -> &'a str {
        self.argument(name).and_then(Node::text).unwrap_or_default()
    }

    /// What the state runs whenever it runs, such as `clone`, and not only when another state has changes.
    pub(crate) fn verb(&self) -> Option<&'a str> {
        if self.module == "cmd" { self.text("name").split_whitespace().nth(1) } else { None }
    }
}

/// Takes an SLS apart. The parser has refused IDs that stand twice.
pub(crate) fn states(sls: &Node) -> Result<States<'_>, String> {
    let entries = sls.map().ok_or("the file is not a mapping of state IDs")?;
    let states = entries.iter().map(|(id, body)| {
        let id = id.text().unwrap_or_default();
        Ok((id, state(body).map_err(|problem| format!("`{id}`: {problem}"))?))
    });
    let states = states.collect::<Result<States<'_>, String>>()?;
    for (id, state) in &states {
        check(id, state, &states).map_err(|problem| format!("`{id}`: {problem}"))?;
    }
    Ok(states)
}

fn state(body: &Node) -> Result<State<'_>, String> {
    let Some([(function, arguments)]) = body.map() else {
        return Err("not exactly one function".to_owned());
    };
    let function = function.text().unwrap_or_default();
    let (module, _) = function.split_once('.').ok_or_else(|| format!("`{function}` is not MODULE.FUNCTION"))?;
    let arguments = arguments.list().ok_or_else(|| format!("the arguments of `{function}` are not a list"))?;
    let arguments = arguments.iter().map(|argument| match argument.map() {
        Some([(name, value)]) => Ok((name.text().unwrap_or_default(), value)),
        Some(_) | None => Err(format!("an argument of `{function}` is not one `name: value`")),
    });
    Ok(State { module, function, arguments: arguments.collect::<Result<_, String>>()? })
}

fn check(id: &str, state: &State<'_>, states: &States<'_>) -> Result<(), String> {
    if id.starts_with("__") || id.contains(['*', '?', '[', ']']) {
        return Err("Salt does not take this ID literally".to_owned());
    }
    let known = FUNCTIONS.iter().find(|(function, _)| *function == state.function);
    let (_, known) = known.ok_or_else(|| format!("unexpected function `{}`", state.function))?;
    for (position, &(name, value)) in state.arguments.iter().enumerate() {
        if state.arguments.iter().take(position).any(|(earlier, _)| *earlier == name) {
            return Err(format!("the argument `{name}` stands twice"));
        }
        if requisite(name) {
            targets(name, value, states)?;
        } else if !known.contains(&name) {
            return Err(format!("`{}` takes no argument `{name}`", state.function));
        } else if STRINGS.contains(&name) && value.text().is_none_or(str::is_empty) {
            return Err(format!("the argument `{name}` is not a string: {value:?}"));
        }
    }
    match state.argument("name") {
        Some(_) => Ok(()),
        None => Err("it has no name and would be named after its ID".to_owned()),
    }
}

fn requisite(name: &str) -> bool {
    let name = name.strip_suffix("_in").or_else(|| name.strip_suffix("_any")).unwrap_or(name);
    REQUISITES.contains(&name)
}

/// Each target is `MODULE: ID`, or an ID of whatever module; Salt reads both as patterns, and a pattern that finds
/// nothing stops the whole run.
fn targets(requisite: &str, value: &Node, states: &States<'_>) -> Result<(), String> {
    let targets = value.list().filter(|targets| !targets.is_empty());
    for target in targets.ok_or_else(|| format!("`{requisite}` lists nothing"))? {
        let (module, id) = match target.map() {
            Some([(module, id)]) => (module.text(), id.text()),
            Some(_) => return Err(format!("`{requisite}` has a target that is not one `MODULE: ID`")),
            None => (None, target.text()),
        };
        let id = id.ok_or_else(|| format!("`{requisite}` has a target that is not a string"))?;
        let found = states.get(id).is_some_and(|state| module.is_none_or(|module| module == state.module));
        if !found {
            return Err(format!("`{requisite}` names `{id}`, which is not a state of this file or of another module"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::yaml;

    fn problem(sls: &str) -> String {
        match yaml::read(sls) {
            Ok(Some(node)) => states(&node).err().unwrap_or_default(),
            Ok(None) => "empty".to_owned(),
            Err(error) => error,
        }
    }

    #[test]
    fn a_sound_file_passes() {
        let sls = "a:\n  test.nop:\n    - name: x\nb:\n  file.absent:\n    - name: /x\n    - require:\n      - test: a\n      \
                   - a\n    - require_in: [c]\nc:\n  test.nop: [name: z, onchanges: [file: b]]\n";
        assert_eq!(problem(sls), "");
    }

    #[test]
    fn each_fault_is_found() {
        for (sls, expected) in [
            ("- a\n", "not a mapping"),
            ("a: 1\n", "one function"),
            ("a: {test.nop: [], file.absent: []}\n", "one function"),
            ("a: {test: [nop]}\n", "MODULE.FUNCTION"),
            ("a: {test.nop: {name: x}}\n", "not a list"),
            ("a: {test.nop: [x]}\n", "one `name: value`"),
            ("a: {test.nop: []}\n", "no name"),
            ("a: {test.nop: [name: x, nmae: z]}\n", "no argument `nmae`"),
            ("a: {test.nop: [name: x, name: z]}\n", "stands twice"),
            ("a: {test.nop: [name: 1]}\n", "not a string"),
            ("a: {test.nop: [name: 012]}\n", "different things"),
            ("a: {cmd.run: [name: x]}\n", "unexpected function"),
            ("\"a[1]\": {test.nop: [name: x]}\n", "literally"),
            ("__a: {test.nop: [name: x]}\n", "literally"),
            ("a: {test.nop: [name: x, require: []]}\n", "lists nothing"),
            ("a: {test.nop: [name: x, require: [test: b]]}\n", "names `b`"),
            ("a: {test.nop: [name: x, watch_in: [file: a]]}\n", "names `a`"),
            ("a: {test.nop: [name: x]}\na: {test.nop: [name: x]}\n", "`a` stands twice"),
        ] {
            let problem = problem(sls);
            assert!(problem.contains(expected), "{sls}: {problem}");
        }
    }
}
