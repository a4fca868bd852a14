//! Imports that a job carries out: check, then chunk after chunk, hidden, then the switch that shows all keys at once.
//!
//! The file lives as long as the process that took it in; when that dies, the next one takes out what went in.

use std::sync::Arc;

use claviger_domain::{BatchId, JobId, Timestamp};
use claviger_store::{
    Change, Tx,
    batches::{self, Batch, Ending, Mode, Status as BatchStatus},
    jobs::{self, Job, Status},
};
use serde_json::json;
use tokio::{runtime::Handle, sync::mpsc::Receiver, task::JoinHandle};

use super::{
    CHUNK, Report, Upload, View,
    check::{Checked, Question, Unchecked, check},
    record::{Draft, entry, event},
    small::{overtaken, reread},
    start::refuses,
    view::{policy_name, view},
    wares::Wares,
};
use crate::{
    Failure,
    auth::Caller,
    jobs::{Lease, errand::Errand, import::end},
    ports::new_id,
    rest::Guard,
};

/// Keys of one commit while others write too: they wait a few milliseconds at most.
const PIECE: usize = 125;
/// So many pieces share a commit while nobody else writes.
const PIECES: usize = CHUNK / PIECE;

/// Puts a job down for a long file and sets it to work.
pub(super) async fn begin<P: Guard, W: Wares>(
    caller: &Caller<P>,
    upload: Arc<Upload>,
    mode: Mode,
    wares: W,
) -> Result<View, Failure> {
    let (errand, now) = (Errand::of(caller), caller.now());
    let job = JobId::from_uuid(new_id());
    let report = Report::default();
    let draft = Draft {
        upload: &upload,
        goods: W::GOODS,
        mode,
        policy: wares.policy(),
        report: &report,
        status: BatchStatus::Checking,
        job: Some(job),
        actor: &errand.actor,
        now,
    };
    let batch = draft.record()?;
    let job = described::<P, W>(caller, job, &batch, &errand, now);
    let (node, kept, record) = (caller.app().jobs().node(), job.clone(), batch.clone());
    let begun = caller
        .answering(axum::http::StatusCode::ACCEPTED)
        .write_on(batch.id.as_uuid(), async move |tx| {
            let tenant = tx.tenant();
            batches::insert(tx, &record).await?;
            jobs::insert(tx, &kept).await?;
            // Taken in the same commit: no other process may think that it is free.
            jobs::take(tx, &kept, node, lease_end(now)).await?;
            tx.notify(Change {
                kind: "import",
                id: record.id.as_uuid(),
                revision: 1,
            });
            view(tx, tenant, record.clone()).await
        })
        .await?;
    let question = Question {
        store: caller.app().store().clone(),
        tenant: caller.tenant(),
        wares,
        limits: caller.app().config().import.rows(),
        at_most: None,
    };
    let work = Work {
        lease: Lease::of(caller.app(), &job),
        upload,
        question,
        batch: batch.id,
        mode,
    };
    tokio::spawn(work.carry_out());
    Ok(begun)
}

fn lease_end(now: Timestamp) -> Timestamp {
    Timestamp::from_micros(now.as_micros().saturating_add(crate::jobs::LEASE_MICROS))
}

fn described<P: Guard, W: Wares>(caller: &Caller<P>, id: JobId, batch: &Batch, errand: &Errand, now: Timestamp) -> Job {
    Job {
        id,
        tenant: caller.tenant(),
        revision: 1,
        kind: W::JOB.to_owned(),
        status: Status::Queued,
        arguments: json!({ "file_name": batch.file_name }),
        subject: Some(batch.id.as_uuid()),
        total: 0,
        done: 0,
        refused: 0,
        position: None,
        error: None,
        cancel_requested: false,
        created_at: now,
        created_by: errand.actor.label().to_owned(),
        created_by_id: errand.actor.id(),
        scope: errand.write(),
        started_at: None,
        finished_at: None,
    }
}

/// A long import at work.
struct Work<W> {
    lease: Lease,
    upload: Arc<Upload>,
    question: Question<W>,
    batch: BatchId,
    mode: Mode,
}

/// Pieces on their way to the writer, and the thread that reads them.
type Fed<N> = (Receiver<Vec<N>>, JoinHandle<Result<(), Failure>>);

/// How a long import ended, when it did not fail.
enum Ended {
    Applied,
    Refused,
    Stopped(Ending),
}

impl<W: Wares> Work<W> {
    async fn carry_out(self) {
        let ended = self.to_its_end().await;
        let settled = match &ended {
            Ok(Ended::Applied) => Ok(()),
            Ok(Ended::Refused) => self.lease.finish(Status::Done, None, None).await,
            Ok(Ended::Stopped(ending)) => self.take_out(*ending, None).await,
            Err(failure) => {
                tracing::error!(import = %self.batch, ?failure, "an import failed");
                let said = if let Failure::Duplicate(detail) | Failure::Refused { detail, .. } = failure {
                    detail.clone()
                } else {
                    "The server failed. Nothing of the file was kept: send it again.".to_owned()
                };
                self.take_out(Ending::Failed, Some(said)).await
            }
        };
        if let Err(failure) = settled {
            tracing::error!(import = %self.batch, ?failure, "an import was left to be cleared up");
        }
    }

    async fn to_its_end(&self) -> Result<Ended, Failure> {
        let checked = match self.checked().await {
            Ok(checked) => checked,
            Err(Unchecked::Stopped | Unchecked::Long) => return Ok(Ended::Stopped(self.why().await?)),
            Err(Unchecked::Failed(failure)) => return Err(failure),
        };
        let Some(batch) = self.judged(&checked).await? else {
            return Ok(Ended::Refused);
        };
        let pieces = checked.rejects.pieces().map_err(Failure::internal)?;
        let (mut rows, feeder) = self.feed(&batch, checked.rows);
        let (mut written, mut pieces_at_once) = (0, 1);
        let mut jobs_seen = self.question.store.submitted();
        while let Some(chunk) = gathered(&mut rows, pieces_at_once).await {
            if self.lease.halted().await?.is_some() {
                return Ok(Ended::Stopped(self.why().await?));
            }
            let count = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            self.write(&batch, written, chunk).await.map_err(overtaken::<W>)?;
            written += count;
            let jobs = self.question.store.submitted();
            pieces_at_once = if jobs == jobs_seen + 1 {
                PIECES.min(pieces_at_once * 2)
            } else {
                1
            };
            jobs_seen = jobs;
        }
        feeder.await.map_err(Failure::internal)??;
        self.measure().await;
        self.switch(batch, pieces).await?;
        Ok(Ended::Applied)
    }

    /// Whether somebody stopped it, or the server stops.
    async fn why(&self) -> Result<Ending, Failure> {
        let cancelled = self.lease.halted().await? == Some(crate::jobs::Halt::Cancelled);
        Ok(if cancelled { Ending::Cancelled } else { Ending::Failed })
    }

    async fn checked(&self) -> Result<Checked, Unchecked> {
        let (upload, question, runtime) = (Arc::clone(&self.upload), self.question.clone(), Handle::current());
        let (lease, ask) = (self.lease.clone(), Handle::current());
        let go_on = move |done: u32| {
            // Asked often enough to be stopped within a second, seldom enough to cost nothing.
            !done.is_multiple_of(20_000) || ask.block_on(lease.alive()).unwrap_or(false)
        };
        let work = claviger_store::threads::spawn_blocking(move || check(&upload, &question, runtime, go_on));
        work.await
            .map_err(|error| Unchecked::Failed(Failure::internal(error)))?
    }

    /// Writes down what the check found; `None` when nothing of the file may go in.
    async fn judged(&self, checked: &Checked) -> Result<Option<Batch>, Failure> {
        let (id, report, refused) = (self.batch, checked.report.clone(), refuses(checked, self.mode));
        let (wares, lease) = (self.question.wares.clone(), self.lease.clone());
        let write = async move |tx: &mut Tx| -> Result<Batch, Failure> {
            let tenant = tx.tenant();
            lease.renew(tx).await?;
            wares.still(tx).await?;
            let before = batches::get(tx, tenant, id).await?.ok_or(Failure::NotFound)?;
            let mut after = found(&before, &report, tx.now());
            after.status = if refused {
                BatchStatus::Refused
            } else {
                BatchStatus::Applying
            };
            if refused {
                after.counts.accepted = 0;
                let told = event(tx, &after, "import.refused").await?;
                tx.record(told);
            }
            batches::save(tx, &before, &after).await?;
            jobs::set_total(tx, lease.id, lease.app().jobs().node(), report.counts.accepted).await?;
            tx.notify(Change {
                kind: "import",
                id: id.as_uuid(),
                revision: after.revision.get(),
            });
            batches::get(tx, tenant, id).await?.ok_or(Failure::NotFound)
        };
        let batch = self.lease.app().store().write(self.lease.scope(), write).await?;
        Ok((!refused).then_some(batch))
    }

    /// Reads the file once more, on a thread of its own, a few chunks ahead of the writer.
    fn feed(&self, batch: &Batch, rows: super::rows::Rows) -> Fed<W::New> {
        let (chunks, received) = tokio::sync::mpsc::channel(2 * PIECES);
        let (upload, batch, question) = (Arc::clone(&self.upload), batch.clone(), self.question.clone());
        let feeder = claviger_store::threads::spawn_blocking(move || {
            let wares = (&question.wares, question.tenant);
            reread(&upload, &question.limits, wares, &batch, &rows, |good| {
                // Refused once the writer has stopped.
                good.chunks(PIECE)
                    .all(|piece| chunks.blocking_send(piece.to_vec()).is_ok())
            })
        });
        (received, feeder)
    }

    async fn write(&self, batch: &Batch, written: u64, chunk: Vec<W::New>) -> Result<(), Failure> {
        let (lease, batch, wares) = (self.lease.clone(), batch.clone(), self.question.wares.clone());
        let write = async move |tx: &mut Tx| -> Result<(), Failure> {
            lease.renew(tx).await?;
            let count = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            wares.write(tx, &batch, written, chunk.clone()).await?;
            Ok(jobs::advance(tx, lease.id, lease.app().jobs().node(), count).await?)
        };
        self.lease.app().store().write(self.lease.scope(), write).await
    }

    /// Has the database look at the new keys before anybody asks for them; lists are slow for a while without.
    async fn measure(&self) {
        let write = async |tx: &mut Tx| batches::refresh_statistics(tx, W::GOODS).await;
        if let Err(error) = self.lease.app().store().write(self.lease.scope(), write).await {
            tracing::warn!(%error, import = %self.batch, "the database did not look at the new keys");
        }
    }

    /// Keeps the rejects, shows all keys, ends the job: one commit.
    async fn switch(&self, batch: Batch, pieces: Vec<Vec<u8>>) -> Result<(), Failure> {
        let lease = self.lease.clone();
        let write = async move |tx: &mut Tx| -> Result<(), Failure> {
            if batch.counts.rejected > 0 {
                for (number, piece) in (0..).zip(&pieces) {
                    batches::put_rejects(tx, batch.id, number, piece.clone()).await?;
                }
            }
            batches::apply(tx, &batch).await?;
            jobs::finish(tx, lease.id, lease.app().jobs().node(), Status::Done, None).await?;
            let told = event(tx, &batch, "import.applied").await?;
            tx.record(told);
            tx.notify(Change {
                kind: "import",
                id: batch.id.as_uuid(),
                revision: batch.revision.next().get(),
            });
            Ok(())
        };
        self.lease.app().store().write(self.lease.scope(), write).await
    }

    async fn take_out(&self, ending: Ending, error: Option<String>) -> Result<(), Failure> {
        if !end(&self.lease, self.batch, ending).await? {
            return self.lease.put_back().await;
        }
        let (status, action) = match ending {
            Ending::Cancelled => (Status::Cancelled, "import.cancelled"),
            Ending::Failed => (Status::Failed, "import.failed"),
        };
        let (tenant, id) = (self.lease.tenant, self.batch);
        let read = async move |reader: &mut claviger_store::Reader| -> Result<_, claviger_store::Error> {
            let Some(batch) = batches::get(reader, tenant, id).await? else {
                return Ok(None);
            };
            let policy_name = policy_name(reader, tenant, &batch).await?;
            Ok(Some(entry(&batch, policy_name.as_deref(), action)))
        };
        let event = self.lease.app().store().read(read).await?;
        self.lease.finish(status, error, event).await
    }
}

/// The next pieces, at most so many, as one.
async fn gathered<N>(rows: &mut Receiver<Vec<N>>, pieces: usize) -> Option<Vec<N>> {
    let mut chunk = rows.recv().await?;
    for _ in 1..pieces {
        let Some(piece) = rows.recv().await else { break };
        chunk.extend(piece);
    }
    Some(chunk)
}

fn found(before: &Batch, report: &Report, now: Timestamp) -> Batch {
    Batch {
        revision: before.revision.next(),
        format: report.format.clone(),
        updated_at: now,
        counts: report.counts,
        errors: json!(report.faults),
        errors_truncated: report.faults_truncated,
        columns: json!(report.columns),
        preview: json!(report.preview),
        ..before.clone()
    }
}
