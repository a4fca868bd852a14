//! How seeds are written: base32 or hexadecimal. Which one is said by the file or by its format's rule, never guessed;
//! a text that does not fit says what it might be.

use data_encoding::{BASE32_NOPAD, BASE64, HEXLOWER_PERMISSIVE};
use zeroize::Zeroizing;

use super::fault::SeedWrong;

/// How a seed is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// RFC 4648 §6, in either case, with or without padding, blanks and dashes.
    Base32,
    /// RFC 4648 §8, in either case, with blanks or dashes.
    Hex,
}

impl Encoding {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Base32 => "base32",
            Self::Hex => "hex",
        }
    }

    /// Reads the word, in any case; `b32` and `hexadecimal` are understood too.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word.trim().to_ascii_lowercase().as_str() {
            "base32" | "b32" => Some(Self::Base32),
            "hex" | "hexadecimal" | "base16" => Some(Self::Hex),
            _ => None,
        }
    }

    /// The bytes that a text says.
    pub(super) fn decode(self, text: &str) -> Result<Zeroizing<Vec<u8>>, SeedWrong> {
        let bare = self.bare(text)?;
        let decoder = match self {
            Self::Base32 => &BASE32_NOPAD,
            Self::Hex => &HEXLOWER_PERMISSIVE,
        };
        decoded(decoder, &bare).ok_or(SeedWrong::Cut { encoding: self })
    }

    /// The same by a format's rule alone: a text that reads in the other way too is not decided.
    pub(super) fn decode_by_rule(self, text: &str) -> Result<Zeroizing<Vec<u8>>, SeedWrong> {
        let bytes = self.decode(text)?;
        // A random seed in base32 has none but these letters once in 10^13; one in hexadecimal once in 10^5.
        if self == Self::Base32 && Self::Hex.decode(text).is_ok() {
            return Err(SeedWrong::Ambiguous);
        }
        Ok(bytes)
    }

    /// Its characters alone; in upper case for base32.
    fn bare(self, text: &str) -> Result<Zeroizing<Vec<u8>>, SeedWrong> {
        let mut bare = Zeroizing::new(Vec::with_capacity(text.len()));
        let unpadded = match self {
            Self::Base32 => text.trim().trim_end_matches('='),
            Self::Hex => text.trim().trim_start_matches("0x").trim_start_matches("0X"),
        };
        for (index, letter) in unpadded.chars().enumerate() {
            match u8::try_from(letter).map(|byte| byte.to_ascii_uppercase()) {
                Ok(b' ' | b'-') => {}
                Ok(byte) if self.has(byte) => bare.push(byte),
                _ => {
                    return Err(SeedWrong::Character {
                        encoding: self,
                        position: index + 1,
                        hint: self.hint(text),
                    });
                }
            }
        }
        Ok(bare)
    }

    const fn has(self, byte: u8) -> bool {
        match self {
            Self::Base32 => matches!(byte, b'A'..=b'Z' | b'2'..=b'7'),
            Self::Hex => matches!(byte, b'A'..=b'F' | b'0'..=b'9'),
        }
    }

    fn hint(self, text: &str) -> &'static str {
        let all = |other: Self| {
            text.bytes()
                .all(|byte| other.has(byte.to_ascii_uppercase()) || matches!(byte, b' ' | b'-' | b'='))
        };
        match self {
            Self::Base32 if all(Self::Hex) => {
                "; it looks hexadecimal: call the column `secret key (hex)`, or say the encoding beside the file"
            }
            Self::Hex if all(Self::Base32) => {
                "; it looks like base32: call the column `key (base32)`, or say the encoding beside the file"
            }
            Self::Base32 | Self::Hex => "",
        }
    }
}

/// The bytes of a base64 text; blanks and line breaks in it do not count.
pub(super) fn base64(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bare = Zeroizing::new(Vec::with_capacity(text.len()));
    bare.extend(text.bytes().filter(|byte| !byte.is_ascii_whitespace()));
    decoded(&BASE64, &bare)
}

/// Decodes into memory that is wiped, also when the text is wrong.
pub(super) fn decoded(decoder: &data_encoding::Encoding, text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let length = decoder.decode_len(text.len()).ok()?;
    let mut bytes = Zeroizing::new(vec![0; length]);
    let count = decoder.decode_mut(text, &mut bytes).ok()?;
    bytes.truncate(count);
    Some(bytes)
}

/// What a decoded seed is, when it is an encoded seed itself.
///
/// Seeds of digits alone are let through: the published vectors of RFC 4226 and RFC 6238 are such.
pub(super) fn encoded_twice(seed: &[u8]) -> Option<&'static str> {
    let all = |has: fn(&u8) -> bool| seed.iter().all(has);
    let any = |has: fn(&u8) -> bool| seed.iter().any(has);
    if seed.len() >= 20 && all(u8::is_ascii_hexdigit) && any(u8::is_ascii_alphabetic) {
        return Some("a hexadecimal text");
    }
    let trimmed = seed.len() - seed.iter().rev().take_while(|byte| **byte == b'=').count();
    let body = seed.get(..trimmed).unwrap_or_default();
    if seed.len() >= 26 && body.iter().all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7')) {
        return Some("a base32 text");
    }
    let base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    if seed.len() >= 24 && seed.len().is_multiple_of(4) && any(u8::is_ascii_alphabetic) && body.iter().all(base64) {
        return Some("a base64 text");
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(encoding: Encoding, text: &str) -> String {
        encoding
            .decode_by_rule(text)
            .map_or_else(|wrong| wrong.to_string(), |bytes| HEXLOWER_PERMISSIVE.encode(&bytes))
    }

    #[test]
    fn both_encodings_are_read_as_people_write_them() {
        let seed = "3132333435363738393031323334353637383930";
        for text in [
            "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
            "gezdgnbvgy3tqojqgezdgnbvgy3tqojq",
            " GEZD GNBV-GY3T QOJQ GEZD GNBV GY3T QOJQ ",
        ] {
            assert_eq!(said(Encoding::Base32, text), seed, "{text}");
        }
        assert_eq!(said(Encoding::Base32, "MFRGGZDFMZTWQ2LK===="), "6162636465666768696a");
        assert_eq!(said(Encoding::Hex, "3132 3334-3536"), "313233343536");
        assert_eq!(said(Encoding::Hex, "0xDEADbeef"), "deadbeef");
    }

    #[test]
    fn what_does_not_fit_says_what_it_may_be() {
        assert_eq!(
            said(Encoding::Base32, "31323334353637383930313233343536"),
            "this is no seed in base32: there is another character at position 2; it looks hexadecimal: call the column \
             `secret key (hex)`, or say the encoding beside the file"
        );
        assert_eq!(
            said(Encoding::Hex, "GEZDGNBVGY3TQOJQ"),
            "this is no seed in hex: there is another character at position 1; it looks like base32: call the column \
             `key (base32)`, or say the encoding beside the file"
        );
        assert_eq!(
            said(Encoding::Hex, "zz!"),
            "this is no seed in hex: there is another character at position 1"
        );
        assert_eq!(
            said(Encoding::Hex, "abc"),
            "this is no whole seed in hex: characters are missing or too many"
        );
        assert_eq!(
            said(Encoding::Base32, "GEZDGNBVG"),
            "this is no whole seed in base32: characters are missing or too many"
        );
        // The last character says bits that no byte has: it was cut or mistyped.
        assert_eq!(
            said(Encoding::Base32, "GF"),
            "this is no whole seed in base32: characters are missing or too many"
        );
        assert!(said(Encoding::Base32, "ABCDEF22ABCDEF22").contains("reads as base32 and as hexadecimal"));
        assert_eq!(said(Encoding::Hex, "ABCDEF22"), "abcdef22");
        assert!(Encoding::Base32.decode("ABCDEF22ABCDEF22").is_ok(), "it was said");
    }

    #[test]
    fn a_seed_that_was_encoded_twice_is_noticed_and_the_published_vectors_are_not() {
        for (seed, form) in [
            (
                &b"deadbeefdeadbeefdeadbeefdeadbeefdeadbeef"[..],
                Some("a hexadecimal text"),
            ),
            (b"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", Some("a base32 text")),
            (b"MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=", Some("a base64 text")),
            (b"12345678901234567890", None),
            (b"12345678901234567890123456789012", None),
            (
                b"1234567890123456789012345678901234567890123456789012345678901234",
                None,
            ),
            (b"topsecrettopsecret12", None),
            (b"\x00\x01\x02", None),
        ] {
            assert_eq!(encoded_twice(seed), form, "{}", String::from_utf8_lossy(seed));
        }
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(seed in prop::collection::vec(any::<u8>(), 0..70)) {
            let base32 = BASE32_NOPAD.encode(&seed);
            prop_assert_eq!(&*Encoding::Base32.decode(&base32).unwrap(), &seed);
            prop_assert_eq!(&*Encoding::Base32.decode(&data_encoding::BASE32.encode(&seed)).unwrap(), &seed);
            prop_assert_eq!(&*Encoding::Hex.decode(&HEXLOWER_PERMISSIVE.encode(&seed)).unwrap(), &seed);
            prop_assert_eq!(&*base64(&BASE64.encode(&seed)).unwrap(), &seed);
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = Encoding::Base32.decode_by_rule(&text);
            let _ = Encoding::Hex.decode_by_rule(&text);
            let _ = base64(&text);
            let _ = encoded_twice(text.as_bytes());
        }
    }
}
