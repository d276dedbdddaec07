//! Which hosts have states of the same shape, so that one of them proves the states of all.
//!
//! The states treat the names of VMs, sizes and most strings of the user alike, whatever they are: they put them into
//! IDs, paths and quoted words. So hosts whose VMs are called `ci-mm001` and `ci-mm002`, or that differ in memory, have
//! the same states up to these values, and that the pillar has the right values is proven for each host. A value is
//! kept here as far as the states look into it.

use crate::plan::{CloneOptions, Host, Vm};

/// Above this many names they are kept as they are, for comparing each with each takes the square of it.
const FEW: usize = 16;

/// Longest name that the states accept. (`facts.jinja`: the pattern of names)
const LONGEST: usize = 63;

/// What decides the states of a host, for comparing only; in the memory of an earlier one.
pub(crate) fn shape(host: &Host, mut memory: String) -> String {
    memory.clear();
    let mut shape = Shape(memory);
    shape.text(&host.run_user);
    shape.length(host.vms.len());
    shape.length(host.removed.len());
    let names: Vec<&str> = host.vms.iter().map(|vm| &vm.name).chain(&host.removed).map(String::as_str).collect();
    let is_few = names.len() <= FEW;
    for name in &names {
        if is_few { shape.name(name) } else { shape.text(name) }
    }
    if is_few {
        shape.relations(&names);
    }
    for vm in &host.vms {
        shape.vm(vm);
    }
    shape.0
}

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

    /// A name of several words: which letters and digits they have does not matter. A name of one word, such as `no` or
    /// `12`, might mean something by itself.
    fn name(&mut self, name: &str) {
        if !name.contains('-') || name.len() > LONGEST {
            return self.text(name);
        }
        for word in name.split_inclusive(|character: char| !character.is_ascii_alphanumeric()) {
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
        for (at, name) in names.iter().enumerate() {
            for (other, longer) in names.iter().enumerate() {
                if at != other && contains(longer, name) {
                    self.length(at);
                    self.length(other);
                }
            }
        }
        self.text("");
    }

    fn vm(&mut self, vm: &Vm) {
        let flag = |truth: bool| if truth { '1' } else { '0' };
        self.text(&vm.image);
        self.0.extend([flag(vm.enabled), flag(vm.cpu > 0), flag(vm.memory > 0), flag(vm.disk > 0)]);
        self.text(vm.display.as_deref().unwrap_or("-"));
        if vm.clone != CloneOptions::default() {
            self.text(&format!("{:?}", vm.clone));
        }
        self.length(vm.arguments.len());
        for argument in &vm.arguments {
            self.digits(argument);
        }
        let daemon = &vm.daemon;
        self.0.push(flag(daemon.keep_alive));
        self.number(daemon.throttle_interval.into());
        self.length(daemon.environment.len());
        for (name, value) in &daemon.environment {
            self.text(name);
            self.digits(value);
        }
        for path in [&daemon.standard_out_path, &daemon.standard_error_path] {
            self.digits(path.as_deref().unwrap_or("-"));
        }
    }
}

const fn is_digit(character: char) -> bool {
    character.is_ascii_digit()
}

/// Whether one name is part of another. Names are short, so there is nothing to prepare.
fn contains(longer: &str, name: &str) -> bool {
    name.is_empty() || longer.as_bytes().windows(name.len()).any(|part| part == name.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Daemon;

    fn vm(name: &str) -> Vm {
        Vm {
            name: name.to_owned(),
            image: "a/b:c".to_owned(),
            cpu: 2,
            memory: 4096,
            disk: 20,
            enabled: true,
            display: None,
            clone: CloneOptions::default(),
            arguments: vec!["--dir=/src/1".to_owned()],
            daemon: Daemon::default(),
        }
    }

    fn of(vms: &[Vm], removed: &[&str]) -> String {
        let removed = removed.iter().map(ToString::to_string).collect();
        shape(&Host { minion_id: "m".to_owned(), run_user: "dk".to_owned(), vms: vms.to_vec(), removed }, String::new())
    }

    #[test]
    fn hosts_that_are_alike_share_a_shape() {
        let usual = of(&[vm("ci-mm001"), vm("ci-2")], &["old-1"]);
        assert_eq!(of(&[vm("ci-ab7"), vm("test-33")], &["x-9"]), usual);
        let other = Vm { cpu: 8, memory: 1, disk: 99, arguments: vec!["--dir=/src/200".to_owned()], ..vm("ci-mm001") };
        assert_eq!(of(&[other, vm("ci-2")], &["old-1"]), usual);
    }

    #[test]
    fn what_the_states_look_into_makes_another_shape() {
        let environment = vec![("A".to_owned(), "x".to_owned())];
        let shapes = [
            of(&[vm("ci-x1"), vm("ci-2")], &[]),
            of(&[vm("ci-x1")], &["ci-2"]),
            of(&[vm("ci-2"), vm("ci-x1")], &[]),
            of(&[vm("ci-x1"), vm("ci-x12")], &[]),
            of(&[vm("ci-x12"), vm("ci-x1")], &[]),
            of(&[vm("cix1"), vm("ci-2")], &[]),
            of(&[vm("no"), vm("ci-2")], &[]),
            of(&[vm("12"), vm("ci-2")], &[]),
            of(&[vm("ci-x1")], &[]),
            of(&[], &["ci-x1"]),
            of(&[Vm { enabled: false, ..vm("ci-x1") }], &[]),
            of(&[Vm { cpu: 0, ..vm("ci-x1") }], &[]),
            of(&[Vm { display: Some("8x8".to_owned()), ..vm("ci-x1") }], &[]),
            of(&[Vm { image: "a/b:d".to_owned(), ..vm("ci-x1") }], &[]),
            of(&[Vm { clone: CloneOptions { prune_limit: Some(0), ..CloneOptions::default() }, ..vm("ci-x1") }], &[]),
            of(&[Vm { arguments: vec!["--dir=/src/{{".to_owned()], ..vm("ci-x1") }], &[]),
            of(&[Vm { arguments: Vec::new(), ..vm("ci-x1") }], &[]),
            of(&[Vm { daemon: Daemon { keep_alive: false, ..Daemon::default() }, ..vm("ci-x1") }], &[]),
            of(&[Vm { daemon: Daemon { throttle_interval: 9, ..Daemon::default() }, ..vm("ci-x1") }], &[]),
            of(&[Vm { daemon: Daemon { environment, ..Daemon::default() }, ..vm("ci-x1") }], &[]),
        ];
        for (at, shape) in shapes.iter().enumerate() {
            assert!(!shapes.iter().skip(at + 1).any(|other| other == shape), "{shape:?}");
        }
    }
}
