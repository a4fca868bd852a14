//! Arguments of orders as the domain wants them. `at` is where they stand in the body: empty, or `/arguments`.

use claviger_api as wire;
use claviger_domain::{
    security_key::RevocationReason,
    text::{Note, Reason},
};

use crate::{Failure, actions::security_keys::Revocation, rest::security_keys::sentence};

/// A reason that must be given.
pub(in crate::rest) fn reason(text: &str, at: &str) -> Result<Reason, Failure> {
    Reason::new(text).map_err(|error| Failure::invalid(format!("{at}/reason"), sentence(&error.to_string())))
}

/// A reason that may be given; an empty one counts as none.
pub(in crate::rest) fn optional_reason(text: Option<&str>, at: &str) -> Result<Option<Reason>, Failure> {
    text.filter(|text| !text.trim().is_empty())
        .map(|text| reason(text, at))
        .transpose()
}

/// Why a key is revoked.
pub(in crate::rest) fn revocation(body: &wire::Revoke, at: &str) -> Result<Revocation, Failure> {
    let note = body
        .note
        .as_deref()
        .filter(|note| !note.trim().is_empty())
        .map(Note::new)
        .transpose();
    let note = note.map_err(|error| Failure::invalid(format!("{at}/note"), sentence(&error.to_string())))?;
    let reason = match body.reason {
        wire::RevocationReason::Lost => RevocationReason::Lost,
        wire::RevocationReason::Stolen => RevocationReason::Stolen,
        wire::RevocationReason::Compromised => RevocationReason::Compromised,
        wire::RevocationReason::Leaver => RevocationReason::Leaver,
        wire::RevocationReason::Damaged => RevocationReason::Damaged,
        wire::RevocationReason::Other => RevocationReason::Other,
    };
    Ok(Revocation {
        reason,
        note,
        notify: body.notify,
    })
}
