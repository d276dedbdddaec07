//! The output directory as users meet it: unchanged, stale, foreign, edited, linked, locked, full.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use camino::Utf8PathBuf;

use super::*;
use crate::tree::seal::{Comment, seal, spec_of};

const PROVEN: Proof<'static> = &|| Ok(());

fn write(tree: &Tree, out: &Utf8Path, edits: Edits) -> Result<Changes, WriteError> {
    super::write(tree, out, edits, PROVEN)
}

const INIT: &str = "salt/states/tart/init.sls";
const TOP: &str = "salt/pillar/top.sls";
const MM1: &str = "salt/pillar/tart/hosts/mm1.sls";
const MM2: &str = "salt/pillar/tart/hosts/mm2.sls";

struct Out {
    _temporary: tempfile::TempDir,
    path: Utf8PathBuf,
}

impl Out {
    fn new() -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(temporary.path().join("out")).unwrap();
        Self { _temporary: temporary, path }
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.path.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// All files and links, with their bytes.
    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let (mut found, mut folders) = (BTreeMap::new(), vec![self.path.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in folder.read_dir_utf8().into_iter().flatten().flatten() {
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path().to_owned());
                } else {
                    let path = entry.path().strip_prefix(&self.path).unwrap();
                    found.insert(path.to_string(), fs::read(entry.path()).unwrap_or_default());
                }
            }
        }
        found
    }
}

fn tree(files: &[(&str, &str)]) -> Tree {
    let mut tree = Tree::default();
    for (path, body) in files {
        tree.insert((*path).to_owned(), seal(Comment::Hash, "kri.yaml", path, body).into_bytes());
    }
    tree
}

fn usual() -> Tree {
    tree(&[(INIT, "a: 1\n"), (TOP, "b: 1\n"), (MM1, "#!yaml\nc: 1\n"), (MM2, "#!yaml\nc: 2\n")])
}

fn bytes(tree: &Tree) -> BTreeMap<String, Vec<u8>> {
    tree.iter().map(|(path, bytes)| (path.to_owned(), bytes.to_vec())).collect()
}

fn failing(after: usize, kind: io::ErrorKind) -> impl Fn(&mut File, &[u8]) -> io::Result<()> + Sync {
    let done = AtomicUsize::new(0);
    move |file, bytes| {
        if done.fetch_add(1, Ordering::Relaxed) >= after {
            file.write_all(bytes.get(..1).unwrap_or_default())?;
            return Err(kind.into());
        }
        file.write_all(bytes)
    }
}

#[test]
fn a_first_build_creates_everything_and_a_second_touches_nothing() {
    let (out, tree) = (Out::new(), usual());
    assert!(drift(&tree, &out.path).unwrap().differing.iter().all(|drift| drift.kind == DriftKind::Missing));
    assert!(!out.path.exists(), "looking for drift must not create anything");
    let first = write(&tree, &out.path, Edits::Keep).unwrap();
    assert_eq!(first.created, [MM1, MM2, TOP, INIT]);
    assert_eq!(out.files(), bytes(&tree));
    let inodes = |out: &Out| [INIT, TOP, MM1].map(|path| fs::metadata(out.path.join(path)).unwrap().ino());
    let before = inodes(&out);
    let second = write(&tree, &out.path, Edits::Keep).unwrap();
    assert_eq!(second, Changes { unchanged: 4, ..Changes::default() });
    assert_eq!(before, inodes(&out));
    assert_eq!(drift(&tree, &out.path).unwrap().differing, []);
}

#[test]
fn only_changed_files_are_replaced() {
    let out = Out::new();
    write(&usual(), &out.path, Edits::Keep).unwrap();
    let untouched = fs::metadata(out.path.join(INIT)).unwrap();
    let newer = tree(&[(INIT, "a: 1\n"), (TOP, "b: 1\n"), (MM1, "#!yaml\nc: 9\n")]);
    let found = drift(&newer, &out.path).unwrap().differing;
    let kinds: Vec<_> = found.iter().map(|drift| (drift.path.as_str(), drift.kind)).collect();
    assert_eq!(kinds, [(MM1, DriftKind::Stale), (MM2, DriftKind::Extra)]);
    assert!(found.first().unwrap().diff.starts_with(&format!("--- a/{MM1}\n+++ b/{MM1}\n@@ ")));
    let lines: Vec<&str> = found.first().unwrap().diff.lines().collect();
    assert!(lines.contains(&"-c: 1") && lines.contains(&"+c: 9"), "{lines:?}");
    assert!(found.last().unwrap().diff.contains("+++ /dev/null\n"));
    let changes = write(&newer, &out.path, Edits::Keep).unwrap();
    assert_eq!((changes.updated, changes.removed, changes.unchanged), (vec![MM1.into()], vec![MM2.into()], 2));
    assert_eq!(out.files(), bytes(&newer));
    let after = fs::metadata(out.path.join(INIT)).unwrap();
    assert_eq!((untouched.ino(), untouched.mtime_nsec()), (after.ino(), after.mtime_nsec()));
    assert_eq!(fs::metadata(out.path.join(MM1)).unwrap().permissions().mode() & 0o7111, 0);
}

#[test]
fn files_of_the_user_stay() {
    let out = Out::new();
    write(&usual(), &out.path, Edits::Keep).unwrap();
    let own = ["salt/pillar/tart/hosts/own.sls", "salt/pillar/tart/hosts/mm3.txt", "salt/states/own.sls", ".gitignore"];
    for path in own {
        out.put(path, "tart: {}\n");
    }
    // A copy at another path is the user's, header or not, and also if it was changed.
    let mm1 = seal(Comment::Hash, "kri.yaml", MM1, "a: 1\n");
    out.put("salt/pillar/copy.sls", &mm1);
    out.put("salt/pillar/tart/hosts/copy.sls", &mm1);
    out.put("salt/pillar/tart/hosts/changed.sls", &format!("{mm1}b: 2\n"));
    symlink("own.sls", out.path.join("salt/pillar/tart/hosts/link.sls")).unwrap();
    fs::create_dir(out.path.join("salt/pillar/tart/hosts/folder.sls")).unwrap();
    out.put("salt/hosts/unread.sls", "tart: {}\n");
    let before = out.files();
    let done = write(&usual(), &out.path, Edits::Keep).unwrap();
    assert_eq!(done.unchanged, 4);
    assert_eq!(out.files(), before);
    // What Salt gives to minions nevertheless is told.
    let served = ["changed", "copy", "link", "own"].map(|name| format!("salt/pillar/tart/hosts/{name}.sls"));
    assert_eq!(done.strangers, served);
    assert_eq!(drift(&usual(), &out.path).unwrap().strangers, served);
}

#[test]
fn two_specs_do_not_delete_each_others_hosts() {
    let out = Out::new();
    write(&usual(), &out.path, Edits::Keep).unwrap();
    let before = out.files();
    let of = |spec: &str, paths: &[&str]| {
        let mut tree = Tree::default();
        for path in paths {
            tree.insert((*path).to_owned(), seal(Comment::Hash, spec, path, "a: 1\n").into_bytes());
        }
        tree
    };
    let other = of("other.yaml", &[TOP, "salt/pillar/tart/hosts/mm9.sls"]);
    let error = write(&other, &out.path, Edits::Keep).unwrap_err();
    assert!(
        matches!(&error, WriteError::OtherSpec { other, spec, paths }
            if other == "kri.yaml" && spec == "other.yaml" && paths.contains(&out.path.join(MM1).to_string())),
        "{error}"
    );
    assert!(error.to_string().contains("into a directory of its own with `--out`"), "{error}");
    assert!(matches!(drift(&other, &out.path).unwrap().obstacle, Some(WriteError::OtherSpec { .. })));
    assert_eq!(out.files(), before);

    // A spec that was only renamed goes on.
    let paths: Vec<_> = before.keys().map(String::as_str).collect();
    write(&of("renamed.yaml", &paths), &out.path, Edits::Keep).unwrap();
    assert!(out.files().values().all(|bytes| spec_of(bytes) == Some("renamed.yaml")));
}

#[test]
fn edits_are_discarded_only_by_force() {
    let out = Out::new();
    write(&usual(), &out.path, Edits::Keep).unwrap();
    let edited = String::from_utf8(out.files().get(INIT).unwrap().clone()).unwrap() + "b: 2\n";
    out.put(INIT, &edited);
    let old = seal(Comment::Hash, "kri.yaml", "salt/pillar/tart/hosts/mm9.sls", "a: 1\n") + "b: 2\n";
    out.put("salt/pillar/tart/hosts/mm9.sls", &old);
    let kinds: Vec<_> = drift(&usual(), &out.path).unwrap().differing.iter().map(|drift| drift.kind).collect();
    assert_eq!(kinds, [DriftKind::HandEdited, DriftKind::HandEdited]);
    assert!(matches!(write(&usual(), &out.path, Edits::Keep), Err(WriteError::HandEdited(paths)) if paths.len() == 2));

    let changes = write(&usual(), &out.path, Edits::Discard).unwrap();
    assert_eq!(changes.discarded, ["salt/pillar/tart/hosts/mm9.sls", INIT]);
    assert_eq!(out.files(), bytes(&usual()));

    // What tartgen did not write stays, force or not.
    out.put(TOP, "base: {}\n");
    let before = out.files();
    let kinds: Vec<_> = drift(&usual(), &out.path).unwrap().differing.iter().map(|drift| drift.kind).collect();
    assert_eq!(kinds, [DriftKind::Foreign]);
    assert!(matches!(write(&usual(), &out.path, Edits::Discard), Err(WriteError::Foreign(_))));
    assert_eq!(out.files(), before);
}

#[test]
fn an_empty_file_is_replaced_where_the_tree_has_one_and_kept_elsewhere() {
    let out = Out::new();
    out.put(TOP, "");
    out.put("salt/pillar/tart/hosts/mm9.sls", "");
    let kinds: Vec<_> =
        drift(&usual(), &out.path).unwrap().differing.into_iter().map(|drift| (drift.path, drift.kind)).collect();
    assert!(kinds.contains(&(TOP.to_owned(), DriftKind::Stale)), "{kinds:?}");
    assert_eq!(write(&usual(), &out.path, Edits::Keep).unwrap().updated, [TOP]);
    let mut wanted = bytes(&usual());
    wanted.insert("salt/pillar/tart/hosts/mm9.sls".into(), Vec::new());
    assert_eq!(out.files(), wanted);
}

#[test]
fn a_users_file_in_the_way_stops_everything() {
    let out = Out::new();
    out.put(TOP, "base: {}\n");
    let before = out.files();
    let error = write(&usual(), &out.path, Edits::Keep).unwrap_err();
    assert!(matches!(&error, WriteError::Foreign(paths) if *paths == [out.path.join(TOP).to_string()]));
    assert!(error.to_string().contains("nothing was written. Move it away"), "{error}");
    assert_eq!(out.files(), before);
}

#[test]
fn hand_edits_are_not_lost() {
    let out = Out::new();
    write(&usual(), &out.path, Edits::Keep).unwrap();
    let edit = |path: &str| {
        let text = fs::read_to_string(out.path.join(path)).unwrap();
        out.put(path, &text.replace("c: ", "c: 1"));
    };
    edit(MM1);
    edit(MM2);
    let before = out.files();
    // mm2 leaves the spec: its edited file is neither removed nor left to be served unnoticed.
    let newer = tree(&[(INIT, "a: 2\n"), (TOP, "b: 1\n"), (MM1, "#!yaml\nc: 1\n")]);
    let error = write(&newer, &out.path, Edits::Keep).unwrap_err();
    assert!(matches!(&error, WriteError::HandEdited(paths) if paths.len() == 2), "{error}");
    assert_eq!(out.files(), before);
    assert_eq!(drift(&newer, &out.path).unwrap().differing.len(), 3);
    // An edit that happens to be what the spec says now is no conflict.
    let same = tree(&[(INIT, "a: 1\n"), (TOP, "b: 1\n"), (MM1, "#!yaml\nc: 1\n"), (MM2, "#!yaml\nc: 2\n")]);
    out.put(MM1, &String::from_utf8_lossy(same.get(MM1).unwrap()));
    out.put(MM2, &String::from_utf8_lossy(same.get(MM2).unwrap()));
    assert_eq!(write(&same, &out.path, Edits::Keep).unwrap().unchanged, 4);
}

#[test]
fn links_below_the_output_directory_are_not_followed() {
    for at in ["salt", "salt/pillar", "salt/pillar/tart/hosts", TOP, MM1] {
        let out = Out::new();
        let elsewhere = Out::new();
        elsewhere.put("victim", "precious\n");
        out.put("keep", "");
        fs::create_dir_all(out.path.join(at).parent().unwrap()).unwrap();
        let target = if [TOP, MM1].contains(&at) { elsewhere.path.join("victim") } else { elsewhere.path.clone() };
        symlink(target, out.path.join(at)).unwrap();
        let before = (out.files(), elsewhere.files());
        let error = write(&usual(), &out.path, Edits::Keep).unwrap_err();
        assert!(matches!(&error, WriteError::Link(path) if *path == out.path.join(at)), "{error}");
        assert!(matches!(drift(&usual(), &out.path), Err(WriteError::Link(_))));
        assert_eq!((out.files(), elsewhere.files()), before);
    }
}

#[test]
fn the_output_directory_itself_may_be_a_link() {
    let (real, link) = (Out::new(), Out::new());
    fs::create_dir_all(&real.path).unwrap();
    symlink(&real.path, &link.path).unwrap();
    write(&usual(), &link.path, Edits::Keep).unwrap();
    assert_eq!(real.files(), bytes(&usual()));
}

#[test]
fn things_of_the_wrong_kind_are_named() {
    let out = Out::new();
    fs::write(&out.path, "a file").unwrap();
    let error = write(&usual(), &out.path, Edits::Keep).unwrap_err();
    assert!(error.to_string().contains("is not a directory"), "{error}");
    let below = write(&usual(), &out.path.join("sub"), Edits::Keep).unwrap_err();
    assert!(below.to_string().contains("is not a directory"), "{below}");
    fs::remove_file(&out.path).unwrap();
    fs::create_dir_all(out.path.join(TOP)).unwrap();
    let error = write(&usual(), &out.path, Edits::Keep).unwrap_err();
    assert!(matches!(error, WriteError::WrongKind { folder_wanted: false, .. }));
    fs::remove_dir(out.path.join(TOP)).unwrap();
    out.put("salt/states", "a file");
    let error = write(&usual(), &out.path, Edits::Keep).unwrap_err();
    assert!(matches!(error, WriteError::WrongKind { folder_wanted: true, .. }));
    assert_eq!(out.files().len(), 1);
}

#[test]
fn a_full_disk_leaves_every_old_file_whole() {
    let out = Out::new();
    write(&usual(), &out.path, Edits::Keep).unwrap();
    let before = out.files();
    let newer = tree(&[(INIT, "a: 2\n"), (TOP, "b: 2\n"), (MM1, "#!yaml\nc: 3\n")]);
    for after in 0..3 {
        for (kind, word) in [
            (io::ErrorKind::StorageFull, "Free some space"),
            (io::ErrorKind::PermissionDenied, "write access"),
            (io::ErrorKind::ReadOnlyFilesystem, "writable file system"),
        ] {
            let put = failing(after, kind);
            let error = write_at(&newer, &out.path, Edits::Keep, PROVEN, &Edge { put: &put, patience: Duration::ZERO })
                .unwrap_err();
            assert!(matches!(error, WriteError::Io { action: "write", .. }));
            assert!(error.to_string().contains(word) && error.to_string().contains(out.path.as_str()), "{error}");
            assert_eq!(out.files(), before, "nothing changed, and no temporary file is left");
        }
    }
    write(&newer, &out.path, Edits::Keep).unwrap();
    assert_eq!(out.files(), bytes(&newer));
}

#[test]
fn what_a_killed_build_left_is_cleaned_up() {
    let out = Out::new();
    write(&usual(), &out.path, Edits::Keep).unwrap();
    out.put("salt/pillar/tart/hosts/.tartgen-12-3.tmp", "half");
    out.put("salt/states/tart/.tartgen-12-4.tmp", "half");
    out.put("salt/states/tart/.tartgen-own.tmp", "the user's");
    write(&usual(), &out.path, Edits::Keep).unwrap();
    assert_eq!(out.files().len(), 5);
    assert!(out.files().contains_key("salt/states/tart/.tartgen-own.tmp"));

    let sealed = |path: &str| seal(Comment::Hash, "kri.yaml", path, "a: 1\nb: 2\n");
    out.put(".tartgen-12-0.tmp/pillar/top.sls", sealed(TOP).strip_suffix("b: 2\n").unwrap());
    out.put(".tartgen-12-0.tmp/pillar/tart/hosts/mm1.sls", "");
    out.put("salt/pillar/tart/.tartgen-12-1.tmp/mm1.sls", &sealed(MM1));
    write(&usual(), &out.path, Edits::Keep).unwrap();
    assert_eq!(out.files().len(), 5);
    assert!(
        !out.path.join(".tartgen-12-0.tmp").exists() && !out.path.join("salt/pillar/tart/.tartgen-12-1.tmp").exists()
    );

    // What no build put there is somebody else's.
    out.put(".tartgen-12-2.tmp/pillar/top.sls", &sealed(TOP));
    out.put(".tartgen-12-2.tmp/copy/mm1.sls", &sealed(MM1));
    out.put(".tartgen-12-2.tmp/own", "the user's");
    symlink("/", out.path.join(".tartgen-12-2.tmp/link")).unwrap();
    write(&usual(), &out.path, Edits::Keep).unwrap();
    let left: Vec<_> = out.files().into_keys().filter(|path| path.starts_with(".tartgen-12")).collect();
    assert_eq!(left, ["copy/mm1.sls", "link", "own"].map(|name| format!(".tartgen-12-2.tmp/{name}")));
}

#[test]
fn new_folders_appear_complete_or_not_at_all() {
    let keeping = |out: &Out, wanted: &Tree, look: &(dyn Fn() + Sync)| {
        let put = |file: &mut File, bytes: &[u8]| {
            look();
            file.write_all(bytes)
        };
        write_at(wanted, &out.path, Edits::Keep, PROVEN, &Edge { put: &put, patience: Duration::ZERO })
    };
    for missing in ["salt", "salt/pillar", "salt/pillar/tart", "salt/pillar/tart/hosts", "salt/states/tart"] {
        let out = Out::new();
        write(&usual(), &out.path, Edits::Keep).unwrap();
        fs::remove_dir_all(out.path.join(missing)).unwrap();
        let before = out.files();
        let path = out.path.join(missing);

        let is_seen = AtomicBool::new(false);
        let look = || {
            is_seen.fetch_or(path.exists(), Ordering::Relaxed);
        };
        keeping(&out, &usual(), &look).unwrap();
        assert!(!is_seen.into_inner() && out.files() == bytes(&usual()), "{missing}");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o700, 0o700);

        fs::remove_dir_all(&path).unwrap();
        let put = failing(1, io::ErrorKind::StorageFull);
        let full = write_at(&usual(), &out.path, Edits::Keep, PROVEN, &Edge { put: &put, patience: Duration::ZERO });
        // Where one file is missing, there is no second one to fail.
        assert!(full.is_err() || usual().iter().count() - before.len() == 1, "{missing}");
        if full.is_err() {
            assert!(out.files() == before && !path.exists(), "{missing}");
        } else {
            fs::remove_dir_all(&path).unwrap();
        }

        let taken = keeping(&out, &usual(), &|| fs::create_dir_all(path.join("own")).unwrap()).unwrap_err();
        assert!(matches!(&taken, WriteError::Meanwhile(taken) if *taken == path), "{taken}");
        assert_eq!(out.files(), before, "{missing}");
        write(&usual(), &out.path, Edits::Keep).unwrap();
        assert!(out.files() == bytes(&usual()) && path.join("own").is_dir(), "{missing}");
    }
}

#[test]
fn two_builds_at_once_do_not_mix() {
    let out = Out::new();
    let trees: Vec<Tree> = (0..4).map(|n| tree(&[(TOP, &format!("a: {n}\n")), (MM1, &format!("a: {n}\n"))])).collect();
    std::thread::scope(|scope| {
        for tree in &trees {
            scope.spawn(|| (0..10).for_each(|_| drop(write(tree, &out.path, Edits::Keep).unwrap())));
        }
    });
    assert!(trees.iter().any(|tree| bytes(tree) == out.files()));
}

#[test]
fn a_build_that_takes_too_long_is_reported() {
    let out = Out::new();
    let root = open_root(&out.path).unwrap();
    assert!(root.try_lock().unwrap());
    let put = failing(0, io::ErrorKind::Other);
    let error =
        write_at(&usual(), &out.path, Edits::Keep, PROVEN, &Edge { put: &put, patience: Duration::from_millis(30) })
            .unwrap_err();
    assert!(matches!(error, WriteError::Busy(_)), "{error}");
}

/// A tree of many files.
fn large() -> Tree {
    let mut tree = usual();
    for n in 0..MANY {
        let path = format!("{HOSTS_DIR}/h{n}.sls");
        let sealed = seal(Comment::Hash, "kri.yaml", &path, "a: 1\n");
        tree.insert(path, sealed.into_bytes());
    }
    tree
}

#[test]
fn many_files_take_the_short_way_to_the_disk() {
    let out = Out::new();
    let tree = large();
    assert_eq!(write(&tree, &out.path, Edits::Keep).unwrap().created.len(), MANY + 4);
    assert_eq!(out.files(), bytes(&tree));
}

#[test]
fn of_many_files_that_do_not_fit_none_is_left() {
    let out = Out::new();
    for after in [0, 1, MANY] {
        let put = failing(after, io::ErrorKind::StorageFull);
        let edge = Edge { put: &put, patience: Duration::ZERO };
        let error = write_at(&large(), &out.path, Edits::Keep, PROVEN, &edge).unwrap_err();
        assert!(matches!(error, WriteError::Io { action: "write", .. }), "{error}");
        assert_eq!(fs::read_dir(&out.path).unwrap().count(), 0, "after {after}");
    }
}

#[test]
fn nothing_points_to_a_file_that_is_not_there_yet() {
    let mut paths = [TOP, INIT, PILLAR_INIT, "salt/states/tart/files/tart-vm.sh", MM1, "salt/hosts/mm1.sls"];
    paths.sort_by_key(|path| rank(path));
    assert_eq!(paths, [MM1, "salt/hosts/mm1.sls", PILLAR_INIT, "salt/states/tart/files/tart-vm.sh", INIT, TOP]);
}

#[test]
fn what_the_spec_no_longer_asks_for_is_removed() {
    let out = Out::new();
    let beside = tree(&[
        ("salt/hosts/mm1.sls", "a: 1\n"),
        (PILLAR_INIT, "b: 1\n"),
        (TOP, "top: beside\n"),
        ("salt/states/tart/rollout.sls", "c: 1\n"),
    ]);
    let inside = tree(&[(MM1, "a: 1\n"), (TOP, "top: inside\n")]);
    write(&beside, &out.path, Edits::Keep).unwrap();
    let changes = write(&inside, &out.path, Edits::Keep).unwrap();
    assert_eq!(changes.removed, ["salt/hosts/mm1.sls", PILLAR_INIT, "salt/states/tart/rollout.sls"]);
    assert_eq!(out.files(), bytes(&inside));
    assert_eq!(write(&beside, &out.path, Edits::Keep).unwrap().removed, [MM1]);
    assert_eq!(out.files(), bytes(&beside));
    out.put("salt/states/tart/rollout.sls", "mine: 1\n");
    write(&inside, &out.path, Edits::Keep).unwrap();
    assert!(out.files().contains_key("salt/states/tart/rollout.sls"));
}

#[test]
fn of_a_tree_that_is_not_proven_nothing_is_left() {
    let out = Out::new();
    for tree in [usual(), large()] {
        let error = super::write(&tree, &out.path, Edits::Keep, &|| Err("no proof".to_owned())).unwrap_err();
        assert!(matches!(&error, WriteError::Unproven(bug) if bug == "no proof"), "{error}");
        assert_eq!(out.files(), BTreeMap::new());
    }
    assert_eq!(fs::read_dir(&out.path).unwrap().count(), 0);
}
