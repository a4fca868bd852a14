//! Trying a code: used up, counted and recorded in one commit, and only then answered.

use std::sync::Arc;

use claviger_store::{
    Reader,
    otp_tokens::{Found, Sought},
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::decide::{self, Decision, Keys, Undecided};
use crate::{Failure, auth::Caller, rest::Guard};

/// What is said of a code. By user only `Ok` and `Rejected` are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It is right, and used up.
    Ok,
    /// It is not.
    Rejected,
    /// It is the token's own but far from where the token was last.
    ResyncRequired,
    /// Too many wrong codes; nothing was tried.
    Locked,
}

impl Reason {
    /// The word on the wire and in the audit log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Rejected => "rejected",
            Self::ResyncRequired => "resync_required",
            Self::Locked => "locked",
        }
    }
}

/// Data keys are opened before a code is tried; a tenant has few, so that a few rounds find all that are missing.
const ROUNDS: usize = 4;

/// Tries a code on a token, or on all active tokens and the emergency codes of a user.
///
/// # Errors
/// [`Failure::Sealed`] without a key-encryption key; what the store meets.
pub async fn verify<P: Guard>(caller: &Caller<P>, sought: Sought, otp: String) -> Result<Reason, Failure> {
    let (app, tenant, otp) = (caller.app().clone(), caller.tenant(), Arc::new(Zeroizing::new(otp)));
    if app.keyring().is_sealed() {
        return Err(Failure::Sealed);
    }
    let scope = caller.scope(lane(&sought));
    for _ in 0..ROUNDS {
        let (keys, otp) = (app.clone(), Arc::clone(&otp));
        let by = sought.clone();
        let decide = move |found: &Found, now| {
            let keys: Keys<'_> = &|version| keys.keyring().at_hand(tenant, version);
            let Decision { decided, reason } = decide::on(&by, found, &otp, tenant, keys, now)?;
            Ok((decided, reason))
        };
        let version = match app.store().attempt(scope.clone(), sought.clone(), decide).await {
            Ok(reason) => return Ok(reason),
            Err(Undecided::KeyMissing(version)) => version,
            Err(Undecided::Failed(failure)) => return Err(failure),
        };
        let app = app.clone();
        let open = async move |reader: &mut Reader| app.keyring().opening(reader, tenant, version).await.map(drop);
        caller.read(open).await?;
    }
    Err(Failure::internal("the data keys of a tenant change too fast"))
}

/// The same token, or user, is tried by the same writer: its attempts share transactions.
fn lane(sought: &Sought) -> Uuid {
    let text = match sought {
        Sought::Serial(serial) => serial.normalised(),
        Sought::User(name) => name,
    };
    let digest = Sha256::digest(text);
    let bytes = digest.first_chunk::<16>().copied().unwrap_or_default();
    Uuid::from_bytes(bytes)
}
