//! Checks the whole audit log: chain, heads, and checkpoints that were kept elsewhere.

use std::{fs, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use claviger_domain::Timestamp;
use claviger_store::{
    Reader, Store,
    audit::{self, Checkpoint, Report, Verifier},
};
use ed25519_dalek::{Signature, Verifier as _, VerifyingKey};
use serde::Deserialize;

use super::LocalError;

const CHUNK: i64 = 2_000;

/// Checks every event of every tenant. Checkpoints that were kept elsewhere are what makes truncation visible; without
/// them those of the database are used.
///
/// # Errors
/// When the database cannot be read; what is wrong with the log is in the report.
pub async fn verify(store: &Store, elsewhere: Option<Vec<Checkpoint>>) -> Result<Report, LocalError> {
    store
        .scan(async move |reader: &mut Reader| {
            let checkpoints = match elsewhere.clone() {
                Some(checkpoints) => checkpoints,
                None => own(reader).await?,
            };
            let mut verifier = Verifier::new(&checkpoints, genuine);
            let heads = audit::heads(reader).await?;
            for head in &heads {
                let mut reached = 0;
                loop {
                    let events = audit::walk(reader, head.tenant, head.lane, reached, CHUNK).await?;
                    let Some(last) = events.last() else { break };
                    reached = last.sequence;
                    for event in &events {
                        verifier.push(event);
                    }
                }
            }
            Ok(verifier.finish(&heads))
        })
        .await
}

async fn own(reader: &mut Reader) -> Result<Vec<Checkpoint>, LocalError> {
    let mut all = Vec::new();
    loop {
        let after = all.last().map_or(0, |last: &Checkpoint| last.sequence);
        let more = audit::checkpoints(reader, after, CHUNK).await?;
        if more.is_empty() {
            return Ok(all);
        }
        all.extend(more);
    }
}

/// A line of the file that the server leaves its checkpoints in.
#[derive(Deserialize)]
struct Line {
    sequence: i64,
    body: String,
    key_id: String,
    signature: String,
}

/// Reads checkpoints that the server left in a file, or that were collected from its log; oldest first.
///
/// # Errors
/// When the file cannot be read or a line is no checkpoint.
pub fn read_checkpoints(path: &Path) -> Result<Vec<Checkpoint>, LocalError> {
    let text = fs::read_to_string(path).map_err(|error| LocalError::File(path.to_owned(), error))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read = lines.map(|(place, line)| {
        parsed(line)
            .ok_or_else(|| LocalError::Invalid(format!("{} line {}: not a checkpoint", path.display(), place + 1)))
    });
    let mut all = read.collect::<Result<Vec<_>, _>>()?;
    all.sort_by_key(|checkpoint| checkpoint.sequence);
    Ok(all)
}

fn parsed(line: &str) -> Option<Checkpoint> {
    let line: Line = serde_json::from_str(line).ok()?;
    let body = STANDARD.decode(line.body).ok()?;
    let at: Timestamp = audit::read_body(&body)?.at;
    Some(Checkpoint {
        sequence: line.sequence,
        at,
        signature: STANDARD.decode(line.signature).ok()?,
        key_id: line.key_id,
        body,
    })
}

fn genuine(checkpoint: &Checkpoint) -> bool {
    let key = STANDARD
        .decode(&checkpoint.key_id)
        .ok()
        .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let key = key.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
    let signature = Signature::from_slice(&checkpoint.signature).ok();
    key.zip(signature)
        .is_some_and(|(key, signature)| key.verify(&checkpoint.body, &signature).is_ok())
}
