//! What became of each row of a job, a chunk of rows in one row of the store.

use claviger_domain::ids::{JobId, TenantId};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::error::Error;
use crate::tx::{Reader, Tx};
use crate::value::Value;

const PUT: &str = "INSERT INTO job_chunks (tenant_id, job_id, number, done, refused, results)
    VALUES ($1, $2, $3, $4, $5, $6)";
const ADVANCE: &str = "UPDATE jobs SET done = done + $4, refused = refused + $5, position = $6, revision = revision + 1
    WHERE tenant_id = $1 AND id = $2 AND node = $3 AND status = 'running'";
const CHUNK: &str = "SELECT number, results FROM job_chunks WHERE tenant_id = $1 AND job_id = $2 AND number >= $3
    ORDER BY number LIMIT 1";
const CHUNK_REFUSED: &str = "SELECT number, results FROM job_chunks WHERE tenant_id = $1 AND job_id = $2
    AND number >= $3 AND refused > 0 ORDER BY number LIMIT 1";

/// How a row ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was not, for this reason.
    Refused(String),
}

/// Which rows' results are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// All.
    All,
    /// Those that were refused.
    Refused,
}

/// What became of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowResult {
    /// The object.
    pub object: Option<Uuid>,
    /// What people call it.
    pub label: String,
    /// How it ended.
    pub outcome: Outcome,
}

/// Keeps the results of a chunk, numbered from 0 on, and moves the job's progress and position with
/// them: a chunk and what it did are one commit, so that a server that takes over repeats nothing.
///
/// # Errors
/// [`Error::Duplicate`] in `job_chunks` when the chunk is kept already; [`Error::Stale`] when this
/// server no longer holds the job.
pub async fn put_chunk(
    tx: &mut Tx,
    id: JobId,
    node: Uuid,
    number: u32,
    results: &[RowResult],
    position: &str,
) -> Result<(), Error> {
    let refused = results.iter().filter(|row| row.outcome != Outcome::Done).count();
    let count = |count: usize| Value::Int(i64::try_from(count).unwrap_or(i64::MAX));
    let (tenant, id): (Value, Value) = (tx.tenant().as_uuid().into(), id.as_uuid().into());
    let advance = [
        tenant.clone(),
        id.clone(),
        node.into(),
        count(results.len()),
        count(refused),
        position.into(),
    ];
    tx.guarded(ADVANCE, &advance).await?;
    let done = count(results.len() - refused);
    let values = [tenant, id, number.into(), done, count(refused), encoded(results).into()];
    tx.execute(PUT, &values).await.map(drop)
}

/// Results of the first kept chunk from `number` on, with its number; `None` behind the last.
///
/// # Errors
/// What the engine meets.
pub async fn results(
    reader: &mut Reader,
    tenant: TenantId,
    id: JobId,
    number: u32,
    rows: Rows,
) -> Result<Option<(u32, Vec<RowResult>)>, Error> {
    let sql = match rows {
        Rows::All => CHUNK,
        Rows::Refused => CHUNK_REFUSED,
    };
    let values = [tenant.as_uuid().into(), id.as_uuid().into(), number.into()];
    let Some(row) = reader.query_opt(sql, &values).await? else {
        return Ok(None);
    };
    let bad = || Error::inconsistent(format!("job_chunks.results of {id}"));
    let mut kept = decoded(row.text("results")?).ok_or_else(bad)?;
    if rows == Rows::Refused {
        kept.retain(|row| row.outcome != Outcome::Done);
    }
    Ok(Some((row.get("number")?, kept)))
}

/// `[[id, label], [id, label, reason], …]`.
fn encoded(results: &[RowResult]) -> String {
    let rows: Vec<Json> = results
        .iter()
        .map(|row| match &row.outcome {
            Outcome::Done => json!([row.object, row.label]),
            Outcome::Refused(reason) => json!([row.object, row.label, reason]),
        })
        .collect();
    Json::Array(rows).to_string()
}

fn decoded(text: &str) -> Option<Vec<RowResult>> {
    let rows: Vec<Vec<Option<String>>> = serde_json::from_str(text).ok()?;
    rows.into_iter()
        .map(|row| {
            let mut cells = row.into_iter();
            let object = cells.next()?.map(|id| Uuid::parse_str(&id)).transpose().ok()?;
            let label = cells.next()??;
            let outcome = cells.next().flatten().map_or(Outcome::Done, Outcome::Refused);
            Some(RowResult { object, label, outcome })
        })
        .collect()
}
