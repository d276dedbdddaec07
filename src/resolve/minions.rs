//! Minion ids with ranges, such as `mm[001-500]`.

use std::borrow::Cow;
use std::ops::Range;

use crate::catalog::HOSTS;

/// A minion id, or a pattern that stands for several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Minions<'a> {
    parts: Vec<Part<'a>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part<'a> {
    Text(&'a str),
    /// What stands in brackets, between the commas.
    Numbers(Vec<Numbers>),
}

/// Numbers from one to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Numbers {
    first: u64,
    last: u64,
    step: u64,
    width: usize,
}

impl Numbers {
    const fn len(self) -> u64 {
        (self.last - self.first) / self.step + 1
    }

    /// The numbers as they are written.
    fn texts(self) -> impl Iterator<Item = String> {
        (0..self.len()).map(move |index| number(self.first + index * self.step, self.width))
    }
}

/// What is wrong with a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BadRange {
    /// Its bytes.
    pub(crate) at: Range<usize>,
    /// What is wrong.
    pub(crate) problem: String,
    /// What to do.
    pub(crate) help: String,
}

/// Longer numbers are none that hosts have.
const DIGITS: usize = 9;

impl<'a> Minions<'a> {
    /// Reads a pattern.
    pub(crate) fn new(written: &'a str) -> Result<Self, BadRange> {
        let mut parts = Vec::new();
        let mut at = 0;
        while let Some(rest) = written.get(at..).filter(|rest| !rest.is_empty()) {
            let end = at + rest.find(['[', ']']).unwrap_or(rest.len());
            if end > at {
                parts.extend(written.get(at..end).map(Part::Text));
            }
            let Some(bracket) = written.get(end..).and_then(|rest| rest.chars().next()) else { break };
            let bad =
                |at, problem: &str, help: &str| BadRange { at, problem: problem.to_owned(), help: help.to_owned() };
            if bracket == ']' {
                return Err(bad(end..end + 1, "a `]` has no `[` before it", "write a range as in `mm[001-500]`"));
            }
            let inner = written.get(end + 1..).unwrap_or_default();
            let close = inner.find(']').ok_or_else(|| bad(end..end + 1, "`[` is not closed", "add `]`"))?;
            if let Some(open) = inner.get(..close).and_then(|inner| inner.find('[')) {
                let open = end + 1 + open;
                return Err(bad(open..open + 1, "a range stands inside another", "close the first with `]`"));
            }
            parts.push(Part::Numbers(list(inner.get(..close).unwrap_or_default(), end + 1)?));
            at = end + 1 + close + 1;
        }
        Ok(Self { parts })
    }

    /// How many minion ids it stands for.
    pub(crate) fn len(&self) -> usize {
        let lengths = self.parts.iter().map(|part| match part {
            Part::Text(_) => 1,
            Part::Numbers(numbers) => numbers.iter().map(|numbers| numbers.len()).fold(0, u64::saturating_add),
        });
        usize::try_from(lengths.fold(1, u64::saturating_mul)).unwrap_or(usize::MAX)
    }

    /// The longest minion id, which stands for all where names are judged.
    pub(crate) fn longest(&self) -> String {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Numbers(numbers) => {
                    let longest = numbers.iter().map(|numbers| number(numbers.last, numbers.width));
                    text.push_str(&longest.max_by_key(String::len).unwrap_or_default());
                }
            }
        }
        text
    }

    /// The minion ids in the order of their numbers, the last range counting fastest; none beyond what a fleet may have.
    pub(crate) fn expand(&self) -> Vec<String> {
        if self.len() > HOSTS {
            return Vec::new();
        }
        let room = self.longest().len();
        let mut ids = vec![String::with_capacity(room)];
        for part in &self.parts {
            let texts: Vec<Cow<'_, str>> = match part {
                Part::Text(text) => vec![Cow::Borrowed(text)],
                Part::Numbers(numbers) => numbers.iter().flat_map(|numbers| numbers.texts()).map(Cow::Owned).collect(),
            };
            // One text makes no more ids, however many parts there are.
            if let [only] = texts.as_slice() {
                for id in &mut ids {
                    id.push_str(only);
                }
                continue;
            }
            let mut longer = Vec::with_capacity(ids.len() * texts.len());
            for id in &ids {
                for text in &texts {
                    let mut next = String::with_capacity(room);
                    next.extend([id, text.as_ref()]);
                    longer.push(next);
                }
            }
            ids = longer;
        }
        ids
    }
}

fn number(number: u64, width: usize) -> String {
    format!("{number:0width$}")
}

/// Reads what stands in brackets, which begins at a byte.
fn list(inner: &str, start: usize) -> Result<Vec<Numbers>, BadRange> {
    let mut numbers = Vec::new();
    let mut at = start;
    for part in inner.split(',') {
        numbers.push(range(part, at)?);
        at += part.len() + 1;
    }
    Ok(numbers)
}

/// Reads `1-3`, `1-9/2` or a single number.
fn range(part: &str, start: usize) -> Result<Numbers, BadRange> {
    let bad = |problem: String, help: String| BadRange { at: start..start + part.len().max(1), problem, help };
    let malformed = || {
        let problem =
            if part.is_empty() { "a range is empty".to_owned() } else { format!("`{part}` is no range of numbers") };
        bad(problem, "write a number, or two with `-` between them, as in `[001-500]`; a step follows `/`".to_owned())
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (bounds, step) = match part.split_once(['/', ':']) {
        Some((bounds, step)) => (bounds, Some(step)),
        None => (part, None),
    };
    let (first, last) = match bounds.split_once('-') {
        Some((first, last)) => (first, last),
        None if step.is_none() => (bounds, bounds),
        None => return Err(malformed()),
    };
    if ![first, last].into_iter().chain(step).all(is_number) {
        return Err(malformed());
    }
    if let Some(long) = [first, last].into_iter().chain(step).find(|text| text.len() > DIGITS) {
        let help = format!("write numbers of at most {DIGITS} digits");
        return Err(bad(format!("`{long}` has more than {DIGITS} digits"), help));
    }
    let value = |text: &str| text.parse::<u64>().unwrap_or_default();
    let (low, high, step) = (value(first), value(last), step.map_or(1, value));
    if step == 0 {
        return Err(bad(format!("the step of `{part}` is 0"), format!("write `{bounds}/1` or more")));
    }
    if low > high {
        let has_zeros = [first, last].iter().any(|text| text.starts_with('0'));
        let width = if has_zeros { first.len().max(last.len()) } else { 0 };
        let help = format!("write `{high:0width$}-{low:0width$}`");
        return Err(bad(format!("`{bounds}` ends before it begins"), help));
    }
    // `[01-010]` may mean two digits or three.
    if last.starts_with('0') && last.len() != first.len() {
        let width = first.len().max(last.len());
        let help = format!("write both with as many digits, as in `{low:0width$}-{high:0width$}`");
        return Err(bad(format!("the bounds of `{bounds}` differ in their leading zeros"), help));
    }
    Ok(Numbers { first: low, last: high, step, width: first.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(written: &str) -> Result<Vec<String>, String> {
        Minions::new(written)
            .map(|minions| minions.expand())
            .map_err(|bad| format!("{}: {}", bad.at.start, bad.problem))
    }

    #[test]
    fn ranges_are_written_out() {
        for (written, expected) in [
            ("mm1", &["mm1"][..]),
            ("mm[08-11].lab", &["mm08.lab", "mm09.lab", "mm10.lab", "mm11.lab"]),
            ("mm[8-11]", &["mm8", "mm9", "mm10", "mm11"]),
            ("r[1-2]m[01-02]", &["r1m01", "r1m02", "r2m01", "r2m02"]),
            ("[1-3,7]", &["1", "2", "3", "7"]),
            ("a[1,01]", &["a1", "a01"]),
            ("a[1-6/2]", &["a1", "a3", "a5"]),
            ("a[01-06:5]b", &["a01b", "a06b"]),
            ("a[98-101]", &["a98", "a99", "a100", "a101"]),
            ("a[0-0]", &["a0"]),
        ] {
            assert_eq!(ids(written), Ok(expected.iter().map(|id| (*id).to_owned()).collect()), "{written}");
            assert_eq!(Minions::new(written).map(|minions| minions.len()), Ok(expected.len()), "{written}");
        }
    }

    #[test]
    fn malformed_ranges_have_a_place_and_a_reason() {
        for (written, expected) in [
            ("mm[1-3", "2: `[` is not closed"),
            ("mm1-3]", "5: a `]` has no `[` before it"),
            ("mm[1-[2-3]]", "5: a range stands inside another"),
            ("mm[]", "3: a range is empty"),
            ("mm[1,,2]", "5: a range is empty"),
            ("mm[a-f]", "3: `a-f` is no range of numbers"),
            ("mm[1-2-3]", "3: `1-2-3` is no range of numbers"),
            ("mm[1..3]", "3: `1..3` is no range of numbers"),
            ("mm[1, 2]", "5: ` 2` is no range of numbers"),
            ("mm[5/2]", "3: `5/2` is no range of numbers"),
            ("mm[5-1]", "3: `5-1` ends before it begins"),
            ("mm[1-5/0]", "3: the step of `1-5/0` is 0"),
            ("mm[01-010]", "3: the bounds of `01-010` differ in their leading zeros"),
            ("mm[1-1234567890]", "3: `1234567890` has more than 9 digits"),
        ] {
            assert_eq!(ids(written), Err(expected.to_owned()), "{written}");
        }
    }

    #[test]
    fn a_range_from_its_end_keeps_its_zeros() {
        for (written, expected) in
            [("a[5-1]", "write `1-5`"), ("a[010-5]", "write `005-010`"), ("a[9-08]", "write `08-09`")]
        {
            assert_eq!(Minions::new(written).err().map(|bad| bad.help).as_deref(), Some(expected));
        }
    }

    #[test]
    fn many_brackets_are_no_burden() {
        let minions = "[1]".repeat(100_000);
        assert_eq!(ids(&minions), Ok(vec!["1".repeat(100_000)]));
        assert_eq!(ids(&format!("{minions}[1-2]")).map(|ids| ids.len()), Ok(2));
    }

    #[test]
    fn too_many_are_only_counted() {
        let many = Minions::new("a[1-999999999][1-999999999][1-999999999]");
        let many = many.map(|minions| (minions.len(), minions.expand().len(), minions.longest()));
        assert_eq!(many, Ok((usize::MAX, 0, "a999999999999999999999999999".to_owned())));
    }
}
