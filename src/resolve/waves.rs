//! Which host belongs to which wave of the rollout; shared by `check` and `lower`.

use std::collections::HashMap;
use std::ops::Range;

use super::{Classes, Minions};
use crate::catalog::{CANARY, DEFAULT_BATCH_PERCENT, REST};
use crate::spec::{Batch, Fleet, Rollout, Wave};

/// The hosts of a fleet and the waves that have them.
#[derive(Debug)]
pub(crate) struct Waves<'a> {
    rollout: &'a Rollout,
    ids: Vec<&'a str>,
    /// The places of the ids among them.
    index: HashMap<&'a str, usize>,
    /// The hosts of each group.
    groups: HashMap<&'a str, Range<usize>>,
    /// The wave of each host, and which of its entries names the host.
    places: Vec<Option<Place>>,
    /// What came of each entry of each wave.
    found: Vec<Vec<Found>>,
}

/// An entry of the `hosts` of a wave, both counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// The wave.
    pub(crate) wave: usize,
    /// The entry of the wave.
    pub(crate) entry: usize,
}

/// What an entry names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// No host of the fleet.
    Nothing,
    /// One host by its id, which an entry before it names as well.
    Again(Place),
    /// Hosts, this many of which no entry before it names.
    Hosts(usize),
}

/// A wave with its hosts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Resolved<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// The minion ids, in the order of the spec.
    pub(crate) hosts: Vec<&'a str>,
    /// How many at a time.
    pub(crate) batch: usize,
    /// How many of a batch may fail.
    pub(crate) max_failures: u32,
}

impl<'a> Waves<'a> {
    /// The waves of a fleet, if its spec describes a rollout.
    pub(crate) fn new(fleet: &'a Fleet, classes: &'a Classes<'_>) -> Option<Self> {
        let rollout = fleet.rollout.as_ref()?;
        let (mut ids, mut groups) = (Vec::new(), HashMap::new());
        for (class, own) in classes.with_ids() {
            let first = ids.len();
            ids.extend(own.iter().map(|(minion_id, _)| minion_id.as_ref()));
            if class.is_group() {
                groups.insert(class.name, first..ids.len());
            }
        }
        let index: HashMap<_, _> = ids.iter().copied().zip(0..).collect();
        let places = vec![None; ids.len()];
        let mut waves = Self { rollout, ids, index, groups, places, found: Vec::new() };
        for (wave, number) in rollout.waves.iter().flatten().zip(0..) {
            let entries = wave.hosts.iter().flatten().zip(0..);
            let entries = entries.map(|(text, entry)| waves.take(text, Place { wave: number, entry }));
            let found = entries.collect();
            waves.found.push(found);
        }
        Some(waves)
    }

    /// Gives a wave the hosts that an entry of it names.
    fn take(&mut self, text: &str, place: Place) -> Found {
        if let Some(host) = self.index.get(text).and_then(|index| self.places.get_mut(*index)) {
            if let Some(earlier) = *host {
                return Found::Again(earlier);
            }
            *host = Some(place);
            return Found::Hosts(1);
        }
        let named: Vec<usize> = if let Some(group) = self.groups.get(text) {
            group.clone().collect()
        } else if text.contains('[') {
            let ids = Minions::new(text).map(|minions| minions.expand()).unwrap_or_default();
            ids.iter().filter_map(|id| self.index.get(id.as_str()).copied()).collect()
        } else {
            self.ids.iter().zip(0..).filter(|(id, _)| matches(text, id)).map(|(_, index)| index).collect()
        };
        if named.is_empty() {
            return Found::Nothing;
        }
        let mut new = 0;
        for index in named {
            if let Some(host) = self.places.get_mut(index).filter(|host| host.is_none()) {
                *host = Some(place);
                new += 1;
            }
        }
        Found::Hosts(new)
    }

    /// The ids that an entry stands for and that no host has; none of patterns.
    pub(crate) fn missing(&self, text: &str) -> Vec<String> {
        if !text.contains('[') {
            return Vec::new();
        }
        let ids = Minions::new(text).map(|minions| minions.expand()).unwrap_or_default();
        ids.into_iter().filter(|id| !self.index.contains_key(id.as_str())).collect()
    }

    /// Whether an entry is the id of a host and the name of a group.
    pub(crate) fn is_ambiguous(&self, text: &str) -> bool {
        self.index.contains_key(text) && self.groups.contains_key(text)
    }

    /// The waves that are written, each with what came of its entries.
    pub(crate) fn written(&self) -> impl Iterator<Item = (&'a Wave, &[Found])> {
        self.rollout.waves.iter().flatten().zip(self.found.iter().map(Vec::as_slice))
    }

    /// Whether some hosts are in no wave that is written.
    pub(crate) fn has_rest(&self) -> bool {
        self.places.contains(&None)
    }

    /// All waves in their order, with the ones that nobody wrote.
    pub(crate) fn resolved(&self) -> Vec<Resolved<'_>> {
        let mut resolved: Vec<_> = self
            .rollout
            .waves
            .iter()
            .flatten()
            .zip(0..)
            .map(|(wave, number)| {
                let hosts = self.hosts(|place| place.is_some_and(|place| place.wave == number));
                self.wave(wave.name.as_deref().unwrap_or_default(), hosts, wave.batch, wave.max_failures)
            })
            .collect();
        let mut rest = self.hosts(|place| place.is_none());
        if self.rollout.waves.is_none() && rest.len() > 1 {
            let others = rest.split_off(1);
            resolved.push(self.wave(CANARY, std::mem::replace(&mut rest, others), None, None));
        }
        if !rest.is_empty() {
            resolved.push(self.wave(REST, rest, None, None));
        }
        resolved
    }

    fn hosts(&self, belongs: impl Fn(Option<Place>) -> bool) -> Vec<&str> {
        let hosts = self.ids.iter().zip(&self.places);
        hosts.filter(|(_, place)| belongs(**place)).map(|(id, _)| *id).collect()
    }

    fn wave<'w>(
        &self,
        name: &'w str,
        hosts: Vec<&'w str>,
        batch: Option<Batch>,
        failures: Option<u32>,
    ) -> Resolved<'w> {
        let whole = match batch.or(self.rollout.batch).unwrap_or(Batch::Percent(DEFAULT_BATCH_PERCENT)) {
            Batch::Hosts(number) => usize::try_from(number).unwrap_or(usize::MAX),
            Batch::Percent(percent) => {
                let percent = usize::try_from(percent).unwrap_or(usize::MAX);
                hosts.len().saturating_mul(percent).div_ceil(100)
            }
        };
        let batch = whole.clamp(1, hosts.len().max(1));
        // A whole batch may only fail, be it a canary or the one batch of a wave that is smaller than that, if the wave itself
        // says so of batches of the size that is written.
        let number = |hosts: usize| u32::try_from(hosts).unwrap_or(u32::MAX);
        let most = failures.filter(|own| *own >= number(whole)).unwrap_or(number(batch - 1));
        let max_failures = failures.or(self.rollout.max_failures).unwrap_or_default().min(most);
        Resolved { name, hosts, batch, max_failures }
    }
}

/// Whether an entry stands for whatever hosts match it.
pub(crate) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// Whether an id matches a pattern, in which `*` stands for any characters and `?` for one.
fn matches(pattern: &str, id: &str) -> bool {
    let (pattern, id) = (pattern.as_bytes(), id.as_bytes());
    let (mut at, mut read) = (0, 0);
    // Where to go on if what follows the last `*` does not fit: the `*` then takes one character more.
    let mut retry = None;
    while read < id.len() {
        match pattern.get(at) {
            Some(b'*') => {
                retry = Some((at, read));
                at += 1;
            }
            Some(wanted) if *wanted == b'?' || id.get(read) == Some(wanted) => {
                at += 1;
                read += 1;
            }
            _ => {
                let Some((star, taken)) = retry else { return false };
                retry = Some((star, taken + 1));
                (at, read) = (star + 1, taken + 1);
            }
        }
    }
    pattern.get(at..).unwrap_or_default().iter().all(|left| *left == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Host;

    fn fleet(ids: &[&str], waves: Option<&[&[&str]]>, batch: Option<Batch>) -> Fleet {
        let wave = |(hosts, number): (&&[&str], u32)| Wave {
            name: Some(format!("w{number}")),
            hosts: Some(hosts.iter().map(ToString::to_string).collect()),
            batch: None,
            max_failures: (number == 2).then_some(7),
        };
        let waves = waves.map(|waves| waves.iter().zip(1..).map(wave).collect());
        Fleet {
            hosts: ids.iter().map(|id| ((*id).to_owned(), Host::default())).collect(),
            rollout: Some(Rollout { waves, batch, max_failures: Some(1) }),
            ..Fleet::default()
        }
    }

    fn summary(fleet: &Fleet) -> Vec<(String, String, usize, u32)> {
        let classes = Classes::new(fleet);
        let waves = Waves::new(fleet, &classes);
        let waves = waves.iter().flat_map(Waves::resolved);
        let row = |wave: Resolved<'_>| (wave.name.to_owned(), wave.hosts.join(" "), wave.batch, wave.max_failures);
        waves.map(row).collect()
    }

    fn row(name: &str, hosts: &str, batch: usize, failures: u32) -> (String, String, usize, u32) {
        (name.to_owned(), hosts.to_owned(), batch, failures)
    }

    #[test]
    fn each_host_is_in_the_first_wave_that_names_it() {
        let fleet = fleet(&["a1", "b1", "a2", "b2", "c"], Some(&[&["b2"], &["b*", "a2"]]), Some(Batch::Hosts(2)));
        let expected = [row("w1", "b2", 1, 0), row("w2", "b1 a2", 2, 7), row("rest", "a1 c", 2, 1)];
        assert_eq!(summary(&fleet), expected);
    }

    /// A canary of three, of which two may fail, and of which two have left the fleet.
    #[test]
    fn a_wave_smaller_than_its_batch_does_not_fail_as_a_whole() {
        let mut fleet = fleet(&["a", "b", "c", "d"], Some(&[&["a"], &["b", "c"], &["*"]]), Some(Batch::Hosts(3)));
        for wave in fleet.rollout.iter_mut().filter_map(|rollout| rollout.waves.as_mut()).flatten() {
            wave.max_failures = Some(if wave.name.as_deref() == Some("w3") { 3 } else { 2 });
        }
        assert_eq!(summary(&fleet), [row("w1", "a", 1, 0), row("w2", "b c", 2, 1), row("w3", "d", 1, 3)]);
    }

    #[test]
    fn without_waves_the_first_host_goes_first() {
        assert_eq!(summary(&fleet(&["a", "b", "c"], None, None)), [row("canary", "a", 1, 0), row("rest", "b c", 1, 0)]);
        assert_eq!(summary(&fleet(&["a"], None, None)), [row("rest", "a", 1, 0)]);
        assert_eq!(summary(&fleet(&["a", "b"], Some(&[]), None)), [row("rest", "a b", 1, 0)]);
        assert_eq!(summary(&Fleet::default()), []);
    }

    #[test]
    fn a_part_of_a_wave_is_rounded_up() {
        let ids: Vec<String> = (0..10).map(|number| format!("h{number}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        for (percent, expected) in [(1, 1), (25, 3), (50, 5), (99, 10), (100, 10)] {
            let summary = summary(&fleet(&ids, Some(&[&["*"]]), Some(Batch::Percent(percent))));
            assert_eq!(summary.first().map(|wave| wave.2), Some(expected), "{percent}%");
        }
    }

    #[test]
    fn entries_tell_what_they_name() {
        let fleet = fleet(&["a", "b"], Some(&[&["a", "x", "y*"], &["a", "*", "?"]]), None);
        let found: Vec<_> = Waves::new(&fleet, &Classes::new(&fleet)).map(|waves| waves.found).unwrap_or_default();
        let again = Found::Again(Place { wave: 0, entry: 0 });
        assert_eq!(
            found,
            [vec![Found::Hosts(1), Found::Nothing, Found::Nothing], vec![again, Found::Hosts(1), Found::Hosts(0)]]
        );
    }

    #[test]
    fn patterns() {
        for (pattern, id, expected) in [
            ("*", "", true),
            ("*", "a.b", true),
            ("a*", "a", true),
            ("a*", "ba", false),
            ("*a", "ba", true),
            ("*a*b*", "xaxbx", true),
            ("*ab", "aab", true),
            ("*a?c", "abcabd", false),
            ("a?", "a", false),
            ("a?", "ab", true),
            ("a**", "a", true),
            ("mm", "mm1", false),
        ] {
            assert_eq!(matches(pattern, id), expected, "{pattern} {id}");
        }
    }
}
