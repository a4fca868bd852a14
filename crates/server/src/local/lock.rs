//! A lock on the data folder: servers share it, what must be alone takes it whole. It ends with its process.

use std::{
    fs::{File, TryLockError},
    path::Path,
};

use super::{LocalError, private};

const FILE: &str = "lock";

/// A server's share.
///
/// # Errors
/// Refuses while somebody is alone here.
pub(crate) fn share(data: &Path) -> Result<File, LocalError> {
    take(
        data,
        File::try_lock_shared,
        "the keys of this server are being changed; start it when `claviger rotate-keys` is done",
    )
}

/// The whole lock.
///
/// # Errors
/// Refuses while a server runs.
pub(super) fn alone(data: &Path) -> Result<File, LocalError> {
    take(
        data,
        File::try_lock,
        "a server runs on this data folder, or another change of keys; stop it first",
    )
}

fn take(data: &Path, lock: fn(&File) -> Result<(), TryLockError>, refusal: &str) -> Result<File, LocalError> {
    let path = data.join(FILE);
    let file = private::append(&path).map_err(|error| LocalError::File(path.clone(), error))?;
    match lock(&file) {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LocalError::Refused(refusal.to_owned())),
        Err(TryLockError::Error(error)) => Err(LocalError::File(path, error)),
    }
}
