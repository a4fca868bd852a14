//! Connections that read: point reads in place, long walks on threads that may block.

use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use tokio::sync::Semaphore;

use super::{Access, Session, blocking, connect};
use crate::error::{Error, Fault};
use crate::job::ReadJob;
use crate::tx::{Engine, Reader};

/// How many idle connections are kept.
const IDLE: usize = 16;
/// How many long walks go on at once.
const WALKS: usize = 8;

#[derive(Clone)]
pub(super) struct Readers {
    path: Arc<PathBuf>,
    idle: Arc<Mutex<Option<Vec<Reader>>>>,
    walks: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path: Arc::new(path),
            idle: Arc::new(Mutex::new(Some(Vec::new()))),
            walks: Arc::new(Semaphore::new(WALKS)),
        }
    }

    /// Runs a job here and now. Its statements never wait, so its future is ready when polled once.
    pub(super) fn inline<T, E: From<Error>>(&self, job: &impl AsyncFn(&mut Reader) -> Result<T, E>) -> Result<T, E> {
        let mut reader = self.take()?;
        let run = AssertUnwindSafe(job(&mut reader)).catch_unwind().now_or_never();
        let lost = reader.take_failure().1 == Some(Fault::Connection);
        match run {
            Some(Ok(outcome)) => {
                if !lost {
                    self.put(reader);
                }
                outcome
            }
            Some(Err(_)) => Err(E::from(Error::Panicked)),
            None => Err(E::from(Error::inconsistent("a short read waited for something else"))),
        }
    }

    /// Runs a job on a blocking thread, inside a transaction that sees one moment.
    pub(super) async fn scan(&self, job: Box<dyn ReadJob>) -> Result<(), Error> {
        let permit = Arc::clone(&self.walks)
            .acquire_owned()
            .await
            .map_err(|_| Error::Closed)?;
        let readers = self.clone();
        let runtime = tokio::runtime::Handle::current();
        blocking(move || {
            let _permit = permit;
            let mut reader = readers.take()?;
            let Engine::Sqlite(session) = reader.engine() else {
                return Err(Error::Closed);
            };
            session.plain("BEGIN DEFERRED")?;
            let whole = runtime.block_on(job.run(&mut reader));
            let Engine::Sqlite(session) = reader.engine() else {
                return Err(Error::Closed);
            };
            if whole && session.plain("COMMIT").is_ok() {
                readers.put(reader);
            }
            Ok(())
        })
        .await
    }

    /// Idle connections are dropped, later reads refused.
    pub(super) fn close(&self) {
        self.walks.close();
        if let Ok(mut idle) = self.idle.lock() {
            idle.take();
        }
    }

    fn take(&self) -> Result<Reader, Error> {
        let mut idle = self.idle.lock().map_err(|_| Error::Closed)?;
        if let Some(reader) = idle.as_mut().ok_or(Error::Closed)?.pop() {
            return Ok(reader);
        }
        drop(idle);
        Ok(Reader::new(Engine::Sqlite(Session::new(connect(
            &self.path,
            Access::Read,
        )?))))
    }

    fn put(&self, reader: Reader) {
        if let Ok(mut idle) = self.idle.lock()
            && let Some(idle) = idle.as_mut()
            && idle.len() < IDLE
        {
            idle.push(reader);
        }
    }
}
