//! Metrics in Prometheus' text format.

use std::{borrow::Cow, sync::OnceLock, time::Duration};

use axum::http::StatusCode;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Upper bounds of the latency buckets, in seconds.
const SECONDS: [f64; 12] = [
    0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0,
];

/// Upper bounds of the buckets of a batch, in jobs.
const JOBS: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];

/// The process's metrics.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// The recorder of this process, installed at the first call.
    #[must_use]
    pub fn installed() -> Self {
        static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
        Self(HANDLE.get_or_init(install).clone())
    }

    /// Everything counted so far, as text.
    #[must_use]
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// Folds samples into their buckets; to be called every few seconds.
    pub fn upkeep(&self) {
        self.0.run_upkeep();
    }
}

fn install() -> PrometheusHandle {
    let builder = PrometheusBuilder::new();
    let builder = builder
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
        .and_then(|builder| builder.set_buckets_for_metric(Matcher::Full("store_batch_jobs".to_owned()), &JOBS))
        .unwrap_or_default();
    let recorder = builder.build_recorder();
    let handle = recorder.handle();
    // Another recorder can only be one that a test installed: its figures are its own.
    let _ = metrics::set_global_recorder(recorder);
    metrics::describe_counter!("http_requests_total", "Requests by operation and status");
    metrics::describe_histogram!(
        "http_request_seconds",
        metrics::Unit::Seconds,
        "Time to the head of the answer"
    );
    metrics::describe_gauge!("event_streams", "Consoles that follow the events stream");
    metrics::describe_gauge!("jobs_running", "Jobs at work in this process");
    metrics::gauge!("jobs_running").set(0.0);
    metrics::describe_counter!(
        "outbox_tries_total",
        "Tries to hand a message over, by its kind and what became of it"
    );
    metrics::describe_histogram!("store_batch_jobs", "Write jobs that shared a commit");
    metrics::describe_gauge!("store_queue_jobs", "Write jobs that wait for a writer");
    metrics::describe_counter!("store_retries_total", "Write jobs tried again, by what was in the way");
    handle
}

/// A job at work, counted until it is dropped.
pub struct AtWork(());

impl AtWork {
    /// Counts one more.
    #[must_use]
    pub fn begun() -> Self {
        metrics::gauge!("jobs_running").increment(1.0);
        Self(())
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        metrics::gauge!("jobs_running").decrement(1.0);
    }
}

/// Counts one request.
pub fn request(operation: Cow<'static, str>, status: StatusCode, spent: Duration) {
    metrics::counter!("http_requests_total", "operation" => operation.clone(), "status" => status_text(status))
        .increment(1);
    metrics::histogram!("http_request_seconds", "operation" => operation).record(spent);
}

fn status_text(status: StatusCode) -> Cow<'static, str> {
    match status {
        StatusCode::OK => Cow::Borrowed("200"),
        StatusCode::CREATED => Cow::Borrowed("201"),
        other => Cow::Owned(other.as_str().to_owned()),
    }
}
