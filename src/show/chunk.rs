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

/// The chunks of a rendered file. They run in the order of the file, because no state requires a later one.
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
    chunks.collect()
}
