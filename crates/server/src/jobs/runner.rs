//! Takes jobs from the store, a few at a time.

use std::time::Duration;

use claviger_domain::Timestamp;
use claviger_store::{
    Dialect, Tx,
    jobs::{self, Job, Status},
};
use tokio::task::JoinSet;

use super::{
    BULK, IMPORT, IMPORT_TOKENS, Lease, OTP_BULK, UNDO, UNDO_TOKENS, bulk, errand::Errand, import, lease::LEASE_MICROS,
    undo,
};
use crate::{App, Failure, telemetry::AtWork};

/// How often the store is asked for work that nobody announced: what another server left behind.
const POLL: Duration = Duration::from_secs(5);
/// How many jobs run at once.
const AT_ONCE: usize = 2;

/// Runs jobs until the server stops; then waits until those at work have put themselves back.
pub async fn run(app: App) {
    let mut working = JoinSet::new();
    // The embedded database has one server: whatever it finds running belongs to one that is dead.
    let mut ahead = if app.store().dialect() == Dialect::Sqlite {
        LEASE_MICROS
    } else {
        0
    };
    while !app.jobs().is_stopping() {
        if let Err(failure) = take_some(&app, &mut working, ahead).await {
            tracing::warn!(?failure, "the store was not asked for jobs");
        }
        ahead = 0;
        tokio::select! {
            () = app.jobs().until_woken() => {}
            Some(_) = working.join_next() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
    while working.join_next().await.is_some() {}
}

async fn take_some(app: &App, working: &mut JoinSet<()>, ahead: i64) -> Result<(), Failure> {
    let room = AT_ONCE.saturating_sub(working.len());
    if room == 0 {
        return Ok(());
    }
    let as_of = Timestamp::from_micros(app.clock().now().as_micros().saturating_add(ahead));
    let free = app
        .store()
        .read(async move |reader| jobs::free(reader, as_of).await)
        .await?;
    for job in free.into_iter().take(room) {
        if take(app, &job).await? {
            let app = app.clone();
            working.spawn(async move { carry_out(&app, job).await });
        }
    }
    Ok(())
}

/// Whether this process was the fastest.
async fn take(app: &App, job: &Job) -> Result<bool, Failure> {
    let now = app.clock().now();
    let until = Timestamp::from_micros(now.as_micros().saturating_add(LEASE_MICROS));
    let scope = Errand::read(&job.scope).scope(job.tenant, job.id.as_u128(), now);
    let (node, taken) = (app.jobs().node(), job.clone());
    match app
        .store()
        .write(scope, async move |tx: &mut Tx| {
            jobs::take(tx, &taken, node, until).await
        })
        .await
    {
        Ok(()) => Ok(true),
        Err(claviger_store::Error::Stale) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

async fn carry_out(app: &App, job: Job) {
    let _at_work = AtWork::begun();
    let lease = Lease::of(app, &job);
    let outcome = match job.kind.as_str() {
        IMPORT | IMPORT_TOKENS => import::clear_up(&lease, &job).await,
        UNDO | UNDO_TOKENS => undo::carry_out(&lease, &job).await,
        kind if kind.starts_with(BULK) => bulk::carry_out::<bulk::Keys>(&lease, &job).await,
        kind if kind.starts_with(OTP_BULK) => bulk::carry_out::<bulk::Tokens>(&lease, &job).await,
        _ => Err(Failure::internal(format!("no such kind of job: {}", job.kind))),
    };
    let Err(failure) = outcome else { return };
    tracing::error!(job = %job.id, kind = job.kind, ?failure, "a job failed");
    if matches!(failure, Failure::Stale(_)) {
        return; // Another process has it.
    }
    let error = Some("The server failed; what was done so far stands in the results.".to_owned());
    if let Err(failure) = lease.finish(Status::Failed, error, None).await {
        tracing::error!(job = %job.id, ?failure, "a failed job could not be ended");
    }
}
