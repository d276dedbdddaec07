//! What launchd runs for a VM. The states only name its plist, whose text Salt makes while it applies them.

use crate::plan::{Host, Plan};
use crate::source::printable;
use crate::verify::{home, program, variables};

/// The lines below the state of this ID, if it writes the plist of a VM: a command line and the environment, as a shell
/// takes them. The proof of the tree demands just these of the plist.
pub(super) fn lines(plan: &Plan, host: &Host, id: &str) -> Vec<String> {
    let name = id.strip_prefix("tart_plist_");
    let Some(vm) = host.vms.iter().find(|vm| name == Some(vm.name.as_str())) else { return Vec::new() };
    let words: Vec<String> = program(plan, vm).into_iter().map(word).collect();
    let home = home(host);
    let variables = variables(vm, &home).into_iter().map(|(name, value)| format!("with {name}={}", word(value)));
    [format!("launchd runs {}", words.join(" "))].into_iter().chain(variables).collect()
}

/// A word as a shell takes it, quoted only if it must be.
fn word(text: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_./:=@%+,".contains(character);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    printable(&format!("'{}'", text.replace('\'', r"'\''")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        for (text, expected) in [
            ("--dir=a:/b,c@d+e%", "--dir=a:/b,c@d+e%"),
            ("", "''"),
            ("a b", "'a b'"),
            ("~/$HOME", "'~/$HOME'"),
            ("it's", r"'it'\''s'"),
            ("\u{1b}[31m", r"'\u{1b}[31m'"),
        ] {
            assert_eq!(word(text), expected);
        }
    }
}
