//! How many wrong codes a token takes.

use super::{Obstacle, OtpToken, OtpTokenFacts, Status};
use crate::Timestamp;

/// So many wrong codes in a row lock a token (RFC 4226 §7.3), wherever they come from.
const MOST_FAILURES: u32 = 10;

impl OtpToken {
    /// Whether a code of it may be tried at all.
    pub(super) fn can_verify(&self, now: Timestamp) -> Result<(), Obstacle> {
        self.unexpired(now)?;
        match self.status() {
            Status::Disabled => Err(Obstacle::Disabled),
            Status::Active | Status::Compromised | Status::Expired if self.locked_since().is_some() => {
                Err(Obstacle::Locked)
            }
            Status::Active | Status::Compromised | Status::Expired => Ok(()),
        }
    }

    /// After one wrong code more.
    pub(super) fn failed(&self, now: Timestamp) -> Self {
        self.with(|facts| {
            facts.failed_attempts = facts.failed_attempts.saturating_add(1);
            if facts.failed_attempts >= MOST_FAILURES && facts.locked_since.is_none() {
                facts.locked_since = Some(now);
                facts.updated_at = now;
            }
        })
    }

    /// With its failures forgotten.
    pub(super) fn forgiven(&self) -> Self {
        self.with(OtpTokenFacts::forgive)
    }
}

impl OtpTokenFacts {
    pub(super) fn forgive(&mut self) {
        self.failed_attempts = 0;
        self.locked_since = None;
    }
}
