//! A comment on a type or a field, as editors show it.

/// What opens and closes an example.
const FENCE: &str = "```";

/// A comment without its title.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Prose {
    /// The first paragraph.
    pub(super) summary: String,
    /// All of it, each paragraph on one line.
    pub(super) markdown: String,
}

impl Prose {
    /// Reads a comment in Markdown. Line breaks inside paragraphs have no meaning there, but some editors show them.
    pub(super) fn new(comment: &str) -> Self {
        let mut markdown = String::new();
        let mut is_example = false;
        let mut is_inside = false;
        for line in comment.trim().lines() {
            let is_fence = line.starts_with(FENCE);
            let continues = is_inside && !is_example && !is_fence && !line.is_empty();
            if !markdown.is_empty() {
                markdown.push(if continues { ' ' } else { '\n' });
            }
            markdown.push_str(line);
            is_example ^= is_fence;
            is_inside = !line.is_empty() && !is_fence;
        }
        let summary = markdown.split("\n\n").next().unwrap_or_default().to_owned();
        Self { summary, markdown }
    }
}

/// The first example in a text.
#[cfg(test)]
pub(super) fn example(markdown: &str) -> Option<&str> {
    let (_, rest) = markdown.split_once("```yaml\n")?;
    rest.split_once(FENCE).map(|(example, _)| example)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_unwrapped_and_examples_are_not() {
        let prose = Prose::new("One\nline.\n\nTwo\nlines.\n\n```yaml\na:\n  b: 1\n```");
        assert_eq!(prose.summary, "One line.");
        assert_eq!(prose.markdown, "One line.\n\nTwo lines.\n\n```yaml\na:\n  b: 1\n```");
        assert_eq!(example(&prose.markdown), Some("a:\n  b: 1\n"));
        assert_eq!(Prose::new("Only this."), Prose { summary: "Only this.".into(), markdown: "Only this.".into() });
    }
}
