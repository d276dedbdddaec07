//! The JSON Schema of the spec, and what a document gets wrong by it.

mod draft7;
mod explain;
mod generate;
mod keys;
mod patterns;
mod prose;
mod sizes;
mod types;
mod words;

use std::sync::LazyLock;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{PatternOptions, Validator};
use serde::Deserialize as _;
use serde_json::Value;

use crate::diag::{Code, Diagnostic, Report};
use crate::map::Map;
use crate::parallel::{MANY, each, parts};
use crate::parse::{Document, Kind, Mismatch, Node, NodeJson, Reader};
use crate::source::Source;
use crate::spec::{Fleet, Host};
use explain::Marks;

/// The schema, made ready when it is needed: to look at large documents in place, and to say what is wrong.
struct Compiled {
    json: Value,
    validator: Validator<NodeJson>,
}

/// The schema as it is committed.
const SCHEMA: &str = include_str!("../../schema/fleet.schema.json");

/// The committed schema as code, made when tartgen is built. It reads JSON, and has no words for what it finds.
#[jsonschema::validator(
    path = "schema/fleet.schema.json",
    draft = Draft202012,
    pattern_options = { engine = regex },
    methods = { is_valid = true, validate = false, iter_errors = false }
)]
struct Built;

/// So many nodes are copied as JSON in less time than it takes to make ready the schema that looks at them in place.
const SMALL: u32 = 10_000;

static COMPILED: LazyLock<Result<Compiled, String>> = LazyLock::new(|| {
    // What is committed is what the types say, and read in half the time.
    let json = serde_json::from_str(SCHEMA).map_err(|error| error.to_string())?;
    // None of our patterns looks ahead or back. The draft is said, or the schemas of all drafts would be made ready.
    let options = jsonschema::options_for::<NodeJson>().with_draft(jsonschema::Draft::Draft202012);
    let options = options.with_pattern_options(PatternOptions::regex());
    let validator = options.build(&json).map_err(|error| error.to_string())?;
    Ok(Compiled { json, validator })
});

/// A version of JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Draft {
    /// Draft 7, the latest that all editors know.
    Draft7,
    /// Draft 2020-12, as committed.
    Draft202012,
}

/// The schema as pretty JSON with a final newline.
pub(crate) fn text(draft: Draft) -> String {
    format!("{:#}\n", json(draft))
}

fn json(draft: Draft) -> Value {
    let schema = generate::generate();
    match draft {
        Draft::Draft7 => draft7::convert(&schema),
        Draft::Draft202012 => schema,
    }
}

/// Which file of a spec a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The file that was named.
    Root,
    /// One that another includes.
    Included,
}

/// Checks the shape of a document against the schema, and marks what is wrong in it.
pub(crate) fn check(document: &mut Document, part: Part, source: &Source, report: &mut Report) {
    // To collect nothing takes longer than to see that there is nothing.
    // What is included lacks what a root must say, and would be copied only to be refused.
    let json = if part == Part::Root { document.root.to_json(SMALL) } else { None };
    let verdict = json.map(|json| Built::is_valid(&json));
    if verdict == Some(true) {
        return;
    }
    let compiled = match COMPILED.as_ref() {
        Ok(compiled) => compiled,
        Err(error) => {
            report.push(Diagnostic::new(Code::Internal, document.root.span, format!("the schema is broken: {error}")));
            return;
        }
    };
    if verdict.is_none() && is_valid(&compiled.validator, &document.root) {
        return;
    }
    let mut marks = Marks::default();
    let errors: Vec<_> = compiled.validator.iter_errors(&document.root).collect();
    // A key that is missing may only be misspelt.
    let (unknown, others): (Vec<_>, Vec<_>) =
        errors.iter().partition(|error| matches!(error.kind(), ValidationErrorKind::AdditionalProperties { .. }));
    for error in unknown.into_iter().chain(others) {
        let is_required = matches!(error.kind(), ValidationErrorKind::Required { .. });
        // What a spec must say, its root says.
        if part == Part::Included && is_required && error.instance_path().as_str().is_empty() {
            continue;
        }
        explain::explain(error, document, source, &compiled.json, &mut marks, report);
    }
    document.wrong.extend(marks.wrong);
    document.misspelt.extend(marks.misspelt);
}

/// Whether a document has the shape that it should. The schema looks at each host by itself, so several are looked at
/// at once.
fn is_valid(validator: &Validator<NodeJson>, root: &Node) -> bool {
    let hosts: Vec<_> = match root.entry(HOSTS).map(|entry| &entry.value.kind) {
        Some(Kind::Map(hosts)) if hosts.len() > MANY => hosts.iter().collect(),
        _ => return validator.is_valid(root),
    };
    parts(&hosts, MANY, |hosts| validator.is_valid(&root.with_only(HOSTS, hosts))).into_iter().all(|valid| valid)
}

/// Reads a document as types, without what is wrong in it.
pub(crate) fn read(document: &Document, report: &mut Report) -> Fleet {
    if !document.is_sound(&[]) {
        return Fleet::default();
    }
    let without_hosts = Fleet::deserialize(Reader::new(&document.root, &document.wrong).without(HOSTS));
    let fleet = without_hosts.and_then(|fleet| Ok(Fleet { hosts: hosts(document)?, ..fleet }));
    fleet.unwrap_or_else(|error| {
        // The types accept all that the schema does; what they accept beyond it has been reported.
        let message = format!("the schema accepts what the types refuse: {error}");
        report.push(Diagnostic::new(Code::Internal, document.root.span, message));
        Fleet::default()
    })
}

const HOSTS: &str = "hosts";

/// The hosts, which are most of a large spec: several are read at once.
fn hosts(document: &Document) -> Result<Map<Host>, Mismatch> {
    let entries = document.root.entry(HOSTS).map(|entry| Reader::new(&entry.value, &document.wrong).entries());
    let entries = entries.unwrap_or_default();
    let read = each(&entries, MANY, |(name, host)| Host::deserialize(*host).map(|host| ((*name).to_owned(), host)));
    let mut hosts = Map::default();
    hosts.reserve(read.len());
    for host in read {
        let (name, host) = host?;
        hosts.insert(name, host);
    }
    Ok(hosts)
}

#[cfg(test)]
mod tests;
