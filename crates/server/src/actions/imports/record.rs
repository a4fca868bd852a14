//! The record of an import, and the one audit event it leaves.

use claviger_domain::{BatchId, JobId, Revision, Timestamp, policy::Policy};
use claviger_store::{
    Actor, Error as StoreError, Tx,
    audit::AuditEntry,
    batches::{Batch, Goods, KeyRange, Mode, Status},
};
use data_encoding::HEXLOWER;
use serde_json::{Value as Json, json};

use super::{Report, Upload, view::policy_name};
use crate::{
    Failure,
    ports::{new_id, random},
};

/// What a new record is made of.
pub(super) struct Draft<'a> {
    pub(super) upload: &'a Upload,
    pub(super) goods: Goods,
    pub(super) mode: Mode,
    pub(super) policy: Option<&'a Policy>,
    pub(super) report: &'a Report,
    pub(super) status: Status,
    pub(super) job: Option<JobId>,
    pub(super) actor: &'a Actor,
    pub(super) now: Timestamp,
}

impl Draft<'_> {
    /// A record with ids for its keys.
    pub(super) fn record(&self) -> Result<Batch, Failure> {
        Ok(Batch {
            id: BatchId::from_uuid(new_id()),
            revision: Revision::FIRST,
            goods: self.goods,
            status: self.status,
            ending: None,
            file_name: self.upload.file_name.clone(),
            file_size: self.upload.size,
            sha256: self.upload.sha256,
            format: self.report.format.clone(),
            mode: self.mode,
            policy: self.policy.map(|policy| (policy.id(), policy.version())),
            created_at: self.now,
            created_by: self.actor.label().to_owned(),
            created_by_id: self.actor.id(),
            updated_at: self.now,
            counts: self.report.counts,
            written: 0,
            errors: json!(self.report.faults),
            errors_truncated: self.report.faults_truncated,
            columns: json!(self.report.columns),
            preview: json!(self.report.preview),
            job: self.job,
            keys: KeyRange::new(self.now, u64::from_le_bytes(random()?)),
        })
    }
}

/// The event of an import that ended so, or of its undo.
pub(crate) async fn event(tx: &mut Tx, batch: &Batch, action: &'static str) -> Result<AuditEntry, StoreError> {
    let tenant = tx.tenant();
    let policy_name = policy_name(tx, tenant, batch).await?;
    Ok(entry(batch, policy_name.as_deref(), action))
}

/// As [`event`], where the name of its policy is known.
pub(super) fn entry(batch: &Batch, policy_name: Option<&str>, action: &'static str) -> AuditEntry {
    AuditEntry {
        action,
        object_kind: "import",
        object_id: Some(batch.id.as_uuid()),
        object_label: Some(batch.file_name.clone()),
        after: Some(facts(batch, policy_name)),
        ..AuditEntry::default()
    }
}

fn facts(batch: &Batch, policy_name: Option<&str>) -> Json {
    json!({
        "kind": batch.goods.as_str(),
        "sha256": HEXLOWER.encode(&batch.sha256),
        "file_size": batch.file_size,
        "counts": {
            "accepted": batch.counts.accepted,
            "rejected": batch.counts.rejected,
            "unchanged": batch.counts.unchanged,
        },
        "policy": batch.policy.map(|(id, version)| {
            json!({ "id": id.as_uuid(), "name": policy_name, "version": version.get() })
        }),
    })
}
