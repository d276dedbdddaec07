//! The shape of a host: what decides its states.
//!
//! The states treat the names of VMs and accounts, images, sizes and most strings of the user alike, whatever they are:
//! they put them into IDs, paths and quoted words. So hosts whose VMs are called `ci-mm001` and `ci-mm002`, or that differ
//! in memory, have the same states up to these values, and that the pillar has the right values is proven for each host.
//! A value is kept here as far as the states look into it.

use std::collections::BTreeSet;

use crate::counting::is_digit;
use crate::map::Lookup;
use crate::plan::{CloneOptions, Daemon, Host, Settings};

/// Up to so many names are compared each with each.
const FEW: usize = 16;

/// What begins a VM.
pub(super) const VM: char = '\u{1}';

/// What stands between the parts of a VM.
pub(super) const PART: char = '\u{2}';

/// Words that are no strings to YAML 1.1 (<https://yaml.org/type/bool.html>, `null.html`), and the account that the states
/// refuse.
const WORDS: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "root"];

/// Longest name that the states accept. (`facts.jinja`: the pattern of names)
const LONGEST: usize = 63;

/// For comparing, and for taking apart at [`VM`] and [`PART`].
#[derive(Default)]
pub(super) struct Shape(pub(super) String);

impl Shape {
    /// A value that counts as it is.
    fn text(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\0');
    }

    fn number(&mut self, mut number: u64) {
        while number > 0 {
            self.0.push(if number & 1 == 0 { '0' } else { '1' });
            number /= 2;
        }
        self.0.push('\0');
    }

    fn length(&mut self, length: usize) {
        self.number(length.try_into().unwrap_or(u64::MAX));
    }

    /// A string that differs from others in its digits only has their shape.
    fn digits(&mut self, text: &str) {
        let mut rest = text;
        while let Some((before, digits)) = rest.find(is_digit).and_then(|at| rest.split_at_checked(at)) {
            self.0.push_str(before);
            self.0.push('0');
            rest = digits.trim_start_matches(is_digit);
        }
        self.text(rest);
    }

    /// A name whose letters and digits do not matter, unless it may mean something by itself, such as `no`, `012` or `1e5`.
    pub(super) fn name(&mut self, name: &str) {
        let is_word = |name: &str| name.starts_with(|first: char| first.is_ascii_lowercase()) && !WORDS.contains(&name);
        if name.len() <= LONGEST && (name.contains('-') || is_word(name)) { self.words(name) } else { self.text(name) }
    }

    /// A text whose letters and digits do not matter, but where they stand.
    fn words(&mut self, text: &str) {
        for word in text.split_inclusive(|character: char| !character.is_ascii_alphanumeric()) {
            let end = word.trim_start_matches(|character: char| character.is_ascii_alphanumeric());
            let letters = word.get(..word.len() - end.len()).unwrap_or_default();
            if !letters.is_empty() {
                self.0.push(if letters.bytes().all(|byte| byte.is_ascii_digit()) { '0' } else { 'a' });
            }
            self.0.push_str(end);
        }
        self.0.push('\0');
    }

    /// Which names are part of which.
    fn relations(&mut self, names: &[&str]) {
        let parts = if names.len() <= FEW { parts_of_few(names) } else { parts_of_many(names) };
        for (at, other) in parts {
            self.length(at);
            self.length(other);
        }
        self.text("");
    }

    /// What is a host's, its VMs aside.
    pub(super) fn host(&mut self, host: &Host) {
        self.0.clear();
        self.name(&host.run_user);
        self.length(host.vms.len());
        self.length(host.removed.len());
        for name in &host.removed {
            self.name(name);
        }
        let names = host.vms.iter().map(|vm| &vm.name).chain(&host.removed);
        self.relations(&names.map(String::as_str).collect::<Vec<_>>());
    }

    /// The parts of a VM that come after its name.
    pub(super) fn of(settings: &Settings) -> Self {
        let Settings { image: _, cpu, memory, disk, display, enabled, clone, arguments, daemon } = settings;
        let mut shape = Self::default();
        shape.part([*enabled, *cpu > 0, *memory > 0, *disk > 0]);
        shape.part([display.is_some()]);
        shape.digits(display.as_deref().unwrap_or_default());
        let CloneOptions { concurrency, prune_limit, insecure, timeout } = *clone;
        let is_usual = timeout == CloneOptions::default().timeout;
        shape.part([concurrency.is_some(), prune_limit.is_some(), insecure, is_usual]);
        shape.part([]);
        for argument in arguments {
            let option = argument.split_once('=').map(|(option, _)| option);
            shape.flag(option.is_some());
            shape.text(option.unwrap_or(argument));
        }
        let Daemon { keep_alive, throttle_interval, environment, standard_out_path, standard_error_path } = daemon;
        shape.part([*keep_alive, *throttle_interval == Daemon::default().throttle_interval]);
        shape.part([standard_out_path.is_some(), standard_error_path.is_some()]);
        shape.part([]);
        for (name, _) in environment {
            if matches!(name.as_str(), "HOME" | "PATH") { shape.text(name) } else { shape.words(name) }
        }
        shape
    }

    /// Begins a part.
    fn part<const N: usize>(&mut self, flags: [bool; N]) {
        self.0.push(PART);
        for flag in flags {
            self.flag(flag);
        }
    }

    fn flag(&mut self, truth: bool) {
        self.0.push(if truth { '1' } else { '0' });
    }
}

/// Each name that is part of another, and that one, in their order.
fn parts_of_few(names: &[&str]) -> Vec<(usize, usize)> {
    let mut parts = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let longer = names.iter().enumerate().filter(|(other, longer)| at != *other && contains(longer, name));
        parts.extend(longer.map(|(other, _)| (at, other)));
    }
    parts
}

/// The same for names that are too many to compare each with each: every part of a name is looked up that is as long as some
/// name, and names have few lengths.
fn parts_of_many(names: &[&str]) -> Vec<(usize, usize)> {
    let mut known: Lookup<&[u8], Vec<usize>> = Lookup::default();
    for (at, name) in names.iter().enumerate() {
        known.entry(name.as_bytes()).or_default().push(at);
    }
    let lengths: BTreeSet<usize> = names.iter().map(|name| name.len()).collect();
    let mut parts = BTreeSet::new();
    for (other, longer) in names.iter().enumerate() {
        for length in lengths.range(1..=longer.len()) {
            let found = longer.as_bytes().windows(*length).filter_map(|part| known.get(part)).flatten();
            parts.extend(found.filter(|at| **at != other).map(|at| (*at, other)));
        }
    }
    parts.into_iter().collect()
}

/// Whether one name is part of another. Names are short, so there is nothing to prepare.
fn contains(longer: &str, name: &str) -> bool {
    name.is_empty() || longer.as_bytes().windows(name.len()).any(|part| part == name.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_names_are_found_among_many_as_among_few() {
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..200 {
            let mut name = || {
                (0..random.usize(0..5)).map(|_| random.choice(["a", "b", "1"]).unwrap_or_default()).collect::<String>()
            };
            let names: Vec<String> = (0..12).map(|_| name()).filter(|name| !name.is_empty()).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            assert_eq!(parts_of_many(&names), parts_of_few(&names), "{names:?}");
        }
    }
}
