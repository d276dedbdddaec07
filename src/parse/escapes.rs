//! Backslashes in double-quoted strings.

use crate::diag::{Code, Diagnostic};
use crate::source::{SourceFile, Span};

/// What is wrong with the first escape of the string that begins at an offset which YAML does not know.
pub(super) fn explain(start: usize, source: &SourceFile) -> Option<Diagnostic> {
    let mut text = source.after(start).strip_prefix('"')?;
    loop {
        text = text.get(text.find(['\\', '"'])?..)?;
        let rest = text.strip_prefix('\\')?;
        let at = source.start() + source.text().len() - text.len();
        let (length, wrong) = escape(rest);
        if let Some((message, help)) = wrong {
            return Some(Diagnostic::new(Code::YamlSyntax, Span::new(at, at + 1 + length), message).help(help));
        }
        text = rest.get(length..)?;
    }
}

/// The bytes of an escape after its backslash, and what is wrong with it.
fn escape(rest: &str) -> (usize, Option<(String, &'static str)>) {
    let Some(letter) = rest.chars().next() else { return (0, None) };
    let digits = match letter {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        letter if KNOWN.contains(letter) => return (letter.len_utf8(), None),
        letter => {
            // What cannot be seen is not shown.
            let shown = if letter.is_ascii_graphic() { format!("`\\{letter}`") } else { "a backslash".to_owned() };
            let message = format!("{shown} means nothing in a string with double quotes");
            return (letter.len_utf8(), Some((message, BACKSLASH)));
        }
    };
    let (length, code) = hexadecimal(rest, digits);
    let written = rest.get(..length).unwrap_or_default();
    let Some(code) = code else {
        let message = format!("`\\{letter}` needs {digits} hexadecimal digits after it");
        return (length, Some((message, BACKSLASH)));
    };
    let low = || rest.get(length..).and_then(|rest| rest.strip_prefix('\\')).filter(|rest| rest.starts_with('u'));
    if is_high(code)
        && digits == 4
        && let (more, Some(0xDC00..=0xDFFF)) = hexadecimal(low().unwrap_or_default(), 4)
    {
        return (length + 1 + more, None);
    }
    if char::from_u32(code).is_some() {
        return (length, None);
    }
    let message = if (0xD800..=0xDFFF).contains(&code) {
        format!("`\\{written}` is half of a character")
    } else {
        format!("`\\{written}` is no character")
    };
    (length, Some((message, "write the character itself")))
}

/// What may follow a backslash, but for the letters before hexadecimal digits. (YAML 1.2.2: 5.7, escaped characters)
const KNOWN: &str = "0abt\tnvfre \"/\\N_LP\r\n";

const BACKSLASH: &str = "write `\\\\` for a backslash, or use single quotes";

/// Whether a code is the first half of a character that UTF-16 writes in two.
const fn is_high(code: u32) -> bool {
    matches!(code, 0xD800..=0xDBFF)
}

/// The bytes of a letter with so many hexadecimal digits after it, or of as many as there are, and what they stand for.
fn hexadecimal(text: &str, digits: usize) -> (usize, Option<u32>) {
    let found = text.bytes().skip(1).take(digits).take_while(u8::is_ascii_hexdigit).count();
    let length = text.len().min(1 + found);
    let code = text.get(1..length).filter(|_| found == digits).and_then(|text| u32::from_str_radix(text, 16).ok());
    (length, code)
}
