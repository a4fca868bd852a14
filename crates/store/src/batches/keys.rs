//! Keys going in: hidden, in chunks, each chunk its own commit.

use std::collections::BTreeMap;

use claviger_domain::SerialNumber;
use claviger_domain::fido_version::FidoVersion;
use claviger_domain::text::DeviceName;

use super::Batch;
use crate::dialect::{Bulk, Kind};
use crate::error::Error;
use crate::security_keys::{Shelf, index_range, searchable};
use crate::tx::Tx;
use crate::value::Value;

const INSERT: Bulk = Bulk {
    table: "security_keys",
    columns: &[
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
    ],
    on_conflict: "",
};
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
/// [`super::apply`]. At most 2,000 at once; 500 keep other writers waiting a few milliseconds only.
///
/// # Errors
/// [`Error::Stale`] when the import was stopped or this chunk is in already; [`Error::Duplicate`] in
/// `security_keys` when a serial number has come into the tenant since the check.
pub async fn insert_chunk(tx: &mut Tx, batch: &Batch, written: u64, keys: Vec<NewKey>) -> Result<(), Error> {
    let (Some(first), Some(last)) = (keys.first().map(|key| key.row), keys.last().map(|key| key.row)) else {
        return Ok(());
    };
    let advance = [
        tx.tenant().as_uuid().into(),
        batch.id.as_uuid().into(),
        i64::try_from(keys.len()).unwrap_or(i64::MAX).into(),
        tx.now().into(),
        i64::try_from(written).unwrap_or(i64::MAX).into(),
    ];
    tx.guarded(ADVANCE, &advance).await?;
    let constant = Constant::of(tx, batch);
    let rows = keys.iter().map(|key| constant.row(batch, key)).collect();
    INSERT.insert(tx, rows).await?;
    index_range(tx, batch.keys.key(first), batch.keys.key(last)).await
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
