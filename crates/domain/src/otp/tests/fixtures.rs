//! Tokens to begin with.

use uuid::Uuid;

use crate::{
    OtpTokenId, Revision, SerialNumber, Timestamp, UserId,
    otp::*,
    text::{Manufacturer, Reason},
};

pub(super) const NOW: Timestamp = Timestamp::from_seconds(1_795_336_200);

pub(super) fn seed() -> Seed {
    Seed::new(b"12345678901234567890".to_vec()).unwrap()
}

pub(super) fn pressed() -> Parameters {
    Parameters::hotp(Algorithm::Sha1, Digits::Six)
}

pub(super) fn timed() -> Parameters {
    Parameters::totp(Algorithm::Sha1, Digits::Six, TimeStep::Thirty)
}

/// The code for a moving factor of the seed.
pub(super) fn shown(factor: u64) -> String {
    code(&seed(), Algorithm::Sha1, Digits::Six, factor).using().to_string()
}

pub(super) fn facts(parameters: Parameters) -> OtpTokenFacts {
    let incoming = readable("A-1", parameters, None).unwrap();
    OtpTokenFacts {
        id: OtpTokenId::from_uuid(Uuid::from_u128(1)),
        revision: Revision::FIRST,
        serial_number: SerialNumber::new("A-1").unwrap(),
        parameters,
        state: State::Active,
        holder: None,
        progress: incoming.progress,
        failed_attempts: 0,
        locked_since: None,
        resyncs: Resyncs::default(),
        expires_at: None,
        manufacturer: Some(Manufacturer::new("Acme").unwrap()),
        model: None,
        batch: None,
        imported_at: NOW,
        updated_at: NOW,
        last_used_at: None,
    }
}

pub(super) fn token(change: impl FnOnce(&mut OtpTokenFacts)) -> OtpToken {
    let mut facts = facts(pressed());
    change(&mut facts);
    OtpToken::try_from(facts).unwrap()
}

pub(super) fn clock(change: impl FnOnce(&mut OtpTokenFacts)) -> OtpToken {
    let mut facts = facts(timed());
    change(&mut facts);
    OtpToken::try_from(facts).unwrap()
}

pub(super) fn anna() -> UserId {
    UserId::from_uuid(Uuid::from_u128(7))
}

pub(super) fn lost() -> Reason {
    Reason::new("lost").unwrap()
}

/// Verdict without its token.
pub(super) fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Accepted(_) => "accepted",
        Verdict::Rejected(_) => "rejected",
        Verdict::ResyncRequired(_) => "resync required",
        Verdict::Locked => "locked",
        Verdict::Unusable => "unusable",
    }
}

/// The token that is to be stored after a verdict.
pub(super) fn after(token: &OtpToken, verdict: Verdict) -> OtpToken {
    match verdict {
        Verdict::Accepted(next) | Verdict::Rejected(next) | Verdict::ResyncRequired(next) => next,
        Verdict::Locked | Verdict::Unusable => token.clone(),
    }
}
