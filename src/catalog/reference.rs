//! tart's grammar for OCI references. (tart: OCI/Reference/Reference.g4, OCI/RemoteName.swift)

/// The parts of a reference that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reference<'a> {
    /// The tag, if one is given.
    pub(crate) tag: Option<&'a str>,
    /// The digest, if one is given.
    pub(crate) digest: Option<&'a str>,
}

impl Reference<'_> {
    /// Whether the registry may serve another image under the same reference: a missing tag means `latest`.
    pub(crate) fn moves(&self) -> bool {
        self.digest.is_none() && self.tag.is_none_or(|tag| tag == "latest")
    }
}

/// Reads a reference, or says what is wrong with it.
pub(crate) fn parse(text: &str) -> Result<Reference<'_>, &'static str> {
    let (host, rest) = text.split_once('/').ok_or("it has no `/`, so tart takes it for a local VM")?;
    check_host(host)?;
    let (namespace, tag, digest) = match (rest.split_once('@'), rest.split_once(':')) {
        (Some((namespace, digest)), _) => (namespace, None, Some(digest)),
        (None, Some((namespace, tag))) => (namespace, Some(tag), None),
        (None, None) => (rest, None, None),
    };
    if namespace.contains(':') {
        return Err("it has both a tag and a digest, of which tart takes one");
    }
    if !namespace.split('/').all(|part| is_runs(part, "._-")) {
        return Err("its name must be letters and digits, joined by single `.`, `_`, `-` or `/`");
    }
    if tag.is_some_and(|tag| !is_runs(tag, "._-")) {
        return Err("its tag must be letters and digits, joined by single `.`, `_` or `-`");
    }
    if digest.is_some_and(|digest| !is_sha256(digest)) {
        return Err("its digest must be `sha256:` and 64 hexadecimal digits");
    }
    Ok(Reference { tag, digest })
}

fn check_host(host: &str) -> Result<(), &'static str> {
    let (name, port) = match host.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (host, None),
    };
    if port.is_some_and(|port| port.parse::<u16>().is_err() || !port.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err("its port is no number from 0 to 65535");
    }
    if name.split('.').all(|part| is_runs(part, "-")) {
        Ok(())
    } else {
        Err("it must begin with the name of a registry, as in `ghcr.io/`")
    }
}

/// Whether a text is runs of letters and digits with single separators between them.
fn is_runs(text: &str, separators: &str) -> bool {
    let is_run = |run: &str| !run.is_empty() && run.bytes().all(|byte| byte.is_ascii_alphanumeric());
    text.split(|character| separators.contains(character)).all(is_run)
}

fn is_sha256(digest: &str) -> bool {
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    digest.strip_prefix("sha256:").is_some_and(|hex| hex.len() == 64 && hex.bytes().all(is_hex))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_of_tart() {
        let digest = format!("ghcr.io/a/b@sha256:{}", "0af".repeat(22).get(..64).unwrap_or_default());
        for text in ["ghcr.io/cirruslabs/ubuntu:latest", "localhost:5000/a", "my-host.example/a_b/c.d:1.2-3", &digest] {
            assert!(parse(text).is_ok(), "{text}");
        }
        for text in [
            "ubuntu",
            "/a",
            "ghcr.io/",
            "ghcr.io//a",
            "-a/b",
            "a--b.c/d",
            "a_b/c",
            "a:b/c",
            "a/b:",
            "a/b:1--2",
            "a/b:-1",
            "a/b@sha256:12",
            "a/b:1@sha256:12",
            "a/b c",
            "a/b\n",
            "https://ghcr.io/a",
            "a/é",
            "a:70000/b",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn moving_tags() {
        let moves = |text| parse(text).map(|reference| reference.moves());
        assert_eq!(moves("a/b"), Ok(true));
        assert_eq!(moves("a/b:latest"), Ok(true));
        assert_eq!(moves("a/b:24.04"), Ok(false));
    }
}
