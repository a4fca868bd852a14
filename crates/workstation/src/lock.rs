//! One program of ours at a time for each key: a second one is told who has it.
//!
//! A lock is an advisory lock on a file named after the place. It ends with the process that holds it, however that ends.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use crate::trouble::Trouble;

/// Where the locks of a machine are.
#[derive(Debug, Clone)]
pub struct Locks {
    folder: PathBuf,
}

/// A lock that is held. Dropping it lets the next one in.
#[derive(Debug)]
pub struct Held {
    file: File,
}

/// The folder that the system keeps for locks of devices; every user can make files in it.
const SYSTEM_LOCKS: &str = "/run/lock";

impl Locks {
    /// The locks of this machine, shared by all users.
    #[must_use]
    pub fn of_this_machine() -> Self {
        let system = Path::new(SYSTEM_LOCKS);
        let folder = if system.is_dir() {
            system.to_path_buf()
        } else {
            std::env::temp_dir()
        };
        Self { folder }
    }

    /// Locks in a folder of their own.
    #[must_use]
    pub const fn within(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Takes the lock of a place, or tells who holds it.
    pub fn take(&self, place: &str) -> Result<Held, Trouble> {
        let path = self.folder.join(file_name(place));
        let file = open(&path).map_err(|cause| Trouble::Machine {
            what: format!("the lock {} cannot be opened: {cause}", path.display()),
        })?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Trouble::InUse {
                    place: place.to_owned(),
                    by: holder(file),
                });
            }
            Err(TryLockError::Error(cause)) => {
                return Err(Trouble::Machine {
                    what: format!("the lock {} cannot be taken: {cause}", path.display()),
                });
            }
        }
        let mut held = Held { file };
        // Only a courtesy to the next one; a file of another user cannot be written, and need not be.
        let _ = held.sign();
        Ok(held)
    }
}

impl Held {
    fn sign(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        write!(self.file, "claviger-key, process {}", std::process::id())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // The name of one who has left would mislead.
        let _ = self.file.set_len(0);
        // Closing is not enough while a child that is just being started still has the file.
        let _ = self.file.unlock();
    }
}

/// A name that fits any file system and is the same for the same place.
fn file_name(place: &str) -> String {
    let mut name = String::from("claviger-");
    for byte in place.bytes() {
        if byte.is_ascii_alphanumeric() {
            name.push(char::from(byte));
        } else {
            name.extend(["_".to_owned(), format!("{byte:02x}")]);
        }
    }
    name.truncate(200);
    name.push_str(".lock");
    name
}

/// The file, made when it is missing. One that another user made is opened for reading, which is enough to lock it.
fn open(path: &Path) -> io::Result<File> {
    let existing = options().write(true).open(path);
    match existing {
        Ok(file) => Ok(file),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
            match options().write(true).create_new(true).open(path) {
                // Somebody else was faster.
                Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => options().open(path),
                made => made,
            }
        }
        Err(cause) if cause.kind() == io::ErrorKind::PermissionDenied => options().open(path),
        Err(cause) => Err(cause),
    }
}

/// Never through a link: in a folder that everybody may write to, it could lead anywhere.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NOFOLLOW);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o644);
    options
}

/// Who holds the lock, as far as the file tells.
fn holder(file: File) -> Option<String> {
    let mut text = String::new();
    file.take(100).read_to_string(&mut text).ok()?;
    let clean = !text.is_empty()
        && text
            .chars()
            .all(|letter| letter == ' ' || letter == ',' || letter == '-' || letter.is_ascii_alphanumeric());
    clean.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_held_by_one_and_free_again_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let locks = Locks::within(folder.path().to_path_buf());
        let held = locks.take("Reader 00").unwrap();
        let refused = Trouble::InUse {
            place: "Reader 00".to_owned(),
            by: Some(format!("claviger-key, process {}", std::process::id())),
        };
        assert_eq!(locks.take("Reader 00").unwrap_err(), refused);
        locks.take("Reader 01").unwrap();
        drop(held);
        locks.take("Reader 00").unwrap();
    }

    #[test]
    fn places_have_locks_of_their_own_whatever_their_names_hold() {
        assert_ne!(file_name("a b"), file_name("a_b"));
        assert_ne!(file_name("/dev/hidraw1"), file_name("-dev-hidraw1"));
        assert!(!file_name("../../etc/x").contains('/'));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_place_of_a_lock_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("precious");
        std::fs::write(&target, "precious").unwrap();
        std::os::unix::fs::symlink(&target, folder.path().join(file_name("r"))).unwrap();
        let locks = Locks::within(folder.path().to_path_buf());
        assert!(matches!(locks.take("r"), Err(Trouble::Machine { .. })));
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "precious");
    }

    #[test]
    fn what_stands_in_a_lock_is_repeated_only_when_it_is_harmless() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        std::fs::write(&path, "\u{1b}[2J").unwrap();
        assert_eq!(holder(File::open(&path).unwrap()), None);
    }
}
