//! What Salt prints with `--out json`.

use std::rc::Rc;

use serde::de::IgnoredAny;

use super::problem::Problem;
use super::value::Place;

/// Whether a text is one JSON object, whatever its file is called. Several of them, one after another, are refused.
///
/// # Errors
///
/// Says where the second object begins.
pub(super) fn is_object(file: &Rc<str>, text: &str) -> Result<bool, Problem> {
    if !begins_with_object(text) {
        return Ok(false);
    }
    let mut documents = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    if !matches!(documents.next(), Some(Ok(_))) {
        return Ok(false);
    }
    let (first, rest) = text.split_at_checked(documents.byte_offset()).unwrap_or((text, ""));
    if rest.trim_ascii().is_empty() {
        return Ok(true);
    }
    // What is no JSON either may be Jinja.
    if !begins_with_object(rest) || !matches!(documents.next(), Some(Ok(_))) {
        return Ok(false);
    }
    let space = rest.len() - rest.trim_ascii_start().len();
    let before = first.matches('\n').count() + rest.get(..space).unwrap_or_default().matches('\n').count();
    let place = Place { file: Rc::clone(file), line: before + 1 };
    let message = "a second JSON document begins here; print one for all minions with `--static`, as in `salt '*' \
                   pillar.raw --out json --static`";
    Err(Problem::new(&place, message))
}

fn begins_with_object(text: &str) -> bool {
    text.trim_ascii_start().starts_with('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_recognised() {
        let told = |text: &str| is_object(&"a.sls".into(), text).map_err(|problem| problem.to_string());
        for text in ["{}", " {\"a\": \"{{ x }}\"}\n", "\n{\"a\": [1, {\"b\": null}]}"] {
            assert_eq!(told(text), Ok(true), "{text}");
        }
        for text in
            ["", "[1]", "a: 1", "{a: 1}", "{{ x }}", "{% if x %}", "{# x #}", "{} {{ x }}", "{}\n{% x %}", "{} a"]
        {
            assert_eq!(told(text), Ok(false), "{text}");
        }
        for (text, line) in [("{}{}", 1), ("{\n}\n{\n}\n{\n}\n", 3), ("{}\n\n {\"a\": 1}", 3)] {
            let expected = format!("a.sls:{line}: a second JSON document begins here; print one");
            assert!(told(text).is_err_and(|problem| problem.starts_with(&expected)), "{text}: {:?}", told(text));
        }
    }
}
