//! Pillar files read line by line.
//!
//! A general parser takes longer for ten thousand files than all the rest. tartgen emits only a little of YAML, a line
//! for each key, and this reads no more than that: a file that is written in any other way, or that says anything else,
//! is left to the general parser, which then says what is wrong.

use crate::map::Known;
use crate::plan::{CloneOptions, Daemon, HEADLESS, Host, Settings, Vm};

/// Longest name that `PyYAML` reads as a key, less its quotes and the colon. (`PyYAML`: scanner.py, `stale_possible_simple_keys`)
const LONGEST_KEY: usize = 1000;

/// The deepest indentation.
const BLANKS: &str = "        ";

/// Reads the files of hosts, one after the other.
#[derive(Default)]
pub(crate) struct Reader<'a> {
    /// The lines that were read of settings, which say the same wherever they stand under the name of a VM.
    settings: Known<'a, Settings, &'a str>,
}

impl<'a> Reader<'a> {
    /// Whether the text is certain to say just what the plan says of a host. If not, the text may still say so.
    pub(crate) fn says(&mut self, text: &'a str, host: &'a Host) -> bool {
        is_distinct(host.vms.iter().map(|vm| vm.name.as_str())) && self.read(text, host).is_some()
    }

    /// Reads the whole file; nothing comes back if something differs.
    fn read(&mut self, text: &'a str, host: &'a Host) -> Option<()> {
        let mut lines = Lines { rest: text };
        lines.head()?;
        lines.word(0, "tart", "")?;
        lines.text(2, "run_user", &host.run_user)?;
        if host.vms.is_empty() {
            lines.word(2, "vms", " {}")?;
        } else {
            lines.word(2, "vms", "")?;
            host.vms.iter().try_for_each(|vm| self.vm(&mut lines, vm))?;
        }
        if !host.removed.is_empty() {
            lines.word(2, "removed", "")?;
            host.removed.iter().try_for_each(|name| lines.item(4, name))?;
        }
        lines.rest.is_empty().then_some(())
    }

    fn vm(&mut self, lines: &mut Lines<'a>, vm: &'a Vm) -> Option<()> {
        lines.name(4, &vm.name)?;
        lines.take("\n")?;
        if let Some(same) = self.settings.get(&vm.settings) {
            return lines.take(same);
        }
        let text = lines.rest;
        lines.settings(vm)?;
        self.settings.insert(&vm.settings, text.get(..text.len() - lines.rest.len())?);
        Some(())
    }
}

/// What has not been read yet.
struct Lines<'a> {
    rest: &'a str,
}

impl Lines<'_> {
    /// Reads just this.
    fn take(&mut self, expected: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(expected)?;
        Some(())
    }

    /// The line that keeps Jinja away, comments and empty lines.
    fn head(&mut self) -> Option<()> {
        self.take("#!yaml\n")?;
        while self.rest.starts_with(['#', '\n']) {
            let (comment, rest) = self.rest.split_once('\n')?;
            comment.bytes().all(|byte| matches!(byte, b' '..=b'~')).then_some(())?;
            self.rest = rest;
        }
        Some(())
    }

    /// The indentation of a line.
    fn indent(&mut self, indent: usize) -> Option<()> {
        self.take(BLANKS.get(..indent)?)
    }

    /// `KEY:`.
    fn key(&mut self, indent: usize, key: &str) -> Option<()> {
        self.indent(indent)?;
        self.take(key)?;
        self.take(":")
    }

    fn word(&mut self, indent: usize, key: &str, expected: &str) -> Option<()> {
        self.key(indent, key)?;
        self.take(expected)?;
        self.take("\n")
    }

    fn text(&mut self, indent: usize, key: &str, expected: &str) -> Option<()> {
        self.key(indent, key)?;
        self.take(" ")?;
        self.quoted(expected)?;
        self.take("\n")
    }

    fn number(&mut self, indent: usize, key: &str, expected: u64) -> Option<()> {
        self.key(indent, key)?;
        self.take(" ")?;
        let (digits, rest) = self.rest.split_once('\n')?;
        let is_decimal =
            digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
        let number: i64 = digits.parse().ok().filter(|_| is_decimal)?;
        self.rest = rest;
        (u64::try_from(number) == Ok(expected)).then_some(())
    }

    fn truth(&mut self, indent: usize, key: &str, expected: bool) -> Option<()> {
        self.word(indent, key, if expected { " true" } else { " false" })
    }

    fn item(&mut self, indent: usize, expected: &str) -> Option<()> {
        self.indent(indent)?;
        self.take("- ")?;
        self.quoted(expected)?;
        self.take("\n")
    }

    /// A name in quotes as key, with its colon.
    fn name(&mut self, indent: usize, expected: &str) -> Option<()> {
        (expected.len() <= LONGEST_KEY).then_some(())?;
        self.indent(indent)?;
        self.quoted(expected)?;
        self.take(":")
    }

    /// A text in double quotes. One that needs an escape, or that is not ASCII, is not read here.
    fn quoted(&mut self, expected: &str) -> Option<()> {
        let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
        expected.bytes().all(is_plain).then_some(())?;
        self.take("\"")?;
        self.take(expected)?;
        self.take("\"")
    }

    fn settings(&mut self, vm: &Settings) -> Option<()> {
        self.text(6, "image", &vm.image)?;
        self.number(6, "cpu", vm.cpu.into())?;
        self.number(6, "memory", vm.memory)?;
        self.number(6, "disk", vm.disk)?;
        self.truth(6, "enabled", vm.enabled)?;
        if let Some(display) = &vm.display {
            self.text(6, "display", display)?;
        }
        self.clone(&vm.clone)?;
        self.arguments(&vm.arguments)?;
        self.daemon(&vm.daemon)
    }

    fn clone(&mut self, clone: &CloneOptions) -> Option<()> {
        let CloneOptions { concurrency, prune_limit, insecure, timeout } = *clone;
        let timeout = (timeout != 3600).then_some(timeout);
        if concurrency.is_some() || prune_limit.is_some() || insecure || timeout.is_some() {
            self.word(6, "clone", "")?;
        }
        if let Some(number) = concurrency {
            self.number(8, "concurrency", number.into())?;
        }
        if let Some(number) = prune_limit {
            self.number(8, "prune_limit", number.into())?;
        }
        if insecure {
            self.truth(8, "insecure", true)?;
        }
        timeout.map_or(Some(()), |number| self.number(8, "timeout", number.into()))
    }

    fn arguments(&mut self, arguments: &[String]) -> Option<()> {
        if arguments == [HEADLESS] {
            return Some(());
        }
        if arguments.is_empty() {
            return self.word(6, "arguments", " []");
        }
        self.word(6, "arguments", "")?;
        arguments.iter().try_for_each(|argument| self.item(8, argument))
    }

    fn daemon(&mut self, daemon: &Daemon) -> Option<()> {
        let Daemon { keep_alive, throttle_interval, environment, standard_out_path, standard_error_path } = daemon;
        if !keep_alive {
            self.truth(6, "keep_alive", false)?;
        }
        if *throttle_interval != 10 {
            self.number(6, "throttle_interval", (*throttle_interval).into())?;
        }
        if !environment.is_empty() {
            self.word(6, "environment", "")?;
            is_distinct(environment.iter().map(|(name, _)| name.as_str())).then_some(())?;
        }
        for (name, value) in environment {
            self.name(8, name)?;
            self.take(" ")?;
            self.quoted(value)?;
            self.take("\n")?;
        }
        for (key, path) in [("standard_out_path", standard_out_path), ("standard_error_path", standard_error_path)] {
            if let Some(path) = path {
                self.text(6, key, path)?;
            }
        }
        Some(())
    }
}

/// Whether no name stands twice, which parsers take in different ways.
fn is_distinct<'a>(names: impl Iterator<Item = &'a str>) -> bool {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names.windows(2).all(|pair| pair.first() != pair.last())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::plan::Plan;
    use crate::render::render;
    use crate::tree::HOSTS_DIR;
    use crate::verify::tests::plan;
    use crate::verify::{host_path, pillar, shared, templates, text, yaml};

    #[test]
    fn every_file_without_escapes_is_read() {
        let plan = plan();
        let tree = render(&plan).unwrap();
        let env = templates(&shared(&plan), &tree).unwrap();
        for host in &plan.hosts {
            let text = text(&tree, &host_path(&env, plan.layout, &host.minion_id).unwrap()).unwrap();
            let has_escapes = host.vms.iter().any(|vm| vm.name == "all");
            assert_eq!(Reader::default().says(text, host), !has_escapes, "{text}");
        }
    }

    #[test]
    fn what_is_read_says_the_same_to_a_general_parser() {
        let plan = plan();
        let tree = render(&plan).unwrap();
        let env = templates(&shared(&plan), &tree).unwrap();
        let mut accepted = 0;
        for host in plan.hosts.iter().take(2) {
            let text = text(&tree, &host_path(&env, plan.layout, &host.minion_id).unwrap()).unwrap();
            for at in 0..text.len() {
                assert!(!Reader::default().says(text.get(..at).unwrap(), host), "cut at {at}");
                for byte in b"\n\t #:\"-{&01\\" {
                    let mut bytes = text.as_bytes().to_vec();
                    *bytes.get_mut(at).unwrap() = *byte;
                    let changed = String::from_utf8(bytes).unwrap();
                    if changed != text && Reader::default().says(&changed, host) {
                        accepted += 1;
                        assert_eq!(yaml::read(&changed), Ok(Some(pillar::expected(host))), "{changed}");
                    }
                }
            }
        }
        assert!(accepted > 0, "comments may change");
    }

    #[test]
    fn lines_that_were_read_before_are_no_excuse() {
        let settings = plan().hosts.into_iter().flat_map(|host| host.vms).map(|vm| vm.settings).next().unwrap();
        let vm = |name: &str| Vm { name: name.to_owned(), settings: Arc::clone(&settings) };
        let host = |id: &str| Host {
            minion_id: id.to_owned(),
            run_user: "dk".to_owned(),
            vms: vec![vm("a"), vm("b")],
            removed: Vec::new(),
        };
        let plan = Plan { hosts: vec![host("mm1"), host("mm2")], ..plan() };
        let tree = render(&plan).unwrap();
        let [first, second] = ["mm1", "mm2"].map(|id| text(&tree, &format!("{HOSTS_DIR}/{id}.sls")).unwrap());
        let host = plan.hosts.last().unwrap();
        let body = second.find("tart:").unwrap();
        let changed: Vec<String> =
            (body..second.len()).map(|at| format!("{}1{}", &second[..at], &second[at + 1..])).collect();
        let mut reader = Reader::default();
        assert!(reader.says(first, plan.hosts.first().unwrap()) && reader.says(second, host));
        for changed in &changed {
            assert!(changed == second || !reader.says(changed, host), "{changed}");
        }
    }
}
