//! Languages of people: tags of RFC 5646 as far as it matters here.

/// A language tag such as `en`, `cs` or `de-AT`, as given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Locale(String);

/// A text that is no language tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a language such as `en` or `cs` is wanted")]
pub struct InvalidLocale;

impl Locale {
    /// Takes a tag; blanks around it are dropped.
    pub fn new(given: &str) -> Result<Self, InvalidLocale> {
        let text = given.trim();
        let fits = (2..=35).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidLocale)
        }
    }

    /// The tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Locale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_taken_and_other_texts_refused() {
        for tag in ["en", "cs", "de-AT", "zh-Hant-TW"] {
            assert_eq!(Locale::new(&format!(" {tag} ")).unwrap().as_str(), tag);
        }
        for text in ["", "e", "en_US", "česky", "en\r\nX: y", &"a".repeat(36)] {
            assert_eq!(Locale::new(text), Err(InvalidLocale), "{text}");
        }
    }
}
