//! The key agreement: P-256, CTAP §6.5.5.4 and §6.5.6.

use p256::elliptic_curve::sec1::ToSec1Point as _;
use p256::{PublicKey, SecretKey};
use zeroize::Zeroizing;

use super::{Entropy, Protocol, SharedSecret};
use crate::wire::cose::KeyAgreement;

/// One side's key pair.
pub struct KeyPair(SecretKey);

/// The other side's public key is no point of P-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the other side's key agreement key is not a point of P-256")]
pub struct NotOnCurve;

impl KeyPair {
    /// A new key pair. Asks for 32 bytes until they are a scalar of P-256, which they nearly always are.
    #[must_use]
    pub fn generate(entropy: &mut Entropy<'_>) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        loop {
            entropy(bytes.as_mut());
            if let Some(pair) = Self::from_bytes(&bytes) {
                return pair;
            }
        }
    }

    /// The key pair of a scalar, big-endian; none when it is zero or not below the order.
    #[must_use]
    pub fn from_bytes(scalar: &[u8; 32]) -> Option<Self> {
        SecretKey::from_slice(scalar).ok().map(Self)
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> KeyAgreement {
        let point = self.0.public_key().to_sec1_point(false);
        let coordinate = |half: Option<&[u8]>| half.and_then(|half| half.try_into().ok()).unwrap_or_default();
        KeyAgreement {
            x: coordinate(point.x().map(AsRef::as_ref)),
            y: coordinate(point.y().map(AsRef::as_ref)),
        }
    }

    /// `encapsulate` and `decapsulate`: what both sides find (CTAP §6.5.6, §6.5.7).
    pub fn agree(&self, protocol: Protocol, other: &KeyAgreement) -> Result<SharedSecret, NotOnCurve> {
        Ok(SharedSecret::derive(protocol, self.shared_point(other)?.as_slice()))
    }

    /// The first coordinate of the point that both sides find, for protocols that derive their own keys from it.
    pub fn shared_point(&self, other: &KeyAgreement) -> Result<Zeroizing<[u8; 32]>, NotOnCurve> {
        let mut point = [4; 65];
        for (place, byte) in point.iter_mut().skip(1).zip(other.x.iter().chain(&other.y)) {
            *place = *byte;
        }
        let other = PublicKey::from_sec1_bytes(&point).map_err(|_| NotOnCurve)?;
        let shared = self.0.diffie_hellman(&other);
        let mut first = Zeroizing::new([0; 32]);
        first
            .iter_mut()
            .zip(shared.raw_secret_bytes())
            .for_each(|(to, from)| *to = *from);
        Ok(first)
    }
}
