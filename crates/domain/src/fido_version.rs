//! The FIDO version that a delivery or a key names, and what it can do.

use std::fmt;

use crate::text::{TextError, check};

/// The highest FIDO version of a key; the text is kept as it was given, common spellings are understood.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FidoVersion {
    text: String,
    level: Level,
}

/// What a version stands for, in rising order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A text that no specification defines.
    Unknown,
    /// CTAP1: no PIN, no policy.
    U2fV2,
    /// CTAP 2.0.
    Fido20,
    /// A preview of CTAP 2.1, with prototype commands.
    Fido21Pre,
    /// CTAP 2.1: the first with authenticatorConfig and enterprise attestation.
    Fido21,
    /// CTAP 2.2.
    Fido22,
    /// Later than CTAP 2.2.
    Later,
}

impl FidoVersion {
    /// The most characters that a version may have.
    pub const MAX_CHARS: usize = 32;

    /// Takes a version; `fido 2.1` becomes `FIDO_2_1`, what is not understood stays as it is.
    pub fn new(given: &str) -> Result<Self, TextError> {
        let trimmed = given.trim();
        check(trimmed, "version", Self::MAX_CHARS)?;
        let folded: String = trimmed
            .chars()
            .map(|c| {
                if matches!(c, ' ' | '.' | '-') {
                    '_'
                } else {
                    c.to_ascii_uppercase()
                }
            })
            .collect();
        let level = Level::of(&folded);
        let text = if level == Level::Unknown {
            trimmed.to_owned()
        } else {
            folded
        };
        Ok(Self { text, level })
    }

    /// The text, in the specification's spelling when known.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What the version stands for.
    #[must_use]
    pub const fn level(&self) -> Level {
        self.level
    }

    /// CTAP2 of any kind; an unknown version is given the benefit of the doubt, CTAP1 is not.
    #[must_use]
    pub fn takes_standard_policies(&self) -> bool {
        self.level != Level::U2fV2
    }

    /// At least `FIDO_2_1`: enterprise policies need its authenticatorConfig (CTAP 2.1 §6.11).
    #[must_use]
    pub fn takes_enterprise_policies(&self) -> bool {
        self.level >= Level::Fido21
    }
}

impl fmt::Display for FidoVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Level {
    fn of(text: &str) -> Self {
        match text {
            "U2F_V2" => Self::U2fV2,
            "FIDO_2_0" => Self::Fido20,
            "FIDO_2_1_PRE" => Self::Fido21Pre,
            "FIDO_2_1" => Self::Fido21,
            "FIDO_2_2" => Self::Fido22,
            other => Self::later(other).unwrap_or(Self::Unknown),
        }
    }

    fn later(text: &str) -> Option<Self> {
        let (major, minor) = text.strip_prefix("FIDO_")?.split_once('_')?;
        let number = |text: &str| {
            text.bytes()
                .all(|b| b.is_ascii_digit())
                .then(|| text.parse::<u8>().ok())?
        };
        ((number(major)?, number(minor)?) > (2, 2)).then_some(Self::Later)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_understood_and_ordered() {
        let levels = [
            "banana",
            "U2F_V2",
            "FIDO_2_0",
            "FIDO_2_1_PRE",
            "FIDO_2_1",
            "FIDO_2_2",
            "FIDO_2_3",
        ]
        .map(|t| FidoVersion::new(t).unwrap().level());
        assert!(levels.is_sorted_by(|a, b| a < b), "{levels:?}");
    }

    #[test]
    fn common_spellings_are_put_right_and_others_kept() {
        assert_eq!(FidoVersion::new(" fido 2.1 ").unwrap().as_str(), "FIDO_2_1");
        assert_eq!(FidoVersion::new("Vendor 7.x").unwrap().as_str(), "Vendor 7.x");
    }

    #[test]
    fn only_final_2_1_takes_enterprise_policies() {
        let takes = |text| FidoVersion::new(text).unwrap().takes_enterprise_policies();
        assert_eq!(
            [
                "U2F_V2",
                "FIDO_2_0",
                "FIDO_2_1_PRE",
                "FIDO_2_1",
                "FIDO_2_2",
                "FIDO_3_0",
                "FIDO_1_9",
                "x"
            ]
            .map(takes),
            [false, false, false, true, true, true, false, false]
        );
        assert!(!FidoVersion::new("U2F_V2").unwrap().takes_standard_policies());
        assert!(FidoVersion::new("x").unwrap().takes_standard_policies());
    }
}
