//! Users: people to whom authenticators are assigned.

/// Whether a user may be given authenticators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UserStatus {
    /// May be given authenticators and use them.
    Active,
    /// Has left or is barred.
    Disabled,
}

impl UserStatus {
    /// The word on the wire and in storage.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    /// Reads the word on the wire and in storage.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Active, Self::Disabled]
            .into_iter()
            .find(|status| status.as_str() == word)
    }
}
