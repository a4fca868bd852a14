//! The one writer: takes the jobs that wait, each in a savepoint, and makes them one durable commit.

use std::thread::JoinHandle;

use futures_util::FutureExt;
use tokio::sync::mpsc;

use crate::audit;
use crate::changes::{Changes, tell};
use crate::error::{Error, Fault};
use crate::figures;
use crate::job::{Verdict, WriteJob};
use crate::scope::Scope;
use crate::threads::wipe_stack;
use crate::tx::{Engine, Reader, Tx};

/// How many jobs share a commit at most.
const BATCH: usize = 512;
/// SQLite has one writer, hence one lane.
const LANE: i64 = 0;

type Job = Box<dyn WriteJob>;

/// Starts the writer's thread. It ends when all senders are gone and no job waits.
pub(super) fn start(
    reader: Reader,
    mut waiting: mpsc::Receiver<Job>,
    changes: Changes,
) -> Result<JoinHandle<()>, Error> {
    std::thread::Builder::new()
        .name("store-writer".to_owned())
        .spawn(move || {
            let mut writer = Writer {
                tx: Tx::new(reader, Scope::idle()),
                changes,
            };
            while let Some(first) = next(&mut waiting) {
                let mut batch = vec![first];
                while batch.len() < BATCH
                    && let Ok(job) = waiting.try_recv()
                {
                    batch.push(job);
                }
                figures::batch(batch.len(), waiting.len());
                writer.carry_out(batch);
            }
        })
        .map_err(|error| Error::driver(Fault::Other, error))
}

/// The next job. Before the thread waits for one, what the last ones left on its stack is wiped.
fn next(waiting: &mut mpsc::Receiver<Job>) -> Option<Job> {
    if let Ok(job) = waiting.try_recv() {
        return Some(job);
    }
    wipe_stack();
    waiting.blocking_recv()
}

struct Writer {
    tx: Tx,
    changes: Changes,
}

impl Writer {
    fn carry_out(&mut self, mut batch: Vec<Job>) {
        let error = match self.attempt(&mut batch) {
            Ok(()) => return batch.into_iter().for_each(|job| job.answer(Ok(()))),
            Err(error) => error,
        };
        self.abandon();
        // What is wrong with the disk is wrong for each; anything else may be one job's fault.
        let medium = matches!(error.fault(), Some(Fault::Io | Fault::Full));
        if medium || batch.len() == 1 {
            tracing::error!(%error, jobs = batch.len(), "a batch was not committed");
            return batch.into_iter().for_each(|job| job.answer(Err(error.clone())));
        }
        tracing::warn!(%error, jobs = batch.len(), "a batch was not committed; its jobs run one by one");
        for job in batch {
            self.carry_out(vec![job]);
        }
    }

    /// Runs all jobs and commits those that succeed.
    fn attempt(&mut self, batch: &mut [Job]) -> Result<(), Error> {
        self.plain("BEGIN IMMEDIATE")?;
        let mut kept = false;
        if let [job] = batch {
            // Undone by undoing the transaction: a savepoint would copy each page that the job changes.
            kept = self.run(job)?;
        } else {
            for job in batch.iter_mut() {
                kept |= self.step(job)?;
            }
        }
        if !kept {
            return self.plain("ROLLBACK");
        }
        let pending = std::mem::take(&mut self.tx.pending);
        finished(audit::append(&mut self.tx, LANE, pending))??;
        self.plain("COMMIT")?;
        tell(&self.changes, std::mem::take(&mut self.tx.changes));
        Ok(())
    }

    /// One job inside its savepoint; whether it was kept.
    fn step(&mut self, job: &mut Job) -> Result<bool, Error> {
        self.plain("SAVEPOINT job")?;
        let kept = self.run(job)?;
        if !kept {
            self.plain("ROLLBACK TO job")?;
        }
        self.plain("RELEASE job")?;
        Ok(kept)
    }

    /// One job; whether what it wrote is to be kept.
    fn run(&mut self, job: &mut Job) -> Result<bool, Error> {
        let before = (self.tx.pending.len(), self.tx.changes.len());
        let verdict = job.run(&mut self.tx).now_or_never();
        if self.session()?.connection().is_autocommit() {
            // A full disk among others makes SQLite undo the whole transaction by itself.
            return Err(Error::driver(fault_of(verdict), "the engine gave the transaction up"));
        }
        if verdict == Some(Verdict::Keep) {
            return Ok(true);
        }
        self.tx.pending.truncate(before.0);
        self.tx.changes.truncate(before.1);
        if let Some(Verdict::Undo(Some(fault @ (Fault::Io | Fault::Full)))) = verdict {
            return Err(Error::driver(fault, "a statement met a fault of the medium"));
        }
        Ok(false)
    }

    fn abandon(&mut self) {
        self.tx.pending.clear();
        self.tx.changes.clear();
        self.tx.take_failure();
        let open = self
            .session()
            .is_ok_and(|session| !session.connection().is_autocommit());
        if open && let Err(error) = self.plain("ROLLBACK") {
            tracing::error!(%error, "a batch could not be rolled back");
        }
    }

    fn plain(&mut self, sql: &str) -> Result<(), Error> {
        self.session()?.plain(sql)
    }

    fn session(&self) -> Result<&super::Session, Error> {
        match self.tx.engine() {
            Engine::Sqlite(session) => Ok(session),
            Engine::Postgres(_) => Err(Error::Closed),
        }
    }
}

/// Statements never wait on this engine, so a future that does waits for something else.
fn finished<T>(future: impl Future<Output = T>) -> Result<T, Error> {
    future
        .now_or_never()
        .ok_or_else(|| Error::inconsistent("a statement waited"))
}

fn fault_of(verdict: Option<Verdict>) -> Fault {
    match verdict {
        Some(Verdict::Undo(Some(fault))) => fault,
        Some(Verdict::Undo(None) | Verdict::Keep) | None => Fault::Other,
    }
}
