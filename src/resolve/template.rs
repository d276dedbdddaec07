//! VM names with placeholders.

use crate::spec::Vm;

/// What stands for the minion id up to its first dot, in small letters.
pub(crate) const HOST: &str = "{host}";

/// What stands for the number of each VM of several.
pub(crate) const NUMBER: &str = "{n}";

/// The numbers of the VMs that an entry of the spec makes: one without a number, unless it asks for several.
pub(crate) fn numbers(vm: &Vm) -> impl Iterator<Item = Option<u32>> {
    let count = vm.count;
    (1..=count.unwrap_or(1)).map(move |number| count.map(|_| number))
}

/// What a minion id gives to the names of VMs.
pub(crate) fn short(minion_id: &str) -> String {
    minion_id.split('.').next().unwrap_or_default().to_ascii_lowercase()
}

/// The name of a VM on a host, given what the host gives; of several VMs, that of one.
pub(crate) fn expand(name: &str, short: &str, number: Option<u32>) -> String {
    let mut expanded = String::with_capacity(name.len() + short.len());
    let mut rest = name;
    while let Some((before, brace)) = rest.find('{').and_then(|at| rest.split_at_checked(at)) {
        expanded.push_str(before);
        if let Some(after) = brace.strip_prefix(HOST) {
            expanded.push_str(short);
            rest = after;
        } else if let (Some(number), Some(after)) = (number, brace.strip_prefix(NUMBER)) {
            expanded.push_str(&number.to_string());
            rest = after;
        } else {
            expanded.push('{');
            rest = brace.get(1..).unwrap_or_default();
        }
    }
    expanded.push_str(rest);
    expanded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_in() {
        assert_eq!(short("MM1.example.org"), "mm1");
        assert_eq!(expand("ci-{host}-{n}", "mm1", Some(2)), "ci-mm1-2");
        assert_eq!(expand("{n}", "mm1", None), "{n}");
        assert_eq!(expand("{{host}{host{n}{", "é", Some(12)), "{é{host12{");
        assert_eq!(expand("{host}{n}", "{n}", Some(1)), "{n}1");
        assert_eq!(expand("plain", "mm1", Some(1)), "plain");
    }
}
