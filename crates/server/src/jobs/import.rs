//! An import whose server died: its file died with it, so what went in is taken out. Nobody has seen it.

use claviger_domain::BatchId;
use claviger_store::{
    Error, Tx,
    audit::AuditEntry,
    batches::{self, Ending},
    jobs::{Job, Status},
};

use super::{Lease, undo::take_out};
use crate::Failure;

/// What a job says whose server died.
const DIED: &str = "The server stopped while the file was going in. Nothing of it was kept: send the file again.";

/// Takes out what a dead server had put in.
pub(super) async fn clear_up(lease: &Lease, job: &Job) -> Result<(), Failure> {
    let id = job
        .subject
        .map(BatchId::from_uuid)
        .ok_or_else(|| Failure::internal("an import job without its import"))?;
    match end(lease, id, Ending::Failed).await {
        Ok(true) => {
            lease
                .finish(Status::Failed, Some(DIED.to_owned()), Some(event(id, job, "failed")))
                .await
        }
        Ok(false) => lease.put_back().await,
        Err(failure) => Err(failure),
    }
}

/// Stops an import and takes its keys out; `false` when the server stops before that is done.
pub(crate) async fn end(lease: &Lease, id: BatchId, ending: Ending) -> Result<bool, Failure> {
    let held = lease.clone();
    let write = async move |tx: &mut Tx| -> Result<(), Failure> {
        held.renew(tx).await?;
        Ok(batches::abandon(tx, id, ending).await?)
    };
    match lease.app().store().write(lease.scope(), write).await {
        // Stale: it was stopped before, and is on its way out already.
        Ok(()) | Err(Failure::Stale(_)) => {}
        Err(failure) => return Err(failure),
    }
    match take_out(lease, id).await {
        // It had nothing to take out and has its ending.
        Err(Failure::Stale(_) | Failure::Store(Error::Stale)) => Ok(true),
        settled => settled,
    }
}

/// The one event that an import leaves.
pub(crate) fn event(id: BatchId, job: &Job, ending: &'static str) -> AuditEntry {
    AuditEntry {
        action: match ending {
            "cancelled" => "import.cancelled",
            _ => "import.failed",
        },
        object_kind: "import",
        object_id: Some(id.as_uuid()),
        object_label: Some(job.kind.clone()),
        ..AuditEntry::default()
    }
}
