//! Appends what a batch recorded: one read and one move of the head per tenant, in the same transaction.

use claviger_domain::ids::TenantId;

use super::chain::{GENESIS, link};
use super::entry::{AuditEvent, Pending};
use crate::dialect::{Bulk, Kind};
use crate::error::Error;
use crate::tx::Tx;
use crate::value::Value;

const HEAD: &str = "SELECT sequence, hash FROM audit_heads WHERE tenant_id = $1 AND lane = $2 FOR UPDATE";
const FIRST: &str = "INSERT INTO audit_heads (tenant_id, lane, sequence, hash) VALUES ($1, $2, $3, $4)";
const MOVE: &str = "UPDATE audit_heads SET sequence = $3, hash = $4
    WHERE tenant_id = $1 AND lane = $2 AND sequence = $5 AND hash = $6";

const EVENTS: Bulk = Bulk {
    table: "audit_events",
    columns: &[
        ("tenant_id", Kind::Uuid),
        ("id", Kind::Uuid),
        ("lane", Kind::Int),
        ("sequence", Kind::Int),
        ("at", Kind::Int),
        ("actor_kind", Kind::Text),
        ("actor_id", Kind::Uuid),
        ("actor_label", Kind::Text),
        ("source", Kind::Text),
        ("request_id", Kind::Text),
        ("action", Kind::Text),
        ("object_kind", Kind::Text),
        ("object_id", Kind::Uuid),
        ("object_label", Kind::Text),
        ("before", Kind::Text),
        ("after", Kind::Text),
        ("reason", Kind::Text),
        ("ticket", Kind::Text),
        ("search", Kind::Text),
        ("previous", Kind::Bytes),
        ("hash", Kind::Bytes),
    ],
    on_conflict: "",
};

/// Where a lane stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) sequence: i64,
    pub(crate) hash: [u8; 32],
}

/// A head that a transaction has moved, so that its outcome can be told afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) tenant: TenantId,
    pub(crate) lane: i64,
    /// `None` when the lane began with it.
    pub(crate) from: Option<Head>,
    pub(crate) to: Head,
}

/// Chains and stores what was recorded, in the order it was recorded within each tenant.
pub(crate) async fn append(tx: &mut Tx, lane: i64, mut pending: Vec<Pending>) -> Result<Vec<Moved>, Error> {
    pending.sort_by_key(|one| one.scope.tenant.as_uuid());
    let mut moves = Vec::new();
    let mut rest = pending.into_iter().peekable();
    while let Some(tenant) = rest.peek().map(|one| one.scope.tenant) {
        let group: Vec<Pending> = std::iter::from_fn(|| rest.next_if(|one| one.scope.tenant == tenant)).collect();
        moves.push(append_to(tx, tenant, lane, group).await?);
    }
    Ok(moves)
}

async fn append_to(tx: &mut Tx, tenant: TenantId, lane: i64, group: Vec<Pending>) -> Result<Moved, Error> {
    let from = head(tx, tenant, lane).await?;
    let mut to = from.unwrap_or(Head {
        sequence: 0,
        hash: GENESIS,
    });
    let mut rows = Vec::with_capacity(group.len());
    for pending in group {
        let event = link(pending, lane, to.sequence + 1, to.hash);
        to = Head {
            sequence: event.sequence,
            hash: event.hash,
        };
        rows.push(values(event));
    }
    EVENTS.insert(tx, rows).await?;
    let mut bound: Vec<Value> = vec![tenant.as_uuid().into(), lane.into(), to.sequence.into(), to.hash.into()];
    if let Some(from) = from {
        bound.extend([from.sequence.into(), from.hash.into()]);
        tx.guarded(MOVE, &bound).await?;
    } else {
        tx.execute(FIRST, &bound).await?;
    }
    Ok(Moved { tenant, lane, from, to })
}

/// The head of a lane, locked on PostgreSQL until the transaction ends.
pub(crate) async fn head(tx: &mut Tx, tenant: TenantId, lane: i64) -> Result<Option<Head>, Error> {
    let row = tx.query_opt(HEAD, &[tenant.as_uuid().into(), lane.into()]).await?;
    row.map(|row| {
        Ok(Head {
            sequence: row.get(0)?,
            hash: row.get(1)?,
        })
    })
    .transpose()
}

fn values(event: AuditEvent) -> Vec<Value> {
    let search = search_text(&event);
    vec![
        event.tenant.as_uuid().into(),
        event.id.into(),
        event.lane.into(),
        event.sequence.into(),
        event.at.into(),
        event.actor_kind.into(),
        event.actor_id.into(),
        event.actor_label.into(),
        event.source.into(),
        event.request_id.into(),
        event.action.into(),
        event.object_kind.into(),
        event.object_id.into(),
        event.object_label.into(),
        event.before.into(),
        event.after.into(),
        event.reason.into(),
        event.ticket.into(),
        search.into(),
        event.previous.into(),
        event.hash.into(),
    ]
}

/// What `q` is looked for in.
fn search_text(event: &AuditEvent) -> String {
    let parts = [
        Some(event.action.as_str()),
        Some(event.actor_label.as_str()),
        event.object_label.as_deref(),
        event.reason.as_deref(),
        event.ticket.as_deref(),
        event.source.as_deref(),
    ];
    parts
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("\n")
        .to_lowercase()
}
