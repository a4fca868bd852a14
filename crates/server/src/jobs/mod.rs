//! Jobs: long work, taken from the store and run beside the requests.

use tokio::sync::watch;

/// The jobs runner of this process.
pub struct Jobs {
    stopping: watch::Sender<bool>,
}

impl Jobs {
    /// A runner at rest.
    #[must_use]
    pub fn new() -> Self {
        Self {
            stopping: watch::Sender::new(false),
        }
    }

    /// Takes no more jobs; those at work put themselves back.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }
}

impl Default for Jobs {
    fn default() -> Self {
        Self::new()
    }
}
