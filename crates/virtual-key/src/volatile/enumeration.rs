//! What a command began and the next one continues.

use std::collections::VecDeque;
use std::time::Duration;

use crate::commands::Signing;
use crate::state::Credential;

/// At most one thing is under way.
pub(crate) enum Enumeration {
    /// Nothing is.
    Nothing,
    /// Assertions that `getNextAssertion` makes.
    Assertions(Box<Assertions>),
    /// Relying parties that credential management names next.
    RelyingParties(VecDeque<String>),
    /// Credentials that credential management names next.
    Credentials(VecDeque<Credential>),
    /// A large-blob array that comes in pieces.
    Blob(BlobWrite),
}

/// Assertions for the credentials that remain (CTAP §6.2.2 step 12).
pub(crate) struct Assertions {
    /// Credentials, newest first.
    pub(crate) left: VecDeque<Credential>,
    /// What they all sign.
    pub(crate) signing: Signing,
    /// When the last one was made.
    pub(crate) since: Duration,
}

/// A large-blob array in the making (CTAP §6.10.2).
pub(crate) struct BlobWrite {
    /// The length that was announced.
    pub(crate) length: usize,
    /// What came so far.
    pub(crate) bytes: Vec<u8>,
}
