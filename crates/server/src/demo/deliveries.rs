//! The demonstration's deliveries: ten that went in, and one that was refused.

use std::{collections::BTreeMap, fmt::Write as _};

use claviger_domain::{
    BatchId, FidoVersion, Revision, SecurityKeyId, SerialNumber, Timestamp, policy::Policy, security_key::SecurityKey,
    text::DeviceName,
};
use claviger_store::{
    Reader, Tx,
    batches::{self, Batch, Counts, Goods, KeyRange, Mode, NewKey, Status},
    security_keys,
};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{
    cast::{Cast, Turn},
    dice::Dice,
    models::Model,
    stage::Stage,
};
use crate::{
    actions::imports::{CHUNK, Column, Fault, PreviewRow, event},
    local::LocalError,
};

/// A delivery.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shipment {
    pub(super) file_name: &'static str,
    /// After how many thousandths of the history it came.
    pub(super) behind: usize,
    pub(super) keys: usize,
    /// Whether a policy was chosen when it was imported.
    pub(super) with_policy: bool,
    /// How many of a thousand of its keys are still in stock.
    pub(super) in_stock: u64,
}

const fn shipment(file_name: &'static str, behind: usize, keys: usize, with_policy: bool, in_stock: u64) -> Shipment {
    Shipment {
        file_name,
        behind,
        keys,
        with_policy,
        in_stock,
    }
}

pub(super) const SHIPMENTS: [Shipment; 10] = [
    shipment("pilot.csv", 5, 200, false, 300),
    shipment("delivery-2231.csv", 40, 900, false, 200),
    shipment("delivery-2238.csv", 110, 800, true, 250),
    shipment("wave-2-praha.csv", 200, 700, false, 300),
    shipment("delivery-2244.csv", 290, 600, true, 400),
    shipment("delivery-2251.csv", 390, 500, false, 450),
    shipment("wave-3-wien.csv", 500, 500, false, 550),
    shipment("delivery-2260.csv", 640, 400, true, 700),
    shipment("delivery-2266.csv", 780, 250, false, 850),
    shipment("delivery-2271.csv", 900, 150, false, 950),
];

/// A row of a delivery, drawn.
pub(super) struct Row {
    pub(super) model: &'static Model,
    pub(super) version: FidoVersion,
    key: NewKey,
}

/// The rows of a delivery whose first key is the `first`th of all.
pub(super) fn rows(shipment: &Shipment, first: usize, dice: &mut Dice) -> Result<Vec<Row>, LocalError> {
    let invalid = |fault: claviger_domain::text::TextError| LocalError::Invalid(fault.to_string());
    let numbers = (first..first + shipment.keys).zip(0..);
    let mut rows = Vec::with_capacity(shipment.keys);
    for (nth, row) in numbers {
        let Some(model) = Model::draw(dice) else { continue };
        let version = FidoVersion::new(model.version).map_err(invalid)?;
        let serial = model.serial(u64::try_from(nth).unwrap_or_default());
        let key = NewKey {
            row,
            device_name: DeviceName::new(model.device_name).map_err(invalid)?,
            serial: SerialNumber::new(&serial).map_err(invalid)?,
            version: version.clone(),
            attributes: BTreeMap::from([("pallet".to_owned(), format!("P{:02}", row / 50 + 1))]),
        };
        rows.push(Row { model, version, key });
    }
    Ok(rows)
}

/// Imports a delivery; answers its keys in the order of their rows.
pub(super) async fn import(
    stage: &Stage,
    cast: &Cast,
    shipment: &Shipment,
    rows: &[Row],
    policy: Option<&Policy>,
    at: Timestamp,
) -> Result<Vec<SecurityKey>, LocalError> {
    let keys: Vec<NewKey> = rows.iter().map(|row| row.key.clone()).collect();
    let batch = Batch {
        policy: policy.map(|policy| (policy.id(), policy.version())),
        ..record(shipment.file_name, &keys, cast, at)
    };
    let ids: Vec<SecurityKeyId> = keys.iter().map(|key| batch.keys.key(key.row)).collect();
    let job = async move |tx: &mut Tx| {
        batches::insert(tx, &batch).await?;
        let mut written = 0;
        for chunk in keys.chunks(CHUNK) {
            batches::insert_chunk(tx, &batch, written, chunk.to_vec()).await?;
            written += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        }
        batches::apply(tx, &batch).await?;
        let told = event(tx, &batch, "import.applied").await?;
        tx.record(told);
        Ok(())
    };
    stage.write(at, cast.actor(Turn::Clerk), job).await?;
    let tenant = stage.tenant;
    let read =
        async move |reader: &mut Reader| Ok::<_, LocalError>(security_keys::get_many(reader, tenant, &ids).await?);
    let mut found = stage.store.read(read).await?;
    found.sort_unstable_by_key(SecurityKey::id);
    Ok(found)
}

/// The record of a delivery that was sent with a fault and refused.
pub(super) async fn refuse(stage: &Stage, cast: &Cast, at: Timestamp) -> Result<(), LocalError> {
    let fault = Fault {
        line: 3,
        column: Some("serialNumber".to_owned()),
        detail: "the serial number is empty".to_owned(),
    };
    let mut batch = record("delivery-2244.csv", &[], cast, at);
    batch.status = Status::Refused;
    batch.counts.rejected = 1;
    batch.errors = json!([fault]);
    let job = async move |tx: &mut Tx| {
        batches::insert(tx, &batch).await?;
        let told = event(tx, &batch, "import.refused").await?;
        tx.record(told);
        Ok(())
    };
    stage.write(at, cast.actor(Turn::Clerk), job).await
}

fn record(file_name: &str, keys: &[NewKey], cast: &Cast, at: Timestamp) -> Batch {
    let mut dice = Dice::for_part(at.as_micros().unsigned_abs());
    let (file, actor) = (text(keys), cast.actor(Turn::Clerk));
    let accepted = u64::try_from(keys.len()).unwrap_or_default();
    Batch {
        id: BatchId::from_uuid(dice.id(at)),
        revision: Revision::FIRST,
        goods: Goods::SecurityKeys,
        status: Status::Applying,
        ending: None,
        file_name: file_name.to_owned(),
        file_size: u64::try_from(file.len()).unwrap_or_default(),
        sha256: Sha256::digest(&file).into(),
        format: "csv".to_owned(),
        mode: Mode::AllOrNothing,
        policy: None,
        created_at: at,
        created_by: actor.label().to_owned(),
        created_by_id: actor.id(),
        updated_at: at,
        counts: Counts {
            accepted,
            ..Counts::default()
        },
        written: 0,
        errors: json!([]),
        errors_truncated: false,
        columns: json!(columns()),
        preview: json!(keys.iter().take(20).map(shown).collect::<Vec<_>>()),
        job: None,
        keys: KeyRange::new(at, dice.next()),
    }
}

/// The file as it was sent.
fn text(keys: &[NewKey]) -> String {
    let mut file = "deviceName,serialNumber,version,pallet\r\n".to_owned();
    for key in keys {
        let pallet = key.attributes.get("pallet").map_or("", String::as_str);
        let _written = write!(
            file,
            "{},{},{},{pallet}\r\n",
            key.device_name,
            key.serial.given(),
            key.version.as_str()
        );
    }
    file
}

fn columns() -> Vec<Column> {
    let column = |(name, meaning): (&str, &str)| Column {
        name: name.to_owned(),
        meaning: meaning.to_owned(),
    };
    let known = [
        ("deviceName", "device_name"),
        ("serialNumber", "serial_number"),
        ("version", "version"),
    ];
    known.into_iter().chain([("pallet", "attribute")]).map(column).collect()
}

fn shown(key: &NewKey) -> PreviewRow {
    PreviewRow::Key {
        device_name: key.device_name.as_str().to_owned(),
        serial_number: key.serial.given().to_owned(),
        version: key.version.as_str().to_owned(),
    }
}
