//! How much of what a host has its VMs use.

use serde::Serialize;

/// A bar with a part for each VM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Bar {
    /// What is used.
    pub(super) name: &'static str,
    /// How much of it, in words.
    pub(super) words: String,
    /// Whether it is known how much there is, so that a part can be drawn.
    pub(super) is_known: bool,
    /// The parts.
    pub(super) parts: Vec<Part>,
}

/// One VM's part of a bar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Part {
    /// Its length, as a percentage in CSS.
    pub(super) percent: String,
    /// Its colour.
    pub(super) hue: usize,
    /// Whether its VM is dormant.
    pub(super) is_dormant: bool,
}

/// A VM's need, as it is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Need {
    /// How much.
    pub(super) amount: u64,
    /// The colour of its image.
    pub(super) hue: usize,
    /// Whether its VM is dormant.
    pub(super) is_dormant: bool,
}

impl Bar {
    /// A bar for some needs and what there is.
    pub(super) fn new(name: &'static str, needs: &[Need], has: Option<u64>, amount: fn(u64) -> String) -> Self {
        let used = needs.iter().map(|need| need.amount).sum();
        let parts = has.map(|has| parts(needs, has)).unwrap_or_default();
        Self { name, words: words(used, has, amount), is_known: has.is_some(), parts }
    }
}

/// "12 of 24 GiB", or "12 GiB" if nobody knows how much there is.
pub(super) fn words(used: u64, has: Option<u64>, amount: fn(u64) -> String) -> String {
    match has {
        Some(has) => format!("{} of {}", amount(used), amount(has)),
        None => amount(used),
    }
}

fn parts(needs: &[Need], has: u64) -> Vec<Part> {
    let part = |need: &Need| Part { percent: percent(need.amount, has), hue: need.hue, is_dormant: need.is_dormant };
    needs.iter().map(part).collect()
}

/// A share as CSS writes it, in tenths of a percent.
pub(super) fn percent(amount: u64, has: u64) -> String {
    let tenths = amount.saturating_mul(1000).checked_div(has).unwrap_or_default().min(1000);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// CPUs.
pub(super) fn cpus(count: u64) -> String {
    count.to_string()
}

/// Memory given in MiB.
pub(super) fn memory(mib: u64) -> String {
    let tenths = mib.saturating_mul(10) / 1024;
    match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{whole} GiB"),
        (whole, tenth) => format!("{whole}.{tenth} GiB"),
    }
}

/// Disk given in GB; of very much, in TB.
pub(super) fn disk(gb: u64) -> String {
    if gb < 10_000 { format!("{gb} GB") } else { format!("{}.{} TB", gb / 1000, gb % 1000 / 100) }
}
