//! The schema, by which editors judge, and the compiler never disagree.
//!
//! Specs are made from the schema and then spoilt. What the schema refuses, the compiler refuses; what it accepts may
//! break a rule that no schema can state, but its form is never found wrong. Seeds follow one another from 0, so every
//! run sees the same specs; a failure names its seed, and `AGREEMENT_SEED=N cargo test agreement` looks at that one.
//! `AGREEMENT_SPECS=N` makes so many of them.
//!
//! One disagreement is left, since JSON has only one kind of number: `cpu: 4.0` is a whole number for a JSON Schema, and
//! a mistake for tartgen, which takes a number as it is written.

mod generate;
mod mutate;
mod random;

use std::collections::BTreeMap;
use std::time::Instant;

use jsonschema::Validator;
use serde_json::Value;
use tartgen::{Code, Draft, Format, Look, Source, compile, render_diagnostics, schema_json};

use generate::Generator;
use mutate::{mutate, shrink};
use random::Random;

/// How many specs are made unless said otherwise.
const SPECS: u64 = 1_000;

/// What only a schema that accepts too much lets through. Minion ids are in it although their length counts capitals
/// twice, which a schema cannot say: no spec here has one that long.
const SHAPE: &[Code] = &[
    Code::YamlSyntax,
    Code::DuplicateKey,
    Code::NonStringKey,
    Code::UnsupportedVersion,
    Code::UnknownKey,
    Code::MissingKey,
    Code::WrongType,
    Code::OutOfRange,
    Code::BadValue,
    Code::BadName,
    Code::BadVmName,
    Code::BadMinionId,
    Code::BadEnvironmentName,
    Code::Internal,
];

struct Judge {
    newer: Validator,
    older: Validator,
}

/// What a spec shows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Verdict {
    /// Both refuse it.
    Refused,
    /// The schema accepts it, and the compiler finds a rule broken that is none of form.
    AcceptedInForm,
    /// Both accept it.
    Accepted,
    /// The drafts disagree.
    DraftsDisagree,
    /// The schema refuses what the compiler accepts.
    SchemaIsStricter,
    /// The compiler finds the form wrong that the schema accepts.
    CompilerIsStricter,
}

impl Verdict {
    const fn is_wrong(self) -> bool {
        matches!(self, Self::DraftsDisagree | Self::SchemaIsStricter | Self::CompilerIsStricter)
    }
}

impl Judge {
    fn new() -> Self {
        let compiled = |draft| jsonschema::validator_for(&json(draft)).expect("the schema is one");
        Self { newer: compiled(Draft::Draft202012), older: compiled(Draft::Draft7) }
    }

    fn judge(&self, spec: &Value) -> Verdict {
        let is_valid = self.newer.is_valid(spec);
        if is_valid != self.older.is_valid(spec) {
            return Verdict::DraftsDisagree;
        }
        let outcome = compile(&source(spec));
        let has_wrong_form = outcome.diagnostics().iter().any(|found| SHAPE.contains(&found.code));
        match (is_valid, outcome.has_errors()) {
            (false, true) => Verdict::Refused,
            (false, false) => Verdict::SchemaIsStricter,
            (true, _) if has_wrong_form => Verdict::CompilerIsStricter,
            (true, true) => Verdict::AcceptedInForm,
            (true, false) => Verdict::Accepted,
        }
    }
}

fn json(draft: Draft) -> Value {
    serde_json::from_str(&schema_json(draft)).expect("the schema is JSON")
}

/// JSON is YAML.
fn source(spec: &Value) -> Source {
    Source::new("spec.yaml", spec.to_string().into_bytes())
}

/// The spec of a seed: every third is left as the schema made it, but for what makes it compile.
fn spec(generator: &Generator<'_>, seed: u64) -> Value {
    let mut random = Random::new(seed);
    let mut spec = generator.spec(&mut random);
    if random.percent(70)
        && let Some(object) = spec.as_object_mut()
    {
        // There is nothing to include, and a pattern that leads nowhere is an error.
        object.shift_remove("include");
        let vm = serde_json::json!({ "image": "ghcr.io/cirruslabs/ubuntu:24.04" });
        object.insert("defaults".to_owned(), serde_json::json!({ "run_user": "dk", "vm": vm }));
        // Without a host there is no fleet.
        if object.get("hosts").and_then(Value::as_object).is_none_or(serde_json::Map::is_empty) {
            object.insert("hosts".to_owned(), serde_json::json!({ "mm1": {} }));
        }
    }
    for _ in 0..seed % 3 {
        mutate(&mut spec, &mut random);
    }
    spec
}

#[test]
#[expect(clippy::print_stdout, reason = "the count is what `--nocapture` is for")]
fn schema_and_compiler_agree() {
    let (judge, schema) = (Judge::new(), json(Draft::Draft202012));
    let generator = Generator::new(&schema);
    let asked = |name| std::env::var(name).ok().map(|number| number.parse::<u64>().expect("it is a number"));
    let seeds = match asked("AGREEMENT_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..asked("AGREEMENT_SPECS").unwrap_or(SPECS),
    };
    let (start, mut counts) = (Instant::now(), BTreeMap::new());
    for seed in seeds.clone() {
        let made = spec(&generator, seed);
        let verdict = judge.judge(&made);
        *counts.entry(verdict).or_insert(0_u64) += 1;
        if verdict.is_wrong() {
            let small = shrink(made, |spec| judge.judge(spec) == verdict);
            let errors: Vec<_> = judge.newer.iter_errors(&small).map(|error| error.to_string()).collect();
            let source = source(&small);
            let outcome = compile(&source);
            let report = render_diagnostics(outcome.diagnostics(), &source, Format::Human(Look::default()));
            panic!("seed {seed}: {verdict:?}\n{small}\nthe schema says: {errors:?}\nthe compiler says:\n{report}");
        }
    }
    let total = seeds.end - seeds.start;
    println!("agreement: {total} specs in {:?}: {counts:?}", start.elapsed());
    if total > 1 {
        // A generator that only made nonsense would prove nothing.
        for verdict in [Verdict::Refused, Verdict::AcceptedInForm, Verdict::Accepted] {
            assert!(counts.get(&verdict).is_some_and(|count| *count > total / 50), "{verdict:?}: {counts:?}");
        }
    }
}

#[test]
fn what_the_schema_makes_it_accepts() {
    let (judge, schema) = (Judge::new(), json(Draft::Draft202012));
    let generator = Generator::new(&schema);
    for seed in 0..500 {
        let made = generator.spec(&mut Random::new(seed));
        let errors: Vec<_> = judge.newer.iter_errors(&made).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "seed {seed}: {errors:?}\n{made}");
    }
}
