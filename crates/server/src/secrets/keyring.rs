//! The keyring: data keys per tenant, versioned, wrapped by the key-encryption key.

use super::{SealingKey, Unsealable};

/// The server's keys; sealed without a key-encryption key.
pub struct Keyring {
    kek: Option<SealingKey>,
}

impl Keyring {
    /// A keyring under this key; without one the server runs sealed.
    #[must_use]
    pub fn new(kek: Option<SealingKey>) -> Self {
        Self { kek }
    }

    /// Whether secrets can be neither kept nor shown.
    #[must_use]
    pub const fn is_sealed(&self) -> bool {
        self.kek.is_none()
    }

    /// The key-encryption key.
    pub(crate) fn kek(&self) -> Result<&SealingKey, Unsealable> {
        self.kek.as_ref().ok_or(Unsealable::Sealed)
    }
}
