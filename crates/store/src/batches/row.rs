//! Rows of imports.

use claviger_domain::Revision;
use claviger_domain::ids::{BatchId, JobId, PolicyId};
use claviger_domain::policy::PolicyVersion;
use serde_json::Value as Json;
use uuid::Uuid;

use super::{Batch, Counts, Ending, Goods, KeyRange, Mode, Status};
use crate::error::Error;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::Value;

const INSERT: &str =
    "INSERT INTO batches (tenant_id, id, revision, status, ending, format, mode, policy_id, policy_version,
    updated_at, accepted, rejected, unchanged, errors, errors_truncated, columns, preview, job_id,
    written, file_name, file_size, sha256, created_at, created_by, created_by_id, first_key, last_key, goods)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
    $24, $25, $26, $27, $28)";
const UPDATE: &str =
    "UPDATE batches SET revision = $3, status = $4, ending = $5, format = $6, mode = $7, policy_id = $8,
    policy_version = $9, updated_at = $10, accepted = $11, rejected = $12, unchanged = $13, errors = $14,
    errors_truncated = $15, columns = $16, preview = $17, job_id = $18
    WHERE tenant_id = $1 AND id = $2 AND revision = $19";

macro_rules! words {
    ($type:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $type {
            /// The word in storage.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Reads the word in storage.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words!(Status {
    Checking = "checking",
    Applying = "applying",
    Applied = "applied",
    Cancelled = "cancelled",
    Failed = "failed",
    Refused = "refused",
    Undoing = "undoing",
    Undone = "undone",
});
words!(Ending { Cancelled = "cancelled", Failed = "failed" });
words!(Goods { SecurityKeys = "security_keys", OtpTokens = "otp_tokens" });
words!(Mode { AllOrNothing = "all_or_nothing", GoodRows = "good_rows" });

pub(super) async fn insert(tx: &mut Tx, batch: &Batch) -> Result<(), Error> {
    let mut values = changing(tx, batch);
    values.extend([
        number(batch.written),
        batch.file_name.as_str().into(),
        number(batch.file_size),
        batch.sha256.into(),
        batch.created_at.into(),
        batch.created_by.as_str().into(),
        batch.created_by_id.into(),
        batch.keys.first().into(),
        batch.keys.last().into(),
        batch.goods.as_str().into(),
    ]);
    tx.execute(INSERT, &values).await.map(drop)
}

pub(super) async fn update(tx: &mut Tx, before: &Batch, after: &Batch) -> Result<(), Error> {
    let mut values = changing(tx, after);
    values.push(before.revision.get().into());
    tx.guarded(UPDATE, &values).await
}

/// Columns that change, in the order of both statements.
fn changing(tx: &Tx, batch: &Batch) -> Vec<Value> {
    vec![
        tx.tenant().as_uuid().into(),
        batch.id.as_uuid().into(),
        batch.revision.get().into(),
        batch.status.as_str().into(),
        batch.ending.map(Ending::as_str).into(),
        batch.format.as_str().into(),
        batch.mode.as_str().into(),
        batch.policy.map(|(id, _)| id.as_uuid()).into(),
        batch.policy.map(|(_, version)| version.get()).into(),
        batch.updated_at.into(),
        number(batch.counts.accepted),
        number(batch.counts.rejected),
        number(batch.counts.unchanged),
        batch.errors.to_string().into(),
        batch.errors_truncated.into(),
        batch.columns.to_string().into(),
        batch.preview.to_string().into(),
        batch.job.map(|job| job.as_uuid()).into(),
    ]
}

fn number(count: u64) -> Value {
    Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

pub(super) fn batch(row: &Row) -> Result<Batch, Error> {
    let id: Uuid = row.get("id")?;
    let bad = |column: &str| Error::inconsistent(format!("batches.{column} of {id}"));
    let json = |column: &'static str| serde_json::from_str::<Json>(row.text(column)?).map_err(|_| bad(column));
    let ending: Option<String> = row.get("ending")?;
    Ok(Batch {
        id: BatchId::from_uuid(id),
        revision: Revision::new(row.get("revision")?),
        goods: Goods::parse(row.text("goods")?).ok_or_else(|| bad("goods"))?,
        status: Status::parse(row.text("status")?).ok_or_else(|| bad("status"))?,
        ending: ending
            .map(|word| Ending::parse(&word).ok_or_else(|| bad("ending")))
            .transpose()?,
        file_name: row.get("file_name")?,
        file_size: row.get("file_size")?,
        sha256: row.get("sha256")?,
        format: row.get("format")?,
        mode: Mode::parse(row.text("mode")?).ok_or_else(|| bad("mode"))?,
        policy: policy(row).map_err(|_| bad("policy_version"))?,
        created_at: row.get("created_at")?,
        created_by: row.get("created_by")?,
        created_by_id: row.get("created_by_id")?,
        updated_at: row.get("updated_at")?,
        counts: Counts {
            accepted: row.get("accepted")?,
            rejected: row.get("rejected")?,
            unchanged: row.get("unchanged")?,
        },
        written: row.get("written")?,
        errors: json("errors")?,
        errors_truncated: row.get("errors_truncated")?,
        columns: json("columns")?,
        preview: json("preview")?,
        job: row.get::<Option<Uuid>>("job_id")?.map(JobId::from_uuid),
        keys: KeyRange::stored(row.get("first_key")?, row.get("last_key")?).ok_or_else(|| bad("first_key"))?,
    })
}

fn policy(row: &Row) -> Result<Option<(PolicyId, PolicyVersion)>, Error> {
    let version: Option<u32> = row.get("policy_version")?;
    match (row.get::<Option<Uuid>>("policy_id")?, version.map(PolicyVersion::new)) {
        (None, None) => Ok(None),
        (Some(id), Some(Some(version))) => Ok(Some((PolicyId::from_uuid(id), version))),
        (_, _) => Err(Error::inconsistent("policy")),
    }
}
