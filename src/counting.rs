//! Names that only count on, written as one: `mm[001-400]`, as a spec writes the hosts of a group.

/// Fewest names that are written as one.
pub(crate) const FEWEST: usize = 4;

/// Longest number that is counted with: a range of a spec has no longer ones.
const DIGITS: usize = 9;

/// Names of which each has one number more than the one before, and else the same characters.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Count<'a> {
    before: &'a str,
    first: &'a str,
    last: u64,
    after: &'a str,
}

impl<'a> Count<'a> {
    /// What two names have in common, if the second follows the first.
    fn start(name: &'a str, next: &str) -> Option<Self> {
        let same = name.bytes().zip(next.bytes()).take_while(|(one, other)| one == other).count();
        // The numbers may begin with the same digits, as those of `mm18` and `mm19` do.
        let before = name.get(..same)?.trim_end_matches(is_digit);
        let rest = name.get(before.len()..)?;
        let after = rest.trim_start_matches(is_digit);
        let first = rest.strip_suffix(after)?;
        let last = first.parse().ok().filter(|_| first.len() <= DIGITS)?;
        let mut count = Self { before, first, last, after };
        count.takes(next).then_some(count)
    }

    /// Whether a name follows the last one.
    fn takes(&mut self, name: &str) -> bool {
        let digits = name.strip_prefix(self.before).and_then(|rest| rest.strip_suffix(self.after));
        let next = self.digits(self.last + 1);
        let follows = digits == Some(next.as_str()) && next.len() <= DIGITS;
        self.last += u64::from(follows);
        follows
    }

    fn digits(&self, number: u64) -> String {
        format!("{number:0width$}", width = self.first.len())
    }

    /// What stands before the number, the first and the last number, and what stands after it.
    pub(crate) fn parts(&self) -> [String; 4] {
        [self.before.to_owned(), self.first.to_owned(), self.digits(self.last), self.after.to_owned()]
    }
}

/// Whether a character is a digit that is counted with.
pub(crate) const fn is_digit(character: char) -> bool {
    character.is_ascii_digit()
}

/// Items in their order, each with its name. Those that are alike and whose names count on are taken together, if they are
/// more than a few, under all their names as one.
pub(crate) fn together<'a, T>(
    items: &'a [T],
    name: impl Fn(&'a T) -> &'a str,
    alike: impl Fn(&T, &T) -> bool,
) -> Vec<(String, &'a [T])> {
    let named = |(count, run): (Option<Count<'_>>, &'a [T])| {
        let own = || run.first().map(&name).unwrap_or_default().to_owned();
        let all = |count: Count<'_>| {
            let [before, first, last, after] = count.parts();
            format!("{before}[{first}-{last}]{after}")
        };
        (count.map_or_else(own, all), run)
    };
    runs(items, FEWEST, &name, alike).into_iter().map(named).collect()
}

/// Items in their order: runs of `fewest` and more whose names count on, each item like the first, and between them every
/// other item by itself.
pub(crate) fn runs<'a, T>(
    items: &'a [T],
    fewest: usize,
    name: impl Fn(&'a T) -> &'a str,
    alike: impl Fn(&T, &T) -> bool,
) -> Vec<(Option<Count<'a>>, &'a [T])> {
    let (mut runs, mut rest) = (Vec::new(), items);
    while let [first, others @ ..] = rest {
        let count = others.first().filter(|next| alike(first, next)).and_then(|next| {
            let mut count = Count::start(name(first), name(next))?;
            let more = others.iter().skip(1).take_while(|item| alike(first, item) && count.takes(name(item))).count();
            Some((count, more + 2)).filter(|(_, length)| *length >= fewest)
        });
        let (count, length) = count.map_or((None, 1), |(count, length)| (Some(count), length));
        let (run, others) = rest.split_at(length);
        runs.push((count, run));
        rest = others;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &str) -> String {
        let names: Vec<&str> = names.split(' ').collect();
        let all = together(&names, |name| name, |one, other| one.contains('!') == other.contains('!'));
        assert_eq!(all.iter().flat_map(|(_, run)| *run).copied().collect::<Vec<_>>(), names);
        let shown = all.iter().map(|(name, run)| match run.len() {
            1 => name.clone(),
            length => format!("{length}*{name}"),
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn names_that_count_on_are_one() {
        for (names, expected) in [
            ("mm1 mm2 mm3", "mm1 mm2 mm3"),
            ("mm1 mm2 mm3 mm4", "4*mm[1-4]"),
            ("mm098 mm099 mm100 mm101 mm103", "4*mm[098-101] mm103"),
            ("mm8 mm9 mm10 mm11", "4*mm[8-11]"),
            ("mm08 mm09 mm010 mm011", "mm08 mm09 mm010 mm011"),
            ("r2h18.a1.x r2h19.a1.x r2h20.a1.x r2h21.a1.x", "4*r2h[18-21].a1.x"),
            ("a11 a21 a31 a41", "a11 a21 a31 a41"),
            ("a1b a2b a3b a4 a5b", "a1b a2b a3b a4 a5b"),
            ("x a1 a2 a3 a4 b5 b6 b7 b8", "x 4*a[1-4] 4*b[5-8]"),
            ("a1 a2 a3! a4!", "a1 a2 a3! a4!"),
            ("é1 è2 è3 è4 è5", "é1 4*è[2-5]"),
            ("a0999999996 a0999999997 a0999999998 a0999999999", "a0999999996 a0999999997 a0999999998 a0999999999"),
            ("a999999998 a999999999 a1000000000 a1000000001", "a999999998 a999999999 a1000000000 a1000000001"),
            ("a a a a", "a a a a"),
            ("1 2 3 4", "4*[1-4]"),
        ] {
            assert_eq!(of(names), expected);
        }
        assert_eq!(together(&[] as &[&str], |name| name, |_, _| true), Vec::new());
    }
}
