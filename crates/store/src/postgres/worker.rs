//! Threads with a runtime of their own, so that jobs need not be `Send`.

use std::thread::JoinHandle;

use tokio::sync::oneshot;
use tokio::task::LocalSet;

use super::connect::Target;
use crate::error::{Error, Fault};

/// Starts a thread that drives a future to its end.
pub(super) fn start<F: Future<Output = ()>>(
    name: &str,
    work: impl FnOnce() -> F + Send + 'static,
) -> Result<JoinHandle<()>, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .on_thread_park(crate::threads::wipe_stack)
        .build()
        .map_err(|error| Error::driver(Fault::Other, error))?;
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || LocalSet::new().block_on(&runtime, work()))
        .map_err(|error| Error::driver(Fault::Other, error))
}

/// Runs one piece of work on a thread of its own.
pub(super) async fn once<T, F>(
    target: Target,
    migrate: bool,
    work: impl FnOnce(Target, bool) -> F + Send + 'static,
) -> Result<T, Error>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Error>>,
{
    let (reply, answer) = oneshot::channel();
    start("store-opening", move || async move {
        let _ = reply.send(work(target, migrate).await);
    })?;
    answer.await.unwrap_or(Err(Error::Panicked))
}
