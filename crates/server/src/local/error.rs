//! Why something could not be done at the machine.

use std::{io, path::PathBuf};

use crate::ports::NoEntropy;

/// Why something could not be done at the machine.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// The database.
    #[error(transparent)]
    Store(#[from] claviger_store::Error),
    /// A file.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    /// No randomness.
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
    /// The state does not allow it; says what does.
    #[error("{0}")]
    Refused(String),
    /// A value does not fit; says what is wanted.
    #[error("{0}")]
    Invalid(String),
}
