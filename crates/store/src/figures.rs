//! Figures of the write path, for whoever installed a recorder.

use crate::error::Error;

/// A writer took jobs that will share a commit while `waiting` more stand in its queue.
pub(crate) fn batch(jobs: usize, waiting: usize) {
    metrics::histogram!("store_batch_jobs").record(float(jobs));
    metrics::gauge!("store_queue_jobs").set(float(waiting));
}

/// A writer of several took a job.
pub(crate) fn job(lane: i64, waiting: usize) {
    metrics::gauge!("store_queue_jobs", "lane" => lane.to_string()).set(float(waiting));
}

/// A writer tries again or gives up.
pub(crate) fn tried_again(error: &Error) {
    let fault = error
        .fault()
        .map_or_else(|| "stale".to_owned(), |fault| format!("{fault:?}").to_lowercase());
    metrics::counter!("store_retries_total", "fault" => fault).increment(1);
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
