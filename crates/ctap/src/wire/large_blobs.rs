//! `authenticatorLargeBlobs`: CTAP §6.10.

use sha2::{Digest as _, Sha256};

use super::cbor::{Entries, Fault, Fields, Value};
use super::{Body, Command, Request};

/// The array without any blob: an empty list and the first 16 bytes of its SHA-256 (CTAP §6.10).
pub const EMPTY_ARRAY: [u8; 17] = [
    0x80, 0x76, 0xBE, 0x8B, 0x52, 0x8D, 0x00, 0x75, 0xF7, 0xAA, 0xE9, 0x8D, 0x6F, 0xA5, 0x7A, 0x6D, 0x3C,
];

/// The request: a piece is either read or written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LargeBlobs {
    /// 0x01: how many bytes to read.
    pub get: Option<u32>,
    /// 0x02: the piece to write.
    pub set: Option<Vec<u8>>,
    /// 0x03: where the piece begins; authenticators refuse a request without it.
    pub offset: Option<u32>,
    /// 0x04: the length of the whole, with the first piece alone.
    pub length: Option<u32>,
    /// 0x05: over [`LargeBlobs::authenticated`].
    pub pin_uv_auth_param: Option<Vec<u8>>,
    /// 0x06.
    pub protocol: Option<u8>,
}

impl LargeBlobs {
    /// What the token authenticates: 32 × 0xFF ‖ 0x0C 0x00 ‖ offset, little-endian ‖ SHA-256 of the piece (CTAP §6.10.2).
    #[must_use]
    pub fn authenticated(&self) -> Vec<u8> {
        let mut message = vec![0xFF; 32];
        message.extend([Command::LargeBlobs.byte(), 0x00]);
        message.extend(self.offset.unwrap_or_default().to_le_bytes());
        message.extend(Sha256::digest(self.set.as_deref().unwrap_or_default()));
        message
    }
}

impl Request for LargeBlobs {
    type Response = Response;
    const COMMAND: Command = Command::LargeBlobs;
}

impl Body for LargeBlobs {
    fn to_value(&self) -> Value {
        Entries::default()
            .put_some(0x01, self.get)
            .put_some(0x02, self.set.as_ref())
            .put_some(0x03, self.offset)
            .put_some(0x04, self.length)
            .put_some(0x05, self.pin_uv_auth_param.as_ref())
            .put_some(0x06, self.protocol)
            .value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        Ok(Self {
            get: fields.take(0x01, "get (0x01)")?,
            set: fields.take(0x02, "set (0x02)")?,
            offset: fields.take(0x03, "offset (0x03)")?,
            length: fields.take(0x04, "length (0x04)")?,
            pin_uv_auth_param: fields.take(0x05, "pinUvAuthParam (0x05)")?,
            protocol: fields.take(0x06, "pinUvAuthProtocol (0x06)")?,
        })
    }
}

/// The response.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// 0x01: the piece that was read.
    pub config: Option<Vec<u8>>,
}

impl Body for Response {
    fn to_value(&self) -> Value {
        Entries::default().put_some(0x01, self.config.as_ref()).value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        let config = fields.take(0x01, "config (0x01)")?;
        Ok(Self { config })
    }

    /// Nothing at all where nothing was read (CTAP §6.10.2).
    fn encode(&self) -> Vec<u8> {
        if self.config.is_none() {
            Vec::new()
        } else {
            self.to_value().encode()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_array_carries_its_own_hash() {
        assert_eq!(EMPTY_ARRAY[1..], Sha256::digest([0x80])[..16]);
    }
}
