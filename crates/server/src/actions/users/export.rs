//! The list of users as a file, sent while it is read; what was sent stands in the audit log, also when it broke off.

use bytes::Bytes;
use claviger_api::Time;
use claviger_domain::{
    Privilege, Timestamp,
    text::{Email, Locale},
};
use claviger_formats::{csv_out::CsvOut, people::COLUMNS};
use claviger_store::{
    Tx,
    audit::AuditEntry,
    users::{Filter, Listed, Sort, Walk},
};
use data_encoding::HEXLOWER;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;

use crate::{Failure, actions::security_keys::Export, auth::Caller, ports::new_id, rest::guard};

/// Users read at once.
const CHUNK: usize = 1_000;
/// Pieces that wait for a slow reader.
const AHEAD: usize = 4;

type Pieces = mpsc::Sender<Result<Bytes, Failure>>;

/// What was sent.
#[derive(Clone, Default)]
struct Sent {
    rows: u64,
    bytes: u64,
    hash: Sha256,
    whole: bool,
}

impl Sent {
    /// Whether there is still somebody who takes it.
    async fn piece(&mut self, pieces: &Pieces, lines: &mut CsvOut, rows: usize) -> bool {
        let piece = Bytes::from(lines.take());
        if pieces.send(Ok(piece.clone())).await.is_err() {
            return false;
        }
        self.rows += u64::try_from(rows).unwrap_or(u64::MAX);
        self.bytes += u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.hash.update(&piece);
        true
    }
}

/// Sends the list as CSV. `asked` is the filter as the audit log keeps it.
///
/// # Errors
/// [`Failure::Lacks`] for those who may export, but see no users.
pub fn export(
    caller: &Caller<guard::Export>,
    filter: Filter,
    sort: Option<Sort>,
    asked: String,
) -> Result<Export, Failure> {
    caller.require(Privilege::UserRead)?;
    let (pieces, file) = mpsc::channel(AHEAD);
    let caller = caller.clone();
    tokio::spawn(async move {
        let (sent, failure) = send(&caller, filter, sort, pieces.clone()).await;
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
    caller: &Caller<guard::Export>,
    filter: Filter,
    sort: Option<Sort>,
    pieces: Pieces,
) -> (Sent, Option<Failure>) {
    let tenant = caller.tenant();
    let (chunks, mut read) = mpsc::channel::<Vec<Listed>>(AHEAD);
    let store = caller.app().store().clone();
    let scan = async move |reader: &mut claviger_store::Reader| -> Result<bool, Failure> {
        let mut walk = Walk::begin(reader, tenant, &filter, sort);
        loop {
            let users = walk.next(reader, CHUNK).await?;
            if users.is_empty() {
                return Ok(true);
            }
            if chunks.send(users).await.is_err() {
                return Ok(false); // The receiver has gone.
            }
        }
    };
    let reading = tokio::spawn(async move { store.scan(scan).await });
    let (mut sent, mut lines) = (Sent::default(), CsvOut::default());
    for name in COLUMNS {
        lines.cell(name);
    }
    lines.end();
    let mut taken = sent.piece(&pieces, &mut lines, 0).await;
    while let (true, Some(users)) = (taken, read.recv().await) {
        for user in &users {
            line(&mut lines, user);
        }
        taken = sent.piece(&pieces, &mut lines, users.len()).await;
    }
    drop(read);
    let outcome = reading.await.map_err(Failure::internal).and_then(|outcome| outcome);
    sent.whole = taken && matches!(outcome, Ok(true));
    (sent, outcome.err())
}

fn line(out: &mut CsvOut, listed: &Listed) {
    let user = &listed.user;
    let time = |at: Timestamp| Time::from_micros(at.as_micros()).to_string();
    out.cell(user.user_name().as_str())
        .cell(user.display_name().as_str())
        .cell(user.email().map_or("", Email::as_str))
        .cell(user.locale().map_or("", Locale::as_str))
        .cell(user.status().as_str())
        .cell(&user.disabled_at().map(time).unwrap_or_default())
        .cell(&listed.keys.to_string())
        .cell(&time(user.created_at()))
        .cell(&time(user.updated_at()))
        .end();
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
        action: "users.exported",
        object_kind: "export",
        object_id: Some(new_id()),
        object_label: Some("users.csv".to_owned()),
        after: Some(after),
        ..AuditEntry::default()
    };
    let write = async move |tx: &mut Tx| -> Result<(), Failure> {
        tx.record(event.clone());
        Ok(())
    };
    caller.app().store().write(caller.scope(new_id()), write).await
}
