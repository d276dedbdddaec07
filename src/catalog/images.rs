//! The official images of Cirrus Labs.

use super::reference::repository;

/// The operating system inside a VM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guest {
    /// macOS.
    Macos,
    /// Linux.
    Linux,
}

/// What is known of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KnownImage {
    /// The operating system inside.
    pub(crate) os: Guest,
    /// Size of the image's disk in GB; tart refuses a smaller one.
    pub(crate) disk_gb: Option<u64>,
}

const REGISTRY: &str = "ghcr.io/cirruslabs/";

/// Start and end of the repository's name, and what the image is; the first that fits counts.
/// (cirruslabs/macos-image-templates: templates/*.pkr.hcl; cirruslabs/linux-image-templates)
const KNOWN: &[(&str, &str, KnownImage)] = &[
    ("macos-", "-vanilla", KnownImage { os: Guest::Macos, disk_gb: Some(50) }),
    ("macos-", "-base", KnownImage { os: Guest::Macos, disk_gb: Some(50) }),
    ("macos-", "-xcode", KnownImage { os: Guest::Macos, disk_gb: Some(140) }),
    ("macos-", "", KnownImage { os: Guest::Macos, disk_gb: None }),
    ("ubuntu-runner-arm64", "", KnownImage { os: Guest::Linux, disk_gb: Some(40) }),
    ("ubuntu", "", KnownImage { os: Guest::Linux, disk_gb: Some(20) }),
    ("debian", "", KnownImage { os: Guest::Linux, disk_gb: Some(20) }),
    ("fedora", "", KnownImage { os: Guest::Linux, disk_gb: Some(20) }),
    ("rocky", "", KnownImage { os: Guest::Linux, disk_gb: Some(20) }),
];

/// What is known of the image that a reference names.
pub(crate) fn known(reference: &str) -> Option<KnownImage> {
    let repository = repository(reference)?;
    let name = repository.strip_prefix(REGISTRY)?;
    let is_it = |start: &str, end: &str| name.strip_prefix(start).is_some_and(|rest| rest.ends_with(end));
    KNOWN.iter().find(|(start, end, _)| is_it(start, end)).map(|(_, _, image)| *image)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn official_images_are_known() {
        let sonoma = known("ghcr.io/cirruslabs/macos-sonoma-base:latest");
        assert_eq!(sonoma, Some(KnownImage { os: Guest::Macos, disk_gb: Some(50) }));
        assert_eq!(known("ghcr.io/cirruslabs/ubuntu").map(|image| image.os), Some(Guest::Linux));
        assert_eq!(known("ghcr.io/cirruslabs/ubuntu-runner-arm64:24.04").and_then(|image| image.disk_gb), Some(40));
        assert_eq!(known("GHCR.IO/cirruslabs/macos-x-vanilla").map(|image| image.os), Some(Guest::Macos));
        assert_eq!(known("registry.example.org/ubuntu:latest"), None);
    }
}
