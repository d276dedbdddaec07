//! What is known of each kind of finding, for `tartgen explain` and for the page of the documentation.

use std::fmt::Write as _;

use super::{Code, Level, capitalized, wrap};

/// How long lines are.
const COLUMNS: usize = 118;

/// What `tartgen explain` says about a kind of finding.
#[must_use]
pub fn explain(code: Code) -> String {
    format!(
        "{}[{}]: {}\n\n{}{}\n\n{}",
        code.severity().name(),
        code.name(),
        code.title(),
        changes(code),
        wrap(code.help(), COLUMNS),
        code.explanation()
    )
}

/// All kinds of findings with severity and title, a line each, in the order of the phases that find them.
#[must_use]
pub fn list_codes() -> String {
    let longest = Code::ALL.iter().map(|code| code.name().len()).max().unwrap_or_default();
    let mut text = String::new();
    for code in Code::ALL {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:longest$}  {:7}  {}", code.name(), severity(*code), code.title());
    }
    text
}

/// The page of the documentation that explains all kinds of findings, as Markdown.
#[must_use]
pub fn diagnostics_page() -> String {
    let mut text = String::from(HEAD);
    for code in Code::ALL {
        let _ = writeln!(text, "| [`{0}`](#{0}) | {1} | {2} |", code.name(), severity(*code), code.title());
    }
    for code in Code::ALL {
        let _ = write!(
            text,
            "\n## {}\n\n{}\n\n{}",
            code.name(),
            wrap(&format!("**{}: {}.** {}", capitalized(severity(*code)), code.title(), code.help()), COLUMNS),
            code.explanation()
        );
    }
    text
}

/// How findings of a kind are shown if nobody asks for anything else.
const fn severity(code: Code) -> &'static str {
    match code.level() {
        None | Some(Level::Deny) => "error",
        Some(Level::Warn) => "warning",
        Some(Level::Allow) => "allowed",
    }
}

/// What can be done about the level of a kind, as a paragraph; nothing for errors.
fn changes(code: Code) -> String {
    let (name, default) = (code.name(), severity(code));
    match code.level() {
        None => String::new(),
        Some(_) => format!(
            "By default: {default}. Change it in the spec (`lints: {{ {name}: deny }}`) or on the command line\n\
             (`--deny {name}`, `--warn {name}`, `--allow {name}`).\n\n"
        ),
    }
}

const HEAD: &str = "\
<!-- Generated from the table of diagnostics in src/diag: `UPDATE_DOCS=1 cargo test docs` writes it anew. -->
# Diagnostics

Everything that `tartgen build` and `tartgen validate` find has a code, shown in brackets: `error[unknown-key]`. Codes
are stable. `tartgen explain CODE` prints what stands here, `tartgen explain` lists the codes.

An **error** stops the build; nothing is written. A **warning** does not. What is **allowed** is not even shown unless
somebody asks for it. Warnings, and what is allowed, can be given another level:

- in the spec: `lints: { moving-tag: deny, unused-image: allow }`, with `allow`, `warn` or `deny`;
- on the command line, which goes before the spec: `--deny CODE`, `--warn CODE`, `--allow CODE`. `--deny warnings`
  makes errors of everything that would be a warning, `--allow warnings` hides it. Of two options for one code the
  later counts, and an option for one code goes before one for `warnings`.

Errors stay errors: what they report would fail on the Mac, or do there what nobody wrote.

| code | severity | what is wrong |
| --- | --- | --- |
";
