//! Moves committed pages from the log into the file while the writer goes on writing.
//!
//! Done by the writer, as SQLite would have it, a checkpoint stands in the way of every job that waits.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;
use rusqlite::hooks::Wal;

use super::{Access, connect};
use crate::error::{Error, Fault};

/// So many new pages of the log are worth a checkpoint: 8 MB.
const WORTH: i32 = 2_000;
/// From so many pages on the writer carries out what is left and begins the log anew: 64 MB.
const TOO_MANY: i32 = 16_000;

/// Takes checkpoints over from this connection. The thread ends when the connection is closed.
pub(super) fn start(writer: &mut Connection, path: PathBuf) -> Result<JoinHandle<()>, Error> {
    let (wake, woken) = sync_channel(1);
    writer.wal_hook(Some(watch(wake)))?;
    std::thread::Builder::new()
        .name("store-checkpoint".to_owned())
        .spawn(move || {
            if let Err(error) = serve(&path, &woken) {
                tracing::warn!(%error, "the log is written back by the writer alone");
            }
        })
        .map_err(|error| Error::driver(Fault::Other, error))
}

fn watch(wake: SyncSender<()>) -> impl FnMut(&mut Wal, i32) -> rusqlite::Result<()> + Send + 'static {
    let mut told = 0;
    move |log, pages| {
        if pages < told {
            told = 0; // The log was begun anew.
        }
        if pages >= TOO_MANY {
            // Somebody reads, or is at the same work: the next commit tries again. The commit stands either way.
            let _ = log.checkpoint();
        } else if pages - told >= WORTH {
            told = pages;
            let _ = wake.try_send(()); // Full: it is at work.
        }
        Ok(())
    }
}

fn serve(path: &std::path::Path, woken: &Receiver<()>) -> Result<(), Error> {
    let connection = connect(path, Access::Write)?;
    while woken.recv().is_ok() {
        // Answers a row: whether it was hindered, pages in the log, pages moved.
        if let Err(error) = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) {
            tracing::debug!(%error, "a checkpoint was put off");
        }
    }
    Ok(())
}
