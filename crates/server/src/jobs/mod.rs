//! Jobs: long work, taken from the store under a lease and run beside the requests. A server that dies leaves its
//! jobs to the next one, which repeats nothing: a chunk of rows and what is known of it are one commit.

mod bulk;
pub(crate) mod errand;
pub(crate) mod import;
mod lease;
mod runner;
mod undo;

use tokio::sync::{Notify, watch};
use uuid::Uuid;

pub(crate) use lease::{Halt, LEASE_MICROS, Lease};
pub use runner::run;

use crate::ports::new_id;

/// Kind of the job that imports a delivery.
pub(crate) const IMPORT: &str = "import";
/// Kind of the job that takes an undone import's keys out.
pub(crate) const UNDO: &str = "import.undo";
/// Kind of the job that imports a seed file.
pub(crate) const IMPORT_TOKENS: &str = "otp_import";
/// Kind of the job that takes an undone import's tokens out.
pub(crate) const UNDO_TOKENS: &str = "otp_import.undo";
/// Beginning of the kinds of bulk actions; the verb follows.
pub(crate) const BULK: &str = "bulk.";
/// The same of orders to OTP tokens.
pub(crate) const OTP_BULK: &str = "otp_tokens.";

/// Whether jobs of this kind keep what came of each row.
pub(crate) fn has_results(kind: &str) -> bool {
    [BULK, OTP_BULK].iter().any(|beginning| kind.starts_with(beginning))
}

/// The jobs runner of this process.
pub struct Jobs {
    stopping: watch::Sender<bool>,
    wake: Notify,
    node: Uuid,
}

impl Jobs {
    /// A runner at rest.
    #[must_use]
    pub fn new() -> Self {
        Self {
            stopping: watch::Sender::new(false),
            wake: Notify::new(),
            node: new_id(),
        }
    }

    /// Takes no more jobs; those at work put themselves back.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
        self.wake.notify_one();
    }

    /// Looks for work now rather than soon.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Whether jobs at work are to put themselves back.
    pub(crate) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// This process, as leases name it.
    pub(crate) const fn node(&self) -> Uuid {
        self.node
    }

    pub(crate) async fn until_woken(&self) {
        self.wake.notified().await;
    }
}

impl Default for Jobs {
    fn default() -> Self {
        Self::new()
    }
}
