//! Files that only their owner can read.

use std::{fs, path::Path};

use crate::failure::Failure;

/// A new file that only its owner can read; one that exists is left alone.
pub(crate) fn create(path: &Path) -> Result<fs::File, Failure> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .map_err(|cause| Failure::file(path.display(), &cause))
}
