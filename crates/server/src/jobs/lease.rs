//! A job in this process's hands: the right to go on with it, renewed with every chunk.

use claviger_domain::{JobId, TenantId};
use claviger_store::{
    Change, Scope, Tx,
    audit::AuditEntry,
    jobs::{self, Job, Status},
};

use super::errand::Errand;
use crate::{App, Failure};

/// A process that does not renew its lease for so long is taken for dead.
pub(crate) const LEASE_MICROS: i64 = 60 * 1_000_000;

/// A job in this process's hands.
#[derive(Clone)]
pub(crate) struct Lease {
    app: App,
    /// The tenant.
    pub(crate) tenant: TenantId,
    /// The job.
    pub(crate) id: JobId,
    errand: Errand,
}

/// Why a job goes no further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Halt {
    /// Somebody wants it stopped.
    Cancelled,
    /// The server stops; the job is put back.
    Stopping,
}

impl Lease {
    /// Of a job that this process has taken.
    pub(crate) fn of(app: &App, job: &Job) -> Self {
        Self {
            app: app.clone(),
            tenant: job.tenant,
            id: job.id,
            errand: Errand::read(&job.scope),
        }
    }

    /// The server.
    pub(crate) const fn app(&self) -> &App {
        &self.app
    }

    /// On whose behalf the job writes, now.
    pub(crate) fn scope(&self) -> Scope {
        self.errand
            .scope(self.tenant, self.id.as_u128(), self.app.clock().now())
    }

    /// Whether the job has to go no further; asked before each chunk.
    pub(crate) async fn halted(&self) -> Result<Option<Halt>, Failure> {
        let (tenant, id) = (self.tenant, self.id);
        let ask = async move |reader: &mut claviger_store::Reader| jobs::cancel_requested(reader, tenant, id).await;
        if self.app.store().read(ask).await? {
            return Ok(Some(Halt::Cancelled));
        }
        Ok(self.app.jobs().is_stopping().then_some(Halt::Stopping))
    }

    /// Renews the lease in a commit of its own; answers whether the job may go on.
    pub(crate) async fn alive(&self) -> Result<bool, Failure> {
        if self.halted().await?.is_some() {
            return Ok(false);
        }
        let held = self.clone();
        self.app
            .store()
            .write(self.scope(), async move |tx: &mut Tx| held.renew(tx).await)
            .await?;
        Ok(true)
    }

    /// Renews the lease, in the transaction of a chunk: when another process has taken over, nothing is kept.
    pub(crate) async fn renew(&self, tx: &mut Tx) -> Result<(), Failure> {
        let until = claviger_domain::Timestamp::from_micros(tx.now().as_micros().saturating_add(LEASE_MICROS));
        Ok(jobs::heartbeat(tx, self.id, self.app.jobs().node(), until).await?)
    }

    /// Ends the job, with the one audit event that stands for all its rows.
    pub(crate) async fn finish(
        &self,
        status: Status,
        error: Option<String>,
        event: Option<AuditEntry>,
    ) -> Result<(), Failure> {
        let (id, node) = (self.id, self.app.jobs().node());
        let write = async move |tx: &mut Tx| -> Result<(), Failure> {
            jobs::finish(tx, id, node, status, error.as_deref()).await?;
            if let Some(event) = event.clone() {
                tx.record(event);
            }
            let tenant = tx.tenant();
            let revision = jobs::get(tx, tenant, id).await?.map_or(0, |job| job.revision);
            tx.notify(Change {
                kind: "job",
                id: id.as_uuid(),
                revision,
            });
            Ok(())
        };
        self.app.store().write(self.scope(), write).await
    }

    /// Puts the job back: the lease ends now.
    pub(crate) async fn put_back(&self) -> Result<(), Failure> {
        let (id, node) = (self.id, self.app.jobs().node());
        let write = async move |tx: &mut Tx| -> Result<(), Failure> {
            let now = tx.now();
            Ok(jobs::heartbeat(tx, id, node, now).await?)
        };
        self.app.store().write(self.scope(), write).await
    }
}
