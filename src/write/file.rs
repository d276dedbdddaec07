//! Single files outside of a tree: a starter spec, a picture, a manual page.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};

use camino::Utf8Path;

use crate::write::error::WriteError;

/// Writes a new file; `false` if something is there already, which stays.
pub(crate) fn create_file(path: &Utf8Path, text: &str) -> Result<bool, WriteError> {
    let created = OpenOptions::new().write(true).create_new(true).open(path);
    match created.and_then(|mut file| file.write_all(text.as_bytes())) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        done => done.map(|()| true).map_err(WriteError::io("write", path.as_str())),
    }
}

/// Writes a file, in the place of an older one if there is one, and the folders it lies in.
pub(crate) fn write_file(path: &Utf8Path, text: &str) -> Result<(), WriteError> {
    let folder = path.parent().filter(|folder| !folder.as_str().is_empty());
    folder
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(path, text))
        .map_err(WriteError::io("write", path.as_str()))
}
