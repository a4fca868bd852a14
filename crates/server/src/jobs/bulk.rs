//! Bulk actions: chunk by chunk, each key decided by the domain, a chunk and its results one commit.

use std::sync::Arc;

use claviger_domain::{JobId, Privilege, PrivilegeSet, SecurityKeyId, Timestamp, security_key::SecurityKey};
use claviger_store::{
    Reader, Tx,
    audit::AuditEntry,
    jobs::{self, Job, Outcome, RowResult, Status},
    policies,
    security_keys::{self, Changed},
};
use serde_json::{Value as Json, json};

use super::{Lease, lease::Halt};
use crate::{
    Failure,
    actions::{
        bulk::Chosen,
        security_keys::{
            Order,
            obey::{label, sentence},
            order::{self, Decided, Resolved},
        },
    },
};

/// Keys of one commit: other writers wait a few milliseconds at most.
const CHUNK: usize = 500;
/// How often a chunk is tried when others change its keys meanwhile.
const TRIES: usize = 20;

/// A bulk job's instructions.
#[derive(Debug, Clone)]
struct Plan {
    job: JobId,
    /// When the action was confirmed.
    at: Timestamp,
    order: Order,
    chosen: Chosen,
    privileges: PrivilegeSet,
}

/// Where a job is: how many chunks are done, and behind which key it goes on.
#[derive(Debug, Clone, Copy, Default)]
struct Position {
    chunk: u32,
    behind: Option<SecurityKeyId>,
}

/// Carries a bulk action out, from where it was left.
pub(super) async fn carry_out(lease: &Lease, job: &Job) -> Result<(), Failure> {
    let plan = Plan::read(job)
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

fn next(plan: &Plan, behind: Option<SecurityKeyId>) -> Vec<SecurityKeyId> {
    // They rise.
    let ids = &plan.chosen.ids;
    let done = behind.map_or(0, |behind| ids.partition_point(|id| *id <= behind));
    ids.iter().skip(done).take(CHUNK).copied().collect()
}

async fn chunk(
    lease: &Lease,
    plan: &Arc<Plan>,
    ids: Vec<SecurityKeyId>,
    number: u32,
    reached: Position,
) -> Result<(), Failure> {
    for _ in 1..TRIES {
        match once(lease, plan, ids.clone(), number, reached).await {
            // Somebody changed one of the keys, or another process has the job: the next try tells.
            Err(Failure::Stale(_)) => tokio::time::sleep(std::time::Duration::from_millis(5)).await,
            settled => return settled,
        }
    }
    once(lease, plan, ids, number, reached).await
}

async fn once(
    lease: &Lease,
    plan: &Arc<Plan>,
    ids: Vec<SecurityKeyId>,
    number: u32,
    reached: Position,
) -> Result<(), Failure> {
    let (held, plan) = (lease.clone(), Arc::clone(plan));
    let write = async move |tx: &mut Tx| -> Result<(), Failure> {
        held.renew(tx).await?;
        let results = decide(tx, &plan, &ids).await?;
        let node = held.app().jobs().node();
        Ok(jobs::put_chunk(tx, plan.job, node, number, &results, &reached.write()).await?)
    };
    lease.app().store().write(lease.scope(), write).await
}

async fn decide(tx: &mut Tx, plan: &Plan, ids: &[SecurityKeyId]) -> Result<Vec<RowResult>, Failure> {
    let tenant = tx.tenant();
    let mut keys = security_keys::get_many(tx, tenant, ids).await?;
    keys.sort_by_key(SecurityKey::id);
    let resolved = plan.order.resolve(tx, plan.privileges, &keys).await;
    let resolved = resolved.map_err(|_| "What the action refers to is gone.".to_owned());
    let (mut results, mut decided) = (Vec::with_capacity(ids.len()), Vec::new());
    for id in ids {
        let Ok(place) = keys.binary_search_by_key(id, SecurityKey::id) else {
            results.push(gone(*id));
            continue;
        };
        let Some(key) = keys.get(place) else { continue };
        let outcome = match judge(plan, key, &resolved, tx) {
            Ok(kept) => {
                decided.push((key.clone(), kept));
                Outcome::Done
            }
            Err(reason) => Outcome::Refused(reason),
        };
        results.push(RowResult {
            object: Some(id.as_uuid()),
            label: label(key),
            outcome,
        });
    }
    keep(tx, plan, decided).await?;
    Ok(results)
}

fn judge(plan: &Plan, key: &SecurityKey, resolved: &Result<Resolved, String>, tx: &Tx) -> Result<Decided, String> {
    // The number that was confirmed counted the keys as they were; one that has changed since may not have been meant.
    if plan.chosen.counted && key.updated_at() > plan.at {
        return Err("This key was changed after the action was confirmed; look at it again.".to_owned());
    }
    let resolved = resolved.as_ref().map_err(Clone::clone)?;
    resolved
        .decide(key, tx.now())
        .map_err(|refusal| sentence(&refusal.to_string()))
}

fn gone(id: SecurityKeyId) -> RowResult {
    let reason = "There is no such key here; it may have been deleted meanwhile.".to_owned();
    RowResult {
        object: Some(id.as_uuid()),
        label: String::new(),
        outcome: Outcome::Refused(reason),
    }
}

async fn keep(tx: &mut Tx, plan: &Plan, decided: Vec<(SecurityKey, Decided)>) -> Result<(), Failure> {
    let (mut changed, mut deleted) = (Vec::new(), Vec::new());
    for (before, kept) in decided {
        crate::actions::security_keys::obey::tell(tx, &before, &kept, &plan.order).await?;
        match kept {
            Decided::Changed(after) => changed.push(Changed { before, after: *after }),
            Decided::Deleted(_) => deleted.push(before),
        }
    }
    let ids: Vec<SecurityKeyId> = changed.iter().map(|change| change.before.id()).collect();
    if !changed.is_empty() {
        security_keys::save_many(tx, changed).await?;
        security_keys::note_job(tx, plan.job, &ids).await?;
    }
    if !deleted.is_empty() {
        security_keys::delete_many(tx, &deleted).await?;
    }
    Ok(())
}

async fn finish(lease: &Lease, job: &Job, plan: &Plan, status: Status) -> Result<(), Failure> {
    let (job, policy) = current(lease, job.id, &plan.order).await?;
    let event = AuditEntry {
        action: order::past_tense(plan.order.verb()),
        object_kind: "job",
        object_id: Some(job.id.as_uuid()),
        object_label: Some(job.kind.clone()),
        after: Some(json!({
            "status": status.as_str(),
            "order": order::write(&plan.order),
            "policy": policy,
            "counts": { "done": job.done.saturating_sub(job.refused), "refused": job.refused, "total": job.total },
        })),
        reason: plan.order.reason(),
        ..AuditEntry::default()
    };
    lease.finish(status, None, Some(event)).await
}

/// The job as it stands, and the policy that it links, by its name.
async fn current(lease: &Lease, id: JobId, order: &Order) -> Result<(Job, Option<Json>), Failure> {
    let tenant = lease.tenant;
    let linked = match order {
        Order::LinkPolicy(id) => Some(*id),
        Order::UnlinkPolicy
        | Order::Assign(_)
        | Order::Unassign
        | Order::Quarantine(_)
        | Order::Release(_)
        | Order::Dispose
        | Order::Suspend
        | Order::Resume
        | Order::Revoke(_)
        | Order::Delete => None,
    };
    let read = async move |reader: &mut Reader| -> Result<_, Failure> {
        let job = jobs::get(reader, tenant, id).await?.ok_or(Failure::NotFound)?;
        let policy = match linked {
            Some(id) => policies::get(reader, tenant, id).await?,
            None => None,
        };
        let named = policy.map(|policy| json!({ "id": policy.id().as_uuid(), "name": policy.name().as_str() }));
        Ok((job, named))
    };
    lease.app().store().read(read).await
}

impl Plan {
    fn read(job: &Job) -> Option<Self> {
        let json = &job.arguments;
        let held = json.get("privileges")?.as_array()?;
        let privileges = held
            .iter()
            .filter_map(|name| Privilege::parse(name.as_str()?))
            .collect();
        let (order, chosen) = (order::read(json.get("order")?)?, Chosen::read(json.get("selection")?)?);
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
