//! `--deny`, `--warn` and `--allow`: the later of two for one code counts, as compilers have it.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use tartgen::{Code, Level, Levels};

/// The levels that the command line asks for.
pub(super) struct LintArgs {
    /// The levels.
    pub(super) levels: Levels,
}

/// What an option is about.
#[derive(Clone, Copy)]
enum Subject {
    Code(Code),
    Warnings,
}

const OPTIONS: [(&str, Level, char, &str); 3] = [
    ("deny", Level::Deny, 'D', "Make errors of a kind of warning, or of all `warnings`"),
    ("warn", Level::Warn, 'W', "Show a kind of finding as a warning, whatever the spec says"),
    ("allow", Level::Allow, 'A', "Do not show a kind of warning, or any `warnings`"),
];

impl Args for LintArgs {
    fn augment_args(command: Command) -> Command {
        OPTIONS.into_iter().fold(command, |command, (name, level, short, help)| {
            let parser = Words { parse: move |text: &str| subject(text, level), words: move || subjects(level) };
            let arg = Arg::new(name).long(name).short(short).value_name("CODE").help(help);
            let arg = arg.value_delimiter(',').value_parser(parser).hide_possible_values(true);
            command.arg(arg.action(ArgAction::Append))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for LintArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut asked: Vec<(usize, Subject, Level)> = Vec::new();
        for (name, level, ..) in OPTIONS {
            if matches.value_source(name) != Some(ValueSource::CommandLine) {
                continue;
            }
            let indices = matches.indices_of(name).into_iter().flatten();
            let subjects = matches.get_many::<Subject>(name).into_iter().flatten();
            asked.extend(indices.zip(subjects).map(|(index, subject)| (index, *subject, level)));
        }
        asked.sort_by_key(|(index, ..)| *index);
        let mut levels = Levels::default();
        for (_, subject, level) in asked {
            match subject {
                Subject::Code(code) => levels.set(code, level),
                Subject::Warnings => levels.set_warnings(level),
            }
        }
        Ok(Self { levels })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn subject(text: &str, level: Level) -> Result<Subject, String> {
    if text == "warnings" {
        return match level {
            Level::Deny | Level::Allow => Ok(Subject::Warnings),
            Level::Warn => Err("warnings are warnings already; name a code".to_owned()),
        };
    }
    // What other tools call them, and what is nearer than any code.
    if text == "warning" || text == "all" {
        return Err("did you mean `warnings`?".to_owned());
    }
    let code = code(text)?;
    match code.level() {
        Some(_) => Ok(Subject::Code(code)),
        None if level == Level::Deny => Err("it is always an error".to_owned()),
        None => Err("it is an error, and errors stay errors".to_owned()),
    }
}

/// What an option is completed with.
fn subjects(level: Level) -> Vec<&'static str> {
    let warnings = (level != Level::Warn).then_some("warnings");
    Code::lints().map(Code::name).chain(warnings).collect()
}

/// Reads the code that `explain` is asked for.
pub(super) fn codes() -> impl TypedValueParser<Value = Code> {
    Words { parse: code, words: || Code::ALL.iter().map(|code| code.name()).collect() }
}

/// Reads a word, and tells shells which words there are; help would list them all.
#[derive(Clone)]
struct Words<P, W> {
    parse: P,
    words: W,
}

impl<T, P, W> TypedValueParser for Words<P, W>
where
    T: Clone + Send + Sync + 'static,
    P: Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static,
    W: Fn() -> Vec<&'static str> + Clone + Send + Sync + 'static,
{
    type Value = T;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<T, clap::Error> {
        self.parse.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.words)().into_iter().map(PossibleValue::new)))
    }
}

/// A code as people write it, or copy it from a message: `moving-tag`, `warning[moving-tag]`.
fn code(text: &str) -> Result<Code, String> {
    let inner = text.split_once('[').and_then(|(_, rest)| rest.strip_suffix(']')).unwrap_or(text);
    Code::from_name(inner).ok_or_else(|| match Code::closest_name(inner) {
        Some(name) => format!("there is no such code; did you mean `{name}`?"),
        None => "there is no such code; `tartgen explain` lists them all".to_owned(),
    })
}
