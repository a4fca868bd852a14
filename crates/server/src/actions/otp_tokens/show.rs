//! One token, with the names of what it refers to and the orders that the caller may give it.

use claviger_domain::{OtpTokenId, Privilege, PrivilegeSet, Timestamp, otp::Verb};
use claviger_store::{
    Tx,
    otp_tokens::{self, Listed},
};

use crate::{Failure, auth::Caller, rest::guard::OtpRead};

/// A token as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The token with the names that a list shows.
    pub listed: Listed,
    /// Whether the caller may see who has it.
    pub holder_shown: bool,
    /// The orders that it would take now from this caller.
    pub allowed: Vec<Verb>,
    /// When it was looked at: it may have expired before anybody wrote that down.
    pub at: Timestamp,
}

impl Shown {
    /// A token with the names that go with it.
    pub(super) fn listed(listed: Listed, privileges: PrivilegeSet, at: Timestamp) -> Self {
        Self {
            allowed: listed.token.allowed_actions(privileges, at),
            holder_shown: privileges.contains(Privilege::UserRead),
            listed,
            at,
        }
    }
}

/// One token.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn get(caller: &Caller<OtpRead>, id: OtpTokenId) -> Result<Shown, Failure> {
    let (tenant, privileges, now) = (caller.tenant(), caller.identity().privileges, caller.now());
    caller
        .read(async move |reader| {
            let listed = otp_tokens::listed(reader, tenant, id).await?.ok_or(Failure::NotFound)?;
            Ok(Shown::listed(listed, privileges, now))
        })
        .await
}

/// A token that was just changed.
pub(super) async fn shown(tx: &mut Tx, id: OtpTokenId, privileges: PrivilegeSet) -> Result<Shown, Failure> {
    let (tenant, now) = (tx.tenant(), tx.now());
    let listed = otp_tokens::listed(tx, tenant, id).await?.ok_or(Failure::NotFound)?;
    Ok(Shown::listed(listed, privileges, now))
}
