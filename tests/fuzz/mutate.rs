//! Inputs that look enough like specs to get far: real ones, damaged at the joints of YAML and of the spec.

use fastrand::Rng;

/// What YAML, Jinja, Salt, shells and readers of numbers may stumble over.
const TOKENS: &[&str] = &[
    "&a ",
    "*a",
    "&a [*a, *a]",
    "!!int ",
    "!x ",
    "<<: ",
    "? ",
    "- ",
    ": ",
    ":",
    ", ",
    "{",
    "}",
    "[",
    "]",
    "|\n",
    ">-\n",
    "|2\n",
    "\t",
    "\r",
    "\r\n",
    "\n",
    "\0",
    "\u{7f}",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\u{fffe}",
    "\u{202e}",
    "\u{1f600}",
    "e\u{301}",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "%",
    "\"",
    "'",
    "\\",
    "\"\\x0a\"",
    "\"\\ud800\"",
    "#",
    " #",
    "~",
    "null",
    "true",
    "-1",
    "0",
    "1",
    "3",
    "012",
    "1e999",
    "1e-7",
    ".inf",
    ".nan",
    "0x7f",
    "1_000",
    "1:30",
    "18446744073709551616",
    "170141183460469231731687303715884105728",
    "4096",
    "8GiB",
    "8192MiB",
    "1048577",
    "65536",
    "60GB",
    "99999999999GiB",
    "-0",
    "__slot__:salt:test.ping()",
    "{{ 1 }}",
    "{% raw %}",
    "{#",
    "$(id)",
    "`id`",
    "''",
    "\"\"",
    "a/b:c",
    "ghcr.io/a/b@sha256:0",
    "ghcr.io/cirruslabs/ubuntu:24.04",
    "A",
    "root",
    "daemon",
    "yes",
    "..",
    "mm*",
    "version",
    "hosts",
    "vms",
    "removed",
    "profile",
    "image",
    "cpu",
    "enabled",
    "hardware",
    "defaults",
];

/// The input with a number: always the same for the same corpus.
pub(super) fn input(corpus: &[Vec<u8>], number: u64) -> Vec<u8> {
    let mut rng = Rng::with_seed(number);
    if rng.u8(..100) == 0 {
        return (0..rng.usize(..300)).map(|_| rng.u8(..)).collect();
    }
    let pick = |rng: &mut Rng| rng.choice(corpus).cloned().unwrap_or_default();
    let mut text = String::from_utf8_lossy(&pick(&mut rng)).into_owned();
    // Most inputs are damaged a little: they get further.
    let most = rng.u32(1..7);
    for _ in 0..rng.u32(1..=most) {
        let other = String::from_utf8_lossy(&pick(&mut rng)).into_owned();
        text = change(&mut rng, &text, &other);
        if text.len() > 100_000 {
            break;
        }
    }
    encode(&mut rng, text)
}

/// One change.
fn change(rng: &mut Rng, text: &str, other: &str) -> String {
    match rng.u8(..22) {
        0 => splice(text, spot(rng, text), 0, token(rng)),
        1 => splice(text, spot(rng, text), rng.usize(..20), ""),
        2 => splice(text, spot(rng, text), rng.usize(..4), token(rng)),
        3 | 4 => {
            let token = token(rng);
            replace_word(rng, text, token)
        }
        5 => {
            let word = word(rng, text);
            replace_word(rng, text, &word)
        }
        6 => {
            let word = word(rng, other);
            replace_word(rng, text, &word)
        }
        // The same name everywhere: references stay right, and the checks behind them are reached.
        7 | 14..=17 => text.replace(&word(rng, text), &name(rng)),
        18..=21 => {
            let number = rng.u32(0..rng.clone().choice([4, 20, 100, 70_000]).unwrap_or(1)).to_string();
            replace_number(rng, text, &number)
        }
        8 => {
            let token = token(rng);
            replace_value(rng, text, token)
        }
        9 => lines(rng, text, |rng, lines| {
            let (from, to) = (rng.usize(..lines.len()), rng.usize(..lines.len()));
            lines.swap(from, to);
        }),
        10 => lines(rng, text, |rng, lines| {
            let at = rng.usize(..lines.len());
            let again: Vec<String> = lines.iter().skip(at).take(rng.usize(1..5)).cloned().collect();
            let to = rng.usize(..=lines.len());
            lines.splice(to..to, again);
        }),
        11 => lines(rng, text, |rng, lines| {
            let at = rng.usize(..lines.len());
            let end = lines.len().min(at + rng.usize(1..4));
            lines.drain(at..end);
        }),
        12 => lines(rng, text, |rng, lines| {
            let (at, blanks) = (rng.usize(..lines.len()), rng.usize(..5));
            for line in lines.iter_mut().skip(at).take(rng.usize(1..6)) {
                *line = if rng.bool() { format!("{:blanks$}{line}", "") } else { line.trim_start().to_owned() };
            }
        }),
        _ => lines(rng, text, |rng, lines| {
            let theirs: Vec<&str> = other.split_inclusive('\n').collect();
            let from = rng.usize(..=theirs.len());
            let part: Vec<String> = theirs.iter().skip(from).take(rng.usize(1..8)).map(ToString::to_string).collect();
            let to = rng.usize(..=lines.len());
            lines.splice(to..to, part);
        }),
    }
}

/// The text as bytes, now and then in an encoding that is not expected.
fn encode(rng: &mut Rng, text: String) -> Vec<u8> {
    match rng.u8(..60) {
        0 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        1 => text.replace('\n', "\r\n").into_bytes(),
        2 => format!("\u{feff}{text}").into_bytes(),
        3 => {
            let mut bytes = text.into_bytes();
            let at = rng.usize(..=bytes.len());
            bytes.insert(at, rng.u8(0x80..));
            bytes
        }
        _ => text.into_bytes(),
    }
}

fn token(rng: &mut Rng) -> &'static str {
    rng.choice(TOKENS).copied().unwrap_or_default()
}

/// A name that many rules take, at times one that is too long for some.
fn name(rng: &mut Rng) -> String {
    let length = if rng.u8(..8) == 0 { rng.usize(60..300) } else { rng.usize(1..9) };
    (0..length).map(|_| if rng.u8(..10) == 0 { '-' } else { rng.lowercase() }).collect()
}

/// A place between two characters.
fn spot(rng: &mut Rng, text: &str) -> usize {
    let at = rng.usize(..=text.len());
    (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

fn splice(text: &str, at: usize, remove: usize, insert: &str) -> String {
    let (before, after) = text.split_at(at);
    before.chars().chain(insert.chars()).chain(after.chars().skip(remove)).collect()
}

/// Where words begin and end.
fn words(text: &str) -> Vec<(usize, usize)> {
    let is_inner = |character: char| character.is_alphanumeric() || "._-/@".contains(character);
    let mut found = Vec::new();
    let mut start = None;
    for (at, character) in text.char_indices().chain([(text.len(), ' ')]) {
        match (is_inner(character), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    found
}

fn word(rng: &mut Rng, text: &str) -> String {
    let found = rng.choice(words(text)).and_then(|(start, end)| text.get(start..end));
    found.unwrap_or("x").to_owned()
}

fn replace_word(rng: &mut Rng, text: &str, with: &str) -> String {
    match rng.choice(words(text)) {
        Some((start, end)) => {
            format!("{}{with}{}", text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default())
        }
        None => with.to_owned(),
    }
}

/// Another number for one that stands alone.
fn replace_number(rng: &mut Rng, text: &str, with: &str) -> String {
    let is_number = |(start, end): &(usize, usize)| {
        text.get(*start..*end).is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
    };
    match rng.choice(words(text).into_iter().filter(is_number).collect::<Vec<_>>()) {
        Some((start, end)) => {
            format!("{}{with}{}", text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default())
        }
        None => text.to_owned(),
    }
}

/// Puts something else after one `: `, up to the end of the value as it is usually written.
fn replace_value(rng: &mut Rng, text: &str, with: &str) -> String {
    let colons: Vec<usize> = text.match_indices(": ").map(|(at, _)| at + 2).collect();
    let Some(start) = rng.choice(colons) else { return with.to_owned() };
    let rest = text.get(start..).unwrap_or_default();
    let end = start + rest.find(['\n', ',', '}']).unwrap_or(rest.len());
    format!("{}{with}{}", text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default())
}

fn lines(rng: &mut Rng, text: &str, edit: impl FnOnce(&mut Rng, &mut Vec<String>)) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    if lines.is_empty() {
        lines.push("\n".to_owned());
    }
    edit(rng, &mut lines);
    lines.concat()
}
