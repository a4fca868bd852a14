//! Serial numbers: kept as given, compared normalised.

use unicode_normalization::UnicodeNormalization;

use crate::text::{TextError, check};

/// The serial number of an authenticator: the text as it was given, and the form in which two are compared.
///
/// Normalised means case folded, without spaces and dashes; leading zeros count.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SerialNumber {
    given: String,
    normalised: String,
}

impl SerialNumber {
    /// The most characters that a serial number may have.
    pub const MAX_CHARS: usize = 64;

    /// Takes a serial number as it was typed, printed or imported; blanks around it are dropped.
    pub fn new(given: &str) -> Result<Self, TextError> {
        let trimmed = given.trim();
        let given = if trimmed.is_ascii() {
            trimmed.to_owned()
        } else {
            trimmed.nfc().collect()
        };
        check(&given, "serial number", Self::MAX_CHARS)?;
        let normalised = Self::normalise(&given);
        if normalised.is_empty() {
            return Err(TextError::Empty { what: "serial number" });
        }
        Ok(Self { given, normalised })
    }

    /// The normalised form of any text: what a search compares with.
    #[must_use]
    pub fn normalise(text: &str) -> String {
        if text.is_ascii() {
            return text
                .bytes()
                .filter(|b| !matches!(b, b' ' | b'\t' | b'-'))
                .map(|b| char::from(b.to_ascii_lowercase()))
                .collect();
        }
        text.nfc()
            .filter(|c| !is_dropped(*c))
            .flat_map(char::to_lowercase)
            .collect()
    }

    /// The text as it was given.
    #[must_use]
    pub fn given(&self) -> &str {
        &self.given
    }

    /// The form in which two serial numbers are compared.
    #[must_use]
    pub fn normalised(&self) -> &str {
        &self.normalised
    }

    /// A wholly numeric serial without its leading zeros, so that it is found when typed without them.
    #[must_use]
    pub fn without_leading_zeros(&self) -> Option<&str> {
        if !self.normalised.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let bare = self.normalised.trim_start_matches('0');
        Some(if bare.is_empty() { "0" } else { bare })
    }

    /// `1.23E+15`, `1,23E+15`, `1.2E15`: what a spreadsheet makes of a long number. `12E5` may be a serial number.
    #[must_use]
    pub fn is_rounded(text: &str) -> bool {
        let text = text.trim();
        let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
            return false;
        };
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let signed = exponent.strip_prefix('+');
        let number = match mantissa.split_once(['.', ',']) {
            Some((whole, part)) => digits(whole) && digits(part),
            None => signed.is_some() && digits(mantissa),
        };
        number && digits(signed.unwrap_or(exponent))
    }

    /// Whether both name the same authenticator.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.normalised == other.normalised
    }
}

impl std::fmt::Display for SerialNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.given)
    }
}

fn is_dropped(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2010}'..='\u{2015}' | '\u{2060}' | '\u{2212}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serial(text: &str) -> SerialNumber {
        SerialNumber::new(text).unwrap()
    }

    #[test]
    fn case_spaces_and_dashes_do_not_make_another_serial() {
        for other in ["AB-12 34", "ab1234", " Ab 1\u{a0}2\u{2013}34 "] {
            assert!(serial(other).matches(&serial("ab-1234")), "{other}");
        }
        assert_eq!(serial(" AB-12 34 ").given(), "AB-12 34");
    }

    #[test]
    fn leading_zeros_make_another_serial() {
        assert!(!serial("0012").matches(&serial("12")));
        assert_eq!(serial("00-12").without_leading_zeros(), Some("12"));
        assert_eq!(serial("000").without_leading_zeros(), Some("0"));
        assert_eq!(serial("00A1").without_leading_zeros(), None);
    }

    #[test]
    fn a_serial_of_nothing_but_dashes_is_empty() {
        assert_eq!(
            SerialNumber::new(" - - "),
            Err(TextError::Empty { what: "serial number" })
        );
    }

    #[test]
    fn both_ways_of_normalising_agree() {
        assert_eq!(
            SerialNumber::normalise("Ab-1 2"),
            SerialNumber::normalise("Ab\u{2011}1 2")
        );
    }
}
