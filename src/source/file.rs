//! The text of one file, and places in it.

use super::{Position, Span, printable};

/// What keeps a file from being text that can be parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Defect {
    /// The spec is larger than it may be with this file; its text was not read.
    TooLarge,
    /// The bytes are not UTF-8 from here on; the text holds replacement characters.
    NotUtf8(Span),
    /// The bytes look like another encoding of Unicode, of this name; its text was not read.
    OtherUnicode(&'static str),
}

/// The text of one file of a spec and the name under which diagnostics show it. Its offsets begin where those of the
/// file before it end, so that an offset tells the file as well.
#[derive(Debug, Clone)]
pub(crate) struct SourceFile {
    name: String,
    /// The directory it is in, from the root's directory; empty if it is the same.
    folder: String,
    /// The offset of its first byte.
    start: usize,
    text: String,
    line_starts: Vec<usize>,
    /// How many characters begin before each block of the text; empty if each character is one byte.
    blocks: Vec<usize>,
    defect: Option<Defect>,
}

impl SourceFile {
    /// A file from its bytes, of which it may have `most`. `path` leads to it from the root's directory. Bytes that are no text become a diagnostic later.
    pub(super) fn new(name: &str, path: &str, bytes: Vec<u8>, start: usize, most: usize) -> Self {
        if bytes.len() > most {
            return Self::with_text(name, path, String::new(), start, Some(Defect::TooLarge));
        }
        if let Some(encoding) = other_unicode(&bytes) {
            return Self::with_text(name, path, String::new(), start, Some(Defect::OtherUnicode(encoding)));
        }
        let (mut text, mut defect) = match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let at = start + error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let span = Span::new(at, at + char::REPLACEMENT_CHARACTER.len_utf8());
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
        Self::with_text(name, path, line_feeds(text), start, defect)
    }

    fn with_text(name: &str, path: &str, text: String, start: usize, defect: Option<Defect>) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| start + at + 1);
        let line_starts = std::iter::once(start).chain(breaks).collect();
        let blocks = if text.is_ascii() { Vec::new() } else { blocks(&text) };
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        Self { name: printable(name), folder, start, text, line_starts, blocks, defect }
    }

    /// The name that diagnostics show: the path as the user wrote it, with control characters escaped.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The directory it is in, from the root's directory; empty if it is the same.
    pub(crate) fn folder(&self) -> &str {
        &self.folder
    }

    /// The whole text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The offset of the first byte.
    pub(crate) const fn start(&self) -> usize {
        self.start
    }

    /// The offset after the last byte.
    pub(crate) const fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Why the text cannot be parsed, if so.
    pub(crate) const fn defect(&self) -> Option<Defect> {
        self.defect
    }

    /// The text of a span; empty where the span lies outside.
    pub(crate) fn slice(&self, span: Span) -> &str {
        let (Some(start), Some(end)) = (span.start.checked_sub(self.start), span.end.checked_sub(self.start)) else {
            return "";
        };
        self.text.get(start..end).unwrap_or_default()
    }

    /// The text before an offset.
    pub(crate) fn before(&self, offset: usize) -> &str {
        self.slice(Span::new(self.start, offset))
    }

    /// The text from an offset on.
    pub(crate) fn after(&self, offset: usize) -> &str {
        self.slice(Span::new(offset, self.end()))
    }

    /// Where a byte is, for people.
    pub(crate) fn position(&self, offset: usize) -> Position {
        let line = self.line_of(offset);
        let start = self.line_start(line);
        let offset = offset.min(self.end()).max(start);
        let column = self.characters_before(offset).saturating_sub(self.characters_before(start));
        Position { line: line + 1, column: column + 1 }
    }

    /// How many characters begin before a byte; found in no time also where a line is as long as a book.
    fn characters_before(&self, offset: usize) -> usize {
        let offset = offset.saturating_sub(self.start);
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
        let is_inside = |offset: usize| !self.text.is_char_boundary(offset.saturating_sub(self.start));
        while is_inside(start) {
            start -= 1;
        }
        while is_inside(end) {
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
        self.line_starts.get(line).copied().unwrap_or(self.end())
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
    use crate::source::SIZE_LIMIT;

    /// A file that is not the first one.
    const START: usize = 100;

    fn file(name: &str, bytes: Vec<u8>) -> SourceFile {
        SourceFile::new(name, "", bytes, START, SIZE_LIMIT)
    }

    #[test]
    fn columns_count_characters() {
        let source = file("a.yaml", "é: ü\nb: c\n".into());
        assert_eq!(source.position(START + 4), Position { line: 1, column: 4 });
        assert_eq!(source.position(START + 7), Position { line: 2, column: 1 });
        assert_eq!(source.position(999).line, 3);
    }

    #[test]
    fn columns_of_long_lines() {
        for unit in ["a", "é", "€a", "𝄞"] {
            let source = file("a.yaml", format!("x\n{}", unit.repeat(3 * BLOCK)).into_bytes());
            for (at, character) in source.text().char_indices().skip(2) {
                let column = source.text().get(2..at).map_or(0, |before| before.chars().count()) + 1;
                // Comparing each place would take long for nothing.
                if column % 97 == 0 || at % BLOCK < 4 {
                    assert_eq!(source.position(START + at), Position { line: 2, column }, "{character} at {at}");
                }
            }
            let end = source.text().len();
            assert_eq!(source.position(START + end).column, source.text().chars().count() - 1);
            assert!(source.slice(source.around(START + end / 2, 40)).len() >= 40);
        }
    }

    #[test]
    fn carriage_returns_end_lines() {
        let source = file("a\u{1b}.yaml", b"a: 1\rb: 2\r\nc: 3\n".to_vec());
        assert_eq!((source.text(), source.name()), ("a: 1\nb: 2\r\nc: 3\n", "a\\u{1b}.yaml"));
        assert_eq!(source.position(START + 5), Position { line: 2, column: 1 });
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
        let source = file("a.yaml", b"\xef\xbb\xbfa: \xff".to_vec());
        assert_eq!(source.text(), "a: \u{fffd}");
        assert_eq!(source.defect(), Some(Defect::NotUtf8(Span::new(START + 3, START + 6))));
    }
}
