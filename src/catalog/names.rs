//! Names that every reader of the output takes for the same name.

/// What Salt executes at the start of a string. (salt: state.py, `__eval_slot`)
pub(crate) const SLOT_PREFIX: &str = "__slot__:";

/// What a kind of name may look like.
#[derive(Debug)]
pub(crate) struct Rule {
    /// How messages call it.
    pub(crate) noun: &'static str,
    /// What is allowed.
    pub(crate) words: &'static str,
    /// Why no more is allowed.
    pub(crate) why: &'static str,
    first: fn(char) -> bool,
    inner: fn(char) -> bool,
    last: fn(char) -> bool,
    length: fn(&str) -> usize,
    longest: usize,
}

/// Names of images, profiles and groups.
const IMAGE_OR_PROFILE: Rule = Rule {
    noun: "the name of an image, a profile or a group",
    words: "use letters, digits, `.`, `_` and `-`, beginning with a letter or digit",
    why: "with a `/`, it would be an OCI reference",
    first: |character| character.is_ascii_alphanumeric(),
    inner: |character| character.is_ascii_alphanumeric() || "._-".contains(character),
    last: |character| character.is_ascii_alphanumeric() || "._-".contains(character),
    length: str::len,
    longest: 128,
};

/// Names of VMs: tart takes nearly all, but they become launchd labels and file names, on file systems that may ignore
/// case. (tart: Commands/Clone.swift; facts on local VM names)
const VM: Rule = Rule {
    noun: "a VM name",
    words: "use lower-case letters, digits and `-`, at most 63, with a letter or digit at both ends",
    why: "it is also the name of a launchd job and of files, where case may not count",
    first: |character| character.is_ascii_lowercase() || character.is_ascii_digit(),
    inner: |character| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-',
    last: |character| character.is_ascii_lowercase() || character.is_ascii_digit(),
    length: str::len,
    longest: 63,
};

/// Salt minion ids: Salt reads glob characters in targets and file names. (salt: minion ids; pillar top matching)
const MINION_ID: Rule = Rule {
    noun: "a Salt minion id",
    words: "use letters, digits, `.`, `_` and `-`, with a letter or digit at both ends and no two dots in a row",
    why: "it is also the name of a file: at most 246 characters, a capital counting twice",
    first: |character| character.is_ascii_alphanumeric(),
    inner: |character| character.is_ascii_alphanumeric() || "._-".contains(character),
    last: |character| character.is_ascii_alphanumeric(),
    // The pillar's file is named after the id, and writes a capital as two characters.
    length: |name| name.len() + name.matches(|character: char| character.is_ascii_uppercase()).count(),
    longest: 246,
};

/// Short names of macOS accounts, as `su` takes them.
const ACCOUNT: Rule = Rule {
    noun: "a macOS account",
    words: "use lower-case letters, digits, `.`, `_` and `-`, at most 31, beginning with a letter",
    why: "it is the short name of the account, as `id -un` prints it",
    first: |character| character.is_ascii_lowercase(),
    inner: |character| character.is_ascii_lowercase() || character.is_ascii_digit() || "._-".contains(character),
    last: |character| character.is_ascii_lowercase() || character.is_ascii_digit() || "._-".contains(character),
    length: str::len,
    longest: 31,
};

impl Rule {
    fn allows(&self, name: &str) -> bool {
        self.allows_form(name) && (self.length)(name) <= self.longest
    }

    /// The same whatever the length.
    fn allows_form(&self, name: &str) -> bool {
        name.chars().all(self.inner) && name.starts_with(self.first) && name.ends_with(self.last)
    }
}

/// The rule that an image's or a profile's name breaks, if any.
pub(crate) fn image_or_profile(name: &str) -> Option<&'static Rule> {
    (!IMAGE_OR_PROFILE.allows(name)).then_some(&IMAGE_OR_PROFILE)
}

/// The rule that a VM's name breaks, if any.
pub(crate) fn vm(name: &str) -> Option<&'static Rule> {
    (!VM.allows(name)).then_some(&VM)
}

/// The rule that a VM's name breaks whatever its length, if any.
pub(crate) fn vm_form(name: &str) -> Option<&'static Rule> {
    (!VM.allows_form(name)).then_some(&VM)
}

/// The rule that a minion id breaks, if any. Two dots in a row are refused as well: they leave a directory.
pub(crate) fn minion_id(name: &str) -> Option<&'static Rule> {
    (!MINION_ID.allows(name) || name.contains("..")).then_some(&MINION_ID)
}

/// The rule that an account's name breaks, if any.
pub(crate) fn account(name: &str) -> Option<&'static Rule> {
    (!ACCOUNT.allows(name)).then_some(&ACCOUNT)
}

/// Whether an account is one of macOS itself, which has neither a home nor a login shell. (macOS: `dscl . list /Users`)
pub(crate) fn is_system_account(name: &str) -> bool {
    name.starts_with('_') || ["daemon", "nobody"].contains(&name)
}

/// The longest names of images or profiles, VMs, hosts and accounts.
#[cfg(test)]
pub(super) const fn lengths() -> [usize; 4] {
    [IMAGE_OR_PROFILE.longest, VM.longest, MINION_ID.longest, ACCOUNT.longest]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vm_names() {
        for name in ["a", "7", "kri-test-macos-1", "no", "1e3", &"a".repeat(63)] {
            assert!(vm(name).is_none(), "{name}");
        }
        for name in ["", "-a", "a-", "A", "a.b", "a_b", "a b", "ä", "a\n", &"a".repeat(64)] {
            assert!(vm(name).is_some(), "{name}");
        }
    }

    #[test]
    fn minion_ids() {
        for name in ["mm1", "MM1", "mm1.example.org", "a_b-c", "012", &"a".repeat(246), &"A".repeat(123)] {
            assert!(minion_id(name).is_none(), "{name}");
        }
        for name in [
            "",
            ".",
            "..",
            "a..b",
            ".a",
            "a.",
            "mm*",
            "mm?",
            "mm[1]",
            "a/b",
            "a b",
            "mm1\n",
            &"a".repeat(247),
            &"A".repeat(124),
        ] {
            assert!(minion_id(name).is_some(), "{name}");
        }
    }
}
