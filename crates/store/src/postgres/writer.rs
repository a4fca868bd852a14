//! One writer: a transaction for each job, tried again after a conflict or a lost connection.

use std::time::{Duration, Instant};

use deadpool_postgres::Pool;
use tokio::sync::mpsc;

use super::connect::{Target, reader};
use super::resolve;
use crate::audit;
use crate::changes::{Changes, tell};
use crate::error::{Error, Fault};
use crate::figures;
use crate::job::{Trying, Verdict, WriteJob};
use crate::otp_tokens::attempt;
use crate::scope::Scope;
use crate::tx::Tx;

type Job = Box<dyn WriteJob>;

/// How long trouble is sat out. By time and not by count: a network that drops one packet in ten fails many
/// short tries in a row and is no outage. Once an outage lasts longer, each job is tried once and refused,
/// so that those in the queue do not wait one after the other.
const PATIENCE: Duration = Duration::from_secs(30);

/// How many attempts share a transaction at most.
const TOGETHER: usize = 256;

/// Keys that wait to be merged into the trigram index: every search reads all of them, and whoever adds one too many
/// merges them while others wait, so fewer may wait than the engine's own 4 MB. Engines of the same protocol that have
/// no such list have no such setting.
const POSTGRES_PENDING: &str =
    "SELECT set_config(name, '256kB', false) FROM pg_settings WHERE name = 'gin_pending_list_limit'";

/// Carries jobs out until all senders are gone.
pub(super) async fn run(target: Target, lane: i64, changes: Changes, mut waiting: mpsc::Receiver<Job>) {
    // One connection for the jobs, one to ask what became of a commit.
    let pool = match target.pool(2) {
        Ok(pool) => pool,
        Err(error) => return refuse_all(waiting, &error).await,
    };
    let mut writer = Writer {
        pool,
        lane,
        changes,
        held: None,
        lost_since: None,
    };
    let mut next = None;
    loop {
        let first = match next.take() {
            Some(job) => job,
            None => match waiting.recv().await {
                Some(job) => job,
                None => return,
            },
        };
        figures::job(lane, waiting.len());
        let (together, other) = gather(first, &mut waiting);
        next = other;
        writer.carry_out_all(together).await;
    }
}

/// The job, with those that wait behind it while all of them are attempts; and the first that is none.
fn gather(mut first: Job, waiting: &mut mpsc::Receiver<Job>) -> (Vec<Job>, Option<Job>) {
    let attempts = first.trying().is_some();
    let mut together = vec![first];
    while attempts
        && together.len() < TOGETHER
        && let Ok(mut job) = waiting.try_recv()
    {
        if job.trying().is_none() {
            return (together, Some(job));
        }
        together.push(job);
    }
    (together, None)
}

async fn refuse_all(mut waiting: mpsc::Receiver<Job>, error: &Error) {
    while let Some(job) = waiting.recv().await {
        job.answer(Err(error.clone()));
    }
}

struct Writer {
    pool: Pool,
    lane: i64,
    changes: Changes,
    held: Option<Tx>,
    /// When the connection was first lost, if no job has got through since.
    lost_since: Option<Instant>,
}

/// How an attempt ended.
enum Attempt {
    Done(Result<(), Error>),
    Again(Error),
}

impl Writer {
    async fn carry_out(&mut self, mut job: Job) {
        let began = Instant::now();
        let mut round = 0;
        loop {
            round += 1;
            let error = match self.attempt(&mut job).await {
                Attempt::Done(result) => {
                    self.lost_since = None;
                    return job.answer(result);
                }
                Attempt::Again(error) => error,
            };
            let since = if error.fault() == Some(Fault::Connection) {
                *self.lost_since.get_or_insert_with(Instant::now)
            } else {
                began
            };
            if since.elapsed() > PATIENCE {
                return job.answer(Err(error));
            }
            figures::tried_again(&error);
            tracing::debug!(%error, round, lane = self.lane, "a job is tried again");
            pause(round, self.lane).await;
        }
    }

    /// Attempts in one transaction; each by itself after any trouble.
    async fn carry_out_all(&mut self, mut jobs: Vec<Job>) {
        let done = if jobs.len() > 1 {
            self.attempt_together(&mut jobs).await
        } else {
            None
        };
        if let Some(result) = done {
            return jobs.into_iter().for_each(|job| job.answer(result.clone()));
        }
        for job in jobs {
            self.carry_out(job).await;
        }
    }

    /// What became of the commit; none where nothing was kept and each is to be tried by itself.
    async fn attempt_together(&mut self, jobs: &mut [Job]) -> Option<Result<(), Error>> {
        let mut tx = self.begin().await.ok()?;
        let mut attempts: Vec<&mut dyn Trying> = jobs.iter_mut().filter_map(|job| job.trying()).collect();
        tx.take_failure();
        let tried = match attempt::many(&mut tx, &mut attempts).await {
            Ok(()) => self.keep(tx).await,
            Err(error) => {
                self.undo(tx).await;
                Attempt::Again(error)
            }
        };
        match tried {
            Attempt::Done(result) => Some(result),
            Attempt::Again(error) => {
                tracing::debug!(%error, lane = self.lane, "attempts are carried out one by one");
                None
            }
        }
    }

    async fn attempt(&mut self, job: &mut Job) -> Attempt {
        let mut tx = match self.begin().await {
            Ok(tx) => tx,
            Err(error) => return Attempt::Again(error),
        };
        match job.run(&mut tx).await {
            Verdict::Keep => self.keep(tx).await,
            Verdict::Undo(fault) => {
                self.undo(tx).await;
                match fault {
                    // COMMIT was not sent: nothing of it took place.
                    Some(kind @ (Fault::Conflict | Fault::Connection)) => {
                        Attempt::Again(Error::driver(kind, "tried too often"))
                    }
                    Some(Fault::Io | Fault::Full | Fault::Constraint | Fault::Denied | Fault::Other) | None => {
                        Attempt::Done(Ok(()))
                    }
                }
            }
        }
    }

    async fn keep(&mut self, mut tx: Tx) -> Attempt {
        let pending = std::mem::take(&mut tx.pending);
        let moved = match audit::append(&mut tx, self.lane, pending).await {
            Ok(moved) => moved,
            Err(error) => {
                self.undo(tx).await;
                return again_if_shared(error);
            }
        };
        let changes = std::mem::take(&mut tx.changes);
        let committed = match tx.batch("COMMIT").await {
            Ok(()) => {
                self.held = Some(tx);
                Ok(true)
            }
            Err(error) if error.fault() == Some(Fault::Connection) => {
                drop(tx);
                tracing::warn!(%error, lane = self.lane, "the connection was lost while committing");
                resolve::outcome(&self.pool, &moved).await
            }
            Err(error) => {
                self.undo(tx).await;
                return again_if_shared(error);
            }
        };
        match committed {
            Ok(true) => {
                tell(&self.changes, changes);
                Attempt::Done(Ok(()))
            }
            Ok(false) => Attempt::Again(Error::driver(Fault::Connection, "the commit was lost")),
            Err(error) => Attempt::Done(Err(error)),
        }
    }

    async fn begin(&mut self) -> Result<Tx, Error> {
        let mut tx = if let Some(tx) = self.held.take() {
            tx
        } else {
            let mut tx = Tx::new(reader(&self.pool).await?, Scope::idle());
            tx.batch(POSTGRES_PENDING).await?;
            tx
        };
        tx.pending.clear();
        tx.changes.clear();
        tx.batch("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
        Ok(tx)
    }

    /// Rolls back; a connection on which that fails is let go.
    async fn undo(&mut self, mut tx: Tx) {
        if tx.batch("ROLLBACK").await.is_ok() {
            self.held = Some(tx);
        }
    }
}

/// Another server on the same lane moved the head, or a conflict: the job may be tried again.
fn again_if_shared(error: Error) -> Attempt {
    let shared = matches!(error, Error::Stale)
        || error.is_duplicate_in("audit_heads")
        || error.is_duplicate_in("audit_events")
        || matches!(error.fault(), Some(Fault::Conflict | Fault::Connection));
    if shared {
        Attempt::Again(error)
    } else {
        Attempt::Done(Err(error))
    }
}

/// 5 ms, doubled each time up to 320 ms, apart for each lane so that two that met do not meet again.
async fn pause(round: u32, lane: i64) {
    let base = 5_u64 << round.min(6);
    let apart = lane.unsigned_abs().wrapping_mul(7) % (base / 2 + 1);
    tokio::time::sleep(Duration::from_millis(base + apart)).await;
}
