//! A forecast as blocks of lines: one for each host on which something happens, and one for hosts that are alike.

use super::words::{Row, about, rows};
use super::{Forecast, Host};
use crate::counting::together;
use crate::resolve::{HOST, short};

/// What is said of a host, or of several of which the same is said.
#[derive(Debug)]
pub(super) struct Block<'a> {
    /// The minion id; those of several hosts as one, as in a spec.
    pub(super) name: String,
    /// The host, or the first of them, which is as all of them are.
    pub(super) first: &'a Host,
    /// How many hosts there are.
    pub(super) count: usize,
    /// What is said. Of several hosts, `{host}` stands for the name of each, as in a spec.
    pub(super) said: Said,
}

/// All that is said of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// What concerns the host as a whole, a sentence each.
    pub(super) sentences: Vec<String>,
    /// The lines about its VMs.
    pub(super) rows: Vec<Row>,
}

impl Said {
    fn of(host: &Host, all: bool) -> Self {
        Self { sentences: about(host), rows: host.vms.iter().flat_map(|vm| rows(host, vm, all)).collect() }
    }

    /// The same with `{host}` for the name of the host.
    fn of_any(self, host: &Host) -> Self {
        let short = short(&host.minion_id);
        let common = |text: String| if short.is_empty() { text } else { text.replace(&short, HOST) };
        let row = |row: Row| Row { vm: common(row.vm), text: common(row.text), ..row };
        Self {
            sentences: self.sentences.into_iter().map(common).collect(),
            rows: self.rows.into_iter().map(row).collect(),
        }
    }

    const fn is_empty(&self) -> bool {
        self.sentences.is_empty() && self.rows.is_empty()
    }
}

/// A host and what would be said of any other like it.
type Told<'a> = (&'a Host, Said);

/// The blocks, in the order of their hosts; VMs that stay as they are have lines only if `all` are wanted.
pub(super) fn blocks(forecast: &Forecast, all: bool) -> Vec<Block<'_>> {
    let told = forecast.hosts.iter().map(|host| (host, Said::of(host, all).of_any(host)));
    let told: Vec<Told<'_>> = told.filter(|(_, said)| !said.is_empty()).collect();
    let alike = |(_, one): &Told<'_>, (_, other): &Told<'_>| one == other;
    let runs = together(&told, |(host, _)| &host.minion_id, alike).into_iter();
    runs.filter_map(|(name, run)| block(name, run, all)).collect()
}

fn block<'a>(name: String, run: &[Told<'a>], all: bool) -> Option<Block<'a>> {
    let (first, common) = run.first()?;
    let said = if run.len() > 1 { common.clone() } else { Said::of(first, all) };
    Some(Block { name, first, count: run.len(), said })
}
