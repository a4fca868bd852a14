//! The embedded engine: one writer thread with group commit, readers on connections of their own.

mod checkpoint;
mod connection;
mod errors;
mod readers;
mod session;
mod writer;

use std::path::Path;
use std::sync::Mutex;

use tokio::sync::mpsc;

pub(crate) use connection::{Access, connect};
pub(crate) use session::Session;

use crate::changes::Changes;
use crate::config::StoreConfig;
use crate::error::{Error, Fault};
use crate::job::{ReadJob, WriteJob};
use crate::migrations;
use crate::tx::{Engine, Reader};

use readers::Readers;

/// A database file, open.
pub(crate) struct Sqlite {
    jobs: Mutex<Option<mpsc::Sender<Box<dyn WriteJob>>>>,
    readers: Readers,
    /// The writer, and behind it the thread that ends with the writer's connection.
    threads: Mutex<Vec<std::thread::JoinHandle<()>>>,
}

impl Sqlite {
    pub(crate) async fn open(path: &Path, config: &StoreConfig, changes: Changes) -> Result<Self, Error> {
        let (path, migrate) = (path.to_owned(), config.migrate);
        let file = path.clone();
        let (connection, checkpoints) = blocking(move || {
            let mut connection = connect(&file, Access::Write)?;
            let checkpoints = checkpoint::start(&mut connection, file)?;
            let mut reader = Reader::new(Engine::Sqlite(Session::new(connection)));
            migrations::sqlite::prepare(&mut reader, migrate)?;
            Ok((reader, checkpoints))
        })
        .await?;
        let (jobs, waiting) = mpsc::channel(config.queue.max(1));
        let writer = writer::start(connection, waiting, changes)?;
        Ok(Self {
            jobs: Mutex::new(Some(jobs)),
            readers: Readers::new(path),
            threads: Mutex::new(vec![writer, checkpoints]),
        })
    }

    pub(crate) async fn submit(&self, job: Box<dyn WriteJob>) -> Result<(), Error> {
        let jobs = self
            .jobs
            .lock()
            .ok()
            .and_then(|jobs| jobs.clone())
            .ok_or(Error::Closed)?;
        jobs.send(job).await.map_err(|_| Error::Closed)
    }

    pub(crate) fn read<T, E: From<Error>>(&self, job: &impl AsyncFn(&mut Reader) -> Result<T, E>) -> Result<T, E> {
        self.readers.inline(job)
    }

    pub(crate) async fn scan(&self, job: Box<dyn ReadJob>) -> Result<(), Error> {
        self.readers.scan(job).await
    }

    pub(crate) async fn close(&self) {
        let sender = self.jobs.lock().ok().and_then(|mut jobs| jobs.take());
        drop(sender);
        let threads = self.threads.lock().map(|mut all| std::mem::take(&mut *all));
        let threads = threads.unwrap_or_default();
        let joined = crate::threads::spawn_blocking(move || threads.into_iter().for_each(|thread| drop(thread.join())));
        let _ = joined.await;
        self.readers.close();
    }
}

/// The schema's steps that a file has, none where it has no books yet.
pub(crate) fn applied(path: &Path, list: &str) -> Result<Vec<crate::row::Row>, Error> {
    let mut session = Session::new(connect(path, Access::Read)?);
    let books = session.query("SELECT name FROM sqlite_schema WHERE name = 'schema_migrations'", &[])?;
    if books.is_empty() {
        return Ok(Vec::new());
    }
    session.query(list, &[])
}

/// Runs work that blocks on a thread where it may.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match crate::threads::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(Error::driver(Fault::Other, error)),
    }
}
