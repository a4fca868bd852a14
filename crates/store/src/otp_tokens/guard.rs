//! The guard of the rule that a user keeps an active token: a number on the user's row.

use claviger_domain::ids::UserId;

use crate::error::Error;
use crate::tx::Tx;

const READ: &str = "SELECT otp_guard FROM users WHERE tenant_id = $1 AND id = $2 FOR UPDATE";
const MOVE: &str = "UPDATE users SET otp_guard = $3 WHERE tenant_id = $1 AND id = $2 AND otp_guard = $4";

/// Moves the user's guard on by compare-and-set: whoever does the same waits for this job, and then sees what it did.
/// To be called before [`super::other_active`].
///
/// # Errors
/// [`Error::Stale`] when there is no such user.
pub async fn hold(tx: &mut Tx, user: UserId) -> Result<(), Error> {
    let (tenant, user) = (tx.tenant().as_uuid(), user.as_uuid());
    let row = tx.query_opt(READ, &[tenant.into(), user.into()]).await?;
    let guard: i64 = row.ok_or(Error::Stale)?.get("otp_guard")?;
    let values = [tenant.into(), user.into(), (guard + 1).into(), guard.into()];
    tx.guarded(MOVE, &values).await
}
