//! Mail to users: put down with the change, written in the user's language, sent beside the requests.

mod deliver;
mod html;
mod letter;
mod post;
mod revoked;
mod tls;
mod trial;

pub(crate) use deliver::deliver;
pub(crate) use letter::Addressee;
pub(crate) use tls::certificates;
pub(crate) use trial::{Tried, attempt};

/// Languages that mail is written in; the first serves where none fits.
pub const LANGUAGES: [&str; 3] = ["en", "cs", "de"];

/// A language that mail is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Czech,
    German,
}

impl Language {
    /// The first of these tags that mail is written in; English where there is none.
    pub(crate) fn of<'a>(tags: impl IntoIterator<Item = &'a str>) -> Self {
        let known = |tag: &str| match tag.split('-').next().unwrap_or("").to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "cs" => Some(Self::Czech),
            "de" => Some(Self::German),
            _ => None,
        };
        tags.into_iter().find_map(known).unwrap_or(Self::English)
    }

    /// Its tag.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Czech => "cs",
            Self::German => "de",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LANGUAGES, Language};

    #[test]
    fn the_first_language_that_fits_is_taken() {
        assert_eq!(Language::of(["fr", "cs-CZ", "de"]), Language::Czech);
        assert_eq!(Language::of(["DE-at"]), Language::German);
        assert_eq!(Language::of(["tlh", ""]), Language::English);
        for tag in LANGUAGES {
            assert_eq!(Language::of([tag]).tag(), tag);
        }
    }
}
