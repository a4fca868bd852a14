//! Keys going in: hidden, in chunks, each chunk its own commit.

use std::collections::BTreeMap;

use claviger_domain::SerialNumber;
use claviger_domain::fido_version::FidoVersion;
use claviger_domain::text::DeviceName;

use super::Batch;
use crate::dialect::{Bulk, Dialect, Kind};
use crate::error::Error;
use crate::security_keys::{Shelf, index_new, searchable};
use crate::tx::Tx;
use crate::value::Value;

/// Columns of a new key; the first is SQLite's alone.
const COLUMNS: &[(&str, Kind)] = &[
    ("row_id", Kind::Int),
    ("tenant_id", Kind::Uuid),
    ("id", Kind::Uuid),
    ("revision", Kind::Int),
    ("shelf", Kind::Int),
    ("device_name", Kind::Text),
    ("serial_number", Kind::Text),
    ("serial_norm", Kind::Text),
    ("serial_short", Kind::Text),
    ("version", Kind::Text),
    ("policy_id", Kind::Uuid),
    ("policy_version", Kind::Int),
    ("search", Kind::Text),
    ("imported_at", Kind::Int),
    ("updated_at", Kind::Int),
    ("batch_id", Kind::Uuid),
    ("row_number", Kind::Int),
    ("attributes", Kind::Text),
];
/// Across tenants: the file's last row. There is one writer, so that nobody else takes the numbers behind it.
const SQLITE_LAST_ROW: &str = "SELECT COALESCE(MAX(row_id), 0) AS last FROM security_keys";
/// Counts a chunk once: a chunk sent again, or one behind a cancellation, changes nothing.
const ADVANCE: &str = "UPDATE batches SET written = written + $3, updated_at = $4
    WHERE tenant_id = $1 AND id = $2 AND status = 'applying' AND ending IS NULL AND written = $5";

/// A row of a delivery that was judged good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKey {
    /// Its place in the file, which becomes part of its id.
    pub row: u32,
    /// What the model is called.
    pub device_name: DeviceName,
    /// Its serial number.
    pub serial: SerialNumber,
    /// Its FIDO version.
    pub version: FidoVersion,
    /// Columns that we do not know, by name.
    pub attributes: BTreeMap<String, String>,
}

/// Writes keys of an import; `written` is how many were written before. They stay hidden until
/// [`super::apply`]. At most 2,000 at once; 1,000 keep other writers waiting a few milliseconds only.
///
/// # Errors
/// [`Error::Stale`] when the import was stopped or this chunk is in already; [`Error::Duplicate`] in
/// `security_keys` when a serial number has come into the tenant since the check.
pub async fn insert_chunk(tx: &mut Tx, batch: &Batch, written: u64, keys: Vec<NewKey>) -> Result<(), Error> {
    if keys.is_empty() {
        return Ok(());
    }
    advance(tx, batch, written, keys.len()).await?;
    let constant = Constant::of(tx, batch);
    let rows = keys.iter().map(|key| constant.row(batch, key));
    if tx.dialect() == Dialect::Postgres {
        let columns = COLUMNS.get(1..).unwrap_or_default();
        return inserting(columns).insert(tx, rows.collect()).await.map(drop);
    }
    let last: i64 = tx.query_one(SQLITE_LAST_ROW, &[]).await?.get("last")?;
    let rows = (last + 1..).zip(rows).map(|(number, mut row)| {
        row.insert(0, number.into());
        row
    });
    let rows = rows.collect();
    inserting(COLUMNS).insert(tx, rows).await?;
    let searched =
        |(number, key): (i64, &NewKey)| vec![number.into(), searchable(key.serial.normalised(), None).into()];
    index_new(tx, (last + 1..).zip(&keys).map(searched).collect()).await
}

/// Counts a chunk of an import that is going in.
pub(crate) async fn advance(tx: &mut Tx, batch: &Batch, written: u64, more: usize) -> Result<(), Error> {
    let values = [
        tx.tenant().as_uuid().into(),
        batch.id.as_uuid().into(),
        i64::try_from(more).unwrap_or(i64::MAX).into(),
        tx.now().into(),
        i64::try_from(written).unwrap_or(i64::MAX).into(),
    ];
    tx.guarded(ADVANCE, &values).await
}

const fn inserting(columns: &'static [(&'static str, Kind)]) -> Bulk {
    Bulk {
        table: "security_keys",
        columns,
        on_conflict: "",
    }
}

/// What all rows of a batch have in common.
struct Constant {
    tenant: Value,
    shelf: Value,
    policy: [Value; 2],
    batch: Value,
}

impl Constant {
    fn of(tx: &Tx, batch: &Batch) -> Self {
        Self {
            tenant: tx.tenant().as_uuid().into(),
            shelf: Shelf::imported(batch.policy.is_some()).code().into(),
            policy: [
                batch.policy.map(|(id, _)| id.as_uuid()).into(),
                batch.policy.map(|(_, version)| version.get()).into(),
            ],
            batch: batch.id.as_uuid().into(),
        }
    }

    fn row(&self, batch: &Batch, key: &NewKey) -> Vec<Value> {
        let serial = &key.serial;
        let [policy, version] = self.policy.clone();
        vec![
            self.tenant.clone(),
            batch.keys.key(key.row).as_uuid().into(),
            Value::Int(1),
            self.shelf.clone(),
            key.device_name.as_str().into(),
            serial.given().into(),
            serial.normalised().into(),
            serial
                .without_leading_zeros()
                .filter(|short| *short != serial.normalised())
                .into(),
            key.version.as_str().into(),
            policy,
            version,
            searchable(serial.normalised(), None).into(),
            batch.created_at.into(),
            batch.created_at.into(),
            self.batch.clone(),
            i64::from(key.row).into(),
            attributes(&key.attributes).into(),
        ]
    }
}

fn attributes(attributes: &BTreeMap<String, String>) -> Option<String> {
    (!attributes.is_empty()).then(|| serde_json::json!(attributes).to_string())
}
