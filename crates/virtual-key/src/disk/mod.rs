//! Where the state lies: the few steps of a file system of which a safe write is made.
//!
//! The steps stand behind a trait so that the proofs can cut the power between any two of them.

mod folder;

use std::io;

pub use folder::Folder;
pub(crate) use folder::beside;

/// A folder with two files in it: the state, and the copy that becomes the state.
pub trait Disk {
    /// What a file holds; `None` when there is no such file.
    fn read(&self, file: File) -> io::Result<Option<Vec<u8>>>;
    /// Makes a file anew with these bytes. They may be lost or torn until [`Disk::sync`] returned.
    fn write(&mut self, file: File, bytes: &[u8]) -> io::Result<()>;
    /// Returns when the file's bytes survive a power loss.
    fn sync(&mut self, file: File) -> io::Result<()>;
    /// The copy takes the state's name, in one step. Which of the two names survives a power loss is open until
    /// [`Disk::sync_folder`] returned.
    fn rename_copy(&mut self) -> io::Result<()>;
    /// Returns when the folder's names survive a power loss.
    fn sync_folder(&mut self) -> io::Result<()>;
}

/// The two files of a [`Disk`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    /// The state as it is.
    State,
    /// The state as it will be.
    Copy,
}
