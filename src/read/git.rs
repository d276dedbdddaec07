//! Files of a commit, through the git command line: it knows every format of repositories, and it is where they are.

use std::io::{self, Write as _};
use std::process::{Command, Output, Stdio};

use super::tree::{is_wanted, too_large};
use super::{ReadError, reason};
use crate::source::printable;
use crate::tree::Tree;

/// The files that a commit has below a directory, given as `./DIRECTORY`; nothing if it has no such directory.
pub(super) fn tree(revision: &str, directory: &str) -> Result<Option<Tree>, ReadError> {
    let shown = printable(revision);
    git(&shown, &["rev-parse", "--git-dir"])?
        .map_err(|said| fail(&shown, &format!("git finds no repository here: {said}")))?;
    let commit = parse(&shown, &format!("{revision}^{{commit}}"))?.ok_or_else(|| {
        let advice = "in CI, fetch it first: a checkout with `fetch-depth: 0` has all commits";
        fail(&shown, &format!("git knows no such commit; {advice}"))
    })?;
    let Some(object) = parse(&shown, &format!("{commit}:{directory}"))? else { return Ok(None) };
    if !git(&shown, &["cat-file", "-t", &object])?.is_ok_and(|kind| kind.starts_with(b"tree")) {
        let directory = printable(directory.strip_prefix("./").unwrap_or(directory));
        return Err(fail(
            &shown,
            &format!("`{directory}` is a file or a link in that commit; name the directory of a tree"),
        ));
    }
    let listing = git(&shown, &["ls-tree", "-r", "-z", "--full-tree", &object])?;
    let listing = listing.map_err(|said| fail(&shown, &format!("git cannot list the directory: {said}")))?;
    let entries = entries(&listing);
    let files = entries.iter().zip(contents(&shown, &entries)?).map(|((path, _), bytes)| ((*path).to_owned(), bytes));
    Ok(Some(Tree::from(files.collect::<Vec<_>>())))
}

/// The object that a name means, if there is one.
fn parse(shown: &str, name: &str) -> Result<Option<String>, ReadError> {
    let found = git(shown, &["rev-parse", "--verify", "--quiet", "--end-of-options", name])?;
    Ok(found.ok().map(|output| String::from_utf8_lossy(&output).trim().to_owned()))
}

/// What git prints, or else its first line of complaint.
fn git(shown: &str, arguments: &[&str]) -> Result<Result<Vec<u8>, String>, ReadError> {
    let output = Command::new("git").args(arguments).stdin(Stdio::null()).output();
    let Output { status, stdout, stderr } = output.map_err(|error| unable(shown, &error))?;
    if status.success() {
        return Ok(Ok(stdout));
    }
    let said = String::from_utf8_lossy(&stderr);
    Ok(Err(printable(said.lines().next().unwrap_or("it does not say why"))))
}

/// The wanted files of a listing as paths and objects. Links and submodules are none.
fn entries(listing: &[u8]) -> Vec<(&str, &str)> {
    let lines = listing.split(|byte| *byte == 0).filter_map(|line| std::str::from_utf8(line).ok());
    let entries = lines.filter_map(|line| {
        let (about, path) = line.split_once('\t')?;
        let mut about = about.split(' ');
        let is_file = about.next()?.starts_with("100");
        (is_file && is_wanted(path)).then_some((path, about.nth(1)?))
    });
    entries.collect()
}

/// The contents of all objects at once.
fn contents(shown: &str, entries: &[(&str, &str)]) -> Result<Vec<Vec<u8>>, ReadError> {
    let mut names = String::new();
    for (_, object) in entries {
        names.extend([object, "\n"]);
    }
    let mut child = Command::new("git")
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| unable(shown, &error))?;
    let input = child.stdin.take();
    // git answers while it is asked, and both pipes are finite.
    let output = std::thread::scope(|scope| {
        scope.spawn(move || input.map(|mut input| input.write_all(names.as_bytes())));
        child.wait_with_output()
    });
    let output = output.map_err(|error| unable(shown, &error))?;
    let mut rest = output.stdout.as_slice();
    let mut found = Vec::with_capacity(entries.len());
    for (path, _) in entries {
        let bytes = next(&mut rest)
            .ok_or_else(|| fail(shown, &format!("git cannot give the contents of `{}`", printable(path))))?;
        if let Some(why) = too_large(bytes) {
            return Err(fail(shown, &format!("`{}`: {why}", printable(path))));
        }
        found.push(bytes.to_vec());
    }
    Ok(found)
}

/// The next answer of `git cat-file --batch`: a line with the size, the bytes, a line end.
fn next<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let header = std::str::from_utf8(rest.get(..end)?).ok()?;
    let size = header.split(' ').nth(2)?.parse().ok()?;
    let bytes = rest.get(end + 1..)?.get(..size)?;
    *rest = rest.get(end + 2 + size..)?;
    Some(bytes)
}

fn unable(shown: &str, error: &io::Error) -> ReadError {
    if error.kind() == io::ErrorKind::NotFound {
        return fail(shown, "there is no program `git`; install it, or name a directory");
    }
    fail(shown, &format!("git cannot be run: {}", reason(error)))
}

fn fail(shown: &str, why: &str) -> ReadError {
    ReadError { message: format!("cannot compare with `git:{shown}`: {why}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_one_by_one() {
        let mut rest: &[u8] = b"aa blob 3\nx\ny\nbb blob 0\n\ncc missing\n";
        assert_eq!(next(&mut rest), Some(&b"x\ny"[..]));
        assert_eq!(next(&mut rest), Some(&b""[..]));
        assert_eq!(next(&mut rest), None);
        assert_eq!(next(&mut &b"aa blob 9\nx\n"[..]), None);
    }

    #[test]
    fn only_files_are_listed() {
        let listing = b"100644 blob aa\tsalt/a b.sls\x00120000 blob bb\tl.sls\x00160000 commit cc\tm.sls\x00100755 blob dd\tx.sh\0";
        assert_eq!(entries(listing), [("salt/a b.sls", "aa"), ("x.sh", "dd")]);
    }
}
