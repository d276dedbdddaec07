//! Strings as literals of the languages that read the emitted files.

use std::fmt::Write as _;

/// A double-quoted literal that YAML 1.1 (`PyYAML`), YAML 1.2 and Jinja all read back as `text`.
///
/// Only escapes that mean the same to all of them are used. Written raw, `PyYAML` refuses or misreads control
/// characters, the line separators of Unicode and U+FFFE; invisible characters are escaped so that a reviewer sees
/// them. Characters beyond U+FFFF stay raw, because `PyYAML` cannot put surrogate pairs together. A brace that would
/// open a Jinja tag is escaped as well: then the text stays harmless even if a renderer takes the file for a template.
pub(crate) fn double(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_double(&mut out, text);
    out
}

/// The same at the end of another text.
pub(crate) fn push_double(out: &mut String, text: &str) {
    out.push('"');
    // Nearly all strings are written as they are.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\' | b'{')) {
        out.push_str(text);
    } else {
        push_escaped(out, text);
    }
    out.push('"');
}

fn push_escaped(out: &mut String, text: &str) {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '{' if chars.peek().is_some_and(|next| "{%#".contains(*next)) => out.push_str("\\x7b"),
            _ if c.is_control() => escape(out, "\\x", 2, c),
            '\u{ad}' => escape(out, "\\x", 2, c),
            '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fdd0}'..='\u{fdef}'
            | '\u{feff}'
            | '\u{fff0}'..='\u{ffff}' => escape(out, "\\u", 4, c),
            _ => out.push(c),
        }
    }
}

/// One word for a POSIX shell.
pub(crate) fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn escape(out: &mut String, prefix: &str, width: usize, c: char) {
    // Writing to a string cannot fail.
    let _ = write!(out, "{prefix}{:0width$x}", u32::from(c));
}

#[cfg(test)]
mod tests {
    use granit_parser::{Event, Parser, ScalarStyle};

    use super::*;

    const NASTY: &[&str] = &[
        "",
        " ",
        "a b",
        " a",
        "a ",
        "no",
        "yes",
        "on",
        "off",
        "true",
        "null",
        "~",
        "=",
        "<<",
        "012",
        "0o12",
        "0x1F",
        "0b11",
        "1:30",
        "12:30:45",
        "190:20:30",
        "1_000",
        "1.10",
        "1e3",
        "1e16",
        ".inf",
        ".nan",
        "2026-08-01",
        "a #b",
        "#a",
        "a: b",
        "a:",
        "- a",
        "?",
        "@a",
        "`a`",
        "%a",
        "&a",
        "*a",
        "!a",
        "!!int 3",
        "|",
        ">",
        "[",
        "{",
        "}",
        "]",
        "{{ 1 }}",
        "{% x %}",
        "{# x #}",
        "{{{",
        "{%{%",
        "#}",
        "a{",
        "{\n{",
        "\"",
        "\\",
        "\\\"",
        "\\n",
        "'",
        "''",
        "a\nb",
        "a\n",
        "\n",
        "\r\n",
        "\t",
        "\u{0}",
        "\u{1}",
        "\u{7}",
        "\u{1b}[31m",
        "\u{7f}",
        "\u{80}",
        "\u{85}",
        "\u{9f}",
        "\u{a0}",
        "\u{ad}",
        "\u{2028}",
        "\u{2029}",
        "\u{202e}",
        "\u{200b}",
        "\u{2066}",
        "\u{feff}a",
        "a\u{feff}",
        "\u{fffd}",
        "\u{fffe}",
        "\u{ffff}",
        "\u{d7ff}",
        "\u{e000}",
        "\u{1f600}",
        "\u{1fffe}",
        "\u{10ffff}",
        "ünïcödé",
        "e\u{301}",
        "日本",
        "---",
        "...",
        "--- a",
        "%YAML 1.1",
        "__slot__:salt:test.ping()",
        "$(x)",
        "$HOME",
        "a,b",
    ];

    #[expect(clippy::wildcard_enum_match_arm, reason = "only these events matter here")]
    /// What YAML reads in a literal, provided that it is one double-quoted scalar.
    fn read_yaml(literal: &str) -> Option<String> {
        let mut found = None;
        for event in Parser::new_from_str(&format!("{literal}: {literal}\n")) {
            match event.ok()?.0 {
                Event::Scalar(text, ScalarStyle::DoubleQuoted, _, None) => match &found {
                    Some(earlier) if *earlier != text => return None,
                    _ => found = Some(text.into_owned()),
                },
                Event::Scalar(..) | Event::SequenceStart(..) | Event::Alias(_) => return None,
                _ => {}
            }
        }
        found
    }

    fn corpus() -> Vec<String> {
        let singles = (0..=0x2_0000).chain([0x10_fffd, 0x10_ffff]).filter_map(char::from_u32);
        let pairs = NASTY.iter().flat_map(|a| NASTY.iter().map(move |b| format!("{a}{b}")));
        NASTY.iter().map(ToString::to_string).chain(pairs).chain(singles.map(|c| format!("a{c}b"))).collect()
    }

    #[test]
    fn yaml_reads_every_string_back() {
        for text in corpus() {
            let literal = double(&text);
            assert_eq!(read_yaml(&literal).as_deref(), Some(text.as_str()), "{literal}");
        }
    }

    #[test]
    fn jinja_reads_every_string_back_and_leaves_literals_alone() {
        let env = minijinja::Environment::new();
        for text in NASTY {
            let literal = double(text);
            let value = env.compile_expression(&literal).and_then(|expression| expression.eval(()));
            assert_eq!(value.ok().as_ref().and_then(|value| value.as_str()), Some(*text), "{literal}");
            assert_eq!(env.render_str(&literal, ()).ok().as_deref(), Some(literal.as_str()));
        }
    }

    #[test]
    fn literals_hold_no_character_that_pyyaml_refuses() {
        for text in corpus() {
            let refused = |c: char| !matches!(c, ' '..='~' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}');
            assert!(!double(&text).contains(refused), "{text:?}");
        }
    }

    #[test]
    fn shell_words() {
        assert_eq!(single(""), "''");
        assert_eq!(single("a'b c$(x)"), r"'a'\''b c$(x)'");
    }
}
