//! Jinja as Salt runs it, close enough to render what tartgen emits.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use minijinja::value::Kwargs;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value};
use regex_lite::Regex;

use crate::verify::world::HASH;

/// An environment with Salt's settings: undefined values are errors, blanks stay, and Python's methods, the `do` and
/// loop tags and Salt's own filters and tests exist.
pub(crate) fn environment() -> Environment<'static> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    // Errors name the line; a dump of all variables would bury it.
    env.set_debug(false);
    env.set_auto_escape_callback(|_| AutoEscape::None);
    env.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
    env.add_filter("sha256", |_: &str| HASH);
    env.add_filter("quote", |text: String| shell_word(&text));
    // minijinja's own let undefined values through, which to Salt are errors.
    env.add_filter("e", escape);
    env.add_filter("escape", escape);
    env.add_filter("tojson", tojson);
    env.add_filter("int", int);
    env.add_function("raise", |message: String| -> Result<Value, Error> {
        Err(Error::new(ErrorKind::InvalidOperation, message))
    });
    let patterns = Patterns::default();
    env.add_test("match", move |text: &str, pattern: &str| patterns.is_match(text, pattern));
    env
}

/// Patterns compiled once each, by an engine that takes little time for it: they are held against few texts.
#[derive(Debug, Default)]
struct Patterns(RwLock<BTreeMap<String, Regex>>);

impl Patterns {
    /// Salt's `match` test.
    fn is_match(&self, text: &str, pattern: &str) -> Result<bool, Error> {
        // Threads ask at the same time.
        if let Some(pattern) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(pattern) {
            return Ok(pattern.is_match(text));
        }
        let compiled = Regex::new(&from_start(pattern));
        let compiled = compiled
            .map_err(|error| Error::new(ErrorKind::InvalidOperation, format!("bad pattern `{pattern}`: {error}")))?;
        let matches = compiled.is_match(text);
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(pattern.to_owned(), compiled);
        Ok(matches)
    }
}

/// What Python's `re.match` looks for, which is the start of a text only, as Rust's engines write it.
pub(crate) fn from_start(pattern: &str) -> String {
    format!("^(?:{})", pattern.replace("\\Z", "\\z"))
}

fn escape(value: &Value) -> Result<String, Error> {
    let text = defined(value)?.to_string();
    let entities = [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('\'', "&#39;"), ('"', "&#34;")];
    Ok(entities.iter().fold(text, |text, (c, entity)| text.replace(*c, entity)))
}

fn tojson(value: &Value, indent: Option<Value>, options: Kwargs) -> Result<Value, Error> {
    minijinja::filters::tojson(defined(value)?, indent, options)
}

/// Jinja's own makes 0 of what is no number; minijinja's makes an error of it.
fn int(value: &Value) -> Result<i64, Error> {
    let value = defined(value)?;
    let number = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok());
    Ok(number.unwrap_or_default())
}

fn defined(value: &Value) -> Result<&Value, Error> {
    if value.is_undefined() { Err(Error::from(ErrorKind::UndefinedError)) } else { Ok(value) }
}

/// Salt's `quote` filter, which is Python's `shlex.quote`.
fn shell_word(text: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    if !text.is_empty() && text.chars().all(safe) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\"'\"'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_end_where_python_ends_them() {
        let patterns = Patterns::default();
        for (text, expected) in [("mm1", true), ("mm1\n", false), ("mm1x\n", false), ("", false), (" mm1", false)] {
            assert_eq!(patterns.is_match(text, "[a-z]+[0-9]*\\Z").ok(), Some(expected), "{text:?}");
        }
        assert_eq!(patterns.is_match("mm1 and more", "mm1").ok(), Some(true));
        assert!(patterns.is_match("a", "(").is_err());
    }

    #[test]
    fn undefined_values_are_errors() {
        for source in [
            "{{ x }}",
            "{{ x | e }}",
            "{{ x | escape }}",
            "{{ x | tojson }}",
            "{{ x | quote }}",
            "{{ y.x }}",
            "{{ x ~ 'a' }}",
            "{{ x | int }}",
            "{{ x | trim }}",
            "{{ x | join }}",
            "{{ x | string }}",
            "{{ x + 1 }}",
            "{{ x | replace('a', 'b') }}",
            "{{ x | list }}",
            "{{ x | lower }}",
            "{{ x == 1 }}",
            "{% if x %}{% endif %}",
            "{% for a in x %}{% endfor %}",
            "{% if x is match('a') %}{% endif %}",
        ] {
            let rendered = environment().render_str(source, minijinja::context! { y => 1 });
            assert!(rendered.is_err(), "{source}: {rendered:?}");
        }
    }

    #[test]
    fn salts_filters() {
        let source = "{{ \"it's\" | quote }} {{ '<a&b>' | e }} {{ 'é' | tojson }} {{ 'a/b:c' | quote }} {% set x = {'a': 1} %}{{ x.get('b', 2) }}";
        assert_eq!(
            environment().render_str(source, ()).ok().as_deref(),
            Some("'it'\"'\"'s' &lt;a&amp;b&gt; \"é\" a/b:c 2")
        );
    }
}
