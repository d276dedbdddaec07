//! The waves of a rollout, with numbered hosts folded so that people can read the lists of large fleets.

use serde::Serialize;

use crate::counting::{Count, is_digit, runs};
use crate::plan::Plan;
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
    plan.waves
        .iter()
        .map(|wave| Wave {
            name: &wave.name,
            batch: wave.batch,
            max_failures: wave.max_failures,
            hosts: fold(&wave.hosts),
        })
        .collect()
}

/// So many ids in a row become a range.
const FEWEST: usize = 3;

/// Ids in their order as literals, with runs of consecutive numbers of the same width as ranges.
fn fold<T: AsRef<str>>(ids: &[T]) -> Vec<String> {
    let alike = |one: &T, other: &T| {
        let (one, other) = (one.as_ref(), other.as_ref());
        one.len() == other.len() && with_first_number(one) != with_first_number(other)
    };
    let literals = |(count, run): (Option<Count<'_>>, &[T])| match count.map(|count| count.parts()) {
        Some(parts) => vec![format!("[{}]", parts.map(|part| double(&part)).join(", "))],
        None => run.iter().map(|id| double(id.as_ref())).collect(),
    };
    runs(ids, FEWEST, AsRef::as_ref, alike).into_iter().flat_map(literals).collect()
}

/// The beginning of an id up to the end of its first number, which alone may count on.
fn with_first_number(id: &str) -> &str {
    let after = id.trim_start_matches(|character| !is_digit(character)).trim_start_matches(is_digit);
    id.strip_suffix(after).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(ids: &[&str]) -> Vec<String> {
        fold(ids)
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
