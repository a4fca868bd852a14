//! Takes the keys of an undone import out, chunk by chunk; nobody has seen them since the undo was decided.

use claviger_domain::BatchId;
use claviger_store::{
    Change, Tx, batches,
    jobs::{Job, Status},
};

use super::Lease;
use crate::Failure;

/// Keys of one commit.
pub(crate) const CHUNK: u32 = 500;

/// Takes out what is left.
pub(super) async fn carry_out(lease: &Lease, job: &Job) -> Result<(), Failure> {
    let id = job
        .subject
        .map(BatchId::from_uuid)
        .ok_or_else(|| Failure::internal("an undo without its import"))?;
    if !take_out(lease, id).await? {
        return lease.put_back().await;
    }
    lease.finish(Status::Done, None, None).await
}

/// Takes out all keys of an import that is on its way out; `false` when the server stops before that is done.
pub(crate) async fn take_out(lease: &Lease, id: BatchId) -> Result<bool, Failure> {
    loop {
        let held = lease.clone();
        let write = async move |tx: &mut Tx| -> Result<u64, Failure> {
            held.renew(tx).await?;
            Ok(batches::clear_chunk(tx, id, CHUNK).await?)
        };
        if lease.app().store().write(lease.scope(), write).await? == 0 {
            break;
        }
        if lease.app().jobs().is_stopping() {
            return Ok(false);
        }
    }
    let held = lease.clone();
    let write = async move |tx: &mut Tx| -> Result<(), Failure> {
        held.renew(tx).await?;
        batches::finish_clearing(tx, id).await?;
        let tenant = tx.tenant();
        let revision = batches::get(tx, tenant, id)
            .await?
            .map_or(0, |batch| batch.revision.get());
        tx.notify(Change {
            kind: "import",
            id: id.as_uuid(),
            revision,
        });
        Ok(())
    };
    lease.app().store().write(lease.scope(), write).await?;
    Ok(true)
}
