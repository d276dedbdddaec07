//! Single files outside of a tree: a starter spec, a picture, a manual page.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};

use camino::Utf8Path;

use crate::write::error::WriteError;

/// Writes a new file and the folders it lies in; `false` if something is there already, which stays.
pub(crate) fn create_file(path: &Utf8Path, text: &str) -> Result<bool, WriteError> {
    let create = || OpenOptions::new().write(true).create_new(true).open(path);
    let created = make_folders(path).and_then(|()| create());
    match created.and_then(|mut file| file.write_all(text.as_bytes())) {
        // A file in the place of a folder is an error of the same kind.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.symlink_metadata().is_ok() => Ok(false),
        done => done.map(|()| true).map_err(WriteError::file(path.as_str())),
    }
}

/// Writes a file, in the place of an older one if there is one, and the folders it lies in.
pub(crate) fn write_file(path: &Utf8Path, text: &str) -> Result<(), WriteError> {
    make_folders(path).and_then(|()| fs::write(path, text)).map_err(WriteError::file(path.as_str()))
}

/// Like [`write_file`], but only in the place of a file that begins with `mark`, as an earlier picture does, and never
/// in that of the spec.
pub(crate) fn write_picture(path: &Utf8Path, text: &str, mark: &str, spec: &Utf8Path) -> Result<(), WriteError> {
    // What cannot be found is no file that could be lost.
    let is_spec = path.canonicalize().is_ok_and(|path| spec.canonicalize().is_ok_and(|spec| spec == path));
    if is_spec {
        return Err(WriteError::Spec(path.to_string()));
    }
    match is_foreign(path, mark) {
        Ok(true) => Err(WriteError::NoPicture(path.to_string())),
        Ok(false) => write_file(path, text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => write_file(path, text),
        Err(error) => Err(WriteError::file(path.as_str())(error)),
    }
}

/// Whether a regular file has something in it that does not begin like a picture.
fn is_foreign(path: &Utf8Path, mark: &str) -> io::Result<bool> {
    let metadata = fs::metadata(path)?;
    // A pipe or a terminal holds nothing, and to open it may take for ever.
    if !metadata.is_file() || metadata.len() == 0 {
        return Ok(false);
    }
    let mut start = Vec::with_capacity(mark.len());
    let length = u64::try_from(mark.len()).unwrap_or(u64::MAX);
    File::open(path)?.take(length).read_to_end(&mut start)?;
    Ok(start != mark.as_bytes())
}

/// Makes the folders that a file lies in.
fn make_folders(path: &Utf8Path) -> io::Result<()> {
    path.parent().filter(|folder| !folder.as_str().is_empty()).map_or(Ok(()), fs::create_dir_all)
}
