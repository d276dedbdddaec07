//! Bytes through the whole pipeline: `TARTGEN_FUZZ_RUNS=100000 TARTGEN_FUZZ_SEED=1 cargo test fuzz`.
//!
//! Inputs have numbers, which are their seeds. They run in child processes, so that one that overflows the stack, takes
//! all memory or never ends is a failure with a number and a file instead of the end of all tests. What was found once
//! lies in `tests/fuzz/corpus` and is tried first, always.

mod examine;
mod mutate;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use examine::examine;

use crate::support::files;

/// How many inputs a usual run takes.
const RUNS: u64 = 3000;

/// How long one input may take on a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(2);

/// The memory of a child in KiB, most of it for the program itself. What a small input needs is a fraction of it.
const MEMORY: &str = "1000000";

/// How a child is told which inputs to try, and where to say how far it is.
const FIRST: &str = "TARTGEN_FUZZ_FIRST";
const LAST: &str = "TARTGEN_FUZZ_LAST";
const REPORT: &str = "TARTGEN_FUZZ_REPORT";

/// What the mutations start from.
fn corpus() -> Vec<Vec<u8>> {
    let folders = ["fixtures/valid", "fixtures/invalid", "tests/fuzz/corpus"];
    let paths = folders.iter().flat_map(|folder| files(folder, "yaml"));
    // A spec that compiles gets further when it is damaged: most starts are such.
    let (valid, invalid): (Vec<PathBuf>, Vec<PathBuf>) =
        paths.partition(|path| path.parent().is_some_and(|it| it.ends_with("valid")));
    let copies = (2 * invalid.len() / valid.len().max(1)).max(1);
    let paths = std::iter::repeat_n(valid, copies).flatten().chain(invalid);
    paths.map(|path| fs::read(path).expect("the corpus can be read")).collect()
}

fn number(name: &str, default: u64) -> u64 {
    env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

#[test]
fn what_was_found_once() {
    for path in files("tests/fuzz/corpus", "yaml") {
        let bytes = fs::read(&path).expect("the corpus can be read");
        if let Err(problem) = examine(&bytes) {
            panic!("{}: {problem}", path.display());
        }
    }
}

#[test]
fn any_bytes() {
    let (runs, seed) = (number("TARTGEN_FUZZ_RUNS", RUNS), number("TARTGEN_FUZZ_SEED", 0));
    let children = u64::try_from(thread::available_parallelism().map_or(1, usize::from)).unwrap_or(1).min(runs.max(1));
    let first = |child: u64| seed + runs * child / children;
    let results: Vec<_> = thread::scope(|scope| {
        let started: Vec<_> =
            (0..children).map(|child| scope.spawn(move || watch(first(child), first(child + 1)))).collect();
        started.into_iter().map(|handle| handle.join().expect("a watcher ends")).collect()
    });
    let mut compiled = 0;
    for result in results {
        match result {
            Ok(count) => compiled += count,
            Err(problem) => panic!("{problem}"),
        }
    }
    #[expect(clippy::print_stdout, reason = "a long run is about its counts")]
    {
        println!("{runs} inputs from {seed}, of which {compiled} compiled");
    }
    // Otherwise the half of the pipeline behind the checks is not tried.
    assert!(runs < 1000 || compiled > runs / 20, "only {compiled} of {runs} inputs compile");
}

/// Runs a child over the inputs from one number to another and says how many compiled.
fn watch(first: u64, last: u64) -> Result<u64, String> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let report = folder.path().join("report");
    fs::write(&report, format!("{first} 0 ")).expect("it can be written");
    let itself = env::current_exe().expect("a test knows itself");
    let mut child = Command::new("sh")
        .args([
            "-c",
            &format!("ulimit -v {MEMORY}; ulimit -c 0; exec \"$0\" --exact fuzz::child --ignored --nocapture"),
        ])
        .arg(itself)
        .env_remove("RUST_BACKTRACE")
        .env(FIRST, first.to_string())
        .env(LAST, last.to_string())
        .env(REPORT, &report)
        .stdout(Stdio::null())
        .stderr(fs::File::create(folder.path().join("stderr")).expect("it can be written"))
        .spawn()
        .expect("a child can be started");
    let mut reached = (Instant::now(), String::new());
    let ended = loop {
        thread::sleep(Duration::from_millis(20));
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            break if status.success() { None } else { Some(format!("{status}")) };
        }
        let now = fs::read_to_string(&report).unwrap_or_default();
        if now != reached.1 {
            reached = (Instant::now(), now);
        } else if reached.0.elapsed() > PATIENCE {
            child.kill().expect("a child can be killed");
            child.wait().expect("a child can be waited for");
            break Some(format!("no end after {PATIENCE:?}"));
        }
    };
    let text = fs::read_to_string(&report).unwrap_or_default();
    let mut words = text.splitn(3, ' ');
    let mut word = || words.next().unwrap_or_default();
    let (at, compiled, problem) = (word().to_owned(), word().parse().unwrap_or_default(), word());
    let Some(end) = ended else { return Ok(compiled) };
    let stderr = fs::read_to_string(folder.path().join("stderr")).unwrap_or_default();
    let input = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{at}.yaml"));
    fs::write(&input, mutate::input(&corpus(), at.parse().unwrap_or_default())).expect("it can be written");
    Err(format!(
        "input {at}, now {}: {end}: {problem}\n{stderr}\nagain: TARTGEN_FUZZ_SEED={at} TARTGEN_FUZZ_RUNS=1 cargo test fuzz",
        input.display()
    ))
}

#[test]
#[ignore = "what `any_bytes` starts"]
fn child() {
    let Ok(report) = env::var(REPORT) else { return };
    let starts = corpus();
    let mut compiled = 0_u64;
    for at in number(FIRST, 0)..number(LAST, 0) {
        fs::write(&report, format!("{at} {compiled} ")).expect("it can be written");
        match examine(&mutate::input(&starts, at)) {
            Ok(is_fine) => compiled += u64::from(is_fine),
            Err(problem) => {
                fs::write(&report, format!("{at} {compiled} {problem}")).expect("it can be written");
                panic!("{problem}");
            }
        }
    }
    fs::write(&report, format!("{} {compiled} ", number(LAST, 0))).expect("it can be written");
}
