//! What an attempt comes to. As much is computed for whom nobody knows as for whom everybody knows.

use claviger_domain::{
    TenantId, Timestamp, UserId,
    otp::{Breadth, EmergencyCode, OtpToken, Presented, Verdict, decoy, try_all},
    user::UserStatus,
};
use claviger_store::{
    audit::AuditEntry,
    emergency_codes,
    otp_tokens::{Decided, Found, Kept, Sought},
};
use serde_json::json;
use uuid::Uuid;

use super::Reason;
use crate::{
    Failure,
    secrets::{SealingKey, Unsealable, seeds},
};

/// Data keys that are at hand, by version.
pub(super) type Keys<'a> = &'a dyn Fn(i64) -> Option<SealingKey>;

/// What is kept, and what is said.
pub(super) struct Decision {
    pub(super) decided: Decided,
    pub(super) reason: Reason,
}

/// Why nothing was decided.
#[derive(Debug)]
pub(super) enum Undecided {
    /// This version of the tenant's data key has to be opened first.
    KeyMissing(u32),
    /// Something failed.
    Failed(Failure),
}

impl From<claviger_store::Error> for Undecided {
    fn from(error: claviger_store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Unsealable> for Undecided {
    fn from(error: Unsealable) -> Self {
        Self::Failed(error.into())
    }
}

/// Decides on what was found.
pub(super) fn on(
    sought: &Sought,
    found: &Found,
    otp: &str,
    tenant: TenantId,
    keys: Keys<'_>,
    now: Timestamp,
) -> Result<Decision, Undecided> {
    match sought {
        Sought::Serial(_) => by_serial(found.tokens.first(), otp, tenant, keys, now),
        Sought::User(_) => by_user(found, otp, tenant, keys, now),
    }
}

fn by_serial(
    kept: Option<&Kept>,
    otp: &str,
    tenant: TenantId,
    keys: Keys<'_>,
    now: Timestamp,
) -> Result<Decision, Undecided> {
    let presented = kept.map(|kept| present(kept, tenant, keys)).transpose()?.flatten();
    let Some(Presented { token, seed }) = presented else {
        decoy(otp, Breadth::Beyond);
        return Ok(refused(kept.map(|kept| &kept.token)));
    };
    Ok(match token.verify(&seed, otp, Breadth::Beyond, now) {
        Verdict::Accepted(after) => told(after, Reason::Ok),
        Verdict::Rejected(after) => told(after, Reason::Rejected),
        Verdict::ResyncRequired(after) => told(after, Reason::ResyncRequired),
        Verdict::Locked => {
            decoy(otp, Breadth::Beyond);
            unchanged(Some(&token), Reason::Locked)
        }
        Verdict::Unusable => {
            decoy(otp, Breadth::Beyond);
            refused(Some(&token))
        }
    })
}

fn by_user(found: &Found, otp: &str, tenant: TenantId, keys: Keys<'_>, now: Timestamp) -> Result<Decision, Undecided> {
    let active = found.user.filter(|user| user.status == UserStatus::Active);
    let mut presented = Vec::with_capacity(found.tokens.len());
    for kept in found.tokens.iter().filter(|_| active.is_some()) {
        presented.extend(present(kept, tenant, keys)?);
    }
    let tried = try_all(&presented, otp, now);
    if presented.is_empty() {
        decoy(otp, Breadth::Window);
    }
    let typed = EmergencyCode::read(otp);
    let used = match (&typed, active, tried.accepted) {
        (Some(typed), Some(_), false) => matching(typed, &found.codes, tenant, keys, now)?,
        (_, _, _) => None,
    };
    let accepted = tried.accepted || used.is_some();
    let reason = if accepted { Reason::Ok } else { Reason::Rejected };
    // An emergency code is no wrong code of a token.
    let changed: Vec<OtpToken> = match used {
        Some(_) => Vec::new(),
        None => tried.changed.into_iter().map(|(_, token)| token).collect(),
    };
    let mut entry = entry(accepted, reason, "user");
    match (&used, changed.first()) {
        (Some(_), _) => entry.action = "emergency_code.used",
        (None, Some(token)) if accepted => about(&mut entry, token),
        (None, _) => {}
    }
    if entry.object_id.is_none() {
        entry.object_kind = "user";
        entry.object_id = found.user.map(|user| user.id.as_uuid());
    }
    // Counted for nobody too: as many statements for whom nobody knows.
    let failed = typed.filter(|_| !accepted).map(|_| {
        let nobody = UserId::from_uuid(Uuid::nil());
        active.map_or(nobody, |user| user.id)
    });
    let decided = Decided {
        changed,
        used,
        failed,
        entry,
    };
    Ok(Decision { decided, reason })
}

/// The token with its seed, if it can be tried: its holder is not disabled, its seed is not shredded.
fn present(kept: &Kept, tenant: TenantId, keys: Keys<'_>) -> Result<Option<Presented>, Undecided> {
    if kept.holder_disabled {
        return Ok(None);
    }
    let key = key(kept.key_version, keys)?;
    let seed = seeds::open_seed(&key, tenant, kept)?;
    Ok(seed.map(|seed| Presented {
        token: kept.token.clone(),
        seed,
    }))
}

/// The good code that was typed. All are looked at.
fn matching(
    typed: &EmergencyCode,
    codes: &[emergency_codes::Kept],
    tenant: TenantId,
    keys: Keys<'_>,
    now: Timestamp,
) -> Result<Option<emergency_codes::Kept>, Undecided> {
    let (digest, mut found) = (typed.digest(), None);
    for kept in codes.iter().filter(|kept| kept.is_good(now)) {
        let key = key(kept.key_version, keys)?;
        let own = seeds::open_digest(&key, tenant, kept)?;
        if own.using().as_slice() == digest.as_slice() {
            found = Some(kept.clone());
        }
    }
    Ok(found)
}

fn key(version: i64, keys: Keys<'_>) -> Result<SealingKey, Undecided> {
    let number = u32::try_from(version).map_err(|error| Undecided::Failed(Failure::internal(error)))?;
    keys(version).ok_or(Undecided::KeyMissing(number))
}

fn told(after: OtpToken, reason: Reason) -> Decision {
    let mut decision = unchanged(Some(&after), reason);
    decision.decided.changed = vec![after];
    decision
}

fn refused(token: Option<&OtpToken>) -> Decision {
    unchanged(token, Reason::Rejected)
}

fn unchanged(token: Option<&OtpToken>, reason: Reason) -> Decision {
    let mut entry = entry(reason == Reason::Ok, reason, "serial_number");
    if let Some(token) = token {
        about(&mut entry, token);
    }
    let decided = Decided {
        entry,
        ..Decided::default()
    };
    Decision { decided, reason }
}

/// What is recorded: never the code, and of whom nobody knows not even the name, which may be a password in the
/// wrong field.
fn entry(accepted: bool, reason: Reason, by: &'static str) -> AuditEntry {
    AuditEntry {
        action: if accepted {
            "otp_token.verified"
        } else {
            "otp_token.rejected"
        },
        object_kind: "otp_token",
        after: Some(json!({ "by": by, "outcome": reason.as_str() })),
        ..AuditEntry::default()
    }
}

fn about(entry: &mut AuditEntry, token: &OtpToken) {
    entry.object_kind = "otp_token";
    entry.object_id = Some(token.id().as_uuid());
    entry.object_label = Some(token.serial_number().given().to_owned());
}
