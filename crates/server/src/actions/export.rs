//! Lists as files, sent while they are read; what was sent stands in the audit log, also when it broke off.

use std::ops::ControlFlow;

use bytes::Bytes;
use claviger_formats::csv_out::CsvOut;
use claviger_store::{Reader, Tx, audit::AuditEntry};
use data_encoding::HEXLOWER;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;

use crate::{Failure, auth::Caller, ports::new_id, rest::guard};

/// Rows to read at once.
pub(crate) const CHUNK: usize = 1_000;
/// Chunks that wait to be written down, and pieces that wait for a slow reader.
const AHEAD: usize = 4;

/// A file on its way: its pieces in order. A failure is its last, and means that it is not whole.
pub type Export = mpsc::Receiver<Result<Bytes, Failure>>;

type Pieces = mpsc::Sender<Result<Bytes, Failure>>;

/// A list that leaves, as the audit log calls it.
#[derive(Debug)]
pub(crate) struct Leaving {
    /// What happened, such as `users.exported`.
    pub(crate) action: &'static str,
    /// Name of the file.
    pub(crate) file: &'static str,
    /// The filter as it was asked.
    pub(crate) asked: String,
}

/// Makes rows the lines of a file.
pub(crate) trait Lines: Send + 'static {
    /// A row as it is read.
    type Row: Send + 'static;
    /// Names of the columns.
    const COLUMNS: &'static [&'static str];

    /// Adds the line of a row.
    fn line(&mut self, out: &mut CsvOut, row: &Self::Row);
}

/// Where the rows go that were read.
#[derive(Debug)]
pub(crate) struct Chunks<Row>(mpsc::Sender<Vec<Row>>);

impl<Row> Chunks<Row> {
    /// Hands the next rows on; none mean the end. Breaks when nothing more is wanted, with whether all was taken.
    pub(crate) async fn pass(&self, rows: Vec<Row>) -> ControlFlow<bool> {
        if rows.is_empty() {
            ControlFlow::Break(true)
        } else if self.0.send(rows).await.is_err() {
            ControlFlow::Break(false) // The receiver has gone.
        } else {
            ControlFlow::Continue(())
        }
    }
}

/// What was sent.
#[derive(Clone, Default)]
struct Sent {
    rows: u64,
    bytes: u64,
    hash: Sha256,
    whole: bool,
}

/// Sends a list as CSV. `scan` makes the job that reads it and [passes](Chunks::pass) it on; the job answers whether all
/// was taken.
pub(crate) fn send<L, S, F>(caller: &Caller<guard::Export>, leaving: Leaving, lines: L, scan: S) -> Export
where
    L: Lines,
    S: FnOnce(Chunks<L::Row>) -> F,
    F: AsyncFn(&mut Reader) -> Result<bool, Failure> + Send + 'static,
{
    let (pieces, file) = mpsc::channel(AHEAD);
    let (chunks, read) = mpsc::channel(AHEAD);
    let (caller, scan) = (caller.clone(), scan(Chunks(chunks)));
    tokio::spawn(async move {
        let (ahead, store) = (pieces.clone(), caller.app().store().clone());
        // Rows are written down on a thread of their own while the next ones are read.
        let writing = claviger_store::threads::spawn_blocking(move || write_down(read, &ahead, lines));
        let outcome = store.scan(scan).await;
        let written = writing.await.map_err(Failure::internal);
        let mut sent = written.as_ref().cloned().unwrap_or_default();
        sent.whole &= matches!(outcome, Ok(true));
        let failure = outcome.err().or(written.err());
        // The file ends only after its event is kept: who has it whole is in the log.
        if let Some(failure) = record(&caller, &sent, &leaving).await.err().or(failure) {
            // Nobody may be there to hear it.
            let _ = pieces.send(Err(failure)).await;
        }
    });
    file
}

/// Makes rows the lines of the file and sends them on; blocks. Whole when all that was read was taken.
fn write_down<L: Lines>(mut chunks: mpsc::Receiver<Vec<L::Row>>, pieces: &Pieces, mut lines: L) -> Sent {
    let (mut sent, mut out, mut rows) = (Sent::default(), CsvOut::default(), 0);
    for name in L::COLUMNS {
        out.cell(name);
    }
    out.end();
    loop {
        let piece = Bytes::from(out.take());
        if pieces.blocking_send(Ok(piece.clone())).is_err() {
            return sent;
        }
        sent.rows = rows;
        sent.bytes += u64::try_from(piece.len()).unwrap_or(u64::MAX);
        sent.hash.update(&piece);
        let Some(chunk) = chunks.blocking_recv() else {
            sent.whole = true;
            return sent;
        };
        rows += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        for row in &chunk {
            lines.line(&mut out, row);
        }
    }
}

async fn record(caller: &Caller<guard::Export>, sent: &Sent, leaving: &Leaving) -> Result<(), Failure> {
    let after = json!({
        "filter": leaving.asked,
        "rows": sent.rows,
        "bytes": sent.bytes,
        "sha256": HEXLOWER.encode(&sent.hash.clone().finalize()),
        "whole": sent.whole,
    });
    let event = AuditEntry {
        action: leaving.action,
        object_kind: "export",
        object_id: Some(new_id()),
        object_label: Some(leaving.file.to_owned()),
        after: Some(after),
        ..AuditEntry::default()
    };
    let write = async move |tx: &mut Tx| -> Result<(), Failure> {
        tx.record(event.clone());
        Ok(())
    };
    caller.app().store().write(caller.scope(new_id()), write).await
}
