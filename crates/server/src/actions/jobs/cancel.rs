//! Stopping a job: it ends before its next chunk.

use claviger_domain::{JobId, Privilege, security_key::Verb};
use claviger_store::{
    Change, Tx,
    audit::AuditEntry,
    jobs::{self, Job, Status},
};

use crate::{
    Failure,
    auth::Caller,
    jobs::{BULK, IMPORT, IMPORT_TOKENS, OTP_BULK, UNDO, UNDO_TOKENS},
    rest::guard::JobRead,
};

/// Asks a job to stop. Whoever may start such a job may stop it. Asking twice changes nothing.
///
/// # Errors
/// [`Failure::NotFound`]; [`Failure::Lacks`]; [`Failure::Refused`] for a job that has ended.
pub async fn cancel(caller: &Caller<JobRead>, id: JobId) -> Result<Job, Failure> {
    let job = super::get(caller, id).await?;
    caller.require(privilege(&job.kind))?;
    caller.write_on(id.as_uuid(), async move |tx| stop(tx, id).await).await
}

async fn stop(tx: &mut Tx, id: JobId) -> Result<Job, Failure> {
    let tenant = tx.tenant();
    let job = jobs::get(tx, tenant, id).await?.ok_or(Failure::NotFound)?;
    match job.status {
        Status::Done | Status::Failed | Status::Cancelled => {
            return Err(Failure::refused(
                job.status.as_str(),
                "cancel",
                "This job has ended; nothing was changed.",
            ));
        }
        Status::Queued | Status::Running if job.kind == UNDO || job.kind == UNDO_TOKENS => {
            return Err(Failure::refused(
                job.status.as_str(),
                "cancel",
                "An undo is carried out to its end.",
            ));
        }
        Status::Queued | Status::Running => {}
    }
    if jobs::request_cancel(tx, id).await? {
        tx.record(AuditEntry {
            action: "job.cancel_requested",
            object_kind: "job",
            object_id: Some(id.as_uuid()),
            object_label: Some(job.kind.clone()),
            ..AuditEntry::default()
        });
        tx.notify(Change {
            kind: "job",
            id: id.as_uuid(),
            revision: job.revision.saturating_add(1),
        });
    }
    jobs::get(tx, tenant, id).await?.ok_or(Failure::NotFound)
}

/// What one needs to start, hence to stop, such a job.
fn privilege(kind: &str) -> Privilege {
    if kind == IMPORT || kind == UNDO {
        return Privilege::StockImport;
    }
    if kind == IMPORT_TOKENS || kind == UNDO_TOKENS || kind.starts_with(OTP_BULK) {
        return Privilege::OtpWrite;
    }
    let verb = kind.strip_prefix(BULK).and_then(Verb::parse);
    verb.map_or(Privilege::StockImport, Verb::privilege)
}
