//! What several tests need.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use camino::Utf8Path;
use tartgen::{Source, read};

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files with an extension below a folder of the repository, sorted.
pub(crate) fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The specs of a folder of fixtures by their names. What a spec includes lies in a folder of its name beside it.
pub(crate) fn specs(folder: &str) -> Vec<(String, Source)> {
    let load = |path: PathBuf| {
        let name = path.file_stem().expect("a fixture has a name").to_string_lossy().into_owned();
        // Tests run in the repository, whose path is no part of a report.
        let path = format!("fixtures/{folder}/{name}.yaml");
        (name, read(Utf8Path::new(&path)).expect("a fixture can be read"))
    };
    let folder = root().join("fixtures").join(folder);
    let is_spec = |path: &PathBuf| path.parent() == Some(&folder);
    files(&folder.to_string_lossy(), "yaml").into_iter().filter(is_spec).map(load).collect()
}

/// The command with nothing of the environment it is tested in.
pub(crate) fn tartgen(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tartgen"));
    command.args(arguments).current_dir(directory).env_clear();
    command
}

/// What the command says and how it exits.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs the command.
pub(crate) fn run(directory: &Path, arguments: &[&str]) -> Run {
    tartgen(directory, arguments).output().expect("the command can be run").into()
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// A new folder with these files, by their paths in it.
pub(crate) fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
    folder
}

/// The contents of the fenced blocks of a language in a Markdown text; of no language if it is empty.
pub(crate) fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<(&str, String)> = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some((opened, block))) => {
                if *opened == language {
                    found.push(std::mem::take(block));
                }
                open = None;
            }
            (Some(opened), None) => open = Some((opened, String::new())),
            (None, Some((_, block))) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block has no end");
    found
}

/// What this thread has used of the processor, which unlike the clock knows nothing of other work on the machine.
pub(crate) fn processor_time() -> Duration {
    let used = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = used.and_then(|text| text.split(' ').next().and_then(|number| number.parse().ok()));
    Duration::from_nanos(nanoseconds.unwrap_or_default())
}
