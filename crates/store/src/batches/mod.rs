//! Imports. The keys of a batch that is going in or out are in no list, search or count: they are hidden
//! by the range of their ids until one change of the batch's row makes them visible or gone.

mod clear;
mod existing;
mod keys;
mod range;
mod rejects;
mod row;
mod statistics;
mod turn;

use claviger_domain::Revision;
use claviger_domain::Timestamp;
use claviger_domain::ids::{BatchId, JobId, PolicyId, TenantId};
use claviger_domain::policy::PolicyVersion;
use serde_json::Value as Json;

use crate::bounded;
use crate::error::Error;
use crate::pages::Total;
use crate::tx::{Reader, Tx};
use crate::value::Value;

pub use clear::{clear_chunk, finish_clearing};
pub use existing::{Existing, existing};
pub(crate) use keys::advance;
pub use keys::{NewKey, insert_chunk};
pub use range::KeyRange;
pub(crate) use range::{Span, hidden};
pub use rejects::{put_rejects, rejects};
pub use statistics::refresh_statistics;
pub use turn::{UndoRefused, abandon, apply, begin_undo, undoable};
pub(crate) use turn::{require_applied, touched};

const FILE_NAMES: &str = "SELECT id, file_name FROM batches WHERE tenant_id = $1 AND id = ANY($2)";
const GET: &str = "SELECT * FROM batches WHERE tenant_id = $1 AND id = $2";
const LIST: &str = "SELECT * FROM batches WHERE tenant_id = $1 AND id < $2 AND goods = ANY($4)
    ORDER BY id DESC LIMIT $3";
const COUNT: &str = "SELECT COUNT(*) AS count FROM (SELECT 1 FROM batches WHERE tenant_id = $1 AND goods = ANY($3)
    LIMIT $2) counted";
const UNFINISHED: &str = "SELECT * FROM batches WHERE status IN ('checking', 'applying', 'undoing') ORDER BY id";

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// The file is being checked; nothing is written.
    Checking,
    /// Keys are going in, hidden; or, with an [`Ending`], out again.
    Applying,
    /// All keys are in and visible.
    Applied,
    /// Stopped; nothing is in.
    Cancelled,
    /// The server failed; nothing is in.
    Failed,
    /// The file is faulty; nothing is in.
    Refused,
    /// Keys are hidden and going out.
    Undoing,
    /// All keys are out again.
    Undone,
}

/// What an import becomes once the keys it wrote are out again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// Somebody stopped it.
    Cancelled,
    /// It could not go on.
    Failed,
}

/// What an import brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Goods {
    /// Security keys.
    SecurityKeys,
    /// OTP tokens.
    OtpTokens,
}

/// What is done with a file that has faulty rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Nothing of it goes in.
    AllOrNothing,
    /// Its good rows go in.
    GoodRows,
}

/// How many rows went which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Counts {
    /// Rows that go in.
    pub accepted: u64,
    /// Faulty rows.
    pub rejected: u64,
    /// Rows that were there already.
    pub unchanged: u64,
}

/// An import as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Which import.
    pub id: BatchId,
    /// Rises with every change but the progress of its chunks.
    pub revision: Revision,
    /// What it brings.
    pub goods: Goods,
    /// Where it stands.
    pub status: Status,
    /// Set while keys that were written are taken out again.
    pub ending: Option<Ending>,
    /// The file's name, as the sender called it.
    pub file_name: String,
    /// Its size in bytes.
    pub file_size: u64,
    /// Its SHA-256.
    pub sha256: [u8; 32],
    /// `csv` or `json`.
    pub format: String,
    /// What is done with faulty rows.
    pub mode: Mode,
    /// The policy linked with the keys.
    pub policy: Option<(PolicyId, PolicyVersion)>,
    /// When it was sent.
    pub created_at: Timestamp,
    /// Who sent it, by name.
    pub created_by: String,
    /// Who sent it.
    pub created_by_id: Option<uuid::Uuid>,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// How many rows went which way.
    pub counts: Counts,
    /// How many keys are written so far; a resumed import goes on behind them.
    pub written: u64,
    /// The first faults, as the importer writes them.
    pub errors: Json,
    /// Whether there are more.
    pub errors_truncated: bool,
    /// The file's columns and what they were taken for.
    pub columns: Json,
    /// The first good rows.
    pub preview: Json,
    /// The job that carries it out.
    pub job: Option<JobId>,
    /// Ids of its keys.
    pub keys: KeyRange,
}

/// Adds an import.
///
/// # Errors
/// What the engine meets.
pub async fn insert(tx: &mut Tx, batch: &Batch) -> Result<(), Error> {
    row::insert(tx, batch).await
}

/// Replaces `before` by `after`: findings of the check, status, job. Progress (`written`) stays as it is.
///
/// # Errors
/// [`Error::Stale`] when the row has changed since `before` was read.
pub async fn save(tx: &mut Tx, before: &Batch, after: &Batch) -> Result<(), Error> {
    row::update(tx, before, after).await
}

/// An import by id.
///
/// # Errors
/// What the engine meets.
pub async fn get(reader: &mut Reader, tenant: TenantId, id: BatchId) -> Result<Option<Batch>, Error> {
    let row = reader
        .query_opt(GET, &[tenant.as_uuid().into(), id.as_uuid().into()])
        .await?;
    row.as_ref().map(row::batch).transpose()
}

/// Imports that bring one of these, from the newest on, behind `after`.
///
/// # Errors
/// What the engine meets.
pub async fn list(
    reader: &mut Reader,
    tenant: TenantId,
    after: Option<BatchId>,
    limit: u32,
    goods: &[Goods],
) -> Result<Vec<Batch>, Error> {
    let after = after.map_or(uuid::Uuid::max(), |id| id.as_uuid());
    let values = [tenant.as_uuid().into(), after.into(), limit.into(), words(goods)];
    let rows = reader.query(LIST, &values).await?;
    rows.iter().map(row::batch).collect()
}

/// Names of the files of these imports.
///
/// # Errors
/// What the engine meets.
pub(crate) async fn file_names(
    reader: &mut Reader,
    tenant: TenantId,
    ids: &[BatchId],
) -> Result<Vec<(BatchId, String)>, Error> {
    let ids: Vec<uuid::Uuid> = ids.iter().map(BatchId::as_uuid).collect();
    let rows = reader.query(FILE_NAMES, &[tenant.as_uuid().into(), ids.into()]).await?;
    rows.iter()
        .map(|row| Ok((BatchId::from_uuid(row.get("id")?), row.get("file_name")?)))
        .collect()
}

/// How many imports of these a tenant has had.
///
/// # Errors
/// What the engine meets.
pub async fn total(reader: &mut Reader, tenant: TenantId, goods: &[Goods]) -> Result<Total, Error> {
    let values = [tenant.as_uuid().into(), bounded::most().into(), words(goods)];
    bounded::counted(&reader.query_one(COUNT, &values).await?)
}

fn words(goods: &[Goods]) -> Value {
    let words: Vec<String> = goods.iter().map(|goods| goods.as_str().to_owned()).collect();
    words.into()
}

/// Imports of all tenants that a stopped server left in the middle: to be resumed or cleared.
///
/// # Errors
/// What the engine meets.
pub async fn unfinished(reader: &mut Reader) -> Result<Vec<(TenantId, Batch)>, Error> {
    let rows = reader.query(UNFINISHED, &[]).await?;
    rows.iter()
        .map(|row| Ok((TenantId::from_uuid(row.get("tenant_id")?), row::batch(row)?)))
        .collect()
}
