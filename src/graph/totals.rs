//! What the whole fleet has and uses.

use serde::Serialize;

use super::bars::{cpus, disk, memory, percent, words};
use super::cards::{Card, Sums};
use crate::diag::plural;

/// One figure of the fleet.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Tile {
    /// What it counts.
    name: &'static str,
    /// The figure.
    value: String,
    /// What it consists of.
    detail: String,
    /// How much of what there is is used, as a percentage in CSS; empty if nobody knows.
    percent: String,
}

/// The figures of a fleet.
pub(super) fn tiles(cards: &[Card<'_>]) -> Vec<Tile> {
    let mut all = Sums::default();
    let mut known_hosts = [0_usize; 3];
    for Card { sums, .. } in cards {
        add(&mut all.vms, sums.vms);
        add(&mut all.guests, sums.guests);
        add(&mut all.used, sums.used);
        for ((sum, part), hosts) in all.known.iter_mut().zip(sums.known).zip(&mut known_hosts) {
            if let Some((used, has)) = part {
                let (sum_used, sum_has) = sum.unwrap_or_default();
                *sum = Some((sum_used + used, sum_has + has));
                *hosts += 1;
            }
        }
    }
    let [running, dormant] = all.vms;
    let [macos, linux, other] = all.guests;
    let others = if other > 0 { format!(", {other} other") } else { String::new() };
    let guests = format!("{macos} macOS, {linux} Linux{others}");
    let plain = |name, value: String, detail| Tile { name, value, detail, percent: String::new() };
    let mut tiles = vec![
        plain("Hosts", cards.len().to_string(), String::new()),
        plain("VMs", (running + dormant).to_string(), guests),
        plain("Running", running.to_string(), format!("{dormant} dormant")),
    ];
    let resources = [("CPUs", cpus as fn(u64) -> String), ("Memory", memory), ("Disk", disk)];
    for (((name, amount), used), (known, hosts)) in
        resources.into_iter().zip(all.used).zip(all.known.into_iter().zip(known_hosts))
    {
        // Where only some hosts say what they have, the share is theirs.
        let detail = match known {
            None => "no host says what it has".to_owned(),
            Some((used, has)) if hosts == cards.len() => format!("{} in use", words(used, Some(has), amount)),
            Some((used, has)) => {
                format!("{} where known, on {}", words(used, Some(has), amount), plural(hosts, "host"))
            }
        };
        let percent = known.map(|(used, has)| percent(used, has)).unwrap_or_default();
        tiles.push(Tile { name, value: amount(used), detail, percent });
    }
    tiles
}

fn add<const N: usize>(sums: &mut [u64; N], parts: [u64; N]) {
    sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
}
