//! COSE keys (RFC 9052 §7, RFC 9053 §7.1): those of credentials, and of the key agreement of CTAP §6.5.5.5.

use super::Body;
use super::cbor::{Entries, Fault, Fields, Value};

/// ES256: ECDSA on P-256 with SHA-256.
pub const ES256: i64 = -7;
/// `EdDSA`, with Ed25519 here.
pub const EDDSA: i64 = -8;
/// ECDH-ES + HKDF-256, which key agreement keys of CTAP bear although no HKDF is used.
pub const ECDH_ES_HKDF_256: i64 = -25;

const KEY_TYPE: i64 = 1;
const ALGORITHM: i64 = 3;
const CURVE: i64 = -1;
const X: i64 = -2;
const Y: i64 = -3;
const OKP: i64 = 1;
const EC2: i64 = 2;
const P256: i64 = 1;
const ED25519: i64 = 6;

/// The public half of a key agreement on P-256. That the point is on the curve shows when it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyAgreement {
    /// The x-coordinate, big-endian.
    pub x: [u8; 32],
    /// The y-coordinate, big-endian.
    pub y: [u8; 32],
}

impl Body for KeyAgreement {
    fn to_value(&self) -> Value {
        ec2(ECDH_ES_HKDF_256, self.x, self.y)
    }

    /// The algorithm is not looked at: keys in the field write others than −25 here.
    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        expect(fields, KEY_TYPE, "the key type of keyAgreement", EC2)?;
        expect(fields, CURVE, "the curve of keyAgreement", P256)?;
        let x = fields.need(X, "x of keyAgreement")?;
        let y = fields.need(Y, "y of keyAgreement")?;
        Ok(Self { x, y })
    }
}

/// The public key of a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialKey {
    /// ES256.
    Es256 {
        /// The x-coordinate, big-endian.
        x: [u8; 32],
        /// The y-coordinate, big-endian.
        y: [u8; 32],
    },
    /// `EdDSA` with Ed25519.
    Ed25519 {
        /// The point, as RFC 8032 encodes it.
        x: [u8; 32],
    },
    /// A key of another algorithm, as it came.
    Other(Vec<(Value, Value)>),
}

impl CredentialKey {
    /// The COSE number of the algorithm; none where the key does not say.
    #[must_use]
    pub fn algorithm(&self) -> Option<i64> {
        match self {
            Self::Es256 { .. } => Some(ES256),
            Self::Ed25519 { .. } => Some(EDDSA),
            Self::Other(entries) => number(entries, ALGORITHM),
        }
    }
}

impl Body for CredentialKey {
    fn to_value(&self) -> Value {
        match self {
            Self::Es256 { x, y } => ec2(ES256, *x, *y),
            Self::Ed25519 { x } => {
                let head = Entries::default().put(KEY_TYPE, OKP).put(ALGORITHM, EDDSA);
                head.put(CURVE, ED25519).put(X, *x).value()
            }
            Self::Other(entries) => Value::Map(entries.clone()),
        }
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        let entries = fields.rest();
        let of = |label| number(&entries, label);
        let kind = (of(KEY_TYPE), of(ALGORITHM), of(CURVE));
        let mut fields = Fields::from(entries.clone());
        Ok(match kind {
            (Some(EC2), Some(ES256), Some(P256)) => Self::Es256 {
                x: fields.need(X, "x of the public key")?,
                y: fields.need(Y, "y of the public key")?,
            },
            (Some(OKP), Some(EDDSA), Some(ED25519)) => Self::Ed25519 {
                x: fields.need(X, "x of the public key")?,
            },
            _ => Self::Other(entries),
        })
    }
}

fn ec2(algorithm: i64, x: [u8; 32], y: [u8; 32]) -> Value {
    let head = Entries::default().put(KEY_TYPE, EC2).put(ALGORITHM, algorithm);
    head.put(CURVE, P256).put(X, x).put(Y, y).value()
}

fn number(entries: &[(Value, Value)], label: i64) -> Option<i64> {
    let label = Value::from(label);
    entries
        .iter()
        .find(|(key, _)| *key == label)
        .and_then(|(_, value)| value.as_i64())
}

fn expect(fields: &mut Fields, label: i64, member: &'static str, wanted: i64) -> Result<(), Fault> {
    let what = "is not the one of P-256";
    if fields.need::<i64>(label, member)? == wanted {
        Ok(())
    } else {
        Err(Fault::Unfit { member, what })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_back_and_others_stay_as_they_are() {
        let other = Value::Map(vec![
            (1.into(), 3.into()),
            (3.into(), (-257).into()),
            ((-1).into(), vec![9].into()),
        ]);
        let Value::Map(entries) = other else { unreachable!() };
        for key in [
            CredentialKey::Es256 { x: [1; 32], y: [2; 32] },
            CredentialKey::Ed25519 { x: [3; 32] },
            CredentialKey::Other(entries),
        ] {
            assert_eq!(CredentialKey::decode_response(&key.encode()), Ok(key.clone()));
        }
        assert_eq!(CredentialKey::Ed25519 { x: [3; 32] }.algorithm(), Some(EDDSA));
    }

    #[test]
    fn a_key_agreement_on_another_curve_is_refused() {
        let key = KeyAgreement { x: [1; 32], y: [2; 32] };
        let bytes = key.encode();
        assert_eq!(bytes[..8], [0xA5, 0x01, 0x02, 0x03, 0x38, 0x18, 0x20, 0x01]);
        assert_eq!(KeyAgreement::decode_request(&bytes), Ok(key));
        let mut other = bytes;
        other[7] = 2;
        let fault = KeyAgreement::decode_response(&other).unwrap_err();
        assert_eq!(fault.to_string(), "the curve of keyAgreement is not the one of P-256");
    }
}
