//! Words shared by messages.

/// The candidate nearest to a misspelt word, if it is near enough to be meant.
pub(crate) fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Comparing is quadratic in the length; nobody misspells a word of this size.
    if word.len() > LONGEST {
        return None;
    }
    let folded = word.to_lowercase();
    candidates
        .into_iter()
        .take(MOST)
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| (strsim::damerau_levenshtein(&folded, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= farthest(word, candidate))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many letters may differ. A name of one letter is near to every other one.
fn farthest(word: &str, candidate: &str) -> usize {
    if word.len().min(candidate.len()) <= 1 { 0 } else { 1.max(word.len().max(candidate.len()) / 3) }
}

const LONGEST: usize = 128;

/// So many names are compared: a fleet with more has better means to find one.
const MOST: usize = 1000;

/// The start of a text that is longer than so many characters.
pub(crate) fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// "1 error", "2 errors".
pub(crate) fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_suggested() {
        assert_eq!(closest("memroy", ["cpu", "memory", "disk"]), Some("memory"));
        assert_eq!(closest("Memory", ["cpu", "memory"]), Some("memory"));
        assert_eq!(closest("colour", ["cpu", "memory", "disk"]), None);
        assert_eq!(
            (closest("a", ["b"]), closest("A", ["b", "a"]), closest("vm", ["vms"])),
            (None, Some("a"), Some("vms"))
        );
    }
}
