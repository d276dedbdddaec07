//! Globs as Salt takes them: those of Python's `fnmatch`.

/// One piece of a glob.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// `*`: any text, also none.
    Anything,
    /// `?`: one character.
    One,
    /// A character that means itself.
    Letter(char),
    /// `[a-c_]` or `[!a-c_]`: one character within the ranges, or outside of them.
    Set { is_negated: bool, ranges: Vec<(char, char)> },
}

impl Piece {
    /// Whether one character fits; to `*` every one does.
    fn takes(&self, letter: char) -> bool {
        match self {
            Self::Anything | Self::One => true,
            Self::Letter(wanted) => letter == *wanted,
            Self::Set { is_negated, ranges } => {
                ranges.iter().any(|(first, last)| (*first..=*last).contains(&letter)) != *is_negated
            }
        }
    }
}

/// Whether a glob is the whole of a text.
pub(super) fn fits(glob: &str, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    // Which beginnings of the text fit the beginning of the glob that was looked at.
    let mut fitting: Vec<bool> = (0..=text.len()).map(|length| length == 0).collect();
    for piece in pieces(glob) {
        let mut before = false;
        let earlier = fitting.clone();
        for (at, fits) in fitting.iter_mut().enumerate() {
            let shorter = at.checked_sub(1).and_then(|at| earlier.get(at)).copied().unwrap_or(false);
            let letter = at.checked_sub(1).and_then(|at| text.get(at));
            before = match piece {
                Piece::Anything => *fits || before,
                Piece::One | Piece::Letter(_) | Piece::Set { .. } => {
                    shorter && letter.is_some_and(|letter| piece.takes(*letter))
                }
            };
            *fits = before;
        }
    }
    fitting.last().copied().unwrap_or(false)
}

fn pieces(glob: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = glob;
    while let Some(letter) = rest.chars().next() {
        rest = rest.strip_prefix(letter).unwrap_or_default();
        pieces.push(match letter {
            '*' => Piece::Anything,
            '?' => Piece::One,
            '[' => match bracket(rest) {
                Some((set, after)) => {
                    rest = after;
                    set
                }
                None => Piece::Letter('['),
            },
            _ => Piece::Letter(letter),
        });
    }
    pieces
}

/// The set whose `[` has been read, and what follows its `]`. Without a `]` the bracket means itself, and a `]` that
/// comes first is in the set. (python: fnmatch.py, `translate`)
fn bracket(text: &str) -> Option<(Piece, &str)> {
    let inner = text.strip_prefix('!').unwrap_or(text);
    let first = inner.chars().next()?.len_utf8();
    let end = first + inner.get(first..)?.find(']')?;
    let after = inner.get(end..)?.strip_prefix(']')?;
    Some((Piece::Set { is_negated: text.starts_with('!'), ranges: ranges(inner.get(..end)?) }, after))
}

/// A `-` between two characters makes a range, which is empty if it runs backwards.
fn ranges(set: &str) -> Vec<(char, char)> {
    let mut letters = set.chars();
    let mut ranges = Vec::new();
    while let Some(first) = letters.next() {
        let mut ahead = letters.clone();
        match (ahead.next(), ahead.next()) {
            (Some('-'), Some(last)) => {
                ranges.push((first, last));
                letters = ahead;
            }
            _ => ranges.push((first, first)),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_fit_whole_ids() {
        for (glob, id, expected) in [
            ("*", "mm1", true),
            ("mm?", "mm1", true),
            ("mm?", "mm", false),
            ("mm*1", "mm1", true),
            ("mm*1", "mm01", true),
            ("mm*1", "mm12", false),
            ("mm1", "mm1", true),
            ("mm1", "mm12", false),
            ("*.example.com", "a.example.com", true),
            ("", "", true),
        ] {
            assert_eq!(fits(glob, id), expected, "{glob} {id}");
        }
    }

    /// What Python says of the same.
    #[test]
    fn brackets_are_sets() {
        for (glob, ids) in [
            ("mm[12]", &["mm1", "mm2"][..]),
            ("mm[!2]", &["mm1", "mm3", "mm-", "mm]", "mm["]),
            ("mm[2-9]", &["mm2", "mm3"]),
            ("[a-mo]m[1-2-]", &["mm1", "mm2", "mm-"]),
            ("mm[-1]", &["mm1", "mm-"]),
            ("mm[3-1]", &[]),
            ("mm[!3-1]", &["mm1", "mm2", "mm3", "mm-", "mm]", "mm["]),
            ("mm[]1]", &["mm1", "mm]"]),
            ("mm[!]1]", &["mm2", "mm3", "mm-", "mm["]),
            ("mm[", &["mm["]),
            ("mm[12", &[]),
            ("*[1]*", &["mm1"]),
            ("mm[[]", &["mm["]),
        ] {
            let fitting = ["mm1", "mm2", "mm3", "mm-", "mm]", "mm["].into_iter().filter(|id| fits(glob, id));
            assert_eq!(fitting.collect::<Vec<_>>(), ids, "{glob}");
        }
    }
}
