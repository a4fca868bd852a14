//! Changes of tokens, each guarded by the revision that was read, with their counters in the same transaction.

use std::collections::{BTreeSet, HashMap};

use claviger_domain::Revision;
use claviger_domain::ids::{BatchId, JobId, OtpTokenId, UserId};
use claviger_domain::otp::OtpToken;

use super::count::counter;
use super::index;
use super::intake::{NewToken, put};
use super::row::{ordered, tried};
use crate::batches::{require_applied, touched};
use crate::counters::Deltas;
use crate::dialect::{Bulk, Dialect, Kind, transposed};
use crate::error::Error;
use crate::security_keys::searchable;
use crate::tx::Tx;
use crate::users::{self, Holding};
use crate::value::Value;

const TRIED_ONE: &str = "UPDATE otp_tokens SET revision = $4, next_counter = $5, last_step = $6, drift = $7,
    failed_attempts = $8, locked_at = $9, last_used_at = $10, updated_at = $11
    WHERE tenant_id = $1 AND id = $2 AND revision = $3";
const TRIED_MANY: &str = "UPDATE otp_tokens t SET revision = n.revision, next_counter = n.next_counter,
    last_step = n.last_step, drift = n.drift, failed_attempts = n.failed_attempts, locked_at = n.locked_at,
    last_used_at = n.last_used_at, updated_at = n.updated_at
    FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
    $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[])
    AS n (tenant_id, id, was, revision, next_counter, last_step, drift, failed_attempts, locked_at, last_used_at,
    updated_at) WHERE t.tenant_id = n.tenant_id AND t.id = n.id AND t.revision = n.was";
const SAVE_ONE: &str = "UPDATE otp_tokens SET revision = $4, next_counter = $5, last_step = $6, drift = $7,
    failed_attempts = $8, locked_at = $9, last_used_at = $10, updated_at = $11, status = $12, status_at = $13,
    reason = $14, user_id = $15, resync_day = $16, resync_tried = $17, holder = $18, search = $19
    WHERE tenant_id = $1 AND id = $2 AND revision = $3";
const SAVE_MANY: &str = "UPDATE otp_tokens t SET revision = n.revision, next_counter = n.next_counter,
    last_step = n.last_step, drift = n.drift, failed_attempts = n.failed_attempts, locked_at = n.locked_at,
    last_used_at = n.last_used_at, updated_at = n.updated_at, status = n.status, status_at = n.status_at,
    reason = n.reason, user_id = n.user_id, resync_day = n.resync_day, resync_tried = n.resync_tried,
    holder = n.holder, search = n.search
    FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
    $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::text[], $13::bigint[], $14::text[], $15::uuid[],
    $16::bigint[], $17::bigint[], $18::text[], $19::text[])
    AS n (tenant_id, id, was, revision, next_counter, last_step, drift, failed_attempts, locked_at, last_used_at,
    updated_at, status, status_at, reason, user_id, resync_day, resync_tried, holder, search)
    WHERE t.tenant_id = n.tenant_id AND t.id = n.id AND t.revision = n.was";
const HISTORY: Bulk = Bulk {
    table: "otp_history",
    columns: &[
        ("tenant_id", Kind::Uuid),
        ("otp_token_id", Kind::Uuid),
        ("job_id", Kind::Uuid),
        ("at", Kind::Int),
    ],
    on_conflict: "ON CONFLICT (tenant_id, otp_token_id, job_id) DO NOTHING",
};

/// A token as it was read, and as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// As it was read.
    pub before: OtpToken,
    /// As the domain decided.
    pub after: OtpToken,
}

/// Adds one token, visible at once.
///
/// # Errors
/// [`Error::Duplicate`] in `otp_tokens` when the serial number is taken.
pub async fn insert(tx: &mut Tx, token: NewToken) -> Result<(), Error> {
    let mut deltas = Deltas::default();
    deltas.add(counter(token.token.status()), 1);
    put(tx, vec![token]).await?;
    deltas.write(tx).await
}

/// Replaces `before` by `after`.
///
/// # Errors
/// [`Error::Stale`] when the row has changed since `before` was read.
pub async fn save(tx: &mut Tx, before: &OtpToken, after: &OtpToken) -> Result<(), Error> {
    let (before, after) = (before.clone(), after.clone());
    save_many(tx, vec![Changed { before, after }]).await
}

/// Replaces many tokens. At most 2,000 at once.
///
/// # Errors
/// [`Error::Stale`] when any row has changed since it was read: nothing of the job is kept.
pub async fn save_many(tx: &mut Tx, changed: Vec<Changed>) -> Result<(), Error> {
    let names = holders(tx, &changed).await?;
    let (mut deltas, mut renamed) = (Deltas::default(), Vec::new());
    touch(tx, &mut deltas, &changed).await?;
    let mut rows = Vec::with_capacity(changed.len());
    for change in &changed {
        let (before, after) = (&change.before, &change.after);
        deltas.add(counter(before.status()), -1);
        deltas.add(counter(after.status()), 1);
        if before.holder() != after.holder() {
            renamed.push(after.id().as_uuid());
        }
        let holder = after.holder().and_then(|user| names.get(&user));
        let holder = holder.map(|holding| holding.folded.as_str());
        let mut row = guarded(tx, change);
        row.extend(ordered(after.facts()));
        row.push(holder.unwrap_or_default().into());
        row.push(searchable(after.serial_number().normalised(), holder).into());
        rows.push(row);
    }
    update(tx, rows, SAVE_ONE, SAVE_MANY).await?;
    index::refresh(tx, renamed).await?;
    deltas.write(tx).await
}

/// Keeps what tried codes made of tokens: their progress, failures and locks. At most 2,000 at once.
///
/// # Errors
/// As [`save_many`].
pub async fn save_tried(tx: &mut Tx, changed: Vec<Changed>) -> Result<(), Error> {
    let mut deltas = Deltas::default();
    touch(tx, &mut deltas, &changed).await?;
    let rows = changed.iter().map(|change| guarded(tx, change)).collect();
    update(tx, rows, TRIED_ONE, TRIED_MANY).await?;
    deltas.write(tx).await
}

/// The statement of [`save_tried`] for a token that does not exist: trying a code takes as many statements for nothing.
pub(super) async fn nothing(tx: &mut Tx) -> Result<(), Error> {
    let nil = uuid::Uuid::nil();
    let mut row: Vec<Value> = vec![tx.tenant().as_uuid().into(), nil.into(), 0_i64.into()];
    row.extend([0_i64.into(), Value::Null, Value::Null, 0_i64.into(), 0_i64.into()]);
    row.extend([Value::Null, Value::Null, 0_i64.into()]);
    tx.execute(TRIED_ONE, &row).await.map(drop)
}

/// Notes in the history of tokens that a job changed them.
///
/// # Errors
/// What the engine meets.
pub async fn note_job(tx: &mut Tx, job: JobId, tokens: &[OtpTokenId]) -> Result<(), Error> {
    let (tenant, now) = (tx.tenant().as_uuid(), tx.now());
    let row = |id: &OtpTokenId| vec![tenant.into(), id.as_uuid().into(), job.as_uuid().into(), now.into()];
    HISTORY.insert(tx, tokens.iter().map(row).collect()).await.map(drop)
}

/// Tenant, id, the revision that was read, and what a tried code changes.
fn guarded(tx: &Tx, change: &Changed) -> Vec<Value> {
    let mut row: Vec<Value> = vec![
        tx.tenant().as_uuid().into(),
        change.before.id().as_uuid().into(),
        change.before.revision().get().into(),
    ];
    row.extend(tried(change.after.facts()));
    row
}

async fn update(tx: &mut Tx, rows: Vec<Vec<Value>>, one: &'static str, many: &'static str) -> Result<(), Error> {
    let wanted = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    let changed = match (tx.dialect(), rows.as_slice()) {
        (_, []) => 0,
        (_, [row]) => tx.execute(one, row).await?,
        (Dialect::Sqlite, rows) => tx.execute_rows(one, rows)?,
        (Dialect::Postgres, _) => tx.execute_columns(many, transposed(rows)).await?,
    };
    if changed == wanted { Ok(()) } else { Err(Error::Stale) }
}

/// What the tokens keep of those who are to have them.
async fn holders(tx: &mut Tx, changed: &[Changed]) -> Result<HashMap<UserId, Holding>, Error> {
    let ids: BTreeSet<UserId> = changed.iter().filter_map(|change| change.after.holder()).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    users::holding(tx, ids.into_iter().collect()).await
}

/// Counts tokens that are touched for the first time since their import, which then cannot be undone.
async fn touch(tx: &mut Tx, deltas: &mut Deltas, changed: &[Changed]) -> Result<(), Error> {
    let mut batches: HashMap<BatchId, i64> = HashMap::new();
    let fresh = changed
        .iter()
        .filter(|change| change.before.revision() == Revision::FIRST);
    for batch in fresh.filter_map(|change| change.before.batch()) {
        *batches.entry(batch).or_default() += 1;
    }
    for (batch, tokens) in batches {
        require_applied(tx, batch).await?;
        deltas.add(touched(batch), tokens);
    }
    Ok(())
}
