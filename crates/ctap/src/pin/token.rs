//! The pinUvAuthToken: what a verified user lets a platform do (CTAP §6.5.2).

use zeroize::Zeroizing;

use super::{Entropy, Protocol};

/// A pinUvAuthToken with the protocol that it belongs to.
#[derive(Clone)]
pub struct PinUvAuthToken {
    protocol: Protocol,
    bytes: Zeroizing<Vec<u8>>,
}

impl PinUvAuthToken {
    /// A new one of 32 bytes, as authenticators make them.
    #[must_use]
    pub fn generate(protocol: Protocol, entropy: &mut Entropy<'_>) -> Self {
        let mut bytes = Zeroizing::new(vec![0; 32]);
        entropy(&mut bytes);
        Self { protocol, bytes }
    }

    /// One that was decrypted: 32 bytes, with protocol one also 16 (CTAP §6.5.6); none for other lengths.
    #[must_use]
    pub fn from_bytes(protocol: Protocol, bytes: Zeroizing<Vec<u8>>) -> Option<Self> {
        let fits = match protocol {
            Protocol::One => bytes.len() == 16 || bytes.len() == 32,
            Protocol::Two => bytes.len() == 32,
        };
        fits.then_some(Self { protocol, bytes })
    }

    /// The protocol that it belongs to.
    #[must_use]
    pub const fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Its bytes, to be encrypted for a platform.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// `authenticate(token, message)`.
    #[must_use]
    pub fn authenticate(&self, message: &[u8]) -> Vec<u8> {
        self.protocol.authenticate(&self.bytes, message)
    }

    /// `verify(token, message, signature)`.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.protocol.verify(&self.bytes, message, signature)
    }
}
