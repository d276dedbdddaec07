//! Tells the compiler which commit it compiles, for `tartgen --version`, and the linker where the program is to stand.
//! Nothing that tartgen emits depends on either.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let version = match commit() {
        Some(commit) => format!("{version} ({})", commit.get(..12).unwrap_or(&commit)),
        None => version,
    };
    println!("cargo::rustc-env=TARTGEN_VERSION={version}");
    if stands_still() {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}

/// Whether the program is linked for fixed addresses. One that may stand anywhere has 17,000 of them to put right at each
/// start, a sixth of the time that `--help` takes. A static program has none to put right; other systems allow no other.
fn stands_still() -> bool {
    let target = |name: &str| env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    target("OS") == "linux" && target("ENV") == "gnu" && !target("FEATURE").split(',').any(|it| it == "crt-static")
}

/// The commit: a package from a registry carries it in a file, a clone is asked for it. `None` without either.
fn commit() -> Option<String> {
    if let Ok(info) = fs::read_to_string(".cargo_vcs_info.json") {
        let (_, rest) = info.split_once("\"sha1\": \"")?;
        return Some(rest.split_once('"')?.0.to_owned());
    }
    let here = fs::canonicalize(".").ok()?;
    let top = fs::canonicalize(git(&["rev-parse", "--show-toplevel"])?).ok()?;
    // Unpacked inside of another repository, that one's commit says nothing.
    if here != top {
        return None;
    }
    // HEAD changes with the branch, its log with each commit. What does not exist would be built for ever again.
    for name in ["HEAD", "logs/HEAD"] {
        let path = git(&["rev-parse", "--git-path", name])?;
        if Path::new(&path).exists() {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    git(&["rev-parse", "HEAD"])
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.trim_end().to_owned())
}
