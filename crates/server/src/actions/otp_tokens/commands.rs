//! Orders to one token: one public function each, one commit each.

use claviger_domain::{OtpTokenId, UserId, text::Reason};

use super::{Order, Shown, obey::obey};
use crate::{
    Failure,
    auth::Caller,
    rest::guard::{OtpSupport, OtpWrite},
};

/// Gives a token to a user; its failures are forgotten.
///
/// # Errors
/// As `obey`; [`Failure::Validation`] when there is no such user.
pub async fn assign(caller: &Caller<OtpWrite>, id: OtpTokenId, user: UserId) -> Result<Shown, Failure> {
    obey(caller, id, Order::Assign(user)).await
}

/// Takes a token back from its user; it stays as active as it was.
///
/// # Errors
/// As `obey`.
pub async fn unassign(caller: &Caller<OtpWrite>, id: OtpTokenId) -> Result<Shown, Failure> {
    obey(caller, id, Order::Unassign).await
}

/// Believes a token no more for now. A user keeps one that is active.
///
/// # Errors
/// As `obey`.
pub async fn disable(caller: &Caller<OtpSupport>, id: OtpTokenId) -> Result<Shown, Failure> {
    obey(caller, id, Order::Disable).await
}

/// Believes a token again.
///
/// # Errors
/// As `obey`.
pub async fn enable(caller: &Caller<OtpSupport>, id: OtpTokenId) -> Result<Shown, Failure> {
    obey(caller, id, Order::Enable).await
}

/// Devalues a token for good.
///
/// # Errors
/// As `obey`.
pub async fn compromise(caller: &Caller<OtpWrite>, id: OtpTokenId, reason: Reason) -> Result<Shown, Failure> {
    obey(caller, id, Order::Compromise(reason)).await
}

/// Lets codes be tried again after too many wrong ones.
///
/// # Errors
/// As `obey`.
pub async fn unlock(caller: &Caller<OtpSupport>, id: OtpTokenId) -> Result<Shown, Failure> {
    obey(caller, id, Order::Unlock).await
}
