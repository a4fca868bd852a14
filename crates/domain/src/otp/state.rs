//! Where a token stands, and how far it has come.

use crate::{Timestamp, text::Reason};

/// Where a token stands, in a word; who has it is another matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Its codes are believed.
    Active,
    /// Its codes are not believed for now.
    Disabled,
    /// Devalued for good.
    Compromised,
    /// Its time is up.
    Expired,
}

impl Status {
    /// Every one, in the order of filters.
    pub const ALL: [Self; 4] = [Self::Active, Self::Disabled, Self::Compromised, Self::Expired];

    /// The word on the wire and in storage.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::Compromised => "compromised",
            Self::Expired => "expired",
        }
    }

    /// Reads the word on the wire and in storage.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// Where a token stands, with the facts of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Its codes are believed.
    Active,
    /// Its codes are not believed for now.
    Disabled,
    /// Devalued for good.
    Compromised {
        /// Why.
        reason: Reason,
        /// Since when.
        at: Timestamp,
    },
    /// Its time is up.
    Expired {
        /// Since when.
        at: Timestamp,
    },
}

impl State {
    /// The state in a word.
    #[must_use]
    pub const fn status(&self) -> Status {
        match self {
            Self::Active => Status::Active,
            Self::Disabled => Status::Disabled,
            Self::Compromised { .. } => Status::Compromised,
            Self::Expired { .. } => Status::Expired,
        }
    }
}

/// How far a token's codes are used up. Neither number ever falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Progress {
    /// Of a token that counts presses.
    Hotp {
        /// The first counter whose code may still be accepted.
        next_counter: u64,
    },
    /// Of a token with a clock.
    Totp {
        /// The last time step whose code was accepted.
        last_step: Option<u64>,
        /// How many steps the token's clock is ahead of ours (behind when negative), as found at the last resynchronisation.
        drift: i64,
    },
}

impl Progress {
    /// Counters and steps stay below this, so that windows behind them are numbers too and storage can hold them.
    pub const END: u64 = 1 << 62;
}

/// Resynchronisations that were tried on a day: guessing two codes in a row is bounded too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Resyncs {
    /// The day, counted from 1970-01-01 (UTC).
    pub day: i64,
    /// How many were tried on it.
    pub tried: u32,
}

impl Resyncs {
    /// The most that are tried in a day.
    const MOST: u32 = 5;
    const DAY: i64 = 86_400;

    /// With one more today, unless there were enough. A clock that jumps back gives no new ones.
    pub(super) fn one_more(self, now: Timestamp) -> Option<Self> {
        let day = now.as_seconds().div_euclid(Self::DAY);
        let tried = if day > self.day { 0 } else { self.tried };
        (tried < Self::MOST).then(|| Self {
            day: day.max(self.day),
            tried: tried.saturating_add(1),
        })
    }
}
