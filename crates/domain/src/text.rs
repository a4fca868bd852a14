//! Texts that people give: trimmed, in Unicode NFC, of bounded length, without control characters.

use unicode_normalization::UnicodeNormalization;

mod email;
mod locale;
pub use email::{Email, InvalidEmail};
pub use locale::{InvalidLocale, Locale};

/// Why a text cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but blanks.
    #[error("the {what} is empty")]
    Empty {
        /// What the text was to be.
        what: &'static str,
    },
    /// More characters than the limit.
    #[error("the {what} is longer than {max} characters")]
    TooLong {
        /// What the text was to be.
        what: &'static str,
        /// The most characters it may have.
        max: usize,
    },
    /// A control character, an invisible direction mark or another character that nobody sees.
    #[error("the {what} has a control character at position {position}")]
    ControlCharacter {
        /// What the text was to be.
        what: &'static str,
        /// Which character, counted from 1.
        position: usize,
    },
}

macro_rules! text_types {
    ($($(#[$doc:meta])* $name:ident = $what:literal, $max:literal, $check:ident);+ $(;)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The most characters this text may have.
            pub const MAX_CHARS: usize = $max;

            /// Takes a text as it was given: blanks around it are dropped, Unicode composed (NFC).
            pub fn new(given: &str) -> Result<Self, TextError> {
                let text = clean(given);
                $check(&text, $what, $max)?;
                Ok(Self(text))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The form in which two are compared: lower case.
            #[must_use]
            pub fn folded(&self) -> String {
                fold(&self.0)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

text_types! {
    /// What a kind of key is called: "Fusion NFC".
    DeviceName = "device name", 120, check;
    /// The name of a policy, unique in a tenant whatever the case.
    PolicyName = "policy name", 80, check;
    /// The name of a tenant.
    TenantName = "tenant name", 80, check;
    /// The name by which a directory knows a user.
    UserName = "user name", 128, check;
    /// How a person is called on screens.
    DisplayName = "display name", 120, check;
    /// What an API token is for.
    ApiTokenName = "API-token name", 80, check;
    /// What an administrator calls a passkey.
    PasskeyName = "passkey name", 80, check;
    /// The name of a custom role.
    RoleName = "role name", 80, check;
    /// The name of an identity provider.
    ProviderName = "name of the identity provider", 120, check;
    /// Who made an OTP token.
    Manufacturer = "manufacturer", 120, check;
    /// What the model of an OTP token is called.
    Model = "model", 120, check;
    /// Which version of a program a download is.
    ReleaseVersion = "version", 120, check;
    /// A key's firmware as it reports it.
    Firmware = "firmware", 64, check;
    /// Why something is done; one line.
    Reason = "reason", 200, check;
    /// The number of a ticket in another system.
    Ticket = "ticket", 80, check;
    /// A remark; may have several lines.
    Note = "note", 2000, check_lines;
}

/// The form in which names are compared: composed and lower case.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        text.nfc().flat_map(char::to_lowercase).collect()
    }
}

fn clean(given: &str) -> String {
    let trimmed = given.trim();
    if trimmed.is_ascii() {
        trimmed.to_owned()
    } else {
        trimmed.nfc().collect()
    }
}

/// Refuses an empty or too long text and one with control characters; `what` names it in the message.
pub(crate) fn check(text: &str, what: &'static str, max: usize) -> Result<(), TextError> {
    check_with(text, what, max, is_refused)
}

/// The same for a text that may have several lines.
pub(crate) fn check_lines(text: &str, what: &'static str, max: usize) -> Result<(), TextError> {
    check_with(text, what, max, |c| is_refused(c) && !matches!(c, '\n' | '\r' | '\t'))
}

fn check_with(text: &str, what: &'static str, max: usize, refused: impl Fn(char) -> bool) -> Result<(), TextError> {
    if text.is_empty() {
        return Err(TextError::Empty { what });
    }
    if let Some(index) = text.chars().take(max).position(refused) {
        return Err(TextError::ControlCharacter {
            what,
            position: index.saturating_add(1),
        });
    }
    if text.len() > max && text.chars().nth(max).is_some() {
        return Err(TextError::TooLong { what, max });
    }
    Ok(())
}

/// Controls, line separators, direction marks and what is not seen at all: they make a text read otherwise than it is
/// stored, or two names look like one. The joiners U+200C and U+200D stay, since words are spelt with them.
fn is_refused(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        )
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}')
        || matches!(c, '\u{3164}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed_and_composed() {
        assert_eq!(DisplayName::new("  Zoe\u{308} \n").unwrap().as_str(), "Zo\u{eb}");
        assert_eq!(PolicyName::new("\u{c4}rzte").unwrap().folded(), "\u{e4}rzte");
    }

    #[test]
    fn a_text_is_counted_in_characters() {
        assert!(PolicyName::new(&"\u{e4}".repeat(80)).is_ok());
        assert_eq!(
            PolicyName::new(&"a".repeat(81)).unwrap_err().to_string(),
            "the policy name is longer than 80 characters"
        );
    }

    #[test]
    fn controls_and_direction_marks_are_refused_with_their_place() {
        assert_eq!(
            UserName::new("an\u{0}na").unwrap_err().to_string(),
            "the user name has a control character at position 3"
        );
        assert_eq!(
            UserName::new("a\u{202e}b").unwrap_err(),
            TextError::ControlCharacter {
                what: "user name",
                position: 2
            }
        );
        assert_eq!(
            Reason::new("a\nb").unwrap_err(),
            TextError::ControlCharacter {
                what: "reason",
                position: 2
            }
        );
        assert_eq!(
            TenantName::new(" \t ").unwrap_err().to_string(),
            "the tenant name is empty"
        );
    }

    #[test]
    fn no_two_names_look_like_one_by_what_nobody_sees() {
        for hidden in ['\u{200b}', '\u{ad}', '\u{200e}', '\u{2060}', '\u{3164}', '\u{e0041}'] {
            assert!(UserName::new(&format!("an{hidden}na")).is_err(), "{hidden:?}");
            assert!(RoleName::new(&format!("Clerk{hidden}")).is_err(), "{hidden:?}");
        }
        // Persian for "I want" is spelt with a joiner.
        assert!(DisplayName::new("\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}").is_ok());
    }

    #[test]
    fn a_note_may_have_lines_but_no_other_controls() {
        assert!(Note::new("first\r\n\tsecond").is_ok());
        assert!(Note::new("first\u{7}").is_err());
    }
}
