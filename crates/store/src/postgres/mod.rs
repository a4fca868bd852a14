//! PostgreSQL: four writers, each with its own connection and lane, and readers apart.

mod bind;
mod connect;
mod errors;
pub(crate) mod lease;
mod readers;
mod resolve;
mod session;
mod worker;
mod writer;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;

use tokio::sync::mpsc;

pub(crate) use session::Session;

use crate::changes::Changes;
use crate::config::StoreConfig;
use crate::error::Error;
use crate::job::{ReadJob, WriteJob};
use crate::scope::WRITERS;
use connect::Target;
use readers::Reading;

/// Threads that read, each with connections of its own.
const READERS: usize = 2;

/// The schema's steps that a database has, none where it has no books yet.
pub(crate) async fn applied(url: &str, list: &'static str) -> Result<Vec<crate::row::Row>, Error> {
    worker::once(Target::parse(url)?, false, async move |target: Target, _| {
        let mut reader = connect::reader(&target.pool(1)?).await?;
        let books = "SELECT 1::bigint AS books WHERE to_regclass('schema_migrations') IS NOT NULL";
        if reader.rows(books, &[]).await?.is_empty() {
            return Ok(Vec::new());
        }
        reader.rows(list, &[]).await
    })
    .await
}

/// A database, open.
pub(crate) struct Postgres {
    writers: Mutex<Vec<mpsc::Sender<Box<dyn WriteJob>>>>,
    readers: Mutex<Vec<mpsc::Sender<Reading>>>,
    next: AtomicUsize,
    lanes: std::ops::Range<i64>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Postgres {
    pub(crate) async fn open(url: &str, config: &StoreConfig, changes: Changes) -> Result<Self, Error> {
        let target = Target::parse(url)?;
        let node = worker::once(target.clone(), config.migrate, lease::prepare).await?;
        let mut threads = Vec::new();
        let mut writers = Vec::new();
        for number in 0..WRITERS {
            let lane = lease::lane(node.number, number);
            let (sender, waiting) = mpsc::channel(config.queue.div_ceil(WRITERS).max(1));
            let (target, changes) = (target.clone(), changes.clone());
            threads.push(worker::start("store-writer", move || {
                writer::run(target, lane, changes, waiting)
            })?);
            writers.push(sender);
        }
        let mut readers = Vec::new();
        for number in 0..READERS {
            let (sender, waiting) = mpsc::channel(config.queue.max(1));
            let (target, node) = (target.clone(), (number == 0).then_some(node));
            threads.push(worker::start("store-reader", move || {
                readers::run(target, node, waiting)
            })?);
            readers.push(sender);
        }
        Ok(Self {
            writers: Mutex::new(writers),
            readers: Mutex::new(readers),
            next: AtomicUsize::new(0),
            lanes: lease::lane(node.number, 0)..lease::lane(node.number + 1, 0),
            threads: Mutex::new(threads),
        })
    }

    /// The lanes that this process writes.
    pub(crate) fn lanes(&self) -> std::ops::Range<i64> {
        self.lanes.clone()
    }

    pub(crate) async fn submit(&self, job: Box<dyn WriteJob>) -> Result<(), Error> {
        let place = job.scope().writer();
        let writer = self
            .writers
            .lock()
            .ok()
            .and_then(|all| all.get(place).cloned())
            .ok_or(Error::Closed)?;
        writer.send(job).await.map_err(|_| Error::Closed)
    }

    pub(crate) async fn read(&self, job: Box<dyn ReadJob>) -> Result<(), Error> {
        self.send(Reading::Point(job)).await
    }

    pub(crate) async fn scan(&self, job: Box<dyn ReadJob>) -> Result<(), Error> {
        self.send(Reading::Walk(job)).await
    }

    async fn send(&self, reading: Reading) -> Result<(), Error> {
        let place = self.next.fetch_add(1, Ordering::Relaxed) % READERS;
        let reader = self
            .readers
            .lock()
            .ok()
            .and_then(|all| all.get(place).cloned())
            .ok_or(Error::Closed)?;
        reader.send(reading).await.map_err(|_| Error::Closed)
    }

    pub(crate) async fn close(&self) {
        self.writers.lock().map(|mut all| all.clear()).ok();
        self.readers.lock().map(|mut all| all.clear()).ok();
        let threads: Vec<_> = self
            .threads
            .lock()
            .map(|mut all| std::mem::take(&mut *all))
            .unwrap_or_default();
        let joined = crate::threads::spawn_blocking(move || threads.into_iter().for_each(|thread| drop(thread.join())));
        let _ = joined.await;
    }
}
