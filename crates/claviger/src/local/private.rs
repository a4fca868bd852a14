//! Files that only their owner can read.

use std::{fs, io, path::Path};

use crate::{exit::Exit, failure::Failure};

/// A new file that only its owner can read; one that exists is left alone.
pub(crate) fn create(path: &Path) -> Result<fs::File, Failure> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|cause| {
        if cause.kind() == io::ErrorKind::AlreadyExists {
            Failure::new(
                Exit::Unexpected,
                format!("{} is there already; a new file is wanted", path.display()),
            )
        } else {
            Failure::file(path.display(), &cause)
        }
    })
}
