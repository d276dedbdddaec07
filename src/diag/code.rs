//! The kinds of findings. Names are stable: they are printed, snapshotted, and may be searched for.

use super::level::Level;

/// Whether a finding stops the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is written.
    Error,
    /// The build goes on.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// What is done about findings of a kind unless somebody says otherwise, as the table below writes it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Stops the build, and nobody can change that.
    Error,
    /// Is shown.
    Warning,
    /// Is not shown.
    Allowed,
}

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $title:literal $help:literal)*) => {
        /// The kind of a finding.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $title] $variant,)*
        }

        impl Code {
            /// All codes, in the order of the phases that find them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stable name, as in `error[unknown-key]`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            const fn kind(self) -> Kind {
                match self { $(Self::$variant => Kind::$severity),* }
            }

            /// What is wrong, for any finding of this kind.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),* }
            }

            /// What to do, for any finding of this kind, in a sentence or two.
            #[must_use]
            pub const fn help(self) -> &'static str {
                match self { $(Self::$variant => $help),* }
            }

            /// Why it is refused and what would happen on the Mac, with an example, as Markdown.
            #[must_use]
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$variant => include_str!(concat!("explain/", $name, ".md"))),* }
            }
        }
    };
}

impl Code {
    /// The kind with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }

    /// The name that a misspelt one probably means.
    #[must_use]
    pub fn closest_name(name: &str) -> Option<&'static str> {
        super::closest(name, Self::ALL.iter().map(|code| code.name()))
    }

    /// Whether findings of this kind stop the build, unless a level says otherwise.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self.kind() {
            Kind::Error => Severity::Error,
            Kind::Warning | Kind::Allowed => Severity::Warning,
        }
    }

    /// What is done about findings of this kind unless somebody asks for another level; nothing for errors, which are
    /// always errors.
    #[must_use]
    pub const fn level(self) -> Option<Level> {
        match self.kind() {
            Kind::Error => None,
            Kind::Warning => Some(Level::Warn),
            Kind::Allowed => Some(Level::Allow),
        }
    }

    /// The kinds whose level can be changed.
    pub fn lints() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|code| code.level().is_some())
    }
}

codes! {
    TooLarge "too-large" Error "the spec is too large"
        "A spec may have 32 MiB. Write what hosts share once, under `profiles` and `defaults`."
    NotUtf8 "not-utf8" Error "the spec is not UTF-8 text"
        "Save the file with the encoding UTF-8."
    YamlSyntax "yaml-syntax" Error "the spec is not YAML"
        "Mend the syntax at the place shown; it is found where the text stops making sense, at times after the cause."
    EmptySpec "empty-spec" Error "the spec is empty"
        "A spec needs at least `version: 1` and one host under `hosts`."
    SeveralDocuments "several-documents" Error "the spec has several YAML documents"
        "Only one document is read. Remove the `---` between them, or make separate specs."
    NestingTooDeep "nesting-too-deep" Error "the spec is nested too deeply"
        "No valid spec nests deeper than a few levels; 64 are read."
    AliasBomb "alias-bomb" Error "the aliases of the spec grow out of bounds"
        "Aliases may not repeat a multiple of what is written, nor lie inside their own anchor. Use `profiles` for shared settings."
    TooManyValues "too-many-values" Error "the spec has too many keys and values"
        "3,000,000 are read, also when aliases are written out. Write what hosts share once, under `profiles` and `defaults`, or make several fleets."
    DuplicateKey "duplicate-key" Error "a key is given twice"
        "YAML readers disagree on which of the two counts. Remove one."
    NonStringKey "non-string-key" Error "a key is not a string"
        "Names such as `12` or `true` are read as a number or a truth value. Put the key in quotes."
    MergeKey "merge-key" Error "merge keys are not supported"
        "YAML 1.2 has no `<<`. Put the shared settings under `profiles` and name the profile."
    YamlTag "yaml-tag" Error "tags are not supported"
        "Remove the tag; put the value in quotes to make it a string."
    AmbiguousNumber "ambiguous-number" Error "a number has a leading zero"
        "`012` is 12 in YAML 1.2 and 10 in YAML 1.1. Remove the zero; only where a text is meant, put it in quotes."
    ControlCharacter "control-character" Error "a string has a character that cannot be printed"
        "Line breaks, tabs and other control characters have no meaning in any field. Remove the character."
    SlotString "slot-string" Error "Salt would execute the string"
        "Salt runs what follows `__slot__:` at the start of a value. No field may begin with it."
    BadInclude "bad-include" Error "a path cannot be included"
        "A file is named from the directory of the file that includes it, and lies below the directory of the spec. In patterns, `*` and `?` stand for characters of a name, `[a-z]` for one of some, `**` for directories."
    UnknownInclude "unknown-include" Error "an included file does not exist"
        "Correct the path or the pattern under `include`; it begins at the directory of the file it stands in."
    IncludeCycle "include-cycle" Error "two files include each other"
        "Each file is read once. Move what both need into a third file, or into the root."
    IncludedTwice "included-twice" Error "a file is included twice"
        "Everything in it would be defined twice. Remove one of the two, or choose patterns that do not overlap."
    TooManyFiles "too-many-files" Error "the spec has too many files"
        "A spec may have 10,000. Put more hosts into one file."
    RootOnlyKey "root-only-key" Error "a key cannot stand in an included file"
        "What counts for the whole fleet stands in the file that is named on the command line. Move the key there."
    UnsupportedVersion "unsupported-version" Error "the version of the spec is not supported"
        "This tartgen reads version 1."
    UnknownKey "unknown-key" Error "there is no such key"
        "Check the spelling and the indentation; `tartgen schema` lists all keys."
    MissingKey "missing-key" Error "a required key is missing"
        "Add the key."
    WrongType "wrong-type" Error "a value has the wrong type"
        "Numbers and truth values stand without quotes, as in `cpu: 4` and `enabled: true`; versions stand in quotes."
    OutOfRange "out-of-range" Error "a number is too small or too large"
        "Use a value inside the range shown."
    BadValue "bad-value" Error "a value is not written as it should be"
        "Write it as the message shows."
    EmptyFleet "empty-fleet" Error "a spec or a group has no hosts"
        "There is nothing to build. Add a host under `hosts`, named by its Salt minion id, or to the `hosts` of the group."
    TooManyHosts "too-many-hosts" Error "the fleet has too many hosts"
        "A fleet may have 20,000, as much as one Salt master can be expected to serve. Make several fleets, each with a master."
    TooManyVms "too-many-vms" Error "there are too many VMs"
        "A host may have 1,000 VMs and a fleet 200,000, those under `removed` included. Drop names under `removed` whose VMs are gone, or make several fleets."
    BadName "bad-name" Error "an image, a profile or a group cannot have this name"
        "Use letters, digits, `.`, `_` and `-`, beginning with a letter or digit. A `/` would make it an OCI reference."
    BadVmName "bad-vm-name" Error "a VM cannot have this name"
        "The name becomes a tart VM, a launchd label and a file name, on file systems that may ignore case. Use lower-case letters, digits and `-`, 63 at most, beginning and ending with a letter or digit."
    BadMinionId "bad-minion-id" Error "a host cannot have this name"
        "The name is the host's Salt minion id. Use letters, digits, `.`, `_` and `-`, beginning and ending with a letter or digit, without two dots in a row, and 246 characters at most, where a capital counts twice."
    BadRange "bad-range" Error "a range of hosts is not written as it should be"
        "Ranges stand in brackets: `mm[001-500]`, `mm[1-3,7]`, and with a step `mm[001-500/2]`. They are made of numbers, the smaller one first."
    DuplicateHost "duplicate-host" Error "a host comes twice"
        "A host stands in one group, or under `hosts`. Remove it from one of the two, or split a range."
    BadPlaceholder "bad-placeholder" Error "`count` and `{n}` do not come together"
        "`count` makes several VMs, and `{n}` in the name tells them apart: give both or none."
    BadExpandedName "bad-expanded-name" Error "a VM name is none once its placeholders are filled in"
        "`{host}` is the minion id up to its first dot, in small letters. The name may have 63 characters, and only lower-case letters, digits and `-`."
    DuplicateVm "duplicate-vm" Error "two VMs of a host have one name"
        "Once placeholders are filled in, two names are the same. Choose names that differ on every host."
    BadReference "bad-reference" Error "tart cannot read the image reference"
        "A reference is `host[:port]/namespace[:tag]` or `host[:port]/namespace@sha256:digest`, as in `ghcr.io/cirruslabs/ubuntu:24.04`."
    UnknownImage "unknown-image" Error "no image has this name"
        "Name an entry of `images`, or give an OCI reference, which always has a `/`."
    UnknownProfile "unknown-profile" Error "no profile has this name"
        "Name an entry of `profiles`."
    MissingImage "missing-image" Error "a VM has no image"
        "Give `image` at the VM, in its profile, or under `defaults.vm`."
    MissingRunUser "missing-run-user" Error "a host has no `run_user`"
        "Give the macOS account that owns `~/.tart` at the host or under `defaults`."
    BadRunUser "bad-run-user" Error "`run_user` is no macOS account name"
        "Use the short name of the account: lower-case letters, digits, `.`, `_` and `-`, 31 at most, beginning with a letter. Accounts of the system, such as `daemon` and those that begin with `_`, have no home for VMs."
    RootRunUser "root-run-user" Error "VMs cannot run as root"
        "Homebrew refuses root, and a VM needs none of its rights. Use an ordinary account."
    TooManyMacosGuests "too-many-macos-guests" Error "a host would run more than two macOS VMs"
        "Apple's licence and the macOS kernel allow two running macOS guests per Mac. Set `enabled: false`, or move a VM to another host."
    MemoryOversubscribed "memory-oversubscribed" Error "the VMs of a host need more memory than it has"
        "Lower `memory`, set `enabled: false`, or move a VM to another host."
    CpuOversubscribed "cpu-oversubscribed" Error "the VMs of a host need more CPUs than it has"
        "Lower `cpu`, set `enabled: false`, or move a VM to another host."
    DiskOversubscribed "disk-oversubscribed" Error "the VMs of a host need more disk than it has"
        "Lower `disk`, or move a VM to another host. VMs that are not enabled keep their disks."
    BelowImageMinimum "below-image-minimum" Error "a VM is smaller than its image allows"
        "tart refuses it on every apply. Raise the value to the image's minimum."
    HostTooOld "host-too-old" Error "tart does not run on this macOS"
        "tart needs macOS 13 or newer. Update the host, or correct `hardware.macos`."
    TartTooOld "tart-too-old" Error "the minimum version of tart is too old"
        "Before 2.13.0, `tart set` understood its options differently. Require 2.13.0 or newer."
    RemovedAndDefined "removed-and-defined" Error "a VM is both defined and removed"
        "An apply would create and delete it in turn. Keep one of the two."
    DuplicateRemoved "duplicate-removed" Error "a VM is removed twice"
        "Remove one of the two entries."
    WrongGuestForFlag "wrong-guest-for-flag" Error "a flag of `tart run` is for another guest"
        "tart or the framework refuses it, so the VM would never start. Remove the flag, or give the VM another image."
    NeedsNewerMacos "needs-newer-macos" Error "the host's macOS is too old for a setting"
        "The VM would never start on this host. Remove the setting, update the host, or correct `hardware.macos`."
    NeedsNewerChip "needs-newer-chip" Error "the host's chip is too old for a setting"
        "The VM would never start on this host. Remove the setting, move the VM to another host, or correct `hardware.chip`."
    NeedsNewerTart "needs-newer-tart" Error "the minimum version of tart lacks a setting"
        "A tart that is just new enough for the spec would not know the option. Raise `tart.minimum_version`, or leave it out: then it follows from what the spec uses."
    ConflictingFlags "conflicting-flags" Error "tart does not take two flags together"
        "Remove one of the two. A VM undoes a flag of its profile with `false`, and a list with `[]`."
    AmbiguousPath "ambiguous-path" Error "tart would misread a value"
        "tart splits disks and directories at `:` and options at `,`, and knows no quotes. Choose a value without them; a link on the host to the real path will do."
    InsideTart "inside-tart" Error "a VM would get tart's own files"
        "Below `~/.tart` are the disks of all VMs. A guest that writes there, or a second VM with the same disk, destroys them. Add `ro: true`, or choose another path."
    IntelDisk "intel-disk" Error "a disk is for Intel processors"
        "tart refuses images whose names end in `-amd64.iso`: VMs have the host's processor. Use the image for `arm64`."
    UnnamedShare "unnamed-share" Error "a shared directory needs a name"
        "Where several directories share a tag, the guest sees each under its name. Give each a `name`, or a `tag` of its own."
    DuplicateShare "duplicate-share" Error "two shared directories have one name"
        "The guest sees directories with the same tag under their names. Rename one, or give it another tag."
    PortExposedTwice "port-exposed-twice" Error "a port of a host is exposed twice"
        "A port of the host leads to one port of one VM. Choose another port, set `enabled: false`, or move a VM to another host."
    BadEnvironmentName "bad-environment-name" Error "an environment variable cannot have this name"
        "Use letters, digits and `_`, beginning with no digit."
    ReservedEnvironment "reserved-environment" Error "an environment variable belongs to tartgen"
        "The states and the VM's own process must agree on where VMs are, which is `~/.tart` of `run_user`."
    SecretInPlist "secret-in-plist" Warning "anybody on the host can read a password"
        "Property lists in /Library/LaunchDaemons are readable for all, and so is the list of processes; so is the pillar in the repository. Use a password that protects nothing, and no variable that is named like one: no guest sees it."
    LiteralPlaceholder "literal-placeholder" Warning "a placeholder stands where none is filled in"
        "`{host}` and `{n}` are filled in in names of VMs, and nowhere else. Write what is meant for each VM, under names of their own."
    DuplicateItem "duplicate-item" Error "a list has an item twice"
        "The second one does nothing, or harm. Remove one of the two."
    MisplacedLog "misplaced-log" Error "a log cannot lie at this path"
        "launchd appends to the file, perhaps as root. Choose a file that is only this log, as below `Library/Logs` of `run_user`, or leave the key out."
    SharedDisk "shared-disk" Warning "two VMs write to one disk"
        "Two guests that write to one file system destroy it, unless it is made for that. Add `ro: true`, or give each VM its own file."
    SharedLog "shared-log" Warning "two VMs write to one log"
        "When a VM does not start, the apply shows the end of its error log, which may then be another VM's. Give each VM its own."
    UnknownHost "unknown-host" Error "no host has this name"
        "Name a host, a group or a range of hosts of the spec, or write a pattern that matches some, such as `lab-*`."
    AmbiguousHost "ambiguous-host" Error "a wave's entry is a host and a group"
        "One host or all hosts of the group may be meant. Rename the group."
    HostInTwoWaves "host-in-two-waves" Error "a host is in the rollout twice"
        "A host belongs to one wave. Remove one of the two. A pattern takes only the hosts that no earlier wave has, so it may come after them."
    EmptyWave "empty-wave" Error "a wave of the rollout has no hosts"
        "Remove the wave, or put it before the pattern that takes its hosts."
    DuplicateWave "duplicate-wave" Error "two waves of the rollout have one name"
        "Give each wave a name of its own. `rest` is the wave of the hosts that are in no other."
    CostlyPillar "costly-pillar" Warning "the Salt master lists the files of all hosts for each pillar"
        "With 1,000 hosts or more, write `pillar: { layout: beside }`: a pillar then costs the same whatever the size of the fleet. `layout: inside` keeps it as it is."
    LookAlikeHosts "look-alike-hosts" Warning "two hosts differ only in case"
        "Salt takes them for two minions; people may not. Check that both are meant."
    OldHost "old-host" Warning "Homebrew may not install tart on this macOS"
        "tart depends on softnet, whose formula needs macOS 15. Update the host, or install tart by other means."
    UnknownGuestOs "unknown-guest-os" Warning "the guest's operating system is not known"
        "Whether it counts towards the limit of two macOS guests cannot be checked. Give the image a name under `images` with its `os`."
    UnknownMinimum "unknown-minimum" Warning "the size of an image is not known"
        "Whether the disks of its VMs are large enough cannot be checked. Say the size of the image's disk under `images`, as its `disk`."
    WrongGuestOs "wrong-guest-os" Error "an image is said to have another operating system than it has"
        "The limit of two macOS guests is counted by `os`. Correct it; an official image has the system that its name says, and all tags of a repository have the same."
    MovingTag "moving-tag" Warning "the image may change under the same name"
        "Hosts that clone at different times get different images. Pin a version tag or a digest."
    RepeatedVmName "repeated-vm-name" Allowed "VMs of two hosts have the same name"
        "Give each VM a name of its own, or leave the check allowed: only people and inventories may mix the two up."
    UnusedImage "unused-image" Warning "no VM uses the image"
        "Remove it, or use it."
    UnusedProfile "unused-profile" Warning "no VM uses the profile"
        "Remove it, or use it."
    Internal "internal" Error "tartgen has a bug"
        "The spec is not to blame. Please report it with the spec that shows it."
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique_and_kebab_case() {
        let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        for name in names {
            assert!(
                name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
                "{name}"
            );
        }
    }
}
