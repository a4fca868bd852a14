//! E-mail addresses: enough is checked that a mail server can be asked, and that no header can be smuggled in.

use super::fold;

/// An e-mail address as given, with its domain in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

/// A text that is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no e-mail address; addresses look like name@example.com")]
pub struct InvalidEmail;

impl Email {
    /// The most bytes an address may have (RFC 5321 §4.5.3.1.3, without the angle brackets).
    const MAX_BYTES: usize = 254;

    /// Takes an address; blanks around it are dropped.
    pub fn new(given: &str) -> Result<Self, InvalidEmail> {
        let text = given.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidEmail)?;
        if text.len() > Self::MAX_BYTES || !is_local_part(local) || !is_domain(domain) {
            return Err(InvalidEmail);
        }
        Ok(Self(format!("{local}@{}", fold(domain))))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which two are compared: lower case, as every large provider treats them.
    #[must_use]
    pub fn folded(&self) -> String {
        fold(&self.0)
    }
}

impl std::fmt::Display for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// RFC 5321 §4.1.2 `Dot-string`, with the letters of RFC 6531; quoted local parts are refused.
fn is_local_part(local: &str) -> bool {
    local.len() <= 64
        && local.split('.').all(|atom| {
            !atom.is_empty()
                && atom
                    .chars()
                    .all(|c| c.is_alphanumeric() || (c.is_ascii_graphic() && !"()<>[]:;@\\,.\"".contains(c)))
        })
}

fn is_domain(domain: &str) -> bool {
    domain.split('.').all(|label| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken() {
        for text in [
            "a@b.example",
            "first.last+tag@Example.COM",
            "o'brien@localhost",
            "\u{17e}ofie@\u{10d}esko.example",
        ] {
            assert!(Email::new(text).is_ok(), "{text}");
        }
        assert_eq!(Email::new(" Ann@EXAMPLE.com ").unwrap().as_str(), "Ann@example.com");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "a",
            "@b.example",
            "a@",
            "a@b..c",
            "a b@c.example",
            "a@b\r\nBcc: x@y.example",
            "<a@b.example>",
            "a..b@c.example",
            "a@-b.example",
        ] {
            assert_eq!(Email::new(text), Err(InvalidEmail), "{text}");
        }
        assert_eq!(Email::new(&format!("a@{}.example", "b".repeat(64))), Err(InvalidEmail));
    }
}
