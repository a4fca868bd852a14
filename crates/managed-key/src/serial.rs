//! Serials as keys report them: the exact bytes that enter every derivation and MAC.

use std::fmt;

/// The serial of a key, exactly as its getStatus gives it: 1 to 32 printable ASCII characters without blanks.
///
/// A printed or imported serial number is another thing, and never enters a MAC.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Serial(String);

/// A text that no key may report as its serial.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a serial has 1 to {} printable ASCII characters without blanks", Serial::LONGEST)]
pub struct SerialFault;

impl Serial {
    /// The most characters that a serial may have.
    pub const LONGEST: usize = 32;

    /// Takes what a key reported. Nothing is trimmed or folded: other bytes are another key.
    pub fn new(reported: &str) -> Result<Self, SerialFault> {
        let is_fit =
            (1..=Self::LONGEST).contains(&reported.len()) && reported.bytes().all(|byte| byte.is_ascii_graphic());
        is_fit.then(|| Self(reported.to_owned())).ok_or(SerialFault)
    }

    /// The serial as it was reported.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The serial as people read it aloud: groups of four, parted by blanks, because a serial may hold hyphens.
    #[must_use]
    pub fn device_id(&self) -> String {
        let groups: Vec<&[u8]> = self.0.as_bytes().chunks(4).collect();
        String::from_utf8_lossy(&groups.join(&b' ')).into_owned()
    }

    /// `lp(serial)`: its length as two bytes, then its bytes.
    pub(crate) fn prefixed(&self) -> Vec<u8> {
        // Its length is 32 at most, or it would not be a serial.
        let length = u16::try_from(self.0.len()).unwrap_or_default().to_be_bytes();
        [length.as_slice(), self.0.as_bytes()].concat()
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_is_kept_as_it_was_reported() {
        assert_eq!(Serial::new("clv-01").unwrap().as_str(), "clv-01");
        assert_eq!(Serial::new("A").unwrap().prefixed(), [0, 1, b'A']);
    }

    #[test]
    fn what_no_key_may_report_is_refused() {
        for text in ["", " CLV1", "CLV 1", "CLV1\n", "ČLV1", &"9".repeat(33)] {
            assert_eq!(Serial::new(text), Err(SerialFault), "{text}");
        }
        assert!(Serial::new(&"9".repeat(32)).is_ok());
    }
}
