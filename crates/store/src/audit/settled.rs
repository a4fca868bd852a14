//! Tells whether a transaction whose COMMIT was not answered took place, by the events it appended.

use super::append::Moved;
use crate::error::Error;
use crate::tx::Tx;

const LOCK: &str = "SELECT sequence FROM audit_heads WHERE tenant_id = $1 AND lane = $2 FOR UPDATE";
const CLAIM: &str = "INSERT INTO audit_heads (tenant_id, lane, sequence, hash) VALUES ($1, $2, 0, $3)
    ON CONFLICT (tenant_id, lane) DO NOTHING";
const EVENT: &str = "SELECT 1::bigint FROM audit_events
    WHERE tenant_id = $1 AND lane = $2 AND sequence = $3 AND hash = $4";

/// Whether the move was committed. To be asked in a transaction that is rolled back afterwards.
///
/// The lost transaction holds the head: locking it, or claiming the place of one it made, waits until
/// that transaction has ended one way or the other, so the answer is final.
pub(crate) async fn was_committed(tx: &mut Tx, moved: &Moved) -> Result<bool, Error> {
    let (tenant, lane) = (moved.tenant, moved.lane);
    if moved.from.is_some() {
        tx.query(LOCK, &[tenant.into(), lane.into()]).await?;
    } else {
        tx.execute(CLAIM, &[tenant.into(), lane.into(), moved.to.hash.into()])
            .await?;
    }
    let values = [
        tenant.into(),
        lane.into(),
        moved.to.sequence.into(),
        moved.to.hash.into(),
    ];
    Ok(tx.query_opt(EVENT, &values).await?.is_some())
}
