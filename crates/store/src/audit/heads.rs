//! Heads of the chains, and the checkpoints that cover them.

use claviger_domain::Timestamp;
use claviger_domain::ids::TenantId;
use sha2::{Digest, Sha256};

use crate::{Error, Reader, Row, Tx};

/// Where a lane of a tenant stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LaneHead {
    /// The tenant.
    pub tenant: TenantId,
    /// The lane.
    pub lane: i64,
    /// Sequence of its last event.
    pub sequence: i64,
    /// Hash of its last event.
    pub hash: [u8; 32],
}

/// A signed statement of where all lanes stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Counts up from 1 without gaps.
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// What is signed: see [`body`].
    pub body: Vec<u8>,
    /// Which key signed.
    pub key_id: String,
    /// Ed25519 over `body`.
    pub signature: Vec<u8>,
}

const HEADS: &str = "SELECT tenant_id, lane, sequence, hash FROM audit_heads ORDER BY tenant_id, lane";
const TENANT_HEADS: &str = "SELECT tenant_id, lane, sequence, hash FROM audit_heads
    WHERE tenant_id = $1 ORDER BY lane";
const CHECKPOINTS: &str = "SELECT sequence, at, body, key_id, signature FROM audit_checkpoints
    WHERE tenant_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3";
const LATEST: &str = "SELECT sequence, at, body, key_id, signature FROM audit_checkpoints
    WHERE tenant_id = $1 ORDER BY sequence DESC LIMIT 1";
const INSERT: &str = "INSERT INTO audit_checkpoints (tenant_id, sequence, at, body, key_id, signature)
    VALUES ($1, $2, $3, $4, $5, $6)";

/// All heads of all tenants, at one moment.
///
/// # Errors
/// What the database meets.
pub async fn heads(reader: &mut Reader) -> Result<Vec<LaneHead>, Error> {
    reader.query(HEADS, &[]).await?.iter().map(head_from).collect()
}

/// The heads of one tenant.
///
/// # Errors
/// What the database meets.
pub async fn tenant_heads(reader: &mut Reader, tenant: TenantId) -> Result<Vec<LaneHead>, Error> {
    reader
        .query(TENANT_HEADS, &[tenant.into()])
        .await?
        .iter()
        .map(head_from)
        .collect()
}

/// Checkpoints after `sequence`, oldest first.
///
/// # Errors
/// What the database meets.
pub async fn checkpoints(reader: &mut Reader, sequence: i64, limit: i64) -> Result<Vec<Checkpoint>, Error> {
    let values = [TenantId::SYSTEM.into(), sequence.into(), limit.into()];
    reader
        .query(CHECKPOINTS, &values)
        .await?
        .iter()
        .map(checkpoint_from)
        .collect()
}

/// The newest checkpoint.
///
/// # Errors
/// What the database meets.
pub async fn latest_checkpoint(reader: &mut Reader) -> Result<Option<Checkpoint>, Error> {
    let row = reader.query_opt(LATEST, &[TenantId::SYSTEM.into()]).await?;
    row.as_ref().map(checkpoint_from).transpose()
}

/// Keeps a checkpoint.
///
/// # Errors
/// [`Error::Duplicate`] when another server made the one with this sequence.
pub async fn insert_checkpoint(tx: &mut Tx, checkpoint: &Checkpoint) -> Result<(), Error> {
    let values = [
        TenantId::SYSTEM.into(),
        checkpoint.sequence.into(),
        checkpoint.at.into(),
        checkpoint.body.as_slice().into(),
        checkpoint.key_id.as_str().into(),
        checkpoint.signature.as_slice().into(),
    ];
    tx.execute(INSERT, &values).await.map(drop)
}

const LABEL: &[u8; 24] = b"claviger/checkpoint/v1\0\0";

/// What a checkpoint signs: label, sequence, time, SHA-256 of the body before it (zeros for the first),
/// then each head as tenant, lane, sequence, hash. All numbers are 8 bytes, big-endian.
#[must_use]
pub fn body(sequence: i64, at: Timestamp, previous: Option<&Checkpoint>, heads: &[LaneHead]) -> Vec<u8> {
    let mut body = Vec::with_capacity(72 + heads.len() * 64);
    body.extend_from_slice(LABEL);
    body.extend_from_slice(&sequence.to_be_bytes());
    body.extend_from_slice(&at.as_micros().to_be_bytes());
    body.extend_from_slice(&previous.map_or([0; 32], |previous| Sha256::digest(&previous.body).into()));
    for head in heads {
        body.extend_from_slice(head.tenant.as_uuid().as_bytes());
        body.extend_from_slice(&head.lane.to_be_bytes());
        body.extend_from_slice(&head.sequence.to_be_bytes());
        body.extend_from_slice(&head.hash);
    }
    body
}

/// What a checkpoint's body says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The checkpoint's sequence.
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// SHA-256 of the body before it.
    pub previous: [u8; 32],
    /// Where the lanes stood.
    pub heads: Vec<LaneHead>,
}

/// Reads a checkpoint's body; `None` when it is not one.
#[must_use]
pub fn read_body(body: &[u8]) -> Option<Statement> {
    let mut rest = body.strip_prefix(LABEL.as_slice())?;
    let sequence = number(&mut rest)?;
    let at = Timestamp::from_micros(number(&mut rest)?);
    let previous = take::<32>(&mut rest)?;
    let mut heads = Vec::with_capacity(rest.len() / 64);
    while !rest.is_empty() {
        heads.push(LaneHead {
            tenant: TenantId::from_uuid(uuid::Uuid::from_bytes(take(&mut rest)?)),
            lane: number(&mut rest)?,
            sequence: number(&mut rest)?,
            hash: take(&mut rest)?,
        });
    }
    Some(Statement {
        sequence,
        at,
        previous,
        heads,
    })
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, tail) = rest.split_first_chunk::<N>()?;
    *rest = tail;
    Some(*taken)
}

fn number(rest: &mut &[u8]) -> Option<i64> {
    take(rest).map(i64::from_be_bytes)
}

pub(super) fn head_from(row: &Row) -> Result<LaneHead, Error> {
    Ok(LaneHead {
        tenant: row.get("tenant_id")?,
        lane: row.get("lane")?,
        sequence: row.get("sequence")?,
        hash: row.get("hash")?,
    })
}

fn checkpoint_from(row: &Row) -> Result<Checkpoint, Error> {
    Ok(Checkpoint {
        sequence: row.get("sequence")?,
        at: row.get("at")?,
        body: row.get("body")?,
        key_id: row.get("key_id")?,
        signature: row.get("signature")?,
    })
}
