//! The settings of one VM.

use super::problem::Problem;
use super::value::{Node, Value};
use crate::catalog::{DEFAULT_CPU, DEFAULT_DISK_GB, DEFAULT_MEMORY_MIB};
use crate::plan::{self, CloneOptions, Daemon, HEADLESS, Vm};

/// Reads the settings of a VM, with the defaults of the states.
pub(super) fn vm(name: &str, settings: &Node) -> Result<Vm, Problem> {
    let settings = Settings { name, node: settings };
    let settings = plan::Settings {
        image: settings.image()?,
        cpu: settings.number("cpu", DEFAULT_CPU.into(), 1, u32::MAX.into())?,
        memory: settings.number("memory", DEFAULT_MEMORY_MIB, 1, u64::MAX)?,
        disk: settings.number("disk", DEFAULT_DISK_GB, 1, u64::MAX)?,
        enabled: settings.enabled()?,
        display: settings.display()?,
        clone: settings.clone_options()?,
        arguments: settings.arguments()?,
        daemon: settings.daemon()?,
    };
    Ok(Vm::new(name, settings))
}

/// The settings and the VM they belong to.
struct Settings<'a> {
    name: &'a str,
    node: &'a Node,
}

impl Settings<'_> {
    fn wrong(&self, node: &Node, key: &str, words: &str) -> Problem {
        Problem::new(&node.place, format!("`{key}` of the VM `{}` must be {words}", self.name))
    }

    fn image(&self) -> Result<String, Problem> {
        let words = "an OCI reference";
        let node = self.node.get("image").ok_or_else(|| {
            Problem::new(&self.node.place, format!("the VM `{}` has no `image`; it must be {words}", self.name))
        })?;
        let inner = |character: char| character.is_ascii_alphanumeric() || "._:/@-".contains(character);
        let first = |character: char| character.is_ascii_alphanumeric();
        let image = node.text().filter(|image| image.starts_with(first) && image.chars().all(inner));
        image.map(str::to_owned).ok_or_else(|| self.wrong(node, "image", words))
    }

    /// A whole number, which may also be a string of digits.
    fn number<N: TryFrom<u64>>(&self, key: &str, default: u64, least: u64, most: u64) -> Result<N, Problem> {
        let node = self.node.get(key);
        let number = match node {
            None => Some(default),
            Some(node) => digits(node).filter(|number| (least..=most).contains(number)),
        };
        let number = number.and_then(|number| N::try_from(number).ok());
        number.ok_or_else(|| self.wrong(node.unwrap_or(self.node), key, "a whole number above 0"))
    }

    /// Python's `in [True, False]`, to which 1 is `True`.
    fn enabled(&self) -> Result<bool, Problem> {
        match self.node.get("enabled") {
            None => Ok(true),
            Some(Node { value: Value::Bool(_) | Value::Int(0 | 1), .. }) => {
                Ok(self.node.get("enabled").is_some_and(Node::is_true))
            }
            Some(node) => Err(self.wrong(node, "enabled", "true or false")),
        }
    }

    fn display(&self) -> Result<Option<String>, Problem> {
        let Some(node) = self.node.get("display") else { return Ok(None) };
        let is_number = |side: &str| {
            (1..=5).contains(&side.len()) && !side.starts_with('0') && side.bytes().all(|digit| digit.is_ascii_digit())
        };
        let is_size = |text: &str| {
            let size = text.strip_suffix("px").or_else(|| text.strip_suffix("pt")).unwrap_or(text);
            size.split_once('x').is_some_and(|(width, height)| is_number(width) && is_number(height))
        };
        match node.text().filter(|text| is_size(text)) {
            Some(text) => Ok(Some(text.to_owned())),
            None => Err(self.wrong(node, "display", "a size as in `1920x1080` or `1920x1080px`")),
        }
    }

    fn clone_options(&self) -> Result<CloneOptions, Problem> {
        let mut options = CloneOptions::default();
        let Some(node) = self.node.get("clone") else { return Ok(options) };
        if node.map().is_none() {
            return Err(self.wrong(node, "clone", "a mapping of options"));
        }
        let number = |key: &str| {
            let number = |node: &Node| {
                let number = digits(node).filter(|number| *number <= 999_999).and_then(|number| number.try_into().ok());
                number.ok_or_else(|| self.wrong(node, &format!("clone.{key}"), "a whole number"))
            };
            node.get(key).map(number).transpose()
        };
        options.concurrency = number("concurrency")?;
        options.prune_limit = number("prune_limit")?;
        options.timeout = number("timeout")?.unwrap_or(options.timeout);
        options.insecure = node.get("insecure").is_some_and(Node::is_true);
        Ok(options)
    }

    fn arguments(&self) -> Result<Vec<String>, Problem> {
        let Some(node) = self.node.get("arguments") else { return Ok(vec![HEADLESS.to_owned()]) };
        let items = node.list().and_then(|items| items.iter().map(|item| item.text().map(str::to_owned)).collect());
        items.ok_or_else(|| self.wrong(node, "arguments", "a list of strings"))
    }

    fn daemon(&self) -> Result<Daemon, Problem> {
        let usual = Daemon::default();
        Ok(Daemon {
            keep_alive: self.keep_alive()?,
            throttle_interval: self.number("throttle_interval", usual.throttle_interval.into(), 1, 99_999)?,
            environment: self.environment()?,
            standard_out_path: self.path("standard_out_path")?,
            standard_error_path: self.path("standard_error_path")?,
        })
    }

    /// The states take the words as strings too, and to Jinja every string with a letter is true.
    fn keep_alive(&self) -> Result<bool, Problem> {
        let Some(node) = self.node.get("keep_alive") else { return Ok(true) };
        let is_word = node.written().is_some_and(|word| ["True", "False", "true", "false"].contains(&word.as_str()));
        if is_word { Ok(node.is_true()) } else { Err(self.wrong(node, "keep_alive", "true or false")) }
    }

    fn environment(&self) -> Result<Vec<(String, String)>, Problem> {
        let Some(node) = self.node.get("environment") else { return Ok(Vec::new()) };
        let pair = |(key, value): &(Node, Node)| Some((key.text()?.to_owned(), value.text()?.to_owned()));
        let pairs: Option<Vec<_>> = node.map().and_then(|entries| entries.iter().map(pair).collect());
        let mut pairs = pairs.ok_or_else(|| {
            Problem::new(&node.place, format!("`environment` of the VM `{}` must map names to strings", self.name))
        })?;
        pairs.sort();
        Ok(pairs)
    }

    fn path(&self, key: &str) -> Result<Option<String>, Problem> {
        let Some(node) = self.node.get(key) else { return Ok(None) };
        let is_inner = |character: char| character.is_ascii_alphanumeric() || "._+@-".contains(character);
        let is_part = |part: &str| !part.is_empty() && !part.starts_with('.') && part.chars().all(is_inner);
        let is_path = |text: &&str| text.strip_prefix('/').is_some_and(|rest| rest.split('/').all(is_part));
        match node.text().filter(is_path) {
            Some(text) => Ok(Some(text.to_owned())),
            None => Err(self.wrong(node, key, "the absolute path of a file")),
        }
    }
}

/// The number of an integer, or of a string of digits that does not begin with a zero.
fn digits(node: &Node) -> Option<u64> {
    let text = node.written()?;
    let is_plain = text.bytes().all(|digit| digit.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if is_plain { text.parse().ok() } else { None }
}
