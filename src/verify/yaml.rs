//! YAML read strictly: what `PyYAML` and YAML 1.2 could read differently is an error.

use granit_parser::{Event, Parser, ScalarStyle};

/// A value, with what decides its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    /// A string in quotes or a block.
    Quoted(String),
    /// A string without quotes that no version of YAML takes for anything else.
    Bare(String),
    /// A decimal integer.
    Int(i64),
    /// `true` or `false`, also with a capital.
    Bool(bool),
    /// Nothing.
    Null,
    /// A sequence.
    List(Vec<Node>),
    /// A mapping with strings as keys, in the order of the text.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// The text of a string, quoted or not.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Quoted(text) | Self::Bare(text) => Some(text),
            Self::Int(_) | Self::Bool(_) | Self::Null | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// The entries of a mapping.
    pub(crate) fn map(&self) -> Option<&[(Node, Node)]> {
        if let Self::Map(entries) = self { Some(entries) } else { None }
    }

    /// The items of a list.
    pub(crate) fn list(&self) -> Option<&[Node]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.map()?.iter().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
    }

    /// The same without the styles, as Salt hands it to Jinja.
    pub(crate) fn json(&self) -> serde_json::Value {
        match self {
            Self::Quoted(text) | Self::Bare(text) => text.as_str().into(),
            Self::Int(number) => (*number).into(),
            Self::Bool(truth) => (*truth).into(),
            Self::Null => serde_json::Value::Null,
            Self::List(items) => items.iter().map(Self::json).collect(),
            Self::Map(entries) => {
                entries.iter().filter_map(|(key, value)| Some((key.text()?.to_owned(), value.json()))).collect()
            }
        }
    }
}

/// An unfinished collection.
enum Open {
    List(Vec<Node>),
    Map(Vec<(Node, Node)>, Option<Node>),
}

/// Reads one document. `None` for an empty one.
pub(crate) fn read(text: &str) -> Result<Option<Node>, String> {
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| format!("not YAML: {error}"))?;
        let line = span.start.line();
        let finished = match event {
            Event::Scalar(_, _, 1.., _) | Event::Scalar(_, _, _, Some(_)) => {
                return Err(format!("line {line}: a tag or an anchor"));
            }
            Event::Scalar(text, ScalarStyle::Plain, _, None) => Some(
                plain(&text).ok_or_else(|| format!("line {line}: `{text}` means different things to YAML parsers"))?,
            ),
            Event::Scalar(text, _, _, None) => Some(Node::Quoted(text.into_owned())),
            Event::SequenceStart(_, 0, None) => {
                open.push(Open::List(Vec::new()));
                None
            }
            Event::MappingStart(_, 0, None) => {
                open.push(Open::Map(Vec::new(), None));
                None
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(Open::List(items)) => Some(Node::List(items)),
                Some(Open::Map(entries, None)) => Some(Node::Map(entries)),
                Some(Open::Map(_, Some(_))) | None => return Err(format!("line {line}: a key without a value")),
            },
            Event::DocumentStart(true, _) => return Err(format!("line {line}: a document marker")),
            Event::StreamStart | Event::StreamEnd | Event::DocumentStart(false, _) | Event::DocumentEnd => None,
            Event::Alias(_)
            | Event::Anchor(..)
            | Event::UnresolvedAlias(_)
            | Event::SequenceStart(..)
            | Event::MappingStart(..)
            | _ => return Err(format!("line {line}: a tag, an anchor or an alias")),
        };
        let Some(node) = finished else {
            continue;
        };
        match open.last_mut() {
            None => root = Some(node),
            Some(Open::List(items)) => items.push(node),
            Some(Open::Map(entries, key)) => match key.take() {
                Some(name) => entries.push((name, node)),
                None if node.text().is_none() => return Err(format!("line {line}: a key that is not a string")),
                None if entries.iter().any(|(name, _)| name.text() == node.text()) => {
                    return Err(format!("line {line}: `{}` stands twice", node.text().unwrap_or_default()));
                }
                None => *key = Some(node),
            },
        }
    }
    Ok(root.filter(|root| *root != Node::Null))
}

/// The words that YAML 1.1 takes for something else than a string, in lower case.
const WORDS: &[&str] = &["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

/// What a plain scalar is to every parser, `None` if they would not agree.
fn plain(text: &str) -> Option<Node> {
    match text {
        // The parser reports a value that is left out as `~`.
        "" | "~" => return Some(Node::Null),
        "true" | "True" => return Some(Node::Bool(true)),
        "false" | "False" => return Some(Node::Bool(false)),
        _ => {}
    }
    // A number, a time or a date has no word in it.
    let is_word = |word: &str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    if text.contains(' ') && text.split(' ').any(is_word) {
        return Some(Node::Bare(text.to_owned()));
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits == "0" || digits.starts_with(|c: char| ('1'..='9').contains(&c)) {
        return (digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten().map(Node::Int);
    }
    let first = |c: char| c.is_ascii_alphabetic() || c == '/' || c == '_';
    let word = WORDS.contains(&text.to_ascii_lowercase().as_str());
    (text.starts_with(first) && !word).then(|| Node::Bare(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_types_and_order() {
        let node = read("b: \"1\"\na: [1, -2, true, x y, 012 ok, '']\nc: {}\nd:\n");
        let list = vec![
            Node::Int(1),
            Node::Int(-2),
            Node::Bool(true),
            Node::Bare("x y".to_owned()),
            Node::Bare("012 ok".to_owned()),
            Node::Quoted(String::new()),
        ];
        let key = |text: &str| Node::Bare(text.to_owned());
        let entries = vec![
            (key("b"), Node::Quoted("1".to_owned())),
            (key("a"), Node::List(list)),
            (key("c"), Node::Map(Vec::new())),
            (key("d"), Node::Null),
        ];
        assert_eq!(node, Ok(Some(Node::Map(entries))));
        assert_eq!(read("# nothing\n"), Ok(None));
    }

    #[test]
    fn what_parsers_disagree_about_is_refused() {
        for text in [
            "a: 0644",
            "a: 1:30",
            "a: 1_000",
            "a: 1.5",
            "a: 1e3",
            "a: 0x1F",
            "a: yes",
            "a: Off",
            "a: n",
            "a: =",
            "a: .inf",
            "a: 2026-08-01",
            "yes: 1",
            "1: 1",
            "a: 1\na: 2",
            "a: &x 1\nb: *x",
            "a: !!str 1",
            "--- a\n",
            "a: 1\n---\nb: 1\n",
            "a: [",
            "a: \"\\q\"",
            "<<: {a: 1}",
            "[a]: 1",
            "a: *x",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
