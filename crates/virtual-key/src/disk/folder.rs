//! The real disk: a state file that only its owner can read, and a lock so that two programs do not share it.

use std::fs::{self, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::{Disk, File};

/// Only the owner reads and writes.
const PRIVATE: u32 = 0o600;

/// A state file in a folder of the machine. Holds the file's lock as long as it lives.
pub struct Folder {
    state: PathBuf,
    copy: PathBuf,
    _lock: fs::File,
}

impl Folder {
    /// Takes the state file at `state`, which need not exist yet.
    ///
    /// # Errors
    /// `WouldBlock` when another program has it; otherwise what the file system says.
    pub fn open(state: &Path) -> io::Result<Self> {
        let lock = private().truncate(false).open(beside(state, "lock"))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::Error(error) => error,
            TryLockError::WouldBlock => {
                io::Error::new(io::ErrorKind::WouldBlock, "another program uses this state file")
            }
        })?;
        Ok(Self {
            state: state.to_owned(),
            copy: beside(state, "new"),
            _lock: lock,
        })
    }

    fn path(&self, file: File) -> &Path {
        match file {
            File::State => &self.state,
            File::Copy => &self.copy,
        }
    }
}

impl Disk for Folder {
    fn read(&self, file: File) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.path(file)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn write(&mut self, file: File, bytes: &[u8]) -> io::Result<()> {
        // A copy that a power loss left behind keeps its permissions when it is truncated; a new one is safe.
        match fs::remove_file(self.path(file)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        private().create_new(true).open(self.path(file))?.write_all(bytes)
    }

    fn sync(&mut self, file: File) -> io::Result<()> {
        fs::File::open(self.path(file))?.sync_all()
    }

    fn rename_copy(&mut self) -> io::Result<()> {
        fs::rename(&self.copy, &self.state)
    }

    fn sync_folder(&mut self) -> io::Result<()> {
        let folder = self.state.parent().filter(|folder| !folder.as_os_str().is_empty());
        fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).mode(PRIVATE);
    options
}

/// The path of a file that stands beside the state file and bears its name and an ending.
pub(crate) fn beside(state: &Path, ending: &str) -> PathBuf {
    let mut name = state.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_state_is_readable_by_its_owner_alone_and_in_one_hand() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let mut disk = Folder::open(&path).unwrap();
        assert!(Folder::open(&path).is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock));
        assert_eq!(disk.read(File::State).unwrap(), None);
        disk.write(File::Copy, b"one").unwrap();
        disk.sync(File::Copy).unwrap();
        disk.rename_copy().unwrap();
        disk.sync_folder().unwrap();
        assert_eq!(disk.read(File::State).unwrap().unwrap(), b"one");
        assert_eq!(disk.read(File::Copy).unwrap(), None);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, PRIVATE);
        drop(disk);
        assert!(Folder::open(&path).is_ok());
    }
}
