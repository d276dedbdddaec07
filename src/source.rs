//! The text of a spec, which may be in several files, and places in it.

mod file;
mod include;

use std::collections::BTreeMap;

pub(crate) use file::{Defect, SourceFile};
pub(crate) use include::{Found, Obstacle};

/// Largest spec that tartgen reads, with all its files: a fleet of 10,000 hosts with ten VMs each has 25 MB.
pub const SIZE_LIMIT: usize = 32 * 1024 * 1024;

/// A range of bytes in a [`Source`]: offsets count through all its files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` to `end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Whether all of the span lies in another.
    pub(crate) const fn is_in(self, other: Self) -> bool {
        other.start <= self.start && self.end <= other.end
    }

    /// Whether the span has no bytes.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }
}

/// A line and a column, both counted from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// The text of a spec: of the file that was named, its root, and of all files that it includes.
#[derive(Debug, Clone)]
pub struct Source {
    root: SourceFile,
    included: Vec<SourceFile>,
    /// What each `include` of each file led to, by the number of the file and the text of the pattern.
    found: BTreeMap<(usize, String), Vec<Found>>,
}

impl Source {
    /// A spec in one file, from its bytes. Bytes that are no text become a diagnostic when the source is compiled.
    #[must_use]
    pub fn new(name: &str, bytes: Vec<u8>) -> Self {
        let root = SourceFile::new(name, "", bytes, 0, SIZE_LIMIT);
        Self { root, included: Vec::new(), found: BTreeMap::new() }
    }

    /// The name of the root that diagnostics show: the path as the user wrote it, with control characters escaped.
    #[must_use]
    pub fn name(&self) -> &str {
        self.root.name()
    }

    /// The name of the root without its directory.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.name().rsplit('/').next().unwrap_or(self.name())
    }

    /// The text of the root.
    #[must_use]
    pub fn text(&self) -> &str {
        self.root.text()
    }

    /// The name that diagnostics show of the file that an offset lies in.
    #[must_use]
    pub fn name_at(&self, offset: usize) -> &str {
        self.file_at(offset).name()
    }

    /// Where a byte is in its file, for people.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        self.file_at(offset).position(offset)
    }

    /// The text of a span; empty where the span lies in no file.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.file_at(span.start).slice(span)
    }

    /// The file that an offset lies in.
    pub(crate) fn file_at(&self, offset: usize) -> &SourceFile {
        let before = self.number_at(offset).checked_sub(1);
        before.and_then(|index| self.included.get(index)).unwrap_or(&self.root)
    }

    /// The number of the file that an offset lies in.
    pub(crate) fn number_at(&self, offset: usize) -> usize {
        self.included.partition_point(|file| file.start() <= offset)
    }

    /// The root and the included files, in the order of their offsets, which is that of their numbers.
    pub(crate) fn files(&self) -> impl Iterator<Item = &SourceFile> {
        std::iter::once(&self.root).chain(&self.included)
    }

    /// The file with a number; the root has 0.
    pub(crate) fn file(&self, number: usize) -> Option<&SourceFile> {
        self.files().nth(number)
    }

    fn last(&self) -> &SourceFile {
        self.included.last().unwrap_or(&self.root)
    }

    /// How many bytes of a further file would be read.
    pub(crate) fn room(&self) -> usize {
        // One offset lies between two files.
        SIZE_LIMIT.saturating_sub(self.last().end().saturating_sub(self.included.len()))
    }

    /// Adds an included file and gives it the next number. `path` leads to it from the root's directory.
    pub(crate) fn add(&mut self, path: &str, bytes: Vec<u8>) -> usize {
        let name = self.name_of(path);
        // Between two files lies an offset that belongs to neither text, so that an end is no beginning.
        let start = self.last().end() + 1;
        self.included.push(SourceFile::new(&name, path, bytes, start, self.room()));
        self.included.len()
    }

    /// The name that diagnostics show of a file, by its path from the root's directory.
    pub(crate) fn name_of(&self, path: &str) -> String {
        match self.root.name().rsplit_once('/') {
            Some((directory, _)) => format!("{directory}/{path}"),
            None => path.to_owned(),
        }
    }

    /// Notes what a pattern under the `include` of a file led to.
    pub(crate) fn note(&mut self, file: usize, pattern: String, found: Vec<Found>) {
        self.found.insert((file, pattern), found);
    }

    /// What a pattern under the `include` of a file led to.
    pub(crate) fn found(&self, file: usize, pattern: &str) -> &[Found] {
        self.found.get(&(file, pattern.to_owned())).map_or(&[], Vec::as_slice)
    }
}

/// Whether a character looks like nothing or like a blank without being one. (Unicode: the categories `Cf`, `Zs`, `Zl` and
/// `Zp`, and letters without a shape)
pub(crate) const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{a0}' | '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{115f}' | '\u{1160}'
            | '\u{1680}' | '\u{180e}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}'
            | '\u{3000}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

/// Names the first character of a text that nobody sees, so that a finding can tell of it.
pub(crate) fn invisible(text: &str) -> Option<String> {
    let character = text.chars().find(|character| is_invisible(*character))?;
    let what = match character {
        '\u{a0}' => "a no-break space",
        '\u{ad}' => "a soft hyphen",
        '\u{200b}' => "a space without width",
        _ => "an invisible character",
    };
    Some(format!("{what}, U+{:04X}", u32::from(character)))
}

/// A text as it is, with what cannot be printed or seen escaped.
#[must_use]
pub fn printable(text: &str) -> String {
    // Nearly every text is shown as it is.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            shown.extend(character.escape_debug());
        } else if is_invisible(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_tells_its_file() {
        let mut source = Source::new("dir/a.yaml", b"a: 1\n".to_vec());
        assert_eq!(source.add("sites/b.yaml", b"\nb: 2".to_vec()), 1);
        assert_eq!(source.add("c.yaml", Vec::new()), 2);
        for (offset, name, line, column) in [
            (0, "dir/a.yaml", 1, 1),
            (5, "dir/a.yaml", 2, 1),
            (6, "dir/sites/b.yaml", 1, 1),
            (10, "dir/sites/b.yaml", 2, 4),
            (11, "dir/sites/b.yaml", 2, 5),
            (12, "dir/c.yaml", 1, 1),
            (999, "dir/c.yaml", 1, 1),
        ] {
            assert_eq!(
                (source.name_at(offset), source.position(offset)),
                (name, Position { line, column }),
                "{offset}"
            );
        }
        assert_eq!((source.slice(Span::new(0, 1)), source.slice(Span::new(7, 8))), ("a", "b"));
        assert_eq!(source.slice(Span::new(0, 8)), "");
        assert_eq!(source.file(1).map(SourceFile::folder), Some("sites"));
        assert_eq!(source.file(2).map(SourceFile::folder), Some(""));
    }

    #[test]
    fn what_nobody_sees_is_named() {
        assert_eq!(printable("a\u{200b}b\u{a0}\u{1b}é 1"), "a\\u{200b}b\\u{a0}\\u{1b}é 1");
        assert_eq!(invisible("mm\u{ad}1").as_deref(), Some("a soft hyphen, U+00AD"));
        assert_eq!(invisible("mm1 é\u{1f600}"), None);
    }

    #[test]
    fn all_files_together_have_one_limit() {
        let mut source = Source::new("a.yaml", vec![b'#'; SIZE_LIMIT - 10]);
        source.add("b.yaml", b"#2345678".to_vec());
        assert_eq!(source.room(), 2);
        source.add("c.yaml", b"#23".to_vec());
        let defects: Vec<_> = source.files().map(SourceFile::defect).collect();
        assert_eq!(defects, [None, None, Some(Defect::TooLarge)]);
    }
}
