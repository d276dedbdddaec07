//! Templates that produce Jinja: their own delimiters, so that Salt's `{{ }}` passes through.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Error, UndefinedBehavior, Value};
use serde::Serialize;

use crate::plan::{Outdated, Plan};
use crate::render::quote::{double, single};
use crate::render::rollout::{Wave, waves};

/// Everything the templates may know of a fleet: what is the same on all hosts, and their order. The rest comes from
/// pillar.
#[derive(Debug, Serialize)]
struct Context<'a> {
    tap: &'a str,
    formula: &'a str,
    trust: &'a [String],
    minimum_version: &'a str,
    outdated: &'static str,
    binary: &'a str,
    brew: &'a str,
    /// `TAP/FORMULA`, as Homebrew wants it in order to know the tap as well.
    formula_full: String,
    /// The full names of the formulae to trust, as words of a shell command.
    trusted: String,
    /// Homebrew's own directory.
    prefix: &'a str,
    /// The waves of the rollout.
    waves: Vec<Wave<'a>>,
}

impl<'a> Context<'a> {
    fn new(plan: &'a Plan) -> Self {
        let tart = &plan.tart;
        Self {
            tap: &tart.tap,
            formula: &tart.formula,
            trust: &tart.trust,
            minimum_version: &tart.minimum_version,
            outdated: match tart.outdated {
                Outdated::Upgrade => "upgrade",
                Outdated::Refuse => "refuse",
            },
            binary: &tart.binary,
            brew: &tart.brew,
            formula_full: format!("{}/{}", tart.tap, tart.formula),
            trusted: tart.trust.iter().map(|formula| format!("{}/{formula}", tart.tap)).collect::<Vec<_>>().join(" "),
            prefix: tart.brew.strip_suffix("/bin/brew").unwrap_or(&tart.brew),
            waves: waves(plan),
        }
    }
}

/// What several templates include, by the name they include it under.
const PARTS: &[(&str, &str)] = &[
    ("host_file.jinja", include_str!("templates/host_file.jinja.j2")),
    ("facts.jinja", include_str!("templates/facts.jinja.j2")),
    ("unload.jinja", include_str!("templates/unload.jinja.j2")),
    ("stop.jinja", include_str!("templates/stop.jinja.j2")),
    ("delete.jinja", include_str!("templates/delete.jinja.j2")),
];

/// Fills the templates of a fleet's tree; undefined variables are errors.
///
/// Tags are `<% %>`, values `<< >>`, comments `<# #>`; the filter `dq` writes a string for YAML and Jinja, `sq` a word
/// for the shell. A tag alone on its line leaves no line behind.
#[derive(Debug)]
pub(crate) struct Filler {
    env: Environment<'static>,
    context: Value,
}

impl Filler {
    /// What fills the templates for a plan.
    pub(crate) fn new(plan: &Plan) -> Result<Self, Error> {
        let mut env = Environment::new();
        env.set_syntax(
            SyntaxConfig::builder()
                .block_delimiters("<%", "%>")
                .variable_delimiters("<<", ">>")
                .comment_delimiters("<#", "#>")
                .trim_blocks(true)
                .lstrip_blocks(true)
                .keep_trailing_newline(true)
                .build()?,
        );
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        // Errors name the line; a dump of all variables would bury it.
        env.set_debug(false);
        // Salt files are not HTML: nothing is escaped behind the author's back, whatever the file is called.
        env.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        env.add_filter("dq", |text: &str| double(text));
        env.add_filter("sq", |text: &str| single(text));
        for (part, text) in PARTS {
            env.add_template(part, text)?;
        }
        Ok(Self { env, context: Value::from(Serde(Context::new(plan))) })
    }

    /// Fills one template. `name` is for messages.
    pub(crate) fn fill(&self, name: &str, source: &str) -> Result<String, Error> {
        self.env.render_named_str(name, source, &self.context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Layout, Tart};

    fn plan() -> Plan {
        let tart = Tart {
            tap: "openai/tools".to_owned(),
            formula: "tart".to_owned(),
            trust: vec!["tart".to_owned()],
            minimum_version: "2.13.0".to_owned(),
            outdated: Outdated::Refuse,
            binary: "/opt/it's/tart".to_owned(),
            brew: "/opt/homebrew/bin/brew".to_owned(),
        };
        Plan { spec_name: String::new(), tart, layout: Layout::Inside, waves: Vec::new(), hosts: Vec::new() }
    }

    fn fill(name: &str, source: &str, plan: &Plan) -> Result<String, Error> {
        Filler::new(plan)?.fill(name, source)
    }

    #[test]
    fn salts_jinja_passes_through() {
        let plan = plan();
        let source =
            "{% set t = << tap | dq >> %}\n<% for f in trust %>\n- {{ x }} << f | sq >>\n<% endfor %>\n{# c #}\n";
        let text = fill("x", source, &plan);
        assert_eq!(text.ok().as_deref(), Some("{% set t = \"openai/tools\" %}\n- {{ x }} 'tart'\n{# c #}\n"));
        assert_eq!(fill("x.html", "<< binary >>", &plan).ok().as_deref(), Some("/opt/it's/tart"));
    }

    #[test]
    fn undefined_values_are_errors() {
        let plan = plan();
        assert!(fill("x", "<< tpa >>", &plan).is_err());
        assert!(fill("x", "<% if tpa %><% endif %>", &plan).is_err());
    }
}
