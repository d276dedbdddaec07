//! Patterns for the paths of included files, without looking at any disk.

/// A path, or a pattern for paths, from the directory of the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// What stands between the slashes.
    pub(crate) parts: Vec<Part>,
}

/// What stands between two slashes of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// A name.
    Name(String),
    /// A pattern for a name.
    Glob(Vec<Token>),
    /// `**`: any number of directories.
    Directories,
}

/// A piece of a pattern for a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// A character.
    Character(char),
    /// `?`: any character.
    Any,
    /// `*`: any number of characters.
    Many,
    /// `[...]`: one of these ranges of characters, or with `!` none of them.
    Class {
        /// Whether none of them may stand there.
        is_negated: bool,
        /// The first and the last of each.
        ranges: Vec<(char, char)>,
    },
}

/// Why a text is no pattern: what is wrong, and what to do.
pub(crate) type Malformed = (&'static str, &'static str);

impl Pattern {
    /// Reads a pattern that stands in a file of a directory, which is named from that of the root.
    pub(crate) fn new(folder: &str, written: &str) -> Result<Self, Malformed> {
        if written.is_empty() {
            return Err(("is empty", "name a file, as in `sites/berlin.yaml`, or a pattern, as in `sites/*.yaml`"));
        }
        if written.starts_with('/') {
            return Err(("is absolute", "write a path that begins at the directory of this file"));
        }
        if written.ends_with('/') {
            return Err(("is a directory", "name the files in it, as in `sites/*.yaml`"));
        }
        let mut parts: Vec<_> =
            folder.split('/').filter(|name| !name.is_empty()).map(|name| Part::Name(name.to_owned())).collect();
        for part in written.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    let outside = ("leads out of the directory of the spec", "move the file below that directory");
                    parts.pop().ok_or(outside)?;
                }
                "**" if parts.last() == Some(&Part::Directories) => {}
                "**" => parts.push(Part::Directories),
                _ if part.contains(['*', '?', '[']) => parts.push(Part::Glob(tokens(part)?)),
                _ => parts.push(Part::Name(part.to_owned())),
            }
        }
        match parts.last() {
            Some(Part::Name(_) | Part::Glob(_)) => Ok(Self { parts }),
            Some(Part::Directories) | None => {
                Err(("names no file", "end it with the name of a file or a pattern for names, as in `**/*.yaml`"))
            }
        }
    }

    /// Whether it can lead to one path only.
    pub(crate) fn is_plain(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Part::Name(_)))
    }
}

fn tokens(part: &str) -> Result<Vec<Token>, Malformed> {
    const OPEN: Malformed = ("has a `[` that is not closed", "add `]`, or write `[[]` for the character itself");
    let mut tokens = Vec::new();
    let mut characters = part.chars().peekable();
    while let Some(character) = characters.next() {
        tokens.push(match character {
            '*' => Token::Many,
            '?' => Token::Any,
            '[' => {
                let is_negated = characters.next_if(|next| ['!', '^'].contains(next)).is_some();
                let mut ranges = Vec::new();
                loop {
                    let first = characters.next().ok_or(OPEN)?;
                    // A `]` that comes first stands for itself.
                    if first == ']' && !ranges.is_empty() {
                        break;
                    }
                    let is_range = characters.peek() == Some(&'-') && characters.clone().nth(1) != Some(']');
                    let last = if is_range { characters.nth(1).ok_or(OPEN)? } else { first };
                    ranges.push((first, last));
                }
                Token::Class { is_negated, ranges }
            }
            _ => Token::Character(character),
        });
    }
    // Several `*` in a row match what one does.
    tokens.dedup_by(|next, previous| (&*next, &*previous) == (&Token::Many, &Token::Many));
    Ok(tokens)
}

/// Whether a name matches. As in a shell, only a written `.` matches one at the beginning.
pub(crate) fn matches(tokens: &[Token], name: &str) -> bool {
    if name.starts_with('.') && tokens.first() != Some(&Token::Character('.')) {
        return false;
    }
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut token) = (0, 0);
    // Where to go on if what follows the last `*` does not match: the `*` takes one character more.
    let mut again = None;
    while let Some(character) = name.get(at) {
        let fits = match tokens.get(token) {
            Some(Token::Many) => {
                again = Some((token, at));
                token += 1;
                continue;
            }
            Some(Token::Any) => true,
            Some(Token::Character(wanted)) => wanted == character,
            Some(Token::Class { is_negated, ranges }) => {
                ranges.iter().any(|(first, last)| (first..=last).contains(&character)) != *is_negated
            }
            None => false,
        };
        if fits {
            (at, token) = (at + 1, token + 1);
        } else if let Some((many, from)) = again {
            again = Some((many, from + 1));
            (at, token) = (from + 1, many + 1);
        } else {
            return false;
        }
    }
    tokens.get(token..).unwrap_or_default().iter().all(|token| *token == Token::Many)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, name: &str) -> bool {
        tokens(pattern).is_ok_and(|tokens| matches(&tokens, name))
    }

    #[test]
    fn names_match_as_in_a_shell() {
        for (pattern, names, others) in [
            ("*.yaml", &["a.yaml", "a.b.yaml"][..], &[".yaml", ".a.yaml", "a.yml", "a.yaml.bak"][..]),
            (".*", &[".a"], &["a"]),
            ("a*b*c", &["abc", "aXbXc", "abbcbc"], &["ab", "abcd", "acb"]),
            ("mm?", &["mm1", "mmé"], &["mm", "mm12"]),
            ("r[1-3x].yaml", &["r1.yaml", "r3.yaml", "rx.yaml"], &["r4.yaml", "r-.yaml", "r.yaml"]),
            ("[!a-c]", &["d", "-"], &["a", "b"]),
            ("[^a]", &["b"], &["a"]),
            ("[]a-]", &["]", "a", "-"], &["b"]),
            ("[[]", &["["], &["]"]),
            ("**", &["abc", ""], &[".a"]),
        ] {
            assert!(names.iter().all(|name| fits(pattern, name)), "{pattern}");
            assert!(!others.iter().any(|name| fits(pattern, name)), "{pattern}");
        }
    }

    #[test]
    fn a_pattern_that_could_match_in_many_ways_is_cheap() {
        assert!(!fits(&"*a".repeat(100), &"a".repeat(99)));
        assert!(fits(&"*a".repeat(100), &"a".repeat(2000)));
    }

    #[test]
    fn paths_begin_at_the_file_and_stay_below_the_root() {
        let name = |name: &str| Part::Name(name.to_owned());
        let parts = |folder, written| Pattern::new(folder, written).map(|pattern| pattern.parts);
        assert_eq!(parts("", "./a//b.yaml"), Ok(vec![name("a"), name("b.yaml")]));
        assert_eq!(parts("sites/eu", "../common.yaml"), Ok(vec![name("sites"), name("common.yaml")]));
        assert_eq!(parts("", "**/**/a.yaml"), Ok(vec![Part::Directories, name("a.yaml")]));
        for (folder, written) in [
            ("", "../a.yaml"),
            ("sites", "../../a.yaml"),
            ("", "a/../../b.yaml"),
            ("", "/a.yaml"),
            ("", ""),
            ("", "sites/"),
            ("sites", ".."),
            ("", "a/.."),
            ("", "sites/**"),
            ("", "a[1.yaml"),
            ("", "a["),
            ("", "a[1-"),
        ] {
            assert!(parts(folder, written).is_err(), "{folder} {written}");
        }
    }
}
