//! Whether a rendered property list is the launchd job that the plan means.

use roxmltree::{Document, Node, ParsingOptions};

/// What launchd must read.
#[derive(Debug)]
pub(crate) struct Job<'a> {
    /// `Label`.
    pub(crate) label: &'a str,
    /// `UserName`.
    pub(crate) user: &'a str,
    /// `ProgramArguments`.
    pub(crate) arguments: &'a [&'a str],
}

/// Compares a property list with the job it must describe.
pub(crate) fn check(text: &str, job: &Job<'_>) -> Result<(), String> {
    if !text.starts_with("<?xml ") {
        return Err("the property list does not begin with `<?xml`".to_owned());
    }
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| format!("not XML: {error}"))?;
    let plist = document.root_element();
    let dict = plist.first_element_child().filter(|dict| plist.has_tag_name("plist") && dict.has_tag_name("dict"));
    let entries = dict.map(entries).transpose()?.ok_or("not a property list with one dictionary")?;
    let find = |key: &str| entries.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
    for (key, expected) in [("Label", job.label), ("UserName", job.user)] {
        if find(key).filter(|value| value.has_tag_name("string")).map(text_of) != Some(expected) {
            return Err(format!("`{key}` is not `{expected}`"));
        }
    }
    let arguments = find("ProgramArguments").filter(|value| value.has_tag_name("array"));
    let arguments: Vec<&str> = arguments
        .into_iter()
        .flat_map(|array| array.children().filter(Node::is_element))
        .map(|item| if item.has_tag_name("string") { text_of(item) } else { "" })
        .collect();
    if arguments == job.arguments {
        Ok(())
    } else {
        Err(format!("`ProgramArguments` are {arguments:?} instead of {:?}", job.arguments))
    }
}

/// The keys and values of a dictionary, each key once.
fn entries<'a, 'input>(dict: Node<'a, 'input>) -> Result<Vec<(&'a str, Node<'a, 'input>)>, String> {
    let mut found: Vec<(&str, Node<'_, '_>)> = Vec::new();
    let mut children = dict.children().filter(Node::is_element);
    while let Some(key) = children.next() {
        let value = children.next().filter(|value| key.has_tag_name("key") && !value.has_tag_name("key"));
        let (name, value) = (text_of(key), value.ok_or("keys and values do not alternate")?);
        if found.iter().any(|(earlier, _)| *earlier == name) {
            return Err(format!("the key `{name}` stands twice"));
        }
        found.push((name, value));
    }
    Ok(found)
}

fn text_of<'a>(node: Node<'a, '_>) -> &'a str {
    node.text().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(body: &str) -> String {
        let text = format!("<?xml version=\"1.0\"?>\n<plist version=\"1.0\"><dict>{body}</dict></plist>");
        check(&text, &Job { label: "com.tart.a&b", user: "dk", arguments: &["tart", "run", "a&b"] })
            .err()
            .unwrap_or_default()
    }

    #[test]
    fn jobs_are_compared() {
        let label = "<key>Label</key><string>com.tart.a&amp;b</string>";
        let user = "<key>UserName</key><string>dk</string>";
        let arguments = "<key>ProgramArguments</key>\
                         <array><string>tart</string><string>run</string><string>a&amp;b</string></array>";
        assert_eq!(problem(&format!("{label}{user}<key>RunAtLoad</key><true/>{arguments}")), "");
        for (body, expected) in [
            (format!("{label}{user}"), "ProgramArguments"),
            (format!("{user}{arguments}"), "Label"),
            (format!("{label}{label}{user}{arguments}"), "stands twice"),
            (format!("{label}{arguments}<key>UserName</key><string>root</string>"), "UserName"),
            (format!("{label}{user}{arguments}<key>x</key>"), "alternate"),
            (label.replace("&amp;", "&"), "not XML"),
        ] {
            let problem = problem(&body);
            assert!(problem.contains(expected), "{body}: {problem}");
        }
    }
}
