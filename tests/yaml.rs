//! What is wrong with the YAML is said in tartgen's words, at the place that is wrong.

use std::iter;

use tartgen::{Code, Source, compile};

/// The first finding of a text: its message and what it underlines.
fn found(text: &str) -> (Code, String, String) {
    let source = Source::new("broken.yaml", text.as_bytes().to_vec());
    let outcome = compile(&source);
    let found = outcome.diagnostics().first().unwrap_or_else(|| panic!("nothing is wrong with {text:?}"));
    assert!(!found.advice.is_empty(), "{text:?}");
    (found.code, found.message.clone(), source.slice(found.primary.span).to_owned())
}

#[test]
fn broken_texts_are_explained_in_our_words() {
    let closed = "a quoted string is not closed";
    let tags = "tags are not supported";
    let half = |escape: &str| format!("`{escape}` is half of a character");
    for (text, message, underlined) in [
        ("a: \"b\\qc\"", "`\\q` means nothing in a string with double quotes", "\\q"),
        ("a: \"b\n  c\\\\ \\\" \\q\"", "`\\q` means nothing in a string with double quotes", "\\q"),
        ("a: \"\\ä\"", "a backslash means nothing in a string with double quotes", "\\ä"),
        ("a: \"\\u12\"", "`\\u` needs 4 hexadecimal digits after it", "\\u12"),
        ("a: \"\\xg0\"", "`\\x` needs 2 hexadecimal digits after it", "\\x"),
        ("a: \"b \\ud800\"", &half("\\ud800"), "\\ud800"),
        ("a: \"\\ud83d\\ude00 \\udc00\"", &half("\\udc00"), "\\udc00"),
        ("a: \"\\ud800\\u0041\"", &half("\\ud800"), "\\ud800"),
        ("a: \"\\ud800\\u00\"", &half("\\ud800"), "\\ud800"),
        ("a: \"\\U0000d800\"", &half("\\U0000d800"), "\\U0000d800"),
        ("a: \"\\U00110000\"", "`\\U00110000` is no character", "\\U00110000"),
        ("%YAML 1.1\n---\na: 1", "a spec is YAML 1.2, not 1.1", "%YAML 1.1"),
        ("# a\n\n%YAML 2.0 # b\n---\na: 1", "a spec is YAML 1.2, not 2.0", "%YAML 2.0 # b"),
        ("%YAML\n---\na: 1", "`%YAML` names no version", "%YAML"),
        ("%YAML 1.2 a\n---\na: 1", "`%YAML 1.2 a` names no version", "%YAML 1.2 a"),
        ("%YAML 1.2\n%YAML 1.2\n---\na: 1", "`%YAML 1.2` is given twice", "%YAML 1.2"),
        ("%YAML 1.2\na: 1", "a `---` is missing after the directive", "%YAML 1.2"),
        ("%YAML 1.2", "a `---` is missing after the directive", "%YAML 1.2"),
        (
            "%TAG ! tag:a.b,2000:\n---\na: 1",
            "tags are not supported, so there are none to declare",
            "%TAG ! tag:a.b,2000:",
        ),
        ("%A b\n---\na: 1", "`%A b` is no directive of YAML 1.2", "%A b"),
        ("%\n---\na: 1", "`%` is no directive of YAML 1.2", "%"),
        ("a: 1\n%YAML 1.2\n---\n", "a line of the spec begins with `%`", "%"),
        ("a: 1\n\u{feff}b: 1", "the invisible character U+FEFF stands inside the spec", "\u{feff}"),
        ("a: !e!b 1", tags, "!"),
        ("a: !<b 1", tags, "!"),
        ("a: !%zz 1", tags, "!"),
        ("a: !%ff 1", tags, "!"),
        ("a: !b{ 1", tags, "!"),
        ("a: !<> 1", tags, "!"),
        ("a: &b &c 1", "a value has an anchor or an alias too many", "&"),
        ("b: &c 1\na: &d *c", "a value has an anchor or an alias too many", "*"),
        ("a: & b", "a name is missing after `*` or `&`", "&"),
        ("a: *b", "the alias has no anchor", "*"),
        ("a: |0\n b", "text follows `|` or `>`", "|"),
        ("a: > b\n c", "text follows `|` or `>`", ">"),
        ("a: |\n    \n  b", "a line of the text below `|` or `>` is indented wrongly", "b"),
        ("a: [-]", "a `-` stands in brackets, where it begins no item", "-"),
        ("a: [\n- b\n]", "a `-` stands in brackets, where it begins no item", "-"),
        ("a: - b", "a `-` stands where no list can begin", "-"),
        ("a: ? b", "a `?` stands where no key can begin", "?"),
        ("{a:{b: 1}}", "a blank is missing after the `:`", ":"),
        ("a: \"b\"#c", "a blank is missing before the `#` of a comment", "#"),
        ("a: 1\n... b", "text follows `...`, which ends the document", "b"),
        ("a: \"b", closed, "\""),
        ("a: 'b", closed, "'"),
        ("a: \"b\n---\nc\"", "a quoted string is not closed before a `---` or `...`", "\""),
        ("a: \"b\" c", "text follows the closing quote", "c"),
        ("a: [b}", "`[` is closed by `}`", "["),
        ("a: b]\nc: ]", "a bracket is closed that was not opened", "]"),
        ("a: {b: ", "`{` is not closed", "{"),
        ("a: [b,", "`[` is not closed", "["),
        ("a: [,]", "a value is missing before the `,`", ","),
        ("a: [b,,c]", "a value is missing before the `,`", ","),
        ("a: {,}", "a value is missing before the `,`", ","),
        ("a: @b", "`@` cannot begin a value", "@"),
        ("a: `b`", "a backtick cannot begin a value", "`"),
        ("a:\n  b: 1\n\tc: 2", "a tab stands where YAML allows only spaces", "\t"),
        ("  a: 1\nb: 2", "this line does not go on with what stands before it", "b"),
        ("a:\n    b: 1\n  c: 2", "a key is expected here", "c"),
        ("a:\n- b\nc", "a `:` is missing after `c`", "c"),
        ("a: b: c", "a `:` or a line stands where none is expected", ":"),
    ] {
        let (code, said, place) = found(text);
        assert_eq!((said.as_str(), place.as_str()), (message, underlined), "{text:?}");
        assert!([Code::YamlSyntax, Code::YamlTag].contains(&code), "{text:?}");
    }
}

#[test]
fn a_key_has_1024_characters_at_most() {
    for (before, after) in
        [("version: 1\n", ": 1"), ("", ": 1"), ("a: {b: 1, ", ": 1}"), ("a:\n- ", ": 1\n"), ("? a\n: ", ":")]
    {
        for quote in ["", "'", "\""] {
            let key = format!("{quote}{}{quote}", "ä".repeat(1030));
            let (_, message, place) = found(&format!("{before}{key}{after}"));
            let count = key.chars().count();
            assert_eq!(message, format!("a key has {count} characters, and YAML takes 1024"), "{before:?} {quote}");
            assert_eq!(place, key, "{before:?} {quote}");
        }
        let short = "k".repeat(1000);
        assert_ne!(found(&format!("{before}{short}{after}")).0, Code::YamlSyntax, "{before:?}");
    }
}

#[test]
fn the_version_of_yaml_may_be_said() {
    let spec = "version: 1\nhosts: { mm1: { run_user: dk } }\n";
    for before in ["%YAML 1.2\n---\n", "\u{feff}# a\n%YAML  1.2  # b\n\n# c\n--- # d\n"] {
        let source = Source::new("a.yaml", format!("{before}{spec}").into_bytes());
        assert!(compile(&source).diagnostics().is_empty(), "{before:?}");
    }
}

/// Whatever is left out of a spec or put into it, the parser's own words are never seen.
#[test]
fn the_words_of_the_parser_are_never_seen() {
    let spec = "version: 1\nhosts:\n  mm1: { run_user: \"dk\", vms: { a: { image: 'a.b/c:1', memory: 8GiB } } }\n  mm2:\n    removed:\n    - b\n";
    let pieces = [
        "\"", "'", "{", "}", "[", "]", ",", ":", ": ", "- ", "? ", "&", "*", "!", "|", ">", "%", "#", "\\", "\t", "\n",
        "@", "---\n", "...\n",
    ];
    for (at, _) in spec.char_indices().chain(iter::once((spec.len(), ' '))) {
        for piece in pieces {
            let (before, after) = spec.split_at(at);
            let source = Source::new("a.yaml", format!("{before}{piece}{after}").into_bytes());
            for found in compile(&source).diagnostics() {
                let message = &found.message;
                let is_theirs = ["while ", "did not find", "expected '", "invalid ", "EOF", "scalar", "disallowed"];
                assert!(!is_theirs.iter().any(|words| message.contains(words)), "{message}");
            }
        }
    }
}
