//! Paths as macOS takes them.

/// The parts of a path that begins with `/` or `~`, in one spelling for all that lead to one place: the volumes of a Mac do
/// not tell capitals from small letters, `/System/Volumes/Data` and `/Volumes/Macintosh HD` are the root once more, and some
/// directories are links into `/private`. (Apple: Apple File System Reference; man hier)
pub(crate) fn spelled(path: &str) -> Vec<String> {
    const ALIASES: &[&[&str]] = &[&["system", "volumes", "data"], &["volumes", "macintosh hd"]];
    const LINKED: &[&str] = &["etc", "tmp", "var"];
    let mut parts: Vec<String> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part.to_lowercase()),
        }
    }
    while let Some(alias) = ALIASES.iter().find(|alias| parts.iter().take(alias.len()).eq(alias.iter())) {
        parts.drain(..alias.len());
    }
    if matches!(parts.as_slice(), [first, second, ..] if first == "private" && LINKED.contains(&second.as_str())) {
        parts.remove(0);
    }
    parts
}

/// Whether a path lies in the directory where tart keeps the disks of all VMs, or may hold that directory.
pub(crate) fn reaches_tart(path: &str) -> bool {
    let parts = spelled(path);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let holds = match parts.as_slice() {
        [] | ["users" | "volumes" | "system"] | ["users", _] | ["system", "volumes"] => true,
        [only] => only.starts_with('~') && path.starts_with('~'),
        _ => false,
    };
    holds || is_in_tart(path)
}

/// Whether a path lies in the directory where tart keeps the disks of all VMs.
pub(crate) fn is_in_tart(path: &str) -> bool {
    spelled(path).iter().any(|part| part == ".tart")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_has_one_spelling() {
        for (path, expected) in [
            ("/data/../Data/./X.img", "data/x.img"),
            ("//Users//dk/", "users/dk"),
            ("/private/var/log", "var/log"),
            ("/private/data", "private/data"),
            ("/System/Volumes/Data/private/tmp/x", "tmp/x"),
            ("/Volumes/Macintosh HD/System/Volumes/Data/x", "x"),
            ("/Volumes/Data/x", "volumes/data/x"),
            ("/..", ""),
        ] {
            assert_eq!(spelled(path).join("/"), expected, "{path}");
        }
    }

    #[test]
    fn the_directory_of_tart_has_many_names() {
        for path in [
            "/",
            "/..",
            "/etc/..",
            "/Users",
            "/users",
            "/USERS/dk",
            "/Users/dk/.",
            "/Users/dk/..",
            "/Users/./dk",
            "~",
            "~/.",
            "~/..",
            "~dk",
            "~/src/..",
            "~/.tart",
            "~/.Tart/vms/b/disk.img",
            "/Users/dk/.TART",
            "/System",
            "/System/Volumes/Data",
            "/System/Volumes/Data/Users/dk",
            "/Volumes",
            "/Volumes/Macintosh HD",
            "/Volumes/Macintosh HD/Users",
            "/Volumes/x/.tart/vms",
        ] {
            assert!(reaches_tart(path), "{path}");
        }
        for path in
            ["/Users/dk/src", "~/src", "/Volumes/images/x.img", "/opt", "/Users/dk/tart", "/private/data", "/tmp/~"]
        {
            assert!(!reaches_tart(path), "{path}");
        }
        assert!(is_in_tart("/Users/dk/.Tart/x") && !is_in_tart("/Users/dk"));
    }
}
