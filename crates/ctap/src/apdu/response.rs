//! Response APDUs: ISO 7816-3 §12.1.3, and their status words (ISO 7816-4 §5.6).

use std::fmt;

use super::Unreadable;

/// SW1 and SW2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusWord(pub u16);

impl StatusWord {
    /// 9000.
    pub const OK: Self = Self(0x9000);
    /// 9100: the card is still at it (CTAP §11.3).
    pub const UNDER_WAY: Self = Self(0x9100);
    /// 6700.
    pub const WRONG_LENGTH: Self = Self(0x6700);
    /// 6982.
    pub const SECURITY_STATUS: Self = Self(0x6982);
    /// 6985.
    pub const CONDITIONS: Self = Self(0x6985);
    /// 6A80.
    pub const WRONG_DATA: Self = Self(0x6A80);
    /// 6A82.
    pub const NOT_FOUND: Self = Self(0x6A82);
    /// 6A86.
    pub const WRONG_PARAMETERS: Self = Self(0x6A86);
    /// 6D00.
    pub const UNKNOWN_INSTRUCTION: Self = Self(0x6D00);
    /// 6E00.
    pub const UNKNOWN_CLASS: Self = Self(0x6E00);

    /// 61xx: as many bytes can be had by GET RESPONSE, 256 or more if 0 is said.
    #[must_use]
    pub const fn more(self) -> Option<u32> {
        self.low_of(0x61)
    }

    /// 6Cxx: the command would work with this many bytes wanted.
    #[must_use]
    pub const fn exactly(self) -> Option<u32> {
        self.low_of(0x6C)
    }

    const fn low_of(self, high: u8) -> Option<u32> {
        let [own, low] = self.0.to_be_bytes();
        match low {
            _ if own != high => None,
            0 => Some(256),
            low => Some(u32::from_be_bytes([0, 0, 0, low])),
        }
    }
}

impl fmt::Display for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

/// A response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The answer.
    pub data: Vec<u8>,
    /// How it went.
    pub status: StatusWord,
}

impl Response {
    /// An answer with a status.
    #[must_use]
    pub fn new(data: impl Into<Vec<u8>>, status: StatusWord) -> Self {
        let data = data.into();
        Self { data, status }
    }

    /// Nothing but a status.
    #[must_use]
    pub const fn bare(status: StatusWord) -> Self {
        let data = Vec::new();
        Self { data, status }
    }

    /// The bytes on the wire.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut apdu = self.data.clone();
        apdu.extend(self.status.0.to_be_bytes());
        apdu
    }

    /// Reads a response; fewer than two bytes are none.
    pub fn decode(apdu: &[u8]) -> Result<Self, Unreadable> {
        let (data, status) = apdu.split_last_chunk().ok_or(Unreadable)?;
        Ok(Self::new(data, StatusWord(u16::from_be_bytes(*status))))
    }
}
