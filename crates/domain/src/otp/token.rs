//! The token itself: its facts, read only; commands and codes make the next one.

use super::{Contradiction, OtpTokenFacts, Parameters, Progress, State, Status};
use crate::{
    BatchId, OtpTokenId, Revision, SerialNumber, Timestamp, UserId,
    text::{Manufacturer, Model},
};

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtpToken(pub(super) OtpTokenFacts);

impl TryFrom<OtpTokenFacts> for OtpToken {
    type Error = Contradiction;

    fn try_from(facts: OtpTokenFacts) -> Result<Self, Contradiction> {
        facts.check()?;
        Ok(Self(facts))
    }
}

impl OtpToken {
    /// Which token.
    #[must_use]
    pub const fn id(&self) -> OtpTokenId {
        self.0.id
    }

    /// Rises with every change, also with every code that is tried.
    #[must_use]
    pub const fn revision(&self) -> Revision {
        self.0.revision
    }

    /// Its serial number.
    #[must_use]
    pub const fn serial_number(&self) -> &SerialNumber {
        &self.0.serial_number
    }

    /// What it is set to.
    #[must_use]
    pub const fn parameters(&self) -> Parameters {
        self.0.parameters
    }

    /// Where it stands.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.0.state
    }

    /// Where it was said to stand, in a word.
    #[must_use]
    pub const fn status(&self) -> Status {
        self.0.state.status()
    }

    /// Where it stands at this time: expired also before anybody has written it down.
    #[must_use]
    pub fn status_at(&self, now: Timestamp) -> Status {
        let over = self.0.expires_at.is_some_and(|end| end <= now);
        match self.status() {
            Status::Active | Status::Disabled if over => Status::Expired,
            Status::Active => Status::Active,
            Status::Disabled => Status::Disabled,
            Status::Compromised => Status::Compromised,
            Status::Expired => Status::Expired,
        }
    }

    /// Who has it.
    #[must_use]
    pub const fn holder(&self) -> Option<UserId> {
        self.0.holder
    }

    /// How far its codes are used up.
    #[must_use]
    pub const fn progress(&self) -> Progress {
        self.0.progress
    }

    /// Wrong codes since the last right one.
    #[must_use]
    pub const fn failed_attempts(&self) -> u32 {
        self.0.failed_attempts
    }

    /// Since when it is locked after too many wrong codes.
    #[must_use]
    pub const fn locked_since(&self) -> Option<Timestamp> {
        self.0.locked_since
    }

    /// From when on its codes are believed no more.
    #[must_use]
    pub const fn expires_at(&self) -> Option<Timestamp> {
        self.0.expires_at
    }

    /// Who made it.
    #[must_use]
    pub const fn manufacturer(&self) -> Option<&Manufacturer> {
        self.0.manufacturer.as_ref()
    }

    /// What the model is called.
    #[must_use]
    pub const fn model(&self) -> Option<&Model> {
        self.0.model.as_ref()
    }

    /// The import that brought it.
    #[must_use]
    pub const fn batch(&self) -> Option<BatchId> {
        self.0.batch
    }

    /// When it came in.
    #[must_use]
    pub const fn imported_at(&self) -> Timestamp {
        self.0.imported_at
    }

    /// When anything but its use last changed.
    #[must_use]
    pub const fn updated_at(&self) -> Timestamp {
        self.0.updated_at
    }

    /// When a code of it was last accepted.
    #[must_use]
    pub const fn last_used_at(&self) -> Option<Timestamp> {
        self.0.last_used_at
    }

    /// All of it, to be stored.
    #[must_use]
    pub const fn facts(&self) -> &OtpTokenFacts {
        &self.0
    }

    /// The next revision, with other facts.
    pub(super) fn with(&self, change: impl FnOnce(&mut OtpTokenFacts)) -> Self {
        let mut facts = self.0.clone();
        facts.revision = facts.revision.next();
        change(&mut facts);
        Self(facts)
    }
}
