//! Low chunks: what Salt's compiler makes of the states of a file. (salt: state.py, `compile_high_data`)

use serde_json::{Map, Value};

use crate::verify::Node;

/// Salt's number for the first state of a file; the others count on. (salt: state.py, `iorder`)
const FIRST: usize = 10_000;

/// One state as Salt runs it.
#[derive(Debug)]
pub(super) struct Chunk<'a> {
    /// Its ID.
    pub(super) id: &'a str,
    /// The module, such as `file`.
    pub(super) module: &'a str,
    /// The function in the module, such as `managed`.
    pub(super) function: &'a str,
    /// The arguments, requisites included, in the order of the file.
    pub(super) arguments: Vec<(&'a str, &'a Node)>,
    /// The file, as `state.apply` takes it.
    sls: &'static str,
    order: usize,
}

impl Chunk<'_> {
    /// The value of an argument that is a string.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.arguments.iter().find(|(argument, _)| *argument == name).and_then(|(_, value)| value.text())
    }

    /// The chunk under Salt's own names.
    pub(super) fn json(&self) -> Value {
        let mut chunk = Map::new();
        chunk.insert("state".to_owned(), self.module.into());
        chunk.insert("name".to_owned(), self.id.into());
        chunk.insert("__sls__".to_owned(), self.sls.into());
        chunk.insert("__env__".to_owned(), "base".into());
        chunk.insert("__id__".to_owned(), self.id.into());
        for (name, value) in &self.arguments {
            chunk.insert((*name).to_owned(), value.json());
        }
        chunk.insert("order".to_owned(), self.order.into());
        chunk.insert("fun".to_owned(), self.function.into());
        Value::Object(chunk)
    }
}

/// The chunks of a rendered file. They run in the order of the file; a file whose requisites ask for another order is
/// refused, since Salt's versions do not agree on it.
pub(super) fn chunks<'a>(states: &'a Node, sls: &'static str) -> Result<Vec<Chunk<'a>>, String> {
    let entries = states.map().ok_or("the file is not a mapping of state IDs")?;
    let chunks = entries.iter().zip(FIRST..).map(|((id, body), order)| {
        let id = id.text().ok_or("an ID is not a string")?;
        let Some([(function, arguments)]) = body.map() else {
            return Err(format!("`{id}` has not exactly one function"));
        };
        let (module, function) = function.text().and_then(|function| function.split_once('.')).unwrap_or_default();
        let arguments = arguments.list().into_iter().flatten().filter_map(|argument| {
            let [(name, value)] = argument.map()? else { return None };
            Some((name.text()?, value))
        });
        Ok(Chunk { id, module, function, arguments: arguments.collect(), sls, order })
    });
    let chunks = chunks.collect::<Result<Vec<_>, String>>()?;
    for (position, chunk) in chunks.iter().enumerate() {
        let earlier = chunks.get(..position).unwrap_or_default();
        in_order(chunk, earlier)?;
    }
    Ok(chunks)
}

/// Requisites other than this one may turn the order round, or add a state to the end.
const ORDERLY: &str = "require";
const OTHERS: &[&str] = &["watch", "onchanges", "onfail", "prereq", "listen", "order"];

fn in_order(chunk: &Chunk<'_>, earlier: &[Chunk<'_>]) -> Result<(), String> {
    for (name, value) in &chunk.arguments {
        if OTHERS.iter().any(|other| name.starts_with(other)) || (name.starts_with(ORDERLY) && *name != ORDERLY) {
            return Err(format!("`{}` has `{name}`, whose order is not known here", chunk.id));
        }
        for target in value.list().filter(|_| *name == ORDERLY).into_iter().flatten() {
            let id = target.text().or_else(|| target.map()?.first()?.1.text()).unwrap_or_default();
            if !earlier.iter().any(|other| other.id == id) {
                return Err(format!("`{}` requires `{id}`, which does not stand above it", chunk.id));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]
mod tests {
    use super::*;
    use crate::verify::read_yaml;

    #[test]
    fn chunks_are_what_salt_makes_of_states() {
        let node =
            read_yaml("a:\n  test.nop:\n    - name: x\nb:\n  cmd.run:\n    - name: z\n    - require: [a, {test: a}]\n");
        let node = node.unwrap().unwrap();
        let chunks = chunks(&node, "tart").unwrap();
        let json = chunks.last().unwrap().json();
        assert_eq!(
            json,
            serde_json::json!({
                "state": "cmd", "name": "z", "__sls__": "tart", "__env__": "base", "__id__": "b",
                "require": ["a", { "test": "a" }], "order": 10001, "fun": "run",
            })
        );
    }

    #[test]
    fn another_order_than_that_of_the_file_is_refused() {
        for (sls, expected) in [
            ("a: {test.nop: [name: x, require: [b]]}\nb: {test.nop: [name: x]}\n", "`a` requires `b`, which does not"),
            ("a: {test.nop: [name: x]}\nb: {test.nop: [name: x, require_in: [a]]}\n", "`b` has `require_in`"),
            ("a: {test.nop: [name: x]}\nb: {test.nop: [name: x, listen: [a]]}\n", "`b` has `listen`"),
            ("a: {test.nop: [name: x, order: last]}\n", "`a` has `order`"),
        ] {
            let node = read_yaml(sls).unwrap().unwrap();
            let problem = chunks(&node, "tart").unwrap_err();
            assert!(problem.starts_with(expected), "{sls}: {problem}");
        }
    }
}
