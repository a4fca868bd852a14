//! Finding a token's counter or clock again from two codes in a row: one alone could be a thief's guess (RFC 4226 §7.4).

use super::{Obstacle, OtpToken, Progress, Refusal, Seed, Verb, verify::Codes};
use crate::{Timestamp, role::Standing};

/// What came of a resynchronisation. What it carries is to be stored before anybody is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resynchronisation {
    /// The token is found; both codes are used up.
    Done(OtpToken),
    /// Wrong codes, the wrong order, a gap, the same code twice: which of them is not told. The try is counted.
    Failed(OtpToken),
    /// It was tried too often today. Told as a failure.
    TooOften,
}

impl OtpToken {
    /// Looks for two codes that follow one another, in the order of their typing.
    ///
    /// # Errors
    /// When the token's state or its holder's standing allows none.
    pub fn resync(
        &self,
        seed: &Seed,
        [first, second]: [&str; 2],
        standing: Standing,
        now: Timestamp,
    ) -> Result<Resynchronisation, Refusal> {
        self.refuse_above(Verb::Resync, standing, now)?;
        self.can_resync(now)
            .map_err(|obstacle| self.refuse(Verb::Resync, obstacle, now))?;
        let Some(resyncs) = self.0.resyncs.one_more(now) else {
            return Ok(Resynchronisation::TooOften);
        };
        let (first, second) = (
            Codes::of(seed, self.parameters(), first),
            Codes::of(seed, self.parameters(), second),
        );
        let found = self.far_window(now).fold(None, |found, factor| {
            let hit = first.at(factor) & second.at(factor.saturating_add(1));
            found.or(hit.then_some(factor))
        });
        let counted = self.with(|facts| facts.resyncs = resyncs);
        Ok(match found {
            Some(factor) => Resynchronisation::Done(counted.found_at(factor.saturating_add(1), now)),
            None => Resynchronisation::Failed(counted),
        })
    }

    /// Disabled ones too, so that they work when they are enabled.
    pub(super) fn can_resync(&self, now: Timestamp) -> Result<(), Obstacle> {
        self.unexpired(now)
    }

    /// The second code was this factor's.
    fn found_at(mut self, second: u64, now: Timestamp) -> Self {
        let ours = self.step(now);
        self.0.progress = match self.0.progress {
            Progress::Hotp { .. } => Progress::Hotp {
                next_counter: second.saturating_add(1),
            },
            Progress::Totp { .. } => Progress::Totp {
                last_step: Some(second),
                drift: second.checked_signed_diff(ours).unwrap_or_default(),
            },
        };
        self.0.forgive();
        self.0.updated_at = now;
        self
    }
}
