//! Where a log may not lie. launchd makes the file if there is none and appends to it; there are reports that it opens the
//! file as root whatever account the job has, so an account without rights is no protection. (man launchd.plist:
//! `StandardOutPath`; lemonade-sdk/lemonade#2625)

/// Why a log cannot lie at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Misplaced {
    /// The Mac needs what lies below this directory.
    System(String),
    /// It is tart or brew.
    Program,
    /// There is a directory on every Mac.
    Directory,
    /// It would lie directly below `/`, whose volume is sealed.
    Root,
}

/// Directories in which only macOS and installers write. (man hier; Apple: System Integrity Protection)
const SYSTEM: &[&str] = &[
    "/Applications",
    "/System",
    "/bin",
    "/cores",
    "/dev",
    "/etc",
    "/opt/homebrew/Cellar",
    "/opt/homebrew/Library",
    "/opt/homebrew/bin",
    "/opt/homebrew/lib",
    "/opt/homebrew/opt",
    "/opt/homebrew/sbin",
    "/sbin",
    "/usr/bin",
    "/usr/lib",
    "/usr/libexec",
    "/usr/local/bin",
    "/usr/local/sbin",
    "/usr/sbin",
    "/usr/share",
    "/usr/standalone",
    "/var/at",
    "/var/db",
    "/var/root",
    "/var/run",
    "/var/vm",
];

/// Directories of a `Library`, the Mac's or a user's, in which a file has effects. (Apple: File System Programming Guide)
const LIBRARY: &[&str] = &[
    "DirectoryServices",
    "Extensions",
    "Frameworks",
    "Keychains",
    "LaunchAgents",
    "LaunchDaemons",
    "Preferences",
    "PrivilegedHelperTools",
    "Security",
    "StartupItems",
    "SystemExtensions",
];

/// Directories that every Mac has, or one with Homebrew. Mount points and homes are others.
const DIRECTORIES: &[&str] = &[
    "/Library",
    "/Library/Logs",
    "/Users",
    "/Volumes",
    "/home",
    "/net",
    "/opt",
    "/opt/homebrew",
    "/opt/homebrew/var",
    "/opt/homebrew/var/log",
    "/private",
    "/tmp",
    "/usr",
    "/usr/local",
    "/var",
    "/var/empty",
    "/var/folders",
    "/var/log",
    "/var/log/tart",
    "/var/tmp",
];

/// Directories of every home.
const HOME: &[&str] = &[
    "Desktop",
    "Documents",
    "Downloads",
    "Library",
    "Library/Caches",
    "Library/Logs",
    "Movies",
    "Music",
    "Pictures",
    "Public",
];

/// A log that keeps nothing.
pub(crate) const NO_LOG: &str = "/dev/null";

/// Why no log can lie at an absolute path, if none can. `programs` are the paths of tart and brew.
pub(crate) fn misplaced_log(path: &str, programs: &[&str]) -> Option<Misplaced> {
    let path = folded(path);
    let is = |other: &&&str| path == folded(other);
    if path == NO_LOG {
        return None;
    }
    if programs.iter().any(|program| is(&program)) {
        return Some(Misplaced::Program);
    }
    if let Some(directory) = SYSTEM.iter().find(|directory| is_in(&path, &folded(directory))) {
        return Some(Misplaced::System((*directory).to_owned()));
    }
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let (is_directory, library) = match parts.as_slice() {
        ["users" | "volumes", _] => (true, None),
        ["users", _, "library", name, ..] | ["library", name, ..] => (false, Some(*name)),
        _ => (false, None),
    };
    if let Some(name) = library.and_then(|name| LIBRARY.iter().find(|other| other.eq_ignore_ascii_case(name))) {
        return Some(Misplaced::System(format!("Library/{name}")));
    }
    let is_of_home = || {
        let below = path.strip_prefix("/users/").and_then(|rest| rest.split_once('/'));
        below.is_some_and(|(_, below)| HOME.iter().any(|directory| directory.eq_ignore_ascii_case(below)))
    };
    if is_directory || DIRECTORIES.iter().any(|directory| is(&directory)) || is_of_home() {
        return Some(Misplaced::Directory);
    }
    (parts.len() == 1).then_some(Misplaced::Root)
}

/// One spelling for what macOS takes for one path: its volumes do not tell `/ETC` from `/etc`, and some directories are
/// links into `/private`.
fn folded(path: &str) -> String {
    let path = path.to_ascii_lowercase();
    let rest = path.strip_prefix("/private").unwrap_or_default();
    if ["/etc", "/tmp", "/var"].iter().any(|link| is_in(rest, link)) { rest.to_owned() } else { path }
}

/// Whether a path is a directory or lies below it.
fn is_in(path: &str, directory: &str) -> bool {
    path.strip_prefix(directory).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROGRAMS: &[&str] = &["/opt/tools/tart", "/opt/tools/brew"];

    #[test]
    fn places_for_logs() {
        for path in [
            "/Users/dk/Library/Logs/ci.log",
            "/Users/dk/ci.log",
            "/Users/dk/Library/ci.log",
            "/Library/Logs/tart/ci.log",
            "/Library/Company/ci.log",
            "/usr/local/var/log/ci.log",
            "/opt/homebrew/var/log/ci.log",
            "/opt/tools/tart.log",
            "/var/log/ci.log",
            "/var/log/tart/ci.out.log",
            "/private/var/log/ci.log",
            "/private/ci.log",
            "/tmp/ci.log",
            "/Volumes/logs/ci.log",
            "/etcetera/ci.log",
            "/logs/ci.log",
            "/dev/null",
        ] {
            assert_eq!(misplaced_log(path, PROGRAMS), None, "{path}");
        }
    }

    #[test]
    fn places_for_no_logs() {
        let system = |directory: &str| Some(Misplaced::System(directory.to_owned()));
        for (path, expected) in [
            ("/etc/passwd", system("/etc")),
            ("/ETC/Passwd", system("/etc")),
            ("/private/etc/sudoers.d/ci", system("/etc")),
            ("/etc", system("/etc")),
            ("/dev/disk0", system("/dev")),
            ("/usr/lib/a.log", system("/usr/lib")),
            ("/usr/local/bin/tart", system("/usr/local/bin")),
            ("/private/var/db/tartgen/a", system("/var/db")),
            ("/Library/LaunchDaemons/com.tart.ci.plist", system("Library/LaunchDaemons")),
            ("/Users/dk/library/keychains/login.keychain-db", system("Library/Keychains")),
            ("/opt/tools/TART", Some(Misplaced::Program)),
            ("/opt/tools/brew", Some(Misplaced::Program)),
            ("/opt/homebrew/bin/tart", system("/opt/homebrew/bin")),
            ("/Users", Some(Misplaced::Directory)),
            ("/Users/dk", Some(Misplaced::Directory)),
            ("/Users/dk/Library/Logs", Some(Misplaced::Directory)),
            ("/Volumes/logs", Some(Misplaced::Directory)),
            ("/private/tmp", Some(Misplaced::Directory)),
            ("/var/log/tart", Some(Misplaced::Directory)),
            ("/ci.log", Some(Misplaced::Root)),
        ] {
            assert_eq!(misplaced_log(path, PROGRAMS), expected, "{path}");
        }
    }
}
