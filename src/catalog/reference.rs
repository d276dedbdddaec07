//! tart's grammar for OCI references. (tart: OCI/Reference/Reference.g4, OCI/RemoteName.swift)

use super::bounds::LONGEST_REPOSITORY;

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

/// What people put before a reference because it is an address in a browser, or in another tool.
const SCHEMES: [&str; 4] = ["https://", "http://", "docker://", "oci://"];

/// Longest tag that registries take. (opencontainers/distribution-spec: spec.md)
const LONGEST_TAG: usize = 128;

/// The registry and the repository of a reference, which stay the same whatever its tag or digest. The case of the
/// registry's name does not count, nor does the port that it has anyway.
pub(crate) fn repository(text: &str) -> Option<String> {
    let (host, rest) = text.split_once('/')?;
    let host = host.strip_suffix(":443").unwrap_or(host);
    let namespace = rest.split([':', '@']).next().unwrap_or(rest);
    Some(format!("{}/{namespace}", host.to_ascii_lowercase()))
}

/// What to write instead of a reference that cannot be read.
pub(crate) fn advice(text: &str) -> String {
    let example = "ghcr.io/cirruslabs/ubuntu:24.04";
    if let Some((scheme, rest)) = SCHEMES.iter().find_map(|scheme| Some((scheme, text.strip_prefix(scheme)?))) {
        return match parse(rest) {
            Ok(_) => format!("remove `{scheme}`: write `{rest}`"),
            Err(_) => format!("remove `{scheme}`, and {}", advice(rest)),
        };
    }
    if text.starts_with(['/', '.', '~']) {
        return format!(
            "tart pulls images from a registry and takes no path: write `host/name:tag`, as in `{example}`"
        );
    }
    let small = |host: &str, rest: &str| {
        let end = rest.find([':', '@']).unwrap_or(rest.len());
        let (namespace, version) = rest.split_at(end);
        format!("{host}/{}{version}", namespace.to_ascii_lowercase())
    };
    match text.split_once('/') {
        Some((host, _)) if !is_registry(host) && is_runs(host, "._-") => {
            let registry = if host == "cirruslabs" { "ghcr.io" } else { "REGISTRY" };
            format!("begin with the registry: write `{registry}/{text}`, as in `{example}`")
        }
        Some((host, rest)) if has_capitals(rest) && parse(&small(host, rest)).is_ok() => {
            format!("write `{}`", small(host, rest))
        }
        Some(_) | None => format!("write `host/name:tag` or `host/name@sha256:...`, as in `{example}`"),
    }
}

/// Reads a reference, or says what is wrong with it.
pub(crate) fn parse(text: &str) -> Result<Reference<'_>, &'static str> {
    if SCHEMES.iter().any(|scheme| text.starts_with(scheme)) {
        return Err("it begins like a web address");
    }
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
    if has_capitals(namespace) {
        return Err("registries refuse capital letters in its name");
    }
    if !namespace.split('/').all(|part| is_runs(part, "._-")) {
        return Err("its name must be letters and digits, joined by single `.`, `_`, `-` or `/`");
    }
    if host.len() + 1 + namespace.len() > LONGEST_REPOSITORY {
        return Err("its name is longer than 255 characters with the registry's");
    }
    if tag.is_some_and(|tag| !is_runs(tag, "._-")) {
        return Err("its tag must be letters and digits, joined by single `.`, `_` or `-`");
    }
    if tag.is_some_and(|tag| tag.len() > LONGEST_TAG) {
        return Err("its tag is longer than 128 characters");
    }
    if digest.is_some_and(|digest| !is_sha256(digest)) {
        return Err("its digest must be `sha256:` and 64 hexadecimal digits");
    }
    Ok(Reference { tag, digest })
}

fn check_host(host: &str) -> Result<(), &'static str> {
    if host.starts_with('[') {
        return Err("tart reads no IPv6 address as a registry");
    }
    let (name, port) = match host.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (host, None),
    };
    if port.is_some_and(|port| port.parse::<u16>().is_err() || !port.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err("its port is no number from 0 to 65535");
    }
    if name.split('.').all(|part| is_runs(part, "-")) && is_registry(host) {
        Ok(())
    } else {
        Err("it must begin with the name of a registry, as in `ghcr.io/`")
    }
}

/// Whether the first part of a reference names a host: without a registry, tart would take the first part of the
/// image's own name for one.
fn is_registry(host: &str) -> bool {
    host.contains(['.', ':']) || host.eq_ignore_ascii_case("localhost")
}

fn has_capitals(text: &str) -> bool {
    text.contains(|character: char| character.is_ascii_uppercase())
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
        for text in [
            "ghcr.io/cirruslabs/ubuntu:latest",
            "localhost:5000/a",
            "localhost/a",
            "GHCR.io/a",
            "my-host.example/a_b/c.d:1.2-3",
            &digest,
            &format!("a.b/{}", "c".repeat(LONGEST_REPOSITORY - 4)),
        ] {
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
            "cirruslabs/ubuntu:24.04",
            "a:b/c",
            "a.b/b:",
            "a.b/b:1--2",
            "a.b/b:-1",
            "a.b/b@sha256:12",
            "a.b/b:1@sha256:12",
            "a.b/b c",
            "a.b/b\n",
            "https://ghcr.io/a",
            "a.b/é",
            "a.b/Ubuntu",
            "a:70000/b",
            &format!("a.b/c:{}", "1".repeat(129)),
            &format!("a.b/{}", "c".repeat(LONGEST_REPOSITORY - 3)),
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn advice_is_a_reference() {
        for (text, expected) in [
            ("docker://a.b/c:1", "remove `docker://`: write `a.b/c:1`"),
            (
                "docker://cirruslabs/ubuntu",
                "remove `docker://`, and begin with the registry: write `ghcr.io/cirruslabs/ubuntu`",
            ),
            ("a.b/Ubuntu:1", "write `a.b/ubuntu:1`"),
            ("/Users/dk/x", "tart pulls images from a registry and takes no path"),
            ("a b/C", "write `host/name:tag`"),
        ] {
            assert!(advice(text).starts_with(expected), "{text}: {}", advice(text));
        }
        assert_eq!(parse("[::1]:5000/a:1"), Err("tart reads no IPv6 address as a registry"));
    }

    #[test]
    fn moving_tags() {
        let moves = |text| parse(text).map(|reference| reference.moves());
        assert_eq!(moves("a.b/b"), Ok(true));
        assert_eq!(moves("a.b/b:latest"), Ok(true));
        assert_eq!(moves("a.b/b:24.04"), Ok(false));
    }

    #[test]
    fn repositories() {
        let expected = Some("ghcr.io/a/b".to_owned());
        for text in
            ["ghcr.io/a/b", "GHCR.IO/a/b:1", "ghcr.io/a/b@sha256:12", "ghcr.io/a/b:1@sha256:12", "ghcr.io:443/a/b"]
        {
            assert_eq!(repository(text), expected, "{text}");
        }
        assert_eq!(repository("ubuntu"), None);
        assert_eq!(repository("localhost:5000/a:1").as_deref(), Some("localhost:5000/a"));
    }
}
