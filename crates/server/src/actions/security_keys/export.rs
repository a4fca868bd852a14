//! The list as a file, sent while it is read; what was sent stands in the audit log, also when it broke off.

use bytes::Bytes;
use claviger_api::Time;
use claviger_domain::{BatchId, Timestamp, security_key::Drift};
use claviger_formats::{csv_out::CsvOut, inventory::COLUMNS};
use claviger_store::{
    Tx,
    audit::AuditEntry,
    security_keys::{Filter, Holders, Listed, Sort, Walk},
};
use data_encoding::HEXLOWER;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;

use super::permitted;
use crate::{App, Failure, auth::Caller, ports::new_id, rest::guard};

/// Keys read at once.
const CHUNK: usize = 1_000;
/// Chunks that wait to be written down, and pieces that wait for a slow reader.
const AHEAD: usize = 4;

/// A file on its way: its pieces in order. A failure is its last, and means that it is not whole.
pub type Export = mpsc::Receiver<Result<Bytes, Failure>>;

type Pieces = mpsc::Sender<Result<Bytes, Failure>>;

/// What was sent.
#[derive(Clone, Default)]
struct Sent {
    rows: u64,
    bytes: u64,
    hash: Sha256,
    whole: bool,
}

/// Sends the list as CSV. `asked` is the filter as the audit log keeps it.
///
/// # Errors
/// [`Failure::Lacks`] when the filter names a holder and the caller may see none.
pub fn export(
    caller: &Caller<guard::Export>,
    filter: Filter,
    sort: Option<Sort>,
    asked: String,
) -> Result<Export, Failure> {
    let filter = permitted(caller, filter)?;
    let (pieces, file) = mpsc::channel(AHEAD);
    let (caller, app) = (caller.clone(), caller.app().clone());
    tokio::spawn(async move {
        let (sent, failure) = send(&app, &caller, filter, sort, pieces.clone()).await;
        // The file ends only after its event is kept: who has it whole is in the log.
        let last = match (record(&caller, &sent, asked).await, failure) {
            (Err(failure), _) | (Ok(()), Some(failure)) => Some(failure),
            (Ok(()), None) => None,
        };
        if let Some(failure) = last {
            // Nobody may be there to hear it.
            let _ = pieces.send(Err(failure)).await;
        }
    });
    Ok(file)
}

async fn send(
    app: &App,
    caller: &Caller<guard::Export>,
    filter: Filter,
    sort: Option<Sort>,
    pieces: Pieces,
) -> (Sent, Option<Failure>) {
    let (tenant, holders) = (caller.tenant(), filter.holders);
    let (chunks, read) = mpsc::channel(AHEAD);
    // Rows are written down on a thread of their own while the next ones are read.
    let writing = tokio::task::spawn_blocking(move || write_down(read, &pieces, holders));
    let scan = async move |reader: &mut claviger_store::Reader| -> Result<bool, Failure> {
        let mut walk = Walk::begin(reader, tenant, &filter, sort).await?;
        loop {
            let keys = walk.next(reader, CHUNK).await?;
            if keys.is_empty() {
                return Ok(true);
            }
            if chunks.send(keys).await.is_err() {
                return Ok(false); // The receiver has gone.
            }
        }
    };
    let outcome = app.store().scan(scan).await;
    let written = writing.await.map_err(Failure::internal);
    let mut sent = written.as_ref().cloned().unwrap_or_default();
    sent.whole &= matches!(outcome, Ok(true));
    (sent, outcome.err().or(written.err()))
}

/// Makes keys the lines of the file and sends them on; blocks. Whole when all that was read was taken.
fn write_down(mut chunks: mpsc::Receiver<Vec<Listed>>, pieces: &Pieces, holders: Holders) -> Sent {
    let (mut sent, mut lines, mut rows) = (Sent::default(), Lines::default(), 0);
    lines.holders = holders;
    lines.head();
    loop {
        let piece = Bytes::from(lines.out.take());
        if pieces.blocking_send(Ok(piece.clone())).is_err() {
            return sent;
        }
        sent.rows = rows;
        sent.bytes += u64::try_from(piece.len()).unwrap_or(u64::MAX);
        sent.hash.update(&piece);
        let Some(keys) = chunks.blocking_recv() else {
            sent.whole = true;
            return sent;
        };
        rows += u64::try_from(keys.len()).unwrap_or(u64::MAX);
        for key in &keys {
            lines.line(key);
        }
    }
}

/// Keys as lines.
#[derive(Default)]
struct Lines {
    out: CsvOut,
    holders: Holders,
    batch: Repeated<BatchId>,
    imported: Repeated<Timestamp>,
    updated: Repeated<Timestamp>,
}

/// The text of a cell that is mostly the same as in the row before.
struct Repeated<T> {
    value: Option<T>,
    text: String,
}

impl<T> Default for Repeated<T> {
    fn default() -> Self {
        Self {
            value: None,
            text: String::new(),
        }
    }
}

impl<T: PartialEq> Repeated<T> {
    fn text(&mut self, value: T, render: impl FnOnce(&T) -> String) -> &str {
        if self.value.as_ref() != Some(&value) {
            self.text = render(&value);
            self.value = Some(value);
        }
        &self.text
    }
}

impl Lines {
    fn head(&mut self) {
        for name in COLUMNS {
            self.out.cell(name);
        }
        self.out.end();
    }

    fn line(&mut self, listed: &Listed) {
        let key = &listed.key;
        let seen = key.observation();
        let time = |at: &Timestamp| Time::from_micros(at.as_micros()).to_string();
        let yes = |yes: bool| if yes { "yes" } else { "no" };
        let holder = match self.holders {
            Holders::Searched => listed.user_name.as_deref().unwrap_or_default(),
            Holders::Hidden => "",
        };
        let attributes = if key.attributes().is_empty() {
            String::new()
        } else {
            json!(key.attributes()).to_string()
        };
        self.out
            .cell(key.device_name().as_str())
            .cell(key.serial_number().given())
            .cell(key.version().as_str())
            .cell(key.status().as_str())
            .cell(key.mode().as_str())
            .cell(listed.policy_name.as_deref().unwrap_or_default())
            .cell(
                &key.policy()
                    .map_or_else(String::new, |policy| policy.version.to_string()),
            )
            .cell(holder)
            .cell(&seen.aaguid.map_or_else(String::new, |aaguid| aaguid.to_string()))
            .cell(key.identity_provider().provider().map_or("", |name| name.as_str()))
            .cell(seen.firmware.as_ref().map_or("", |firmware| firmware.as_str()))
            .cell(&key.generation().get().to_string())
            .cell(yes(key.is_locked()))
            .cell(yes(listed.drift() != Drift::None))
            .cell(
                key.batch()
                    .map_or("", |batch| self.batch.text(batch, ToString::to_string)),
            )
            .cell(self.imported.text(key.imported_at(), time))
            .cell(self.updated.text(key.updated_at(), time))
            .cell(&seen.last_seen_at.as_ref().map(time).unwrap_or_default())
            .cell(&attributes)
            .end();
    }
}

async fn record(caller: &Caller<guard::Export>, sent: &Sent, asked: String) -> Result<(), Failure> {
    let after = json!({
        "filter": asked,
        "rows": sent.rows,
        "bytes": sent.bytes,
        "sha256": HEXLOWER.encode(&sent.hash.clone().finalize()),
        "whole": sent.whole,
    });
    let event = AuditEntry {
        action: "security_keys.exported",
        object_kind: "export",
        object_id: Some(new_id()),
        object_label: Some("security-keys.csv".to_owned()),
        after: Some(after),
        ..AuditEntry::default()
    };
    let write = async move |tx: &mut Tx| -> Result<(), Failure> {
        tx.record(event.clone());
        Ok(())
    };
    caller.app().store().write(caller.scope(new_id()), write).await
}
