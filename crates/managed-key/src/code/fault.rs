//! What is wrong with a code as it was typed. Says places and counts, never what was typed there.

/// Why a typed code is not one. It cost nothing: neither a challenge nor a try.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CodeFault {
    /// A character that no code has.
    #[error("character {position} is not one that a code can have")]
    Character {
        /// Its place among the typed characters, counted from 1.
        position: usize,
    },
    /// Too few or too many.
    #[error("the code has {given} characters; it must have {expected}")]
    Length {
        /// How many there are without separators.
        given: usize,
        /// How many there must be.
        expected: usize,
    },
    /// A challenge that does not begin with `C`.
    #[error("unknown version, check group 1")]
    Version,
    /// One wrong symbol, or two in this group, explain the error.
    #[error("check group {group}")]
    Group {
        /// The group, counted from 1.
        group: u8,
    },
    /// More is wrong than can be located.
    #[error("the code is mistyped: compare it whole")]
    Whole,
}

impl CodeFault {
    /// The same at the second failure: who looked at the named group in vain is asked for the whole code.
    #[must_use]
    pub const fn again(self) -> Self {
        match self {
            Self::Group { .. } => Self::Whole,
            Self::Character { .. } | Self::Length { .. } | Self::Version | Self::Whole => self,
        }
    }
}
