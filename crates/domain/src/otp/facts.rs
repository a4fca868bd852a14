//! Everything that is known of a token, to be stored or read.

use super::{Kind, Parameters, Progress, Resyncs, State};
use crate::{
    BatchId, OtpTokenId, Revision, SerialNumber, Timestamp, UserId,
    text::{Manufacturer, Model},
};

/// Everything that is known of a token but its seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtpTokenFacts {
    /// Which token.
    pub id: OtpTokenId,
    /// Rises with every change, also with every code that is tried.
    pub revision: Revision,
    /// Its serial number.
    pub serial_number: SerialNumber,
    /// What it is set to.
    pub parameters: Parameters,
    /// Where it stands.
    pub state: State,
    /// Who has it.
    pub holder: Option<UserId>,
    /// How far its codes are used up.
    pub progress: Progress,
    /// Wrong codes since the last right one.
    pub failed_attempts: u32,
    /// Since when it is locked after too many of them.
    pub locked_since: Option<Timestamp>,
    /// Resynchronisations that were tried.
    pub resyncs: Resyncs,
    /// From when on its codes are believed no more.
    pub expires_at: Option<Timestamp>,
    /// Who made it.
    pub manufacturer: Option<Manufacturer>,
    /// What the model is called.
    pub model: Option<Model>,
    /// The import that brought it.
    pub batch: Option<BatchId>,
    /// When it came in.
    pub imported_at: Timestamp,
    /// When anything but its use last changed.
    pub updated_at: Timestamp,
    /// When a code of it was last accepted.
    pub last_used_at: Option<Timestamp>,
}

/// Facts that cannot be true together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{field} contradicts the rest of the token")]
pub struct Contradiction {
    /// The field.
    pub field: &'static str,
}

impl OtpTokenFacts {
    pub(super) fn check(&self) -> Result<(), Contradiction> {
        let reached = match (self.parameters.kind(), self.progress) {
            (Kind::Hotp, Progress::Hotp { next_counter }) => next_counter,
            (Kind::Totp, Progress::Totp { last_step, .. }) => last_step.unwrap_or_default(),
            (Kind::Hotp, Progress::Totp { .. }) | (Kind::Totp, Progress::Hotp { .. }) => Progress::END,
        };
        if reached >= Progress::END {
            return Err(Contradiction { field: "progress" });
        }
        Ok(())
    }
}
