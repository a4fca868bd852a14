//! Bulk actions: chunk by chunk, each thing decided by the domain, a chunk and its results one commit.

mod keys;
mod tokens;

use std::sync::Arc;

use claviger_domain::{JobId, Privilege, PrivilegeSet, TenantId, Timestamp};
use claviger_store::{
    Reader, Tx,
    audit::AuditEntry,
    jobs::{self, Job, Outcome, RowResult, Status},
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{Lease, lease::Halt};
use crate::{Failure, actions::bulk::Chosen};

pub(super) use keys::Keys;
pub(super) use tokens::Tokens;

/// Things of one commit: other writers wait a few milliseconds at most.
const CHUNK: usize = 500;
/// How often a chunk is tried when others change its things meanwhile.
const TRIES: usize = 20;

/// What is done to a kind of things.
pub(super) trait Work: Sized + Send + Sync + 'static {
    /// The order, from what a job keeps.
    fn read(order: &Json) -> Option<Self>;

    /// Decides on a chunk, and keeps what was decided.
    async fn decide(tx: &mut Tx, plan: &Plan<Self>, ids: &[Uuid]) -> Result<Vec<RowResult>, Failure>;

    /// What the audit log says of the whole: the action, why, and facts beside the counts.
    async fn told(&self, reader: &mut Reader, tenant: TenantId) -> Result<Told, Failure>;
}

/// What the audit log says of a bulk action.
pub(super) struct Told {
    action: &'static str,
    reason: Option<String>,
    /// The order, and what it refers to by name.
    facts: Vec<(&'static str, Json)>,
}

/// A bulk job's instructions.
#[derive(Debug, Clone)]
pub(super) struct Plan<W> {
    job: JobId,
    /// When the action was confirmed.
    at: Timestamp,
    order: W,
    chosen: Chosen,
    privileges: PrivilegeSet,
}

/// Where a job is: how many chunks are done, and behind which thing it goes on.
#[derive(Debug, Clone, Copy, Default)]
struct Position {
    chunk: u32,
    behind: Option<Uuid>,
}

/// Carries a bulk action out, from where it was left.
pub(super) async fn carry_out<W: Work>(lease: &Lease, job: &Job) -> Result<(), Failure> {
    let plan = Plan::<W>::read(job)
        .map(Arc::new)
        .ok_or_else(|| Failure::internal("a bulk job's arguments cannot be read"))?;
    let mut position = Position::read(job.position.as_deref());
    loop {
        match lease.halted().await? {
            Some(Halt::Stopping) => return lease.put_back().await,
            Some(Halt::Cancelled) => return finish(lease, job, &plan, Status::Cancelled).await,
            None => {}
        }
        let ids = next(&plan, position.behind);
        let Some(last) = ids.last().copied() else {
            return finish(lease, job, &plan, Status::Done).await;
        };
        let reached = Position {
            chunk: position.chunk.saturating_add(1),
            behind: Some(last),
        };
        chunk(lease, &plan, ids, position.chunk, reached).await?;
        position = reached;
    }
}

fn next<W>(plan: &Plan<W>, behind: Option<Uuid>) -> Vec<Uuid> {
    // They rise.
    let ids = &plan.chosen.ids;
    let done = behind.map_or(0, |behind| ids.partition_point(|id| *id <= behind));
    ids.iter().skip(done).take(CHUNK).copied().collect()
}

async fn chunk<W: Work>(
    lease: &Lease,
    plan: &Arc<Plan<W>>,
    ids: Vec<Uuid>,
    number: u32,
    reached: Position,
) -> Result<(), Failure> {
    for _ in 1..TRIES {
        match once(lease, plan, ids.clone(), number, reached).await {
            // Somebody changed one of the things, or another process has the job: the next try tells.
            Err(Failure::Stale(_)) => tokio::time::sleep(std::time::Duration::from_millis(5)).await,
            settled => return settled,
        }
    }
    once(lease, plan, ids, number, reached).await
}

async fn once<W: Work>(
    lease: &Lease,
    plan: &Arc<Plan<W>>,
    ids: Vec<Uuid>,
    number: u32,
    reached: Position,
) -> Result<(), Failure> {
    let (held, plan) = (lease.clone(), Arc::clone(plan));
    let write = async move |tx: &mut Tx| -> Result<(), Failure> {
        held.renew(tx).await?;
        let results = W::decide(tx, &plan, &ids).await?;
        let node = held.app().jobs().node();
        Ok(jobs::put_chunk(tx, plan.job, node, number, &results, &reached.write()).await?)
    };
    lease.app().store().write(lease.scope(), write).await
}

/// Why a thing that changed since is left alone. The number that was confirmed counted them as they were; one that has
/// changed may not have been meant.
fn is_as_counted<W>(plan: &Plan<W>, changed_at: Timestamp) -> bool {
    !plan.chosen.counted || changed_at <= plan.at
}

fn refused(id: Uuid, label: String, reason: String) -> RowResult {
    RowResult {
        object: Some(id),
        label,
        outcome: Outcome::Refused(reason),
    }
}

async fn finish<W: Work>(lease: &Lease, job: &Job, plan: &Arc<Plan<W>>, status: Status) -> Result<(), Failure> {
    let (tenant, id, held) = (lease.tenant, job.id, Arc::clone(plan));
    let read = async move |reader: &mut Reader| -> Result<_, Failure> {
        let job = jobs::get(reader, tenant, id).await?.ok_or(Failure::NotFound)?;
        Ok((job, held.order.told(reader, tenant).await?))
    };
    let (job, told) = lease.app().store().read(read).await?;
    let counts = json!({ "done": job.done.saturating_sub(job.refused), "refused": job.refused, "total": job.total });
    let facts = [("status", json!(status.as_str())), ("counts", counts)];
    let event = AuditEntry {
        action: told.action,
        object_kind: "job",
        object_id: Some(job.id.as_uuid()),
        object_label: Some(job.kind),
        after: Some(
            facts
                .into_iter()
                .chain(told.facts)
                .map(|(name, fact)| (name.to_owned(), fact))
                .collect(),
        ),
        reason: told.reason,
        ..AuditEntry::default()
    };
    lease.finish(status, None, Some(event)).await
}

impl<W: Work> Plan<W> {
    fn read(job: &Job) -> Option<Self> {
        let json = &job.arguments;
        let held = json.get("privileges")?.as_array()?;
        let privileges = held
            .iter()
            .filter_map(|name| Privilege::parse(name.as_str()?))
            .collect();
        let (order, chosen) = (W::read(json.get("order")?)?, Chosen::read(json.get("selection")?)?);
        Some(Self {
            job: job.id,
            at: job.created_at,
            order,
            chosen,
            privileges,
        })
    }
}

impl Position {
    fn read(text: Option<&str>) -> Self {
        let read = |text: &str| {
            let (chunk, behind) = text.split_once(' ')?;
            Some(Self {
                chunk: chunk.parse().ok()?,
                behind: Some(behind.parse().ok()?),
            })
        };
        text.and_then(read).unwrap_or_default()
    }

    fn write(self) -> String {
        self.behind
            .map_or_else(String::new, |behind| format!("{} {behind}", self.chunk))
    }
}
