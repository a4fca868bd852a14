//! How much a key holds. `authenticatorGetInfo` tells each of these.

use crate::State;

/// Credential ids in an exclude or allow list.
pub(crate) const LIST: u32 = 8;
/// Discoverable credentials.
const CREDENTIALS: u32 = 100;
/// Bytes of the serialised large-blob array, its checksum included.
pub(crate) const LARGE_BLOBS: u32 = 4_096;
/// Bytes of a `credBlob`.
pub(crate) const CRED_BLOB: u32 = 32;
/// Relying parties that are told the minimum PIN length.
pub(crate) const MIN_PIN_RP_IDS: u32 = 8;
/// Relying parties in a list of allowed services.
pub(crate) const ALLOWED_RP_IDS: usize = 32;

/// How many discoverable credentials there still is room for.
pub(crate) fn remaining(state: &State) -> u32 {
    CREDENTIALS.saturating_sub(existing(state))
}

/// How many discoverable credentials there are.
pub(crate) fn existing(state: &State) -> u32 {
    u32::try_from(state.credentials.len()).unwrap_or(u32::MAX)
}
