//! States for people.

use std::fmt::Write as _;

use crate::show::chunk::Chunk;
use crate::verify::Node;

/// Arguments that say how and not what: they are the same for all states of a function.
const USUAL: &[&str] = &["name", "shell", "stateful", "template", "context", "require", "show_changes", "tmp_ext"];

/// The states with what each does, and what more there is to say of the state of an ID.
pub(super) fn text(heading: &str, chunks: &[Chunk<'_>], more: impl Fn(&str) -> Vec<String>) -> String {
    let digits = chunks.len().to_string().len();
    let widest = chunks.iter().map(|chunk| chunk.id.len()).max().unwrap_or_default();
    let mut out = format!("{heading}\n");
    for (chunk, number) in chunks.iter().zip(1..) {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "\n{number:digits$}  {:widest$}  {}.{}", chunk.id, chunk.module, chunk.function);
        let sign = if chunk.module == "cmd" { "$ " } else { "" };
        let indent = digits + 2;
        let _ = writeln!(out, "{:indent$}{sign}{}", "", chunk.text("name").unwrap_or_default());
        for (name, value) in chunk.arguments.iter().filter(|(name, _)| !USUAL.contains(name)) {
            // The script is what the command runs.
            let is_script = chunk.module == "cmd" && *name == "source";
            let is_repeated = value.text().is_some() && value.text() == chunk.text("name");
            if !(is_repeated || is_script) {
                let _ = writeln!(out, "{:indent$}{name}: {}", "", plain(value));
            }
        }
        for line in more(chunk.id) {
            let _ = writeln!(out, "{:indent$}{line}", "");
        }
        let after = chunk.arguments.iter().filter(|(name, _)| *name == "require");
        let after: Vec<String> = after.flat_map(|(_, value)| value.list().into_iter().flatten().map(plain)).collect();
        if !after.is_empty() {
            let _ = writeln!(out, "{:indent$}after {}", "", after.join(", "));
        }
    }
    out
}

fn plain(value: &Node) -> String {
    value.text().map_or_else(|| value.json().to_string(), str::to_owned)
}
