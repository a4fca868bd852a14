//! Trying a code: used up, counted and recorded in one commit, and only then answered.

use std::{net::IpAddr, sync::Arc};

use claviger_domain::TenantId;
use claviger_store::{
    Actor, Reader, Scope,
    otp_tokens::{Found, Sought},
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::decide::{self, Decision, Keys, Undecided};
use crate::{App, Failure, auth::Caller, rest::Guard};

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

/// A program that asks, and from where.
pub(crate) struct Asker<'a> {
    pub(crate) app: &'a App,
    pub(crate) tenant: TenantId,
    /// As the audit log names it.
    pub(crate) name: String,
    pub(crate) address: IpAddr,
    pub(crate) request_id: Option<String>,
}

/// Data keys are opened before a code is tried; a tenant has few, so that a few rounds find all that are missing.
const ROUNDS: usize = 4;

/// Tries a code on a token, or on all active tokens and the emergency codes of a user.
///
/// # Errors
/// [`Failure::Sealed`] without a key-encryption key; what the store meets.
pub async fn verify<P: Guard>(caller: &Caller<P>, sought: Sought, otp: String) -> Result<Reason, Failure> {
    let scope = caller.scope(lane(&sought));
    tried(caller.app(), scope, sought, Zeroizing::new(otp)).await
}

/// Tries a code for a program that signs in by other means than an API token: a RADIUS client, or one that
/// speaks as to another product.
///
/// # Errors
/// As [`verify`].
pub(crate) async fn verify_for(asker: Asker<'_>, sought: Sought, otp: Zeroizing<String>) -> Result<Reason, Failure> {
    let scope = Scope {
        tenant: asker.tenant,
        actor: Actor::System(asker.name),
        source: Some(asker.address.to_string()),
        request_id: asker.request_id,
        lane_key: lane(&sought).as_u128(),
        now: asker.app.clock().now(),
    };
    tried(asker.app, scope, sought, otp).await
}

async fn tried(app: &App, scope: Scope, sought: Sought, otp: Zeroizing<String>) -> Result<Reason, Failure> {
    let (tenant, otp, sought) = (scope.tenant, Arc::new(otp), askable(sought));
    if app.keyring().is_sealed() {
        return Err(Failure::Sealed);
    }
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
        let keys = app.clone();
        let open = async move |reader: &mut Reader| keys.keyring().opening(reader, tenant, version).await.map(drop);
        app.store().read(open).await?;
    }
    Err(Failure::internal("the data keys of a tenant change too fast"))
}

/// A name that a database may refuse to look for is nobody's, like the empty one.
fn askable(sought: Sought) -> Sought {
    match sought {
        Sought::User(name) if name.contains('\0') => Sought::User(String::new()),
        usual @ (Sought::User(_) | Sought::Serial(_)) => usual,
    }
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
