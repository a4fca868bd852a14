//! Relying-party ids: domain names as WebAuthn compares them.

/// A relying-party id: a domain name in lower case, letters beyond ASCII as `xn--` (WebAuthn §5.1.2, RFC 5890).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RpId(String);

/// Why a text is no relying-party id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRpId {
    /// Nothing given.
    #[error("the domain name is empty")]
    Empty,
    /// Longer than DNS allows (RFC 1035 §2.3.4).
    #[error("a domain name has at most 253 characters, each part between dots at most 63")]
    TooLong,
    /// Capitals do not match what browsers send.
    #[error("write the domain name in lower case")]
    UpperCase,
    /// Letters beyond ASCII must be encoded.
    #[error("write letters beyond a-z in their xn-- form")]
    NotAscii,
    /// A scheme, port or path was given.
    #[error("give the domain name alone, such as login.example.com, without https://, port or path")]
    NotBare,
    /// An IP address.
    #[error("an IP address is no relying-party id; give a domain name")]
    IpAddress,
    /// Misplaced dots, dashes or other characters.
    #[error("this is no domain name; parts between dots hold letters, digits and inner dashes only")]
    Malformed,
}

impl RpId {
    /// Takes a domain name; it is checked, never corrected.
    pub fn new(given: &str) -> Result<Self, InvalidRpId> {
        if given.is_empty() {
            return Err(InvalidRpId::Empty);
        }
        if given.contains(['/', ':', '@']) {
            return Err(InvalidRpId::NotBare);
        }
        if !given.is_ascii() {
            return Err(InvalidRpId::NotAscii);
        }
        if given.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(InvalidRpId::UpperCase);
        }
        if given.len() > 253 || given.split('.').any(|label| label.len() > 63) {
            return Err(InvalidRpId::TooLong);
        }
        if !given.split('.').all(is_label) {
            return Err(InvalidRpId::Malformed);
        }
        if given
            .rsplit('.')
            .next()
            .is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()))
        {
            return Err(InvalidRpId::IpAddress);
        }
        Ok(Self(given.to_owned()))
    }

    /// The domain name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for RpId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domain_names_are_taken() {
        for text in [
            "localhost",
            "login.example.com",
            "xn--bcher-kva.example",
            "1und1.example",
        ] {
            assert_eq!(RpId::new(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn what_is_no_domain_name_is_refused_by_its_fault() {
        use InvalidRpId::{Empty, IpAddress, Malformed, NotAscii, NotBare, TooLong, UpperCase};
        let long = format!("{}.example", "a".repeat(64));
        for (text, fault) in [
            ("", Empty),
            ("Example.com", UpperCase),
            ("https://example.com", NotBare),
            ("example.com:443", NotBare),
            ("b\u{fc}cher.example", NotAscii),
            ("10.0.0.1", IpAddress),
            ("-a.example", Malformed),
            ("a..example", Malformed),
            ("a.example.", Malformed),
            ("a_b.example", Malformed),
            (long.as_str(), TooLong),
        ] {
            assert_eq!(RpId::new(text), Err(fault), "{text}");
        }
    }
}
