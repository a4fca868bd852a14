//! What opens a seed file: a pre-shared key or a password. They are wiped, and neither printed nor serialised.

use data_encoding::{BASE64, BASE64URL, HEXLOWER_PERMISSIVE};
use zeroize::Zeroizing;

use super::encoding::decoded;
use super::fault::{SeedFileFault, SeedFileWrong};

/// What opens a seed file; nothing when its seeds are plain.
#[derive(Default)]
pub struct Keys {
    pub(super) pre_shared: Option<PreSharedKey>,
    pub(super) password: Option<Zeroizing<String>>,
}

impl Keys {
    /// What was sent beside a file.
    #[must_use]
    pub const fn new(pre_shared: Option<PreSharedKey>, password: Option<Zeroizing<String>>) -> Self {
        Self { pre_shared, password }
    }
}

/// A key that both sides know.
pub struct PreSharedKey(Zeroizing<Vec<u8>>);

impl PreSharedKey {
    /// Takes a key as people hand it on: 32, 48 or 64 hexadecimal digits; anything else is base64, of 16, 24 or 32
    /// bytes, in either alphabet.
    ///
    /// # Errors
    /// Any other text.
    pub fn parse(text: &str) -> Result<Self, SeedFileFault> {
        let mut bare = Zeroizing::new(Vec::with_capacity(text.len()));
        bare.extend(text.bytes().filter(|byte| !byte.is_ascii_whitespace()));
        let is_hex = matches!(bare.len(), 32 | 48 | 64) && bare.iter().all(u8::is_ascii_hexdigit);
        let bytes = if is_hex {
            decoded(&HEXLOWER_PERMISSIVE, &bare)
        } else {
            decoded(&BASE64, &bare).or_else(|| decoded(&BASE64URL, &bare))
        };
        match bytes {
            Some(bytes) if matches!(bytes.len(), 16 | 24 | 32) => Ok(Self(bytes)),
            _ => Err(SeedFileFault::whole(SeedFileWrong::NoKey)),
        }
    }

    pub(super) fn using(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_in_hexadecimal_and_base64() {
        let key = |text: &str| PreSharedKey::parse(text).map(|key| key.using().to_vec());
        let sixteen: Vec<u8> = [0x12, 0x34, 0x56, 0x78, 0x90].into_iter().cycle().take(16).collect();
        assert_eq!(key("12345678901234567890123456789012").unwrap(), sixteen);
        assert_eq!(key(" 1234 5678 9012 3456 7890 1234 5678 9012\n").unwrap(), sixteen);
        assert_eq!(key("EjRWeJASNFZ4kBI0VniQEg==").unwrap(), sixteen);
        assert_eq!(key("-_________________________________________8=").unwrap().len(), 32);
        for wrong in [
            "",
            "1234",
            "EjRWeJASNFZ4kBI0VniQ",
            "not a key at all",
            "zz3456789012345678901234567890123",
        ] {
            let fault = key(wrong).unwrap_err().to_string();
            assert!(fault.starts_with("this is no pre-shared key"), "{fault}");
            assert!(wrong.is_empty() || !fault.contains(wrong));
        }
    }
}
