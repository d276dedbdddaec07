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
    /// `EnvironmentVariables`, in the order of their names.
    pub(crate) environment: &'a [(&'a str, &'a str)],
    /// `KeepAlive`.
    pub(crate) keep_alive: bool,
    /// `ThrottleInterval` in seconds.
    pub(crate) throttle_interval: u32,
    /// `StandardOutPath`.
    pub(crate) standard_out_path: &'a str,
    /// `StandardErrorPath`.
    pub(crate) standard_error_path: &'a str,
}

/// A value of a property list.
#[derive(Debug, PartialEq, Eq)]
enum Value<'a> {
    Text(&'a str),
    Integer(&'a str),
    Truth(bool),
    Array(Vec<Value<'a>>),
    /// In the order of the keys.
    Dict(Vec<(&'a str, Value<'a>)>),
}

/// Compares a property list with the job it must describe: every key, the type of every value, and no other key.
pub(crate) fn check(text: &str, job: &Job<'_>) -> Result<(), String> {
    if !text.starts_with("<?xml ") {
        return Err("the property list does not begin with `<?xml`".to_owned());
    }
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| format!("not XML: {error}"))?;
    let plist = document.root_element();
    let dict = plist.first_element_child().filter(|dict| plist.has_tag_name("plist") && dict.has_tag_name("dict"));
    let found = dict.map(entries).transpose()?.ok_or("not a property list with one dictionary")?;
    let throttle_interval = job.throttle_interval.to_string();
    let expected = [
        ("EnvironmentVariables", dict_of(job.environment)),
        ("KeepAlive", Value::Truth(job.keep_alive)),
        ("Label", Value::Text(job.label)),
        ("ProcessType", Value::Text("Interactive")),
        ("ProgramArguments", Value::Array(job.arguments.iter().map(|argument| Value::Text(argument)).collect())),
        ("RunAtLoad", Value::Truth(true)),
        ("StandardErrorPath", Value::Text(job.standard_error_path)),
        ("StandardOutPath", Value::Text(job.standard_out_path)),
        ("ThrottleInterval", Value::Integer(&throttle_interval)),
        ("UserName", Value::Text(job.user)),
    ];
    for (key, value) in &expected {
        let found = found.iter().find(|(name, _)| name == key).map(|(_, value)| value);
        if found != Some(value) {
            return Err(format!("`{key}` is {found:?} instead of {value:?}"));
        }
    }
    match found.iter().find(|(key, _)| expected.iter().all(|(name, _)| name != key)) {
        Some((key, _)) => Err(format!("there is a key `{key}`")),
        None => Ok(()),
    }
}

fn dict_of<'a>(pairs: &[(&'a str, &'a str)]) -> Value<'a> {
    Value::Dict(pairs.iter().map(|(name, value)| (*name, Value::Text(value))).collect())
}

fn value<'a>(node: Node<'a, '_>) -> Result<Value<'a>, String> {
    match node.tag_name().name() {
        "string" => Ok(Value::Text(text_of(node))),
        "integer" => Ok(Value::Integer(text_of(node))),
        "true" => Ok(Value::Truth(true)),
        "false" => Ok(Value::Truth(false)),
        "array" => Ok(Value::Array(node.children().filter(Node::is_element).map(value).collect::<Result<_, _>>()?)),
        "dict" => entries(node).map(Value::Dict),
        other => Err(format!("`{other}` is no value")),
    }
}

/// The keys and values of a dictionary, each key once, in the order of the keys.
fn entries<'a>(dict: Node<'a, '_>) -> Result<Vec<(&'a str, Value<'a>)>, String> {
    let mut found: Vec<(&str, Value<'_>)> = Vec::new();
    let mut children = dict.children().filter(Node::is_element);
    while let Some(key) = children.next() {
        let next = children.next().filter(|next| key.has_tag_name("key") && !next.has_tag_name("key"));
        let (name, next) = (text_of(key), next.ok_or("keys and values do not alternate")?);
        if found.iter().any(|(earlier, _)| *earlier == name) {
            return Err(format!("the key `{name}` stands twice"));
        }
        found.push((name, value(next)?));
    }
    found.sort_unstable_by_key(|(name, _)| *name);
    Ok(found)
}

fn text_of<'a>(node: Node<'a, '_>) -> &'a str {
    node.text().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOB: Job<'_> = Job {
        label: "com.tart.a&b",
        user: "dk",
        arguments: &["tart", "run", "--dir=<a>", "a&b"],
        environment: &[("A", ""), ("B", "1 & 2")],
        keep_alive: false,
        throttle_interval: 10,
        standard_out_path: "/o",
        standard_error_path: "/e",
    };

    const BODY: &str = "<key>Label</key><string>com.tart.a&amp;b</string><key>UserName</key><string>dk</string>\
        <key>ProgramArguments</key><array><string>tart</string><string>run</string><string>--dir=&lt;a></string>\
        <string>a&amp;b</string></array><key>EnvironmentVariables</key><dict><key>B</key><string>1 &amp; 2</string>\
        <key>A</key><string/></dict><key>RunAtLoad</key><true/><key>KeepAlive</key><false/><key>ThrottleInterval</key>\
        <integer>10</integer><key>ProcessType</key><string>Interactive</string><key>StandardOutPath</key>\
        <string>/o</string><key>StandardErrorPath</key><string>/e</string>";

    fn problem(body: &str) -> String {
        let text = format!("<?xml version=\"1.0\"?>\n<plist version=\"1.0\"><dict>{body}</dict></plist>");
        check(&text, &JOB).err().unwrap_or_default()
    }

    #[test]
    fn jobs_are_compared() {
        assert_eq!(problem(BODY), "");
        for (from, to, expected) in [
            ("<key>Label</key><string>com.tart.a&amp;b</string>", "", "`Label`"),
            ("<string>dk</string>", "<string>root</string>", "`UserName`"),
            ("<string>run</string>", "", "`ProgramArguments`"),
            ("<string>run</string>", "<integer>run</integer>", "`ProgramArguments`"),
            ("1 &amp; 2", "1", "`EnvironmentVariables`"),
            ("<key>A</key><string/>", "", "`EnvironmentVariables`"),
            ("<false/>", "<true/>", "`KeepAlive`"),
            ("<false/>", "<string>false</string>", "`KeepAlive`"),
            ("<integer>10</integer>", "<string>10</string>", "`ThrottleInterval`"),
            ("/o", "/e", "`StandardOutPath`"),
            ("<key>UserName</key>", "<key>Label</key>", "stands twice"),
            ("<key>UserName</key>", "<string>UserName</string>", "alternate"),
            ("<key>RunAtLoad</key>", "<key>Disabled</key><true/><key>RunAtLoad</key>", "a key `Disabled`"),
            ("<true/>", "<truth/>", "no value"),
            ("a&amp;b", "a&b", "not XML"),
        ] {
            assert!(BODY.contains(from), "{from}");
            let problem = problem(&BODY.replacen(from, to, 1));
            assert!(problem.contains(expected), "{from} -> {to}: {problem}");
        }
    }
}
