//! The most that tartgen takes, so that no input can hurt it or the Salt master. `docs/limits.md` says the same in words,
//! and a test compares them.

/// Files of a spec, the root and what is included: each is opened for every build.
pub(crate) const FILES: usize = 10_000;

/// Levels of lists and mappings in each other: more than any spec has, and few enough for every recursion over them.
pub(crate) const DEPTH: usize = 64;

/// Keys and values of a spec, also when its aliases are written out: a fleet of 10,000 hosts with ten VMs each has half.
pub(crate) const VALUES: u32 = 3_000_000;

/// By this factor a spec may grow when its aliases are written out...
pub(crate) const GROWTH: u32 = 10;

/// ...or up to this many keys and values, which is cheap to work through whatever the factor.
pub(crate) const FREE_GROWTH: u32 = 100_000;

/// Hosts of a fleet: as many as one Salt master can be expected to serve.
pub(crate) const HOSTS: usize = 20_000;

/// Characters of an item of a group's `hosts`, which may be a range of many parts.
#[cfg(test)]
const LONGEST_RANGE: usize = 4_096;

/// VMs of a host, with those that are removed: each is several states.
pub(crate) const VMS_OF_HOST: usize = 1_000;

/// VMs of a fleet, with those that are removed.
pub(crate) const VMS: usize = 200_000;

/// Bytes of the arguments and variables of a VM: half of what macOS passes to a program, which includes what launchd adds.
/// (macOS: sys/syslimits.h, `ARG_MAX`)
pub(crate) const TEXT_OF_VM: usize = 524_288;

/// Bytes of the arguments and variables of all VMs of a host, which stand in one pillar file.
pub(crate) const TEXT_OF_HOST: usize = 4 * 1024 * 1024;

/// Bytes of the arguments and variables of all VMs of a fleet, which a few lines about many hosts stand for.
pub(crate) const TEXT_OF_FLEET: usize = 256 * 1024 * 1024;

/// Hosts that the items of a rollout may be compared with: a pattern is held against each of the fleet.
pub(crate) const COMPARISONS: usize = 20_000_000;

/// As many comparisons an id of a range takes, which is written out and looked up.
pub(crate) const RANGE_COMPARISONS: usize = 10;

/// Characters of the name of an image's repository with its registry. (OCI distribution spec: "Pulling manifests")
pub(crate) const LONGEST_REPOSITORY: usize = 255;

/// Bytes of a path on macOS, without the zero at its end. (macOS: sys/syslimits.h, `PATH_MAX`)
pub(crate) const LONGEST_PATH: usize = 1_023;

/// Characters of the name of a tap or formula.
pub(crate) const LONGEST_FORMULA: usize = 128;

/// Formulae that Homebrew is told to trust.
pub(crate) const TRUSTED: usize = 16;

#[cfg(test)]
mod tests {
    use super::super::names::lengths;
    use super::*;
    use crate::source::SIZE_LIMIT;

    /// 1000000 as people write it.
    fn grouped(number: u64) -> String {
        let digits = number.to_string();
        let mut text = String::new();
        for (at, digit) in digits.char_indices() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        text
    }

    #[test]
    fn the_page_says_what_the_constants_say() {
        let page = include_str!("../../docs/limits.md");
        let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
        let [name, vm, minion_id, account] = lengths();
        let size = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let expected = [
            ("size of the spec", size(SIZE_LIMIT / 1024 / 1024), " MiB", "too-large"),
            ("files of a spec", size(FILES), "", "too-many-files"),
            ("levels of nesting", size(DEPTH), "", "nesting-too-deep"),
            ("keys and values", VALUES.into(), "", "too-many-values"),
            ("growth when aliases are written out", GROWTH.into(), " times", "alias-bomb"),
            ("keys and values up to which growth is free", FREE_GROWTH.into(), "", "alias-bomb"),
            ("hosts", size(HOSTS), "", "too-many-hosts"),
            ("VMs of a host", size(VMS_OF_HOST), "", "too-many-vms"),
            ("VMs of the fleet", size(VMS), "", "too-many-vms"),
            ("arguments and variables of a VM", size(TEXT_OF_VM), " bytes", "too-large"),
            ("those of all VMs of a host", size(TEXT_OF_HOST / 1024 / 1024), " MiB", "too-large"),
            ("those of all VMs of the fleet", size(TEXT_OF_FLEET / 1024 / 1024), " MiB", "too-large"),
            ("hosts that items of `rollout` are compared with", size(COMPARISONS), "", "too-many-values"),
            ("name of a host", size(minion_id), " characters", "bad-minion-id"),
            ("an item of a group's `hosts`", size(LONGEST_RANGE), " characters", "bad-value"),
            ("name of a VM", size(vm), " characters", "bad-vm-name"),
            ("name of an image, a profile or a group", size(name), " characters", "bad-name"),
            ("`run_user`", size(account), " characters", "bad-run-user"),
            ("repository of an image", size(LONGEST_REPOSITORY), " characters", "bad-reference"),
            ("`tart.binary`, `tart.brew`", size(LONGEST_PATH), " bytes", "bad-value"),
            ("`tart.tap`, `tart.formula`, an item of `tart.trust`", size(LONGEST_FORMULA), " characters", "bad-value"),
            ("items of `tart.trust`", size(TRUSTED), "", "bad-value"),
        ];
        for (row, (what, number, unit, code)) in rows.iter().zip(&expected) {
            let start = format!("| {what} | {}{unit} | `{code}` | ", grouped(*number));
            assert!(row.starts_with(&start), "the page says:\n{row}\ninstead of:\n{start}");
        }
        assert_eq!(rows.len(), expected.len(), "one row for each limit");
    }
}
