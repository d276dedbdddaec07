//! Names for hosts, images and profiles.

use std::collections::BTreeSet;

use crate::catalog;
use crate::pillar_in::minion_of;

/// The minion that a file is for, by its own name, or that of its folder if it is an `init.sls`.
pub(super) fn from_file(path: &str) -> Result<String, String> {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem = if stem == "init" { parts.next().unwrap_or_default() } else { stem };
    if stem.is_empty() || path == "stdin" {
        return Err(format!("{path}: nothing says which minion this is for; name it with `--host`"));
    }
    // The name of an emitted file is not the id itself.
    Ok(minion_of(&format!("{stem}.sls")).unwrap_or_else(|| stem.to_owned()))
}

/// What is wrong with a minion id, in a sentence.
pub(super) fn refuse_host(id: &str, file: &str) -> Option<String> {
    let rule = catalog::minion_id(id)?;
    Some(format!("{file}: `{id}` cannot be {}: {}; name it with `--host`", rule.noun, rule.words))
}

/// Names that are still free.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// Keeps a name that something else has.
    pub(super) fn reserve(&mut self, name: &str) {
        self.0.insert(name.to_owned());
    }

    /// The first of some names that is free, else the last with a number behind it.
    pub(super) fn take(&mut self, candidates: &[String]) -> String {
        let free = candidates.iter().find(|name| is_good(name) && !self.0.contains(*name)).cloned();
        let name = free.unwrap_or_else(|| {
            let stem = candidates.iter().rfind(|name| is_good(name)).map_or("settings", String::as_str);
            let numbered = (2_u32..).map(|number| format!("{stem}-{number}"));
            numbered.into_iter().find(|name| !self.0.contains(name)).unwrap_or_default()
        });
        self.0.insert(name.clone());
        name
    }
}

fn is_good(name: &str) -> bool {
    catalog::image_or_profile(name).is_none()
}

/// Names for an image, the best first: the last part of its repository, then with its tag or the start of its digest.
pub(super) fn for_image(reference: &str) -> Vec<String> {
    let last = reference.rsplit('/').next().unwrap_or(reference);
    let (rest, digest) = last.split_once('@').map_or((last, None), |(rest, digest)| (rest, Some(digest)));
    let (repository, tag) = rest.split_once(':').map_or((rest, None), |(repository, tag)| (repository, Some(tag)));
    let digits = digest.and_then(|digest| digest.split(':').next_back()).and_then(|digits| digits.get(..12));
    let longer = tag.or(digits).map(|more| format!("{repository}-{more}"));
    [repository.to_owned()].into_iter().chain(longer).collect()
}

/// The words that names begin with, without their numbers and placeholders: `ci-mac` for `ci-mac-1` and `ci-mac-{host}`.
pub(super) fn common_words<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let numbers = |character: char| character.is_ascii_digit() || character == '-';
    let mut common: Option<Vec<&str>> = None;
    for name in names {
        let words = name.trim_end_matches(numbers).split('-').take_while(|word| !word.starts_with('{'));
        let words: Vec<_> = words.collect();
        common = Some(match common {
            None => words,
            Some(common) => {
                let same = common.iter().zip(&words).take_while(|(one, other)| one == other);
                same.map(|(word, _)| *word).collect()
            }
        });
    }
    common.map(|words| words.join("-")).filter(|words| words.len() > 1)
}
