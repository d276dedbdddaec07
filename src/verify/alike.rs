//! Which hosts are proven: their states are those of all, up to values that the states do not look into.
//!
//! Fleets whose VMs differ in many ways have thousands of shapes. The first [`MANY`] of them are proven whatever they are.
//! After these a host is proven if two parts of a VM meet in it, or a part of one VM and that of the next, that met in none
//! before: the states go from VM to VM, and look into one part at a time. Texts such as variables are quoted character by
//! character, so they are no part of a shape, and each pair of neighbouring characters is proven once.

use super::shape::{PART, Shape, VM};
use crate::map::{Known, Lookup, Seen};
use crate::plan::{Host, Settings};

/// Up to so many shapes are proven each.
const MANY: usize = 32;

/// Hosts whose proofs are the proofs of all.
#[derive(Default)]
pub(crate) struct Shapes<'a> {
    hosts: Vec<&'a Host>,
    known: Seen<String>,
    pairs: Pairs,
    texts: Texts,
    settings: Known<'a, Settings, Shape>,
    /// The memory of the last one.
    shape: Shape,
}

impl<'a> Shapes<'a> {
    /// The hosts to prove, in the order in which they were added.
    pub(crate) fn hosts(self) -> Vec<&'a Host> {
        self.hosts
    }

    /// Takes a host among them unless others prove its states.
    pub(crate) fn add(&mut self, host: &'a Host) {
        let mut is_new = false;
        self.shape.host(host);
        for vm in &host.vms {
            self.shape.0.push(VM);
            self.shape.name(&vm.name);
            let settings = &vm.settings;
            let shape = self.settings.of(settings, |settings| {
                is_new |= self.texts.add(settings);
                Shape::of(settings)
            });
            self.shape.0.push_str(&shape.0);
        }
        if !self.known.contains(&self.shape.0) {
            self.known.insert(self.shape.0.clone());
            let met = self.pairs.add(&self.shape.0);
            is_new |= met || self.known.len() <= MANY;
        }
        if is_new {
            self.hosts.push(host);
        }
    }
}

/// Which parts of VMs met.
#[derive(Default)]
struct Pairs {
    /// A number for each, of whatever kind.
    parts: Lookup<String, usize>,
    met: Seen<[(usize, usize); 2]>,
}

impl Pairs {
    /// Whether any meet in a shape that did not before: two of one VM, or the same of a VM and the next.
    fn add(&mut self, shape: &str) -> bool {
        let (mut is_new, mut before) = (false, Vec::new());
        // What begins the shape is the host's, and meets the name of the first VM.
        for vm in shape.split(VM) {
            let parts: Vec<_> = vm.split(PART).enumerate().map(|(kind, part)| (kind, self.number(part))).collect();
            for (at, part) in parts.iter().enumerate() {
                is_new |= self.met.insert([before.get(at).copied().unwrap_or_default(), *part]);
                for other in parts.iter().skip(at + 1) {
                    is_new |= self.met.insert([*part, *other]);
                }
            }
            before = parts;
        }
        is_new
    }

    /// The number of a part, from 1.
    fn number(&mut self, part: &str) -> usize {
        if let Some(number) = self.parts.get(part) {
            return *number;
        }
        let number = self.parts.len() + 1;
        self.parts.insert(part.to_owned(), number);
        number
    }
}

/// What a text is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Use {
    Image,
    Argument,
    Variable,
    Log,
}

/// Which characters stand side by side in the texts of VMs that are enabled, or are not: of those, less is rendered.
#[derive(Default)]
struct Texts(Seen<(bool, Use, char, char)>);

impl Texts {
    /// Whether the texts of a VM have any that were not known.
    fn add(&mut self, settings: &Settings) -> bool {
        let daemon = &settings.daemon;
        let values = settings.arguments.iter().filter_map(|argument| argument.split_once('='));
        let logs = daemon.standard_out_path.iter().chain(&daemon.standard_error_path);
        let texts = std::iter::once((Use::Image, settings.image.as_str()))
            .chain(values.map(|(_, value)| (Use::Argument, value)))
            .chain(daemon.environment.iter().map(|(_, value)| (Use::Variable, value.as_str())))
            .chain(logs.map(|path| (Use::Log, path.as_str())));
        texts.fold(false, |is_new, (used, text)| self.pairs(settings.enabled, used, text) || is_new)
    }

    /// The same for one text. Letters and digits are one character, and both ends another, which no text has.
    fn pairs(&mut self, enabled: bool, used: Use, text: &str) -> bool {
        const END: char = '\0';
        let (mut is_new, mut before) = (false, END);
        let like = |character: char| if character.is_ascii_alphanumeric() { 'a' } else { character };
        for character in text.chars().map(like).chain([END]) {
            if (before, character) != ('a', 'a') {
                is_new |= self.0.insert((enabled, used, before, character));
            }
            before = character;
        }
        is_new
    }
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

    fn of(vms: &[Vm], removed: &[&str]) -> Host {
        by("dk", vms, removed)
    }

    /// A host whose VMs an account owns.
    fn by(run_user: &str, vms: &[Vm], removed: &[&str]) -> Host {
        let removed = removed.iter().map(ToString::to_string).collect();
        Host { minion_id: "m".to_owned(), run_user: run_user.to_owned(), vms: vms.to_vec(), removed }
    }

    /// A host of one VM that is not as usual.
    fn set(change: impl Fn(&mut Settings)) -> Host {
        let mut settings = settings();
        change(&mut settings);
        of(&[Vm::new("ci-x1", settings)], &[])
    }

    /// A host of one VM with a variable.
    fn variable(value: &str) -> Host {
        set(|vm| vm.daemon.environment = vec![("A".to_owned(), value.to_owned())])
    }

    /// How many of these hosts are proven.
    fn proven(hosts: &[Host]) -> usize {
        let mut shapes = Shapes::default();
        for host in hosts {
            shapes.add(host);
        }
        shapes.hosts().len()
    }

    #[test]
    fn hosts_that_are_alike_share_a_proof() {
        let arguments = vec!["--dir=/data/200".to_owned()];
        let image = "x/y22:d".to_owned();
        let other = Vm::new("ci-mm001", Settings { image, cpu: 8, memory: 1, disk: 99, arguments, ..settings() });
        let many = |host: &str| (1..40).map(|number| vm(&format!("{host}-{number}"))).collect::<Vec<_>>();
        for alike in [
            vec![
                of(&[vm("ci-mm001"), vm("ci-2")], &["old-1"]),
                of(&[vm("ci-ab7"), vm("test-33")], &["x-9"]),
                of(&[other, vm("ci-2")], &["old-1"]),
            ],
            vec![by("ci1", &[vm("mm1")], &[]), by("admin22", &[vm("mm1")], &[]), by("dk", &[vm("mm1")], &[])],
            vec![by("ci-a", &[vm("mm1")], &[]), by("vm-owner", &[vm("mm1")], &[])],
            vec![of(&[vm("mm1"), vm("a7")], &["x2y"]), of(&[vm("mm22"), vm("b1")], &["old3"])],
            vec![of(&many("mm1"), &["old"]), of(&many("mm2"), &["old"])],
            vec![of(&[vm("web")], &["db"]), of(&[vm("mail")], &["dns"])],
            vec![variable("a-b c"), variable("x-200"), variable("12 z"), variable("z")],
        ] {
            assert_eq!(proven(&alike), 1, "{alike:?}");
        }
        assert_eq!(proven(&[of(&many("mm1"), &["old"]), of(&many("mm2"), &["mm2-1-old"])]), 2);
    }

    #[test]
    fn characters_are_proven_beside_each_other_and_at_both_ends() {
        for values in [
            ["", "a"],
            ["a", "a-"],
            ["a", "-a"],
            ["a-a", "a-"],
            ["{a{b", "a{{b"],
            ["a", "ä"],
            ["<a", "&a"],
            ["a ", " a"],
        ] {
            let [one, other] = values.map(variable);
            assert_eq!(proven(&[one, other]), 2, "{values:?}");
        }
        // What one host shows, others need not, and what a VM shows that is dormant was not rendered for launchd.
        let all = variable("a<b&c<&d&<&");
        let parts = ["x", "a<b", "b&c", "b<&c"].map(variable);
        assert_eq!(proven(&[&[all][..], &parts].concat()), 2);
        let dormant = |value: &str| {
            set(|vm| {
                vm.enabled = false;
                vm.daemon.environment = vec![("A".to_owned(), value.to_owned())];
            })
        };
        let both = |enabled: &str, other: &str| of(&[variable(enabled).vms, dormant(other).vms].concat(), &[]);
        assert_eq!(proven(&[both("a", "a<b"), both("b<a", "a")]), 2);
        assert_eq!(proven(&[both("a<b", "a<b"), both("b", "b"), both("b<a", "a")]), 1);
    }

    #[test]
    fn of_many_shapes_those_are_proven_where_parts_meet_first() {
        let vm = |number: usize, kinds: usize| {
            let mut settings = settings();
            settings.enabled = number & kinds & 1 == 0;
            settings.daemon.keep_alive = number & kinds & 2 == 0;
            settings.clone.insecure = number & kinds & 4 == 0;
            settings.display = (number & kinds & 8 == 0).then(|| "8x8".to_owned());
            Vm::new("ci-1", settings)
        };
        // The first VM is of one of the kinds, the others too: 16 x 16 x 16.
        let hosts = |kinds: usize| {
            let vms = move |number: usize| [number, number / 16, number / 256].map(|number| vm(number, kinds));
            (0..4096).map(|number| of(&vms(number), &[])).collect::<Vec<_>>()
        };
        assert_eq!(proven(&hosts(1)), 8);
        let few = proven(&hosts(15));
        assert!(few > MANY && few < 2 * MANY, "{few}");
        let mut with_others = hosts(15);
        with_others.push(of(&[vm(0, 0), Vm::new("ci-1", Settings { arguments: Vec::new(), ..settings() })], &[]));
        assert_eq!(proven(&with_others), few + 1);
    }

    #[test]
    fn what_the_states_look_into_has_a_proof_of_its_own() {
        let hosts = [
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
            variable("x"),
        ];
        for (at, host) in hosts.iter().enumerate() {
            for other in hosts.iter().skip(at + 1) {
                // A text that another has as well needs no proof after that.
                let (one, other) = (host.clone(), other.clone());
                let most = proven(&[one.clone(), other.clone()]).max(proven(&[other.clone(), one]));
                assert_eq!(most, 2, "{host:?} and {other:?}");
            }
        }
    }
}
