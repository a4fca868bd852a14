//! A reading thread: jobs side by side, long walks on connections of their own.

use deadpool_postgres::Pool;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::connect::{Target, reader};
use super::lease::{self, Node};
use crate::error::Error;
use crate::job::ReadJob;
use crate::tx::Reader;

/// Connections for short reads, for each thread.
const POINTS: usize = 8;
/// Connections for long walks, for each thread.
const WALKS: usize = 4;

/// A job and how it reads.
pub(super) enum Reading {
    /// Short; each statement by itself.
    Point(Box<dyn ReadJob>),
    /// Long; sees one moment.
    Walk(Box<dyn ReadJob>),
}

/// Carries jobs out until all senders are gone. The thread that is given the node keeps its lease.
pub(super) async fn run(target: Target, node: Option<Node>, mut waiting: mpsc::Receiver<Reading>) {
    let pools = target.pool(POINTS).and_then(|points| Ok((points, target.pool(WALKS)?)));
    let (points, walks) = match pools {
        Ok(pools) => pools,
        Err(error) => return tracing::error!(%error, "readers could not start"),
    };
    let keeper = node.map(|node| tokio::task::spawn_local(lease::keep(points.clone(), node)));
    let mut jobs = JoinSet::new();
    while let Some(reading) = waiting.recv().await {
        while jobs.try_join_next().is_some() {}
        match reading {
            Reading::Point(job) => jobs.spawn_local(point(points.clone(), job)),
            Reading::Walk(job) => jobs.spawn_local(walk(walks.clone(), job)),
        };
    }
    while jobs.join_next().await.is_some() {}
    if let (Some(keeper), Some(node)) = (keeper, node) {
        keeper.abort();
        lease::release(&points, node).await;
    }
}

async fn point(pool: Pool, job: Box<dyn ReadJob>) {
    match reader(&pool).await {
        Ok(mut reader) => drop(job.run(&mut reader).await),
        Err(error) => job.fail(error),
    }
}

async fn walk(pool: Pool, job: Box<dyn ReadJob>) {
    match begun(&pool).await {
        Ok(mut reader) => {
            job.run(&mut reader).await;
            if let Err(error) = reader.batch("ROLLBACK").await {
                tracing::debug!(%error, "a walk could not be ended");
            }
        }
        Err(error) => job.fail(error),
    }
}

async fn begun(pool: &Pool) -> Result<Reader, Error> {
    let mut reader = reader(pool).await?;
    reader.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    Ok(reader)
}
