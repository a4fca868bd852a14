//! Changes of keys, each guarded by the revision that was read, with their counters in the same transaction.

use std::collections::{BTreeSet, HashMap};

use claviger_domain::Revision;
use claviger_domain::ids::{BatchId, JobId, SecurityKeyId, UserId};
use claviger_domain::security_key::{SecurityKey, SecurityKeyFacts};
use uuid::Uuid;

use super::columns::{UPDATE_MANY, UPDATE_ONE, values};
use super::index;
use super::shelf::Shelf;
use super::tally::count;
use crate::batches::{require_applied, touched};
use crate::counters::Deltas;
use crate::dialect::{Bulk, Dialect, Kind};
use crate::error::Error;
use crate::tx::Tx;
use crate::users::{self, Holding};
use crate::value::Value;

const DELETE: &str = "DELETE FROM security_keys WHERE tenant_id = $1 AND id = $2 AND revision = $3";
const FORGET: &str = "DELETE FROM key_history WHERE tenant_id = $1 AND security_key_id = ANY($2)";
const HISTORY: Bulk = Bulk {
    table: "key_history",
    columns: &[
        ("tenant_id", Kind::Uuid),
        ("security_key_id", Kind::Uuid),
        ("job_id", Kind::Uuid),
        ("at", Kind::Int),
    ],
    on_conflict: "ON CONFLICT (tenant_id, security_key_id, job_id) DO NOTHING",
};

/// A key as it was read, and as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// As it was read.
    pub before: SecurityKey,
    /// As the domain decided.
    pub after: SecurityKey,
}

/// Replaces `before` by `after`.
///
/// # Errors
/// [`Error::Stale`] when the row has changed since `before` was read.
pub async fn save(tx: &mut Tx, before: &SecurityKey, after: &SecurityKey) -> Result<(), Error> {
    save_many(
        tx,
        vec![Changed {
            before: before.clone(),
            after: after.clone(),
        }],
    )
    .await
}

/// Replaces many keys in one statement (PostgreSQL) or one loop (SQLite). At most 2,000 at once.
///
/// # Errors
/// [`Error::Stale`] when any row has changed since it was read: nothing of the job is kept.
pub async fn save_many(tx: &mut Tx, changed: Vec<Changed>) -> Result<(), Error> {
    let names = holders(tx, &changed).await?;
    let mut deltas = Deltas::default();
    let mut rows = Vec::with_capacity(changed.len());
    let mut renamed = Vec::new();
    touch(tx, &mut deltas, changed.iter().map(|change| &change.before)).await?;
    for Changed { before, after } in changed {
        count(&mut deltas, &before, -1);
        count(&mut deltas, &after, 1);
        let user = |key: &SecurityKey| key.holder().map(|holder| holder.user);
        if user(&before) != user(&after) {
            renamed.push(after.id().as_uuid());
        }
        let holder = user(&after).and_then(|user| names.get(&user));
        let shelf = Shelf::of(&after);
        let (mode, locked) = (after.mode(), after.is_locked());
        let facts = SecurityKeyFacts::from(after);
        rows.push(values(
            tx.tenant(),
            before.revision(),
            shelf,
            mode,
            locked,
            &facts,
            holder,
        ));
    }
    update(tx, rows).await?;
    index::refresh(tx, renamed).await?;
    deltas.write(tx).await
}

/// Deletes a key for good; the caller records its tombstone.
///
/// # Errors
/// As [`save`].
pub async fn delete(tx: &mut Tx, key: &SecurityKey) -> Result<(), Error> {
    delete_many(tx, std::slice::from_ref(key)).await
}

/// Deletes keys for good. At most 2,000 at once.
///
/// # Errors
/// As [`save_many`].
pub async fn delete_many(tx: &mut Tx, keys: &[SecurityKey]) -> Result<(), Error> {
    let mut deltas = Deltas::default();
    touch(tx, &mut deltas, keys.iter()).await?;
    let tenant = tx.tenant().as_uuid();
    let ids: Vec<Uuid> = keys.iter().map(|key| key.id().as_uuid()).collect();
    index::drop_keys(tx, ids.clone()).await?;
    for key in keys {
        count(&mut deltas, key, -1);
        let values = [tenant.into(), key.id().as_uuid().into(), key.revision().get().into()];
        tx.guarded(DELETE, &values).await?;
    }
    tx.execute(FORGET, &[tenant.into(), ids.into()]).await?;
    deltas.write(tx).await
}

/// Notes in the history of keys that a job changed them.
///
/// # Errors
/// What the engine meets.
pub async fn note_job(tx: &mut Tx, job: JobId, keys: &[SecurityKeyId]) -> Result<(), Error> {
    let (tenant, now) = (tx.tenant().as_uuid(), tx.now());
    let row = |key: &SecurityKeyId| vec![tenant.into(), key.as_uuid().into(), job.as_uuid().into(), now.into()];
    HISTORY.insert(tx, keys.iter().map(row).collect()).await.map(drop)
}

async fn update(tx: &mut Tx, rows: Vec<Vec<Value>>) -> Result<(), Error> {
    let wanted = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    let changed = match (tx.dialect(), rows.as_slice()) {
        (_, []) => 0,
        (_, [row]) => tx.execute(UPDATE_ONE, row).await?,
        (Dialect::Sqlite, rows) => tx.execute_rows(UPDATE_ONE, rows)?,
        (Dialect::Postgres, _) => {
            tx.execute_columns(UPDATE_MANY, crate::dialect::transposed(rows))
                .await?
        }
    };
    if changed == wanted { Ok(()) } else { Err(Error::Stale) }
}

/// What the keys keep of those who are to hold them.
async fn holders(tx: &mut Tx, changed: &[Changed]) -> Result<HashMap<UserId, Holding>, Error> {
    let ids: BTreeSet<UserId> = changed
        .iter()
        .filter_map(|change| change.after.holder())
        .map(|holder| holder.user)
        .collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    users::holding(tx, ids.into_iter().collect()).await
}

/// Counts keys that are touched for the first time since their import, which then cannot be undone.
async fn touch(tx: &mut Tx, deltas: &mut Deltas, keys: impl Iterator<Item = &SecurityKey>) -> Result<(), Error> {
    let mut batches: HashMap<BatchId, i64> = HashMap::new();
    for batch in keys
        .filter(|key| key.revision() == Revision::FIRST)
        .filter_map(SecurityKey::batch)
    {
        *batches.entry(batch).or_default() += 1;
    }
    for (batch, keys) in batches {
        require_applied(tx, batch).await?;
        deltas.add(touched(batch), keys);
    }
    Ok(())
}
