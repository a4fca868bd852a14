//! Keys of a delivery.

use std::collections::HashMap;

use claviger_domain::{
    SerialNumber, TenantId,
    delivery::{self, Incoming, Present},
    policy::Policy,
};
use claviger_formats::delivery::Limits;
use claviger_store::{
    Reader, Tx,
    batches::{self, Batch, Existing, Goods, NewKey},
};
use tokio::runtime::Handle;

use super::{
    check::Question,
    read::Delivery,
    report::{Fault, PreviewRow},
    start::same_policy,
    upload::Opened,
    wares::{Judged, Row, Verdict, Wares},
};
use crate::{Failure, jobs::IMPORT};

/// Keys of a delivery, and the policy to be linked with them.
#[derive(Clone)]
pub(crate) struct Keys {
    pub(super) policy: Option<Policy>,
}

impl Wares for Keys {
    const GOODS: Goods = Goods::SecurityKeys;
    const JOB: &'static str = IMPORT;
    const TABLE: &'static str = "security_keys";
    type Given = NewKey;
    type New = NewKey;
    type Reading = Delivery;

    fn open(&self, file: Opened, limits: &Limits) -> Result<Delivery, Fault> {
        Delivery::open(file, limits)
    }

    fn serial(given: &NewKey) -> &SerialNumber {
        &given.serial
    }

    fn shown(given: &NewKey) -> PreviewRow {
        PreviewRow::Key {
            device_name: given.device_name.as_str().to_owned(),
            serial_number: given.serial.given().to_owned(),
            version: given.version.as_str().to_owned(),
        }
    }

    fn judge(
        &self,
        question: &Question<Self>,
        runtime: &Handle,
        rows: Vec<Row<NewKey>>,
        earlier: Vec<Option<u64>>,
    ) -> Result<Vec<Judged<NewKey>>, Failure> {
        let good = rows.iter().filter_map(|row| row.given.as_ref().ok());
        let serials = good.map(|key| key.serial.normalised().to_owned()).collect();
        let existing = existing(question, runtime, serials)?;
        let judged = rows.into_iter().zip(earlier).map(|(row, earlier)| Judged {
            verdict: self.verdict(&row, earlier, &existing),
            row,
        });
        Ok(judged.collect())
    }

    fn made(&self, _tenant: TenantId, _batch: &Batch, _row: u32, given: NewKey) -> Result<NewKey, Failure> {
        Ok(given)
    }

    async fn write(&self, tx: &mut Tx, batch: &Batch, written: u64, chunk: Vec<NewKey>) -> Result<(), Failure> {
        Ok(batches::insert_chunk(tx, batch, written, chunk).await?)
    }

    async fn still(&self, tx: &mut Tx) -> Result<(), Failure> {
        same_policy(tx, self.policy.as_ref()).await
    }

    fn policy(&self) -> Option<&Policy> {
        self.policy.as_ref()
    }
}

impl Keys {
    fn verdict(&self, row: &Row<NewKey>, earlier: Option<u64>, existing: &HashMap<String, Existing>) -> Verdict {
        let key = match &row.given {
            Ok(key) => key,
            Err(faults) => return Verdict::Rejected(faults.clone()),
        };
        let present = existing.get(key.serial.normalised()).map(|found| Present {
            device_name: &found.device_name,
            version: &found.version,
            status: found.shelf.status,
            in_passage: found.hidden,
        });
        let incoming = Incoming {
            device_name: &key.device_name,
            serial: &key.serial,
            version: &key.version,
        };
        match delivery::judge(incoming, earlier, present, self.policy.as_ref()) {
            delivery::Verdict::Accepted => Verdict::Accepted,
            delivery::Verdict::Unchanged => Verdict::Unchanged,
            delivery::Verdict::Rejected(fault) => {
                let detail = fault.wrong.to_string();
                Verdict::Rejected(vec![Fault {
                    line: row.line,
                    column: fault.column,
                    detail,
                }])
            }
        }
    }
}

fn existing(
    question: &Question<Keys>,
    runtime: &Handle,
    serials: Vec<String>,
) -> Result<HashMap<String, Existing>, Failure> {
    if serials.is_empty() {
        return Ok(HashMap::new());
    }
    let tenant = question.tenant;
    let read = async move |reader: &mut Reader| batches::existing(reader, tenant, serials.clone()).await;
    let found = runtime.block_on(question.store.read(read))?;
    Ok(found.into_iter().map(|key| (key.serial.clone(), key)).collect())
}
