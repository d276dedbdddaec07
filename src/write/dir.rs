//! Folders below the output directory, reached without ever following a symbolic link.
//!
//! Everything goes through descriptors of folders that were opened with `O_NOFOLLOW`, so a link planted between the
//! check and the write cannot lead outside either.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;

use rustix::buffer::spare_capacity;
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

use crate::tree::LARGEST;

/// What stands at a path below the output directory.
#[derive(Debug)]
pub(crate) enum Found {
    /// Nothing.
    Nothing,
    /// A regular file with these bytes.
    Bytes(Vec<u8>),
    /// A symbolic link, whatever it points to.
    Link,
    /// A folder, a device, a pipe.
    Other,
}

/// An open folder.
#[derive(Debug)]
pub(crate) struct Dir(OwnedFd);

/// What became of opening a folder.
#[derive(Debug)]
pub(crate) enum Opened {
    /// It is there.
    Dir(Dir),
    /// Nothing is there.
    Nothing,
    /// A symbolic link is there.
    Link,
    /// Something that is not a folder is there.
    Other,
}

/// How much more is read at a time of a file that is longer than the system said.
const BLOCK: usize = 4096;

/// Nothing happens to a device or a pipe that is opened like this, and a link is not followed.
const READ: OFlags =
    OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

/// As [`READ`], but the time of the last reading stays as it is. Else the first reading of a new file makes the system write
/// that time, which takes longer than the reading.
#[cfg(target_os = "linux")]
const COMPARE: OFlags = READ.union(OFlags::NOATIME);
#[cfg(not(target_os = "linux"))]
const COMPARE: OFlags = READ;

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

impl Dir {
    /// Opens the output directory itself, which may be a link: the user chose it.
    pub(crate) fn root(path: &str) -> io::Result<Option<Self>> {
        match rustix::fs::openat(CWD, path, FOLDER, Mode::empty()) {
            Ok(fd) => Ok(Some(Self(fd))),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Opens a folder in this one.
    pub(crate) fn open(&self, name: &str) -> io::Result<Opened> {
        match rustix::fs::openat(&self.0, name, FOLDER | OFlags::NOFOLLOW, Mode::empty()) {
            Ok(fd) => Ok(Opened::Dir(Self(fd))),
            Err(Errno::NOENT) => Ok(Opened::Nothing),
            // Systems disagree about the error for a link, so it is looked at again.
            Err(errno) => match self.kind(name)? {
                Some(FileType::Symlink) => Ok(Opened::Link),
                Some(FileType::Directory) | None => Err(errno.into()),
                Some(_) => Ok(Opened::Other),
            },
        }
    }

    /// Makes a folder in this one, unless it is there already.
    pub(crate) fn make(&self, name: &str) -> io::Result<()> {
        match rustix::fs::mkdirat(&self.0, name, Mode::from_raw_mode(0o777)) {
            Ok(()) | Err(Errno::EXIST) => Ok(()),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Whether just these bytes stand under a name. If not, [`read`](Self::read) tells what does. `buffer` is memory that
    /// is used again and again.
    pub(crate) fn holds(&self, name: &str, wanted: &[u8], buffer: &mut Vec<u8>) -> bool {
        let file = match rustix::fs::openat(&self.0, name, COMPARE, Mode::empty()) {
            // Only the owner of a file may read it like that.
            Err(Errno::PERM) => rustix::fs::openat(&self.0, name, READ, Mode::empty()),
            opened => opened,
        };
        let Ok(file) = file else { return false };
        buffer.clear();
        // The room for one byte more tells the end from a file that goes on.
        buffer.reserve(wanted.len() + 1);
        rustix::io::read(&file, spare_capacity(buffer)).is_ok() && buffer == wanted
    }

    /// Reads what stands under a name; of a file that is too large to be ours, only the beginning.
    pub(crate) fn read(&self, name: &str) -> io::Result<Found> {
        let file = match rustix::fs::openat(&self.0, name, READ, Mode::empty()) {
            Ok(file) => file,
            Err(Errno::NOENT) => return Ok(Found::Nothing),
            // Systems disagree about the error for a link, so it is looked at again.
            Err(errno) => {
                return match self.kind(name)? {
                    None => Ok(Found::Nothing),
                    Some(FileType::Symlink) => Ok(Found::Link),
                    Some(FileType::RegularFile) => Err(errno.into()),
                    Some(_) => Ok(Found::Other),
                };
            }
        };
        let stat = rustix::fs::fstat(&file)?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Ok(Found::Other);
        }
        let size = usize::try_from(stat.st_size).unwrap_or(LARGEST).min(LARGEST);
        // The room for one byte more tells the end from a file that has grown.
        let mut bytes = Vec::with_capacity(size + 1);
        loop {
            let got = rustix::io::read(&file, spare_capacity(&mut bytes))?;
            if got == 0 || bytes.len() == size && bytes.len() < bytes.capacity() || bytes.len() >= LARGEST {
                return Ok(Found::Bytes(bytes));
            }
            bytes.reserve(BLOCK);
        }
    }

    /// Creates a file that is not there yet.
    pub(crate) fn create(&self, name: &str) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(rustix::fs::openat(&self.0, name, flags, Mode::from_raw_mode(0o644)).map(File::from)?)
    }

    /// Puts one file of this folder in the place of another.
    pub(crate) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.0, from, &self.0, to)?)
    }

    /// Gives a file of this folder a name that is free; `false` if something stands there.
    pub(crate) fn rename_to_free(&self, from: &str, to: &str) -> io::Result<bool> {
        match rustix::fs::renameat_with(&self.0, from, &self.0, to, RenameFlags::NOREPLACE) {
            Ok(()) => Ok(true),
            Err(Errno::EXIST) => Ok(false),
            // Not every file system can do both at once.
            Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
                let is_free = self.kind(to)?.is_none();
                if is_free {
                    self.rename(from, to)?;
                }
                Ok(is_free)
            }
            Err(errno) => Err(errno.into()),
        }
    }

    /// Removes a file, if it is there.
    pub(crate) fn remove(&self, name: &str) -> io::Result<()> {
        match rustix::fs::unlinkat(&self.0, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Whether a regular file stands under a name.
    pub(crate) fn has_file(&self, name: &str) -> io::Result<bool> {
        Ok(self.kind(name)? == Some(FileType::RegularFile))
    }

    /// Removes a folder, if it is there and empty.
    pub(crate) fn remove_folder(&self, name: &str) -> io::Result<()> {
        match rustix::fs::unlinkat(&self.0, name, AtFlags::REMOVEDIR) {
            Ok(()) | Err(Errno::NOENT | Errno::NOTEMPTY | Errno::EXIST) => Ok(()),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Hands over each name in this folder, in no order; names that are not UTF-8 cannot be ours and are left out.
    pub(crate) fn each_name(&self, mut take: impl FnMut(&str)) -> io::Result<()> {
        for entry in rustix::fs::Dir::read_from(&self.0)? {
            match entry?.file_name().to_str() {
                Ok("." | "..") | Err(_) => {}
                Ok(name) => take(name),
            }
        }
        Ok(())
    }

    /// Asks for this folder for one build alone; `false` if another has it. Where the file system knows no locks,
    /// everybody gets it.
    pub(crate) fn try_lock(&self) -> io::Result<bool> {
        match rustix::fs::flock(&self.0, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
            Ok(()) | Err(Errno::BADF | Errno::INVAL | Errno::NOLCK | Errno::NOSYS | Errno::OPNOTSUPP) => Ok(true),
            Err(Errno::WOULDBLOCK) => Ok(false),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Makes earlier renames in this folder last. Some file systems cannot, and then it does not matter.
    pub(crate) fn sync(&self) {
        let _ = rustix::fs::fsync(&self.0);
    }

    fn kind(&self, name: &str) -> io::Result<Option<FileType>> {
        match rustix::fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(FileType::from_raw_mode(stat.st_mode))),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(errno.into()),
        }
    }
}
