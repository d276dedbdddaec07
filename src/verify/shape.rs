//! Which hosts have states of the same shape, so that one of them proves the states of all.
//!
//! The states treat the names of VMs and accounts, images, sizes and most strings of the user alike, whatever they are:
//! they put them into IDs, paths and quoted words. So hosts whose VMs are called `ci-mm001` and `ci-mm002`, or that differ
//! in memory, have the same states up to these values, and that the pillar has the right values is proven for each host.
//! A value is kept here as far as the states look into it.

use std::collections::BTreeSet;

use crate::counting::is_digit;
use crate::map::{Known, Lookup};
use crate::plan::{CloneOptions, Host, Settings};

/// Up to so many names are compared each with each.
const FEW: usize = 16;

/// Longest name that the states accept. (`facts.jinja`: the pattern of names)
const LONGEST: usize = 63;

/// The shapes of hosts, one after the other.
#[derive(Default)]
pub(crate) struct Shapes<'a> {
    /// The memory of the last one.
    shape: Shape,
    settings: Known<'a, Settings, Shape>,
}

impl<'a> Shapes<'a> {
    /// What decides the states of a host, for comparing only.
    pub(crate) fn of(&mut self, host: &'a Host) -> &str {
        let shape = &mut self.shape;
        shape.0.clear();
        shape.name(&host.run_user);
        shape.length(host.vms.len());
        shape.length(host.removed.len());
        let names: Vec<&str> = host.vms.iter().map(|vm| &vm.name).chain(&host.removed).map(String::as_str).collect();
        for name in &names {
            shape.name(name);
        }
        shape.relations(&names);
        for vm in &host.vms {
            let settings = self.settings.of(&vm.settings, Shape::settings);
            shape.0.push_str(&settings.0);
        }
        &shape.0
    }
}

#[derive(Default)]
struct Shape(String);

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

    /// A name of several words: which letters and digits they have does not matter. A name of one word might mean
    /// something by itself, such as `no`, `012` or `1e5`, unless it has letters first and then digits as well.
    fn name(&mut self, name: &str) {
        let is_special = || !name.starts_with(|first: char| first.is_ascii_lowercase()) || !name.contains(is_digit);
        if name.len() > LONGEST || !name.contains('-') && is_special() {
            return self.text(name);
        }
        self.words(name);
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

    /// The part of a VM's settings.
    fn settings(settings: &Settings) -> Self {
        let mut shape = Self::default();
        let flag = |truth: bool| if truth { '1' } else { '0' };
        // It stands between other words, and has to be an OCI reference.
        shape.words(&settings.image);
        shape.0.extend([
            flag(settings.enabled),
            flag(settings.cpu > 0),
            flag(settings.memory > 0),
            flag(settings.disk > 0),
        ]);
        shape.digits(settings.display.as_deref().unwrap_or("-"));
        if settings.clone != CloneOptions::default() {
            shape.text(&format!("{:?}", settings.clone));
        }
        shape.length(settings.arguments.len());
        for argument in &settings.arguments {
            shape.digits(argument);
        }
        let daemon = &settings.daemon;
        shape.0.push(flag(daemon.keep_alive));
        shape.number(daemon.throttle_interval.into());
        shape.length(daemon.environment.len());
        for (name, value) in &daemon.environment {
            shape.text(name);
            shape.digits(value);
        }
        for path in [&daemon.standard_out_path, &daemon.standard_error_path] {
            shape.digits(path.as_deref().unwrap_or("-"));
        }
        shape
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
    use crate::plan::Vm;

    fn settings() -> Settings {
        Settings { arguments: vec!["--dir=/src/1".to_owned()], ..Settings::plain("a/b:c") }
    }

    fn vm(name: &str) -> Vm {
        Vm::new(name, settings())
    }

    fn of(vms: &[Vm], removed: &[&str]) -> String {
        by("dk", vms, removed)
    }

    /// The shape of a host whose VMs an account owns.
    fn by(run_user: &str, vms: &[Vm], removed: &[&str]) -> String {
        let removed = removed.iter().map(ToString::to_string).collect();
        let host = Host { minion_id: "m".to_owned(), run_user: run_user.to_owned(), vms: vms.to_vec(), removed };
        Shapes::default().of(&host).to_owned()
    }

    /// The shape of a host of one VM that is not as usual.
    fn set(change: fn(&mut Settings)) -> String {
        let mut settings = settings();
        change(&mut settings);
        of(&[Vm::new("ci-x1", settings)], &[])
    }

    #[test]
    fn hosts_that_are_alike_share_a_shape() {
        let usual = of(&[vm("ci-mm001"), vm("ci-2")], &["old-1"]);
        assert_eq!(of(&[vm("ci-ab7"), vm("test-33")], &["x-9"]), usual);
        let arguments = vec!["--dir=/src/200".to_owned()];
        let image = "x/y22:d".to_owned();
        let other = Vm::new("ci-mm001", Settings { image, cpu: 8, memory: 1, disk: 99, arguments, ..settings() });
        assert_eq!(of(&[other, vm("ci-2")], &["old-1"]), usual);
        assert_eq!(by("ci1", &[vm("mm1")], &[]), by("admin22", &[vm("mm1")], &[]));
        assert_eq!(by("ci-a", &[vm("mm1")], &[]), by("vm-owner", &[vm("mm1")], &[]));
        assert_eq!(of(&[vm("mm1"), vm("a7")], &["x2y"]), of(&[vm("mm22"), vm("b1")], &["old3"]));
        let many = |host: &str| (1..40).map(|number| vm(&format!("{host}-{number}"))).collect::<Vec<_>>();
        assert_eq!(of(&many("mm1"), &["old"]), of(&many("mm2"), &["old"]));
        assert_ne!(of(&many("mm1"), &["old"]), of(&many("mm2"), &["mm2-1-old"]));
    }

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

    #[test]
    fn what_the_states_look_into_makes_another_shape() {
        let shapes = [
            of(&[vm("ci-x1"), vm("ci-2")], &[]),
            of(&[vm("ci-x1")], &["ci-2"]),
            of(&[vm("ci-2"), vm("ci-x1")], &[]),
            of(&[vm("ci-x1"), vm("ci-x12")], &[]),
            of(&[vm("ci-x12"), vm("ci-x1")], &[]),
            of(&[vm("cix1"), vm("ci-2")], &[]),
            of(&[vm("no"), vm("ci-2")], &[]),
            of(&[vm("12"), vm("ci-2")], &[]),
            of(&[vm("12e3"), vm("ci-2")], &[]),
            of(&[vm("ci-x1")], &[]),
            of(&[], &["ci-x1"]),
            by("no", &[], &["ci-x1"]),
            by("root", &[], &["ci-x1"]),
            by("ci-a", &[], &["ci-x1"]),
            by("ci1", &[], &["ci-x1"]),
            set(|vm| vm.enabled = false),
            set(|vm| vm.cpu = 0),
            set(|vm| vm.display = Some("8x8".to_owned())),
            set(|vm| vm.image = "a/b".to_owned()),
            set(|vm| vm.image = "-a/b:c".to_owned()),
            set(|vm| vm.image = "a/b:'c".to_owned()),
            set(|vm| vm.clone.prune_limit = Some(0)),
            set(|vm| vm.arguments = vec!["--dir=/src/{{".to_owned()]),
            set(|vm| vm.arguments = Vec::new()),
            set(|vm| vm.daemon.keep_alive = false),
            set(|vm| vm.daemon.throttle_interval = 9),
            set(|vm| vm.daemon.environment = vec![("A".to_owned(), "x".to_owned())]),
        ];
        for (at, shape) in shapes.iter().enumerate() {
            assert!(!shapes.iter().skip(at + 1).any(|other| other == shape), "{shape:?}");
        }
    }
}
