//! Which file a minion is given, understood, so that nothing need be rendered for each of ten thousand minions.
//!
//! `top.sls`, or `tart/init.sls` where the files stand beside the pillar root, builds a name from the characters of the minion's id, one after the other. Where it reads just so, and the
//! expression in its loop knows nothing but the character, the name of the file for any id follows from what the
//! expression makes of each character. Where it reads otherwise, nothing is concluded, and each minion gets a rendering.

use std::collections::HashSet;

use minijinja::{Environment, Expression, context};
use regex::Regex;

use crate::plan::Layout;
use crate::tree::{BESIDE_DIR, HOSTS_DIR};
use crate::verify::jinja::from_start;

/// The file after its comments, but for the two expressions.
const BEFORE_CONDITION: &str = "{%- set id = opts.id | string %}\n{%- set ns = namespace(file='') %}\n{%- if ";
const BEFORE_PART: &str = " %}\n{%- for c in id %}\n{%- set ns.file = ns.file ~ (";
const AFTER_PART: &str = ") %}\n{%- endfor %}\n{%- endif %}\n{%- if ns.file %}\n";
const INSIDE: &str = "base:\n  \"*\":\n    - ignore_missing: true\n    - \"tart.hosts.{{ ns.file }}\"\n{%- endif %}\n";
/// The check of the folder stands in between; `verify/beside.rs` proves for a host that all of it gives the one file.
const BESIDE: [&str; 2] = [
    "{%- set folder = tplpath[:-(\"tart/init.sls\" | length)] ~ \"../hosts\" %}\n",
    "{%- set path = folder ~ \"/\" ~ ns.file ~ \".sls\" %}\n{%- if salt[\"file.file_exists\"](path) %}\n\
     {{ salt[\"file.read\"](path) }}\n{%- endif %}\n{%- endif %}\n",
];
/// What stands there, if it does.
const FOLDER: &str = "{%- if not salt[\"file.directory_exists\"](folder) %}\n\
                      {{- raise(\"there is no \" ~ folder ~ \", so no host has a pillar: copy salt/hosts beside \
                      salt/pillar\") }}\n{%- endif %}\n";

/// The characters of ids. Those of others are not looked up here.
const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

/// What the file computes.
pub(crate) struct Mapping<'e> {
    /// Whether an id gets any pillar.
    condition: Condition<'e>,
    /// What each character becomes, by its number.
    parts: Vec<Option<String>>,
    /// The folder of the files.
    folder: &'static str,
}

/// What decides whether an id gets any pillar.
enum Condition<'e> {
    /// The id matches a pattern.
    Matches(Regex),
    /// An expression that knows nothing but the id.
    Other(Expression<'e, 'static>),
}

impl<'e> Condition<'e> {
    fn read(env: &'e Environment<'static>, condition: &str) -> Option<Self> {
        let pattern = condition.strip_prefix("id is match(").and_then(|rest| rest.strip_suffix(')'));
        let pattern = pattern.and_then(|literal| Regex::new(&from_start(&constant(env, literal)?)).ok());
        pattern.map(Self::Matches).or_else(|| about("id", env, condition).map(Self::Other))
    }

    fn holds(&self, minion_id: &str) -> Option<bool> {
        match self {
            Self::Matches(pattern) => Some(pattern.is_match(minion_id)),
            Self::Other(expression) => Some(expression.eval(context! { id => minion_id }).ok()?.is_true()),
        }
    }
}

impl<'e> Mapping<'e> {
    /// Reads the file that gives minions theirs. `None` if it is not written as expected.
    pub(crate) fn read(env: &'e Environment<'static>, layout: Layout, source: &str) -> Option<Self> {
        let (comments, _) = source.split_once("{%")?;
        let is_comment = |line: &str| line.is_empty() || line.starts_with('#') && !line.contains('{');
        if !comments.lines().all(is_comment) {
            return None;
        }
        let (condition, rest) =
            source.get(comments.len()..)?.strip_prefix(BEFORE_CONDITION)?.split_once(BEFORE_PART)?;
        let condition = Condition::read(env, condition)?;
        let (part, rest) = rest.split_once(AFTER_PART)?;
        let part = about("c", env, part)?;
        let folder = match layout {
            Layout::Inside => (rest == INSIDE).then_some(HOSTS_DIR)?,
            Layout::Beside => {
                let [first, last] = BESIDE;
                let is_expected = rest.strip_prefix(first).and_then(|rest| rest.strip_suffix(last)) == Some(FOLDER);
                is_expected.then_some(BESIDE_DIR)?
            }
        };
        let mut parts = vec![None; 128];
        for character in ALPHABET.chars() {
            let text = part.eval(context! { c => character.to_string() }).ok()?.as_str()?.to_owned();
            // Nothing that Salt or YAML would read as more than a letter of a name.
            let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-+=".contains(c);
            if !text.chars().all(is_plain) {
                return None;
            }
            *parts.get_mut(number(character))? = Some(text);
        }
        Some(Self { condition, parts, folder })
    }

    /// The path of the one pillar file that a minion gets. `None` if it is not certain.
    pub(crate) fn path(&self, minion_id: &str) -> Option<String> {
        if !self.condition.holds(minion_id)? {
            return None;
        }
        let mut path = String::with_capacity(self.folder.len() + minion_id.len() + 8);
        path.push_str(self.folder);
        path.push('/');
        for character in minion_id.chars() {
            path.push_str(self.parts.get(number(character))?.as_deref()?);
        }
        path.push_str(".sls");
        Some(path)
    }
}

fn number(character: char) -> usize {
    usize::try_from(u32::from(character)).unwrap_or(usize::MAX)
}

/// An expression that knows only one variable, by itself.
fn about<'e>(variable: &str, env: &'e Environment<'static>, expression: &str) -> Option<Expression<'e, 'static>> {
    let expression = env.compile_expression_owned(expression.to_owned()).ok()?;
    (expression.undeclared_variables(false) == HashSet::from([variable.to_owned()])).then_some(expression)
}

/// A text that is written as a constant: one literal in single quotes.
fn constant(env: &Environment<'_>, literal: &str) -> Option<String> {
    let inner = literal.strip_prefix('\'')?.strip_suffix('\'')?;
    let value = env.compile_expression(literal).ok().filter(|_| !inner.contains('\''))?.eval(()).ok()?;
    value.as_str().map(str::to_owned)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]
mod tests {
    use super::*;
    use crate::plan::Plan;
    use crate::render::render;
    use crate::verify::tests::plan;
    use crate::verify::{PILLAR_INIT, TOP, host_path, shared, templates, text};

    /// The file that gives minions theirs, and what it is read with.
    fn served(layout: Layout) -> (Environment<'static>, String) {
        let plan = Plan { layout, ..plan() };
        let tree = render(&plan).unwrap();
        let path = if layout == Layout::Inside { TOP } else { PILLAR_INIT };
        (templates(&shared(&plan), &tree).unwrap(), text(&tree, path).unwrap().to_owned())
    }

    #[test]
    fn it_gives_what_a_rendering_gives() {
        for layout in [Layout::Inside, Layout::Beside] {
            let (env, source) = served(layout);
            let mapping = Mapping::read(&env, layout, &source).unwrap();
            for id in ["mm1", "MM1.example.com", "a_b-C.D9", ALPHABET, "a", "Z"] {
                let rendered = host_path(&env, layout, id).ok();
                let id_is_refused = id == ALPHABET;
                assert_eq!((mapping.path(id), rendered.is_none()), (rendered, id_is_refused), "{id}");
            }
            for id in ["*", "", "mm1\n", "é", "a/b", "mm1.", "..", "a b"] {
                assert_eq!(mapping.path(id), None, "{id}");
            }
        }
    }

    #[test]
    fn any_condition_on_the_id_counts() {
        for (from, to) in [
            ("if id is match", "if 'b' not in id and id is match"),
            ("[A-Za-z0-9]([", "[a](["),
            ("Z')", "Z') and id is match('a')"),
        ] {
            let (env, source) = served(Layout::Inside);
            let mapping = Mapping::read(&env, Layout::Inside, &source.replacen(from, to, 1)).unwrap();
            assert_eq!(mapping.path("b"), None, "{to}");
            assert!(mapping.path("a").is_some(), "{to}");
        }
    }

    const NAMES: &[(&str, &str)] = &[
        ("opts.id | string", "grains.id | string"),
        ("c in id", "c in id[:3]"),
        ("'+' if c == '.'", "'+' if id == 'mm1'"),
        ("'+' if c == '.'", "'*' if c == '.'"),
        ("'+' if c == '.'", "'\"' if c == '.'"),
        ("if id is match", "if opts.x or id is match"),
        ("file=''", "file='x'"),
        ("# Gives", "# {% set x = 1 %} Gives"),
        ("# Gives", "other:\n# Gives"),
    ];

    #[test]
    fn what_is_written_otherwise_is_not_understood() {
        let inside: &[_] = &[("tart.hosts.{{", "tart.{{"), ("base:\n", "{% set ns.file = 'mm1' %}base:\n")];
        let beside: &[_] = &[
            ("~ \"../hosts\"", "~ \"../../hosts\""),
            ("not salt[", "x and not salt["),
            ("(path) }}", "(path) | upper }}"),
        ];
        for (layout, own) in [(Layout::Inside, inside), (Layout::Beside, beside)] {
            let (env, source) = served(layout);
            for (from, to) in NAMES.iter().chain(own) {
                let changed = source.replacen(from, to, 1);
                assert_ne!(changed, source, "{from}");
                assert!(Mapping::read(&env, layout, &changed).is_none(), "{from} -> {to}");
            }
        }
    }
}
