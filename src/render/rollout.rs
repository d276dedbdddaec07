//! The waves of a rollout, with numbered hosts folded so that people can read the lists of large fleets.

use serde::Serialize;

use crate::plan::{self, Plan};
use crate::render::quote::double;

/// A wave as the template wants it.
#[derive(Debug, Serialize)]
pub(crate) struct Wave<'a> {
    name: &'a str,
    batch: usize,
    max_failures: u32,
    /// Literals of Jinja: an id, or a list of what stands before the number, the first and the last number and what
    /// stands after it.
    hosts: Vec<String>,
}

/// The waves of a plan.
pub(crate) fn waves(plan: &Plan) -> Vec<Wave<'_>> {
    let wave = |wave: &'_ plan::Wave| fold(wave.hosts.iter().map(String::as_str));
    plan.waves
        .iter()
        .map(|plan| Wave { name: &plan.name, batch: plan.batch, max_failures: plan.max_failures, hosts: wave(plan) })
        .collect()
}

/// An id taken apart at its first number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Numbered<'a> {
    before: &'a str,
    digits: &'a str,
    after: &'a str,
}

/// So many ids in a row become a range.
const FEWEST: usize = 3;

/// Longest number that is counted with.
const MOST_DIGITS: usize = 9;

/// Ids in their order as literals, with runs of consecutive numbers of the same width as ranges.
fn fold<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut literals = Vec::new();
    let mut run: Vec<&str> = Vec::new();
    for id in ids {
        if !run.last().is_some_and(|last| follows(last, id)) {
            flush(&mut run, &mut literals);
        }
        run.push(id);
    }
    flush(&mut run, &mut literals);
    literals
}

fn flush(run: &mut Vec<&str>, literals: &mut Vec<String>) {
    let ends = run.first().and_then(|first| numbered(first)).zip(run.last().and_then(|last| numbered(last)));
    match ends.filter(|_| run.len() >= FEWEST) {
        Some((first, last)) => {
            let parts = [first.before, first.digits, last.digits, first.after].map(double);
            literals.push(format!("[{}]", parts.join(", ")));
        }
        None => literals.extend(run.iter().map(|id| double(id))),
    }
    run.clear();
}

fn follows(last: &str, next: &str) -> bool {
    let (Some(last), Some(next)) = (numbered(last), numbered(next)) else { return false };
    let number = |id: Numbered<'_>| id.digits.parse::<u32>().ok();
    let is_next = number(last).zip(number(next)).is_some_and(|(last, next)| last.checked_add(1) == Some(next));
    is_next && (last.before, last.after) == (next.before, next.after) && last.digits.len() == next.digits.len()
}

fn numbered(id: &str) -> Option<Numbered<'_>> {
    let (before, rest) = id.split_at(id.find(|c: char| c.is_ascii_digit())?);
    let (digits, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()));
    (digits.len() <= MOST_DIGITS).then_some(Numbered { before, digits, after })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(ids: &[&str]) -> Vec<String> {
        fold(ids.iter().copied())
    }

    #[test]
    fn runs_become_ranges() {
        assert_eq!(folded(&["mm1", "mm2", "mm3"]), [r#"["mm", "1", "3", ""]"#]);
        let domain = ["mm08.a.example", "mm09.a.example", "mm10.a.example", "spare"];
        assert_eq!(folded(&domain), [r#"["mm", "08", "10", ".a.example"]"#, r#""spare""#]);
    }

    #[test]
    fn what_does_not_count_up_stays_as_it_is() {
        for ids in [
            &["mm1", "mm2"][..],
            &["mm3", "mm2", "mm1"],
            &["mm1", "mm3", "mm5"],
            &["mm8", "mm9", "mm10"],
            &["a1", "b2", "c3"],
            &["a1x", "a2y", "a3z"],
            &["mm4294967294", "mm4294967295", "mm4294967296"],
            &["a", "b", "c"],
        ] {
            assert_eq!(folded(ids), ids.iter().map(|id| double(id)).collect::<Vec<_>>());
        }
        assert_eq!(folded(&[]), Vec::<String>::new());
    }
}
