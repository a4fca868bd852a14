//! Credentials' private keys and their signatures.

use claviger_ctap::wire::cose::{self, CredentialKey};
use ed25519_dalek::Signer as _;
use p256::ecdsa::Signature;
use p256::ecdsa::signature::Signer as _;
use zeroize::Zeroizing;

use super::derive;

/// The algorithms that the key signs with, in its order of preference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// ECDSA with P-256 and SHA-256 (COSE −7).
    Es256,
    /// Ed25519 (COSE −8).
    EdDsa,
}

impl Algorithm {
    /// Every algorithm that a relying party may ask for.
    pub(crate) const ALL: [Self; 2] = [Self::Es256, Self::EdDsa];

    /// Its number at IANA.
    #[must_use]
    pub(crate) const fn cose(self) -> i64 {
        match self {
            Self::Es256 => cose::ES256,
            Self::EdDsa => cose::EDDSA,
        }
    }
}

/// A key that signs.
pub(crate) enum PrivateKey {
    /// ECDSA with P-256.
    Es256(Box<p256::ecdsa::SigningKey>),
    /// Ed25519.
    EdDsa(Box<ed25519_dalek::SigningKey>),
}

impl PrivateKey {
    /// The key that belongs to a secret of 32 bytes; always the same.
    pub(crate) fn of(algorithm: Algorithm, secret: &[u8; 32]) -> Self {
        match algorithm {
            Algorithm::Es256 => Self::Es256(Box::new(on_p256(secret))),
            Algorithm::EdDsa => {
                let seed = derive(secret, "ed25519", &[]);
                Self::EdDsa(Box::new(ed25519_dalek::SigningKey::from_bytes(&seed)))
            }
        }
    }

    /// The public half, as relying parties keep it.
    #[must_use]
    pub(crate) fn public(&self) -> CredentialKey {
        match self {
            Self::Es256(key) => {
                let point = key.verifying_key().to_sec1_point(false);
                let coordinate = |half: Option<&[u8]>| half.and_then(|half| half.try_into().ok()).unwrap_or_default();
                CredentialKey::Es256 {
                    x: coordinate(point.x().map(AsRef::as_ref)),
                    y: coordinate(point.y().map(AsRef::as_ref)),
                }
            }
            Self::EdDsa(key) => CredentialKey::Ed25519 {
                x: key.verifying_key().to_bytes(),
            },
        }
    }

    /// A signature as WebAuthn §6.5.5 wants it.
    #[must_use]
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Es256(key) => {
                let signature: Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
            Self::EdDsa(key) => key.sign(message).to_bytes().to_vec(),
        }
    }
}

/// A number below the order of P-256: nearly always the first is.
pub(crate) fn on_p256(secret: &[u8; 32]) -> p256::ecdsa::SigningKey {
    let mut candidate: Zeroizing<[u8; 32]> = derive(secret, "p256", &[]);
    loop {
        if let Ok(key) = p256::ecdsa::SigningKey::from_slice(candidate.as_slice()) {
            return key;
        }
        candidate = derive(&candidate, "p256", &[]);
    }
}
