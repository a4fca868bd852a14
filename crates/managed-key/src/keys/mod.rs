//! The keys of a device and what they say: one management key, and from it one key for each purpose.

mod an10922;
mod authorise;
mod derive;
mod kdf;
mod mac;
mod version;

#[cfg(test)]
mod tests;

pub use an10922::{DiversificationFault, diversified};
pub use authorise::Authorised;
pub use derive::MasterKey;
pub use version::{Kcv, KeyVersion};

pub(crate) use mac::{hmac, keyed};

use zeroize::Zeroizing;

/// Types of 32 secret bytes, so that no key is taken for another.
macro_rules! secret_keys {
    ($($(#[$about:meta])* $name:ident;)*) => {$(
        $(#[$about])*
        ///
        /// Wiped when dropped; neither printed nor serialised.
        #[derive(Clone)]
        pub struct $name(Zeroizing<[u8; 32]>);

        impl $name {
            /// Takes the key's bytes.
            #[must_use]
            pub const fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
                Self(bytes)
            }

            /// The key's bytes, for sealing or encrypting them.
            #[must_use]
            pub fn using(&self) -> &[u8; 32] {
                &self.0
            }
        }
    )*};
}

secret_keys! {
    /// `K_dev`: the management key of one device, from which the others are derived. Shown to nobody.
    DeviceKey;
    /// `K_unl`: answers challenges that travel by voice or chat.
    UnlockKey;
    /// `K_adm`: authorises administration; its MACs are never spoken.
    AdminKey;
    /// `K_wrap`: wraps the next management key, so that no workstation sees it.
    WrapKey;
}
