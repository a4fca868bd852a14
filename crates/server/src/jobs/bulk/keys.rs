//! Orders to many security keys.

use claviger_domain::{PolicyId, SecurityKeyId, TenantId, security_key::SecurityKey};
use claviger_store::{
    Reader, Tx,
    jobs::{Outcome, RowResult},
    policies,
    security_keys::{self, Changed},
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{Plan, Told, Work, is_as_counted, refused};
use crate::{
    Failure,
    actions::security_keys::{
        Order,
        obey::{label, sentence},
        order::{self, Decided, Resolved},
    },
};

/// An order to many keys.
#[derive(Debug, Clone)]
pub(in crate::jobs) struct Keys(Order);

impl Work for Keys {
    fn read(order: &Json) -> Option<Self> {
        order::read(order).map(Self)
    }

    async fn decide(tx: &mut Tx, plan: &Plan<Self>, ids: &[Uuid]) -> Result<Vec<RowResult>, Failure> {
        let tenant = tx.tenant();
        let wanted: Vec<SecurityKeyId> = ids.iter().copied().map(SecurityKeyId::from_uuid).collect();
        let mut keys = security_keys::get_many(tx, tenant, &wanted).await?;
        keys.sort_by_key(SecurityKey::id);
        let resolved = plan.order.0.resolve(tx, plan.privileges, &keys).await;
        let resolved = resolved.map_err(|_| "What the action refers to is gone.".to_owned());
        let (mut results, mut decided) = (Vec::with_capacity(ids.len()), Vec::new());
        for id in wanted {
            let Ok(place) = keys.binary_search_by_key(&id, SecurityKey::id) else {
                let reason = "There is no such key here; it may have been deleted meanwhile.".to_owned();
                results.push(refused(id.as_uuid(), String::new(), reason));
                continue;
            };
            let Some(key) = keys.get(place) else { continue };
            results.push(match judge(plan, key, &resolved, tx) {
                Ok(kept) => {
                    decided.push((key.clone(), kept));
                    RowResult {
                        object: Some(id.as_uuid()),
                        label: label(key),
                        outcome: Outcome::Done,
                    }
                }
                Err(reason) => refused(id.as_uuid(), label(key), reason),
            });
        }
        keep(tx, plan, decided).await?;
        Ok(results)
    }

    async fn told(&self, reader: &mut Reader, tenant: TenantId) -> Result<Told, Failure> {
        let policy = match linked(&self.0) {
            Some(id) => policies::get(reader, tenant, id).await?,
            None => None,
        };
        let named = policy.map(|policy| json!({ "id": policy.id().as_uuid(), "name": policy.name().as_str() }));
        Ok(Told {
            action: order::past_tense(self.0.verb()),
            reason: self.0.reason(),
            facts: vec![("order", order::write(&self.0)), ("policy", json!(named))],
        })
    }
}

/// The policy that the order links.
const fn linked(order: &Order) -> Option<PolicyId> {
    match order {
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
    }
}

fn judge(
    plan: &Plan<Keys>,
    key: &SecurityKey,
    resolved: &Result<Resolved, String>,
    tx: &Tx,
) -> Result<Decided, String> {
    if !is_as_counted(plan, key.updated_at()) {
        return Err("This key was changed after the action was confirmed; look at it again.".to_owned());
    }
    let resolved = resolved.as_ref().map_err(Clone::clone)?;
    resolved
        .decide(key, tx.now())
        .map_err(|refusal| sentence(&refusal.to_string()))
}

async fn keep(tx: &mut Tx, plan: &Plan<Keys>, decided: Vec<(SecurityKey, Decided)>) -> Result<(), Failure> {
    let (mut changed, mut deleted) = (Vec::new(), Vec::new());
    for (before, kept) in decided {
        crate::actions::security_keys::obey::tell(tx, &before, &kept, &plan.order.0).await?;
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
