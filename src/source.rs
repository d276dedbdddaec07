//! The text of a spec, and places in it.

/// Largest spec that tartgen reads: a fleet of 10,000 hosts with ten VMs each has 25 MB.
pub const SIZE_LIMIT: usize = 32 * 1024 * 1024;

/// A range of bytes in a [`Source`].
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

/// What keeps a source from being text that can be parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Defect {
    /// The file is larger than [`SIZE_LIMIT`]; its text was not read.
    TooLarge,
    /// The bytes are not UTF-8 from here on; the text holds replacement characters.
    NotUtf8(Span),
    /// The bytes look like another encoding of Unicode, of this name; its text was not read.
    OtherUnicode(&'static str),
}

/// The text of a spec and the name under which diagnostics show it.
#[derive(Debug, Clone)]
pub struct Source {
    name: String,
    text: String,
    line_starts: Vec<usize>,
    /// How many characters begin before each block of the text; empty if each character is one byte.
    blocks: Vec<usize>,
    defect: Option<Defect>,
}

impl Source {
    /// A source from the bytes of a file. Bytes that are no text become a diagnostic when the source is compiled.
    #[must_use]
    pub fn new(name: &str, bytes: Vec<u8>) -> Self {
        if bytes.len() > SIZE_LIMIT {
            return Self::with_text(name, String::new(), Some(Defect::TooLarge));
        }
        if let Some(encoding) = other_unicode(&bytes) {
            return Self::with_text(name, String::new(), Some(Defect::OtherUnicode(encoding)));
        }
        let (mut text, mut defect) = match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let start = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let span = Span::new(start, start + char::REPLACEMENT_CHARACTER.len_utf8());
                (text, Some(Defect::NotUtf8(span)))
            }
        };
        // A byte-order mark is no content, and would shift the first line's columns.
        if text.starts_with(BYTE_ORDER_MARK) {
            text.drain(..BYTE_ORDER_MARK.len_utf8());
            if let Some(Defect::NotUtf8(span)) = &mut defect {
                let width = BYTE_ORDER_MARK.len_utf8();
                *span = Span::new(span.start.saturating_sub(width), span.end.saturating_sub(width));
            }
        }
        Self::with_text(name, line_feeds(text), defect)
    }

    fn with_text(name: &str, text: String, defect: Option<Defect>) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let line_starts = std::iter::once(0).chain(breaks).collect();
        let blocks = if text.is_ascii() { Vec::new() } else { blocks(&text) };
        Self { name: printable(name), text, line_starts, blocks, defect }
    }

    /// The name that diagnostics show: the path as the user wrote it, with control characters escaped.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name without its directory.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Why the text cannot be parsed, if so.
    pub(crate) const fn defect(&self) -> Option<Defect> {
        self.defect
    }

    /// The text of a span; empty where the span lies outside.
    pub(crate) fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// Where a byte is, for people.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let line = self.line_of(offset);
        let start = self.line_start(line);
        let offset = offset.min(self.text.len()).max(start);
        let column = self.characters_before(offset).saturating_sub(self.characters_before(start));
        Position { line: line + 1, column: column + 1 }
    }

    /// How many characters begin before a byte; found in no time also where a line is as long as a book.
    fn characters_before(&self, offset: usize) -> usize {
        let block = offset / BLOCK;
        match self.blocks.get(block) {
            Some(before) => before + beginnings(self.text.as_bytes().get(block * BLOCK..offset).unwrap_or_default()),
            None => offset,
        }
    }

    /// About so many bytes of one line around a byte, cut between characters.
    pub(crate) fn around(&self, offset: usize, width: usize) -> Span {
        let line = self.line_of(offset);
        let (first, last) = (self.line_start(line), self.line_end(line));
        let mut start = offset.saturating_sub(width / 2).max(first);
        let mut end = (start + width).min(last).max(start);
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        Span::new(start, end)
    }

    /// The line of a byte, counted from 0.
    pub(crate) fn line_of(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The first byte of a line counted from 0; the end of the text for a line past the last.
    pub(crate) fn line_start(&self, line: usize) -> usize {
        self.line_starts.get(line).copied().unwrap_or(self.text.len())
    }

    /// The end of a line counted from 0, without its line break.
    pub(crate) fn line_end(&self, line: usize) -> usize {
        let (start, end) = (self.line_start(line), self.line_start(line + 1));
        let content = self.slice(Span::new(start, end));
        start + content.trim_end_matches(['\n', '\r']).len()
    }
}

/// The size of a block of text whose characters are counted beforehand.
const BLOCK: usize = 1024;

fn blocks(text: &str) -> Vec<usize> {
    let mut before = 0;
    let count = |block: &[u8]| {
        let start = before;
        before += beginnings(block);
        start
    };
    // The end of the text may begin a block of its own.
    let mut blocks: Vec<_> = text.as_bytes().chunks(BLOCK).map(count).collect();
    blocks.push(before);
    blocks
}

/// How many characters begin in some bytes of UTF-8.
fn beginnings(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// A text as it is, with what cannot be printed escaped.
#[must_use]
pub fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            shown.extend(character.escape_debug());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// The encoding of Unicode that a text seems to have, if it is not UTF-8: by its byte-order mark, or by the zeros
/// between the letters of its beginning.
fn other_unicode(bytes: &[u8]) -> Option<&'static str> {
    let marks: [(&[u8], &str); 4] = [
        (&[0xff, 0xfe, 0, 0], "UTF-32"),
        (&[0, 0, 0xfe, 0xff], "UTF-32"),
        (&[0xff, 0xfe], "UTF-16"),
        (&[0xfe, 0xff], "UTF-16"),
    ];
    if let Some((_, encoding)) = marks.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return Some(encoding);
    }
    let start = bytes.get(..bytes.len().min(64) / 4 * 4).unwrap_or_default();
    let fits = |is_letter: fn(usize) -> bool| {
        !start.is_empty() && start.iter().enumerate().all(|(at, byte)| (*byte != 0) == is_letter(at))
    };
    if fits(|at| at % 4 == 0) || fits(|at| at % 4 == 3) {
        Some("UTF-32")
    } else if fits(|at| at % 2 == 0) || fits(|at| at % 2 == 1) {
        Some("UTF-16")
    } else {
        None
    }
}

/// YAML takes a carriage return without a line feed for a line break too; here, all lines end with a line feed.
fn line_feeds(text: String) -> String {
    if !text.contains('\r') {
        return text;
    }
    let mut lines = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let is_lone = character == '\r' && characters.peek() != Some(&'\n');
        lines.push(if is_lone { '\n' } else { character });
    }
    lines
}

const BYTE_ORDER_MARK: char = '\u{feff}';

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let source = Source::new("a.yaml", "é: ü\nb: c\n".into());
        assert_eq!(source.position(4), Position { line: 1, column: 4 });
        assert_eq!(source.position(7), Position { line: 2, column: 1 });
        assert_eq!(source.position(999).line, 3);
    }

    #[test]
    fn columns_of_long_lines() {
        for unit in ["a", "é", "€a", "𝄞"] {
            let source = Source::new("a.yaml", format!("x\n{}", unit.repeat(3 * BLOCK)).into_bytes());
            for (at, character) in source.text().char_indices().skip(2) {
                let column = source.text().get(2..at).map_or(0, |before| before.chars().count()) + 1;
                // Comparing each place would take long for nothing.
                if column % 97 == 0 || at % BLOCK < 4 {
                    assert_eq!(source.position(at), Position { line: 2, column }, "{character} at {at}");
                }
            }
            let end = source.text().len();
            assert_eq!(source.position(end).column, source.text().chars().count() - 1);
            assert!(source.slice(source.around(end / 2, 40)).len() >= 40);
        }
    }

    #[test]
    fn carriage_returns_end_lines() {
        let source = Source::new("a\u{1b}.yaml", b"a: 1\rb: 2\r\nc: 3\n".to_vec());
        assert_eq!((source.text(), source.name()), ("a: 1\nb: 2\r\nc: 3\n", "a\\u{1b}.yaml"));
        assert_eq!(source.position(5), Position { line: 2, column: 1 });
    }

    #[test]
    fn other_encodings_are_recognised() {
        let utf16: Vec<u8> = "version: 1\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let utf32: Vec<u8> = "version: 1\n".chars().flat_map(|letter| u32::from(letter).to_le_bytes()).collect();
        assert_eq!((other_unicode(&utf16), other_unicode(&utf32)), (Some("UTF-16"), Some("UTF-32")));
        assert_eq!((other_unicode(b"version: 1"), other_unicode(b""), other_unicode(b"a\0")), (None, None, None));
    }

    #[test]
    fn byte_order_mark_is_no_content() {
        let source = Source::new("a.yaml", b"\xef\xbb\xbfa: \xff".to_vec());
        assert_eq!(source.text(), "a: \u{fffd}");
        assert_eq!(source.defect(), Some(Defect::NotUtf8(Span::new(3, 6))));
    }
}
