//! Public keys of the key agreement, as COSE has them.

use super::cbor::{Fields, MapWriter, needed};
use super::{MessageFault, check_canonical};

/// A public key on P-256 for key agreement (CTAP 2.1 §6.5.6: key type 2, algorithm −25, curve 1). Whether its point is on the
/// curve is for whoever computes with it to check.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CoseKey {
    /// The first coordinate, big-endian.
    pub x: [u8; 32],
    /// The second coordinate, big-endian.
    pub y: [u8; 32],
}

impl CoseKey {
    const KEY_TYPE: u8 = 2;
    const ALGORITHM: i8 = -25;
    const CURVE: u8 = 1;

    /// The key as canonical CBOR.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        MapWriter::new()
            .number(1, Self::KEY_TYPE)
            .negative(3, Self::ALGORITHM)
            .number(-1, Self::CURVE)
            .bytes(-2, &self.x)
            .bytes(-3, &self.y)
            .end()
    }

    /// Reads a key of exactly this kind.
    pub fn parse(cbor: &[u8]) -> Result<Self, MessageFault> {
        check_canonical(cbor)?;
        Self::of_field(cbor, 5)
    }

    pub(super) fn of_field(cbor: &[u8], field: u8) -> Result<Self, MessageFault> {
        let mut fields = Fields::read(cbor, field)?;
        let is_fit = fields.number(1)? == Some(Self::KEY_TYPE)
            && fields.negative(3)? == Some(Self::ALGORITHM)
            && fields.number(-1)? == Some(Self::CURVE);
        let key = Self {
            x: needed(fields.array(-2)?, field)?,
            y: needed(fields.array(-3)?, field)?,
        };
        fields.none_left()?;
        if is_fit {
            Ok(key)
        } else {
            Err(MessageFault::Invalid(field))
        }
    }
}
