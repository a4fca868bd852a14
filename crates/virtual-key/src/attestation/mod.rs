//! What the key says about its own make: a certificate of the model, and one of this very key.
//!
//! The keys of model and root are derived from constants, so anyone can make such certificates. That is the point of a
//! virtual key: it proves nothing, and nobody should mistake it for hardware. Its root belongs in test servers alone.

mod certificates;

use p256::ecdsa::SigningKey;

use crate::crypto::{PrivateKey, derive, on_p256};
use certificates::Issuer;

pub use certificates::{root_certificate, root_certificate_pem};

/// The virtual key's model.
pub const AAGUID: [u8; 16] = [
    0xc1, 0xa5, 0x1c, 0x1a, 0x51, 0xc1, 0xa5, 0x1c, 0x1a, 0x51, 0xc1, 0xa5, 0x1c, 0x1a, 0x51, 0xc1,
];

/// A key that attests, and its certificate chain without the root.
pub(crate) struct Attestation {
    pub(crate) key: PrivateKey,
    pub(crate) x5c: Vec<Vec<u8>>,
}

impl Attestation {
    /// The same for all keys of the model, so that it tells nobody which key it is (CTAP §6.1.2, batch attestation).
    pub(crate) fn of_model() -> Result<Self, rcgen::Error> {
        let key = constant_key("model");
        let certificate = Issuer::root().model(&key)?;
        Ok(Self::new(key, certificate))
    }

    /// Of this very key: the certificate names its serial number (CTAP §7.1).
    pub(crate) fn of_key(serial: &str) -> Result<Self, rcgen::Error> {
        let key = on_p256(&derive(&[0; 32], "virtual key attestation", &[serial.as_bytes()]));
        let certificate = Issuer::root().key(&key, serial)?;
        Ok(Self::new(key, certificate))
    }

    fn new(key: SigningKey, certificate: Vec<u8>) -> Self {
        Self {
            key: PrivateKey::Es256(Box::new(key)),
            x5c: vec![certificate],
        }
    }
}

fn constant_key(name: &str) -> SigningKey {
    on_p256(&derive(&[0; 32], "claviger virtual key", &[name.as_bytes()]))
}
