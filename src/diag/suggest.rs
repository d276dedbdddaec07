//! Words shared by messages.

/// The candidate nearest to a misspelt word, if it is near enough to be meant.
pub(crate) fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    Names::new(candidates).closest(word)
}

/// Names that misspelt words may mean. Comparing many words with many names takes long, so after very many comparisons
/// nothing is suggested any more.
#[derive(Debug)]
pub(crate) struct Names<'a> {
    /// Each name as it is and in small letters.
    names: Vec<(&'a str, String)>,
    comparisons: usize,
}

impl<'a> Names<'a> {
    /// Names to suggest.
    pub(crate) fn new(names: impl IntoIterator<Item = &'a str>) -> Self {
        let names = names.into_iter().take(MOST).filter(|name| name.len() <= LONGEST);
        Self { names: names.map(|name| (name, name.to_lowercase())).collect(), comparisons: 0 }
    }

    /// The name nearest to a misspelt word, if it is near enough to be meant.
    pub(crate) fn closest(&mut self, word: &str) -> Option<&'a str> {
        // Comparing is quadratic in the length; nobody misspells a word of this size.
        if word.len() > LONGEST {
            return None;
        }
        self.comparisons += self.names.len();
        if self.comparisons > MOST_COMPARISONS {
            return None;
        }
        let folded = word.to_lowercase();
        let near = self.names.iter().filter_map(|(name, other)| {
            let farthest = farthest(word, name);
            let distance =
                (folded.len().abs_diff(other.len()) <= 4 * farthest).then(|| strsim::osa_distance(&folded, other))?;
            (distance <= farthest).then_some((distance, *name))
        });
        near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name).or_else(|| self.part(&folded))
    }

    /// The only name that begins or ends with a word.
    fn part(&self, word: &str) -> Option<&'a str> {
        if word.len() < SHORTEST_PART {
            return None;
        }
        let ends = |name: &str| name.strip_suffix(word).is_some_and(|start| start.ends_with(['_', '-']));
        let mut names = self.names.iter().filter(|(_, name)| name.starts_with(word) || ends(name));
        let (name, _) = names.next()?;
        names.next().is_none().then_some(*name)
    }
}

/// How many letters may differ. A name of one letter is near to every other one.
fn farthest(word: &str, candidate: &str) -> usize {
    if word.len().min(candidate.len()) <= 1 { 0 } else { 1.max(word.len().max(candidate.len()) / 3) }
}

/// Two letters begin too many names.
const SHORTEST_PART: usize = 3;

const LONGEST: usize = 128;

/// So many names are compared: a fleet with more has better means to find one.
const MOST: usize = 1000;

/// So many comparisons take a fraction of a second.
const MOST_COMPARISONS: usize = 200_000;

/// The start of a text that is longer than so many characters.
pub(crate) fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Text with line breaks between words, so that no line has more characters unless a word does.
pub(crate) fn wrap(text: &str, columns: usize) -> String {
    let mut lines = String::with_capacity(text.len());
    let mut column = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > columns {
            lines.push('\n');
            column = 0;
        } else if column > 0 {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(word);
        column += length;
    }
    lines
}

/// A text with a capital as its first letter.
pub(crate) fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
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

    #[test]
    fn parts_of_names_are_suggested_where_one_name_has_them() {
        let run = ["net_softnet", "net_softnet_allow", "net_host", "no_audio"];
        assert_eq!(closest("softnet", run), Some("net_softnet"));
        assert_eq!(closest("env", ["keep_alive", "environment"]), Some("environment"));
        assert_eq!(closest("user", ["run_user", "vms"]), Some("run_user"));
        assert_eq!((closest("net", run), closest("no", run), closest("dio", run)), (None, None, None));
    }

    #[test]
    fn many_words_and_many_names_take_no_time() {
        let names: Vec<String> = (0..2000).map(|number| format!("profile-{number}")).collect();
        let mut names = Names::new(names.iter().map(String::as_str));
        let found: Vec<_> = (0..10_000).map(|number| names.closest(&format!("profil-{number}"))).collect();
        assert_eq!(found.first(), Some(&Some("profile-0")));
        assert_eq!(found.iter().flatten().count(), MOST_COMPARISONS / MOST);
    }
}
