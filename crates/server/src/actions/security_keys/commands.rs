//! Orders to one key: one public function each, one commit each.

use claviger_domain::{PolicyId, SecurityKeyId, UserId, text::Reason};

use super::{Order, Revocation, Shown, obey::obey};
use crate::{
    Failure,
    auth::Caller,
    rest::guard::{KeyAssign, KeyDispose, KeyRevoke, KeySuspend, StockDelete, StockLink},
};

/// Links a policy in its newest version: IN STOCK becomes READY.
///
/// # Errors
/// As `obey`; [`Failure::Validation`] when there is no such policy.
pub async fn link_policy(caller: &Caller<StockLink>, id: SecurityKeyId, policy: PolicyId) -> Result<Shown, Failure> {
    obey(caller, id, Order::LinkPolicy(policy)).await
}

/// Takes the policy away: READY becomes IN STOCK.
///
/// # Errors
/// As `obey`.
pub async fn unlink_policy(caller: &Caller<StockLink>, id: SecurityKeyId) -> Result<Shown, Failure> {
    obey(caller, id, Order::UnlinkPolicy).await
}

/// Puts a key of the stock aside.
///
/// # Errors
/// As `obey`.
pub async fn quarantine(caller: &Caller<StockLink>, id: SecurityKeyId, reason: Reason) -> Result<Shown, Failure> {
    obey(caller, id, Order::Quarantine(reason)).await
}

/// Puts a key that was put aside back in stock.
///
/// # Errors
/// As `obey`.
pub async fn release(caller: &Caller<StockLink>, id: SecurityKeyId, reason: Option<Reason>) -> Result<Shown, Failure> {
    obey(caller, id, Order::Release(reason)).await
}

/// Gives a key to a user.
///
/// # Errors
/// As `obey`; [`Failure::Validation`] when there is no such user.
pub async fn assign(caller: &Caller<KeyAssign>, id: SecurityKeyId, user: UserId) -> Result<Shown, Failure> {
    obey(caller, id, Order::Assign(user)).await
}

/// Takes a key back from its user.
///
/// # Errors
/// As `obey`.
pub async fn unassign(caller: &Caller<KeyAssign>, id: SecurityKeyId) -> Result<Shown, Failure> {
    obey(caller, id, Order::Unassign).await
}

/// Pauses a key in use.
///
/// # Errors
/// As `obey`.
pub async fn suspend(caller: &Caller<KeySuspend>, id: SecurityKeyId) -> Result<Shown, Failure> {
    obey(caller, id, Order::Suspend).await
}

/// Ends the pause of a key.
///
/// # Errors
/// As `obey`.
pub async fn resume(caller: &Caller<KeySuspend>, id: SecurityKeyId) -> Result<Shown, Failure> {
    obey(caller, id, Order::Resume).await
}

/// Ends a key for good, in this generation, and puts down what others have to be told.
///
/// # Errors
/// As `obey`.
pub async fn revoke(caller: &Caller<KeyRevoke>, id: SecurityKeyId, order: Revocation) -> Result<Shown, Failure> {
    let revoked = obey(caller, id, Order::Revoke(order)).await?;
    caller.app().outbox().wake();
    Ok(revoked)
}

/// Notes that a key is destroyed or wiped.
///
/// # Errors
/// As `obey`.
pub async fn dispose(caller: &Caller<KeyDispose>, id: SecurityKeyId) -> Result<Shown, Failure> {
    obey(caller, id, Order::Dispose).await
}

/// Removes a key from stock; its tombstone stays in the audit log, its serial number may come back.
///
/// # Errors
/// As `obey`.
pub async fn delete(caller: &Caller<StockDelete>, id: SecurityKeyId) -> Result<(), Failure> {
    super::obey::remove(caller, id).await
}
