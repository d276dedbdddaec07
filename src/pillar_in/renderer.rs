//! What makes a pillar file out of an SLS file before YAML sees it.

use std::rc::Rc;

use super::problem::Problem;
use super::value::Place;

/// Refuses a file that Salt would run something on which tartgen cannot run: only a master can render Jinja.
///
/// Without a first line `#!...` Salt renders Jinja and then reads YAML. (salt: `renderer` of the master configuration)
pub(super) fn refuse_programs(file: &Rc<str>, text: &str) -> Result<(), Problem> {
    let place = |line| Place { file: Rc::clone(file), line };
    let first = text.lines().next().unwrap_or_default();
    let pipeline = match first.strip_prefix("#!") {
        Some(renderers) => {
            renderers.split('|').map(|step| step.split_whitespace().next().unwrap_or_default()).collect()
        }
        None => vec!["jinja", "yaml"],
    };
    let renders_jinja = match pipeline.as_slice() {
        ["yaml" | "json"] => false,
        ["jinja", "yaml" | "json"] => true,
        _ => {
            let message = format!("only YAML can be read here, not what `{first}` makes; {ADVICE}");
            return Err(Problem::new(&place(1), message));
        }
    };
    let is_jinja = |line: &str| ["{{", "{%", "{#"].iter().any(|tag| line.contains(tag));
    match text.lines().position(is_jinja) {
        Some(at) if renders_jinja => Err(Problem::new(
            &place(at + 1),
            format!("this file uses Jinja, which only a Salt master can render; {ADVICE}"),
        )),
        Some(_) | None => Ok(()),
    }
}

/// What to do instead.
const ADVICE: &str = "render it with `salt 'HOST' pillar.raw --out json` and name the result";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_yaml_is_read() {
        let refused = |text: &str| refuse_programs(&"a.sls".into(), text).err().map(|problem| problem.to_string());
        for text in ["a: 1", "#!yaml\na: \"{{ x }}\"", "#!jinja|yaml\na: 1", "#!json\n{}", "#!yaml \na: {%"] {
            assert_eq!(refused(text), None, "{text}");
        }
        for (text, expected) in [
            ("a: 1\nb: {{ x }}\n", "a.sls:2: this file uses Jinja"),
            ("#!jinja | yaml\n{% if x %}\n", "a.sls:2: this file uses Jinja"),
            ("#!py\ndef run(): pass\n", "a.sls:1: only YAML can be read here, not what `#!py` makes"),
            ("#!yaml|gpg\na: 1\n", "a.sls:1: only YAML can be read here"),
        ] {
            assert!(refused(text).is_some_and(|problem| problem.starts_with(expected)), "{:?}", refused(text));
        }
    }
}
