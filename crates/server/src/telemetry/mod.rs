//! Logs and metrics: structured, with request ids, and never a secret.

mod logs;
mod metrics;

pub use logs::start as start_logs;
pub use metrics::{AtWork, Metrics, request};
