//! Counting a selection, and putting a job in the queue that works through it.

use claviger_domain::{JobId, PrivilegeSet, TenantId};
use claviger_store::{
    Tx,
    jobs::{self, Job, Status},
    security_keys,
};
use serde_json::{Value as Json, json};

use super::{Chosen, Selection};
use crate::{
    Failure,
    actions::security_keys::{Order, order},
    auth::Caller,
    jobs::{BULK, errand::Errand},
    ports::new_id,
    rest::guard::InventoryRead,
};

/// How many keys a selection holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count(pub u64);

/// Counts a selection exactly; nothing is changed.
///
/// # Errors
/// [`Failure::Lacks`] when the caller may not give the order.
pub async fn count(caller: &Caller<InventoryRead>, order: &Order, selection: Selection) -> Result<Count, Failure> {
    caller.require(order.privilege())?;
    exactly(caller, selection).await.map(Count)
}

/// Puts a job in the queue that gives the order to each key of the selection.
///
/// # Errors
/// [`Failure::Miscounted`] when another number of keys matches than was confirmed; [`Failure::Lacks`];
/// [`Failure::Validation`] when the order refers to something that does not exist.
pub async fn start(caller: &Caller<InventoryRead>, order: Order, selection: Selection) -> Result<Job, Failure> {
    caller.require(order.privilege())?;
    let actual = exactly(caller, selection.clone()).await?;
    if let Selection::Filter { expected, .. } = &selection {
        let expected = expected
            .ok_or_else(|| Failure::invalid("/selection/expected_count", "say how many keys were seen to match"))?;
        if expected != actual {
            return Err(Failure::Miscounted { expected, actual });
        }
    }
    let (privileges, errand, now) = (caller.identity().privileges, Errand::of(caller), caller.now());
    let total = if let Chosen::Ids(ids) = selection.clone().chosen() {
        ids.len()
    } else {
        0
    };
    let total = u64::try_from(total).unwrap_or(u64::MAX).max(actual);
    let job = Job {
        id: JobId::from_uuid(new_id()),
        tenant: caller.tenant(),
        revision: 1,
        kind: format!("{BULK}{}", order.verb().as_str()),
        status: Status::Queued,
        arguments: arguments(&order, &selection.chosen(), privileges),
        subject: None,
        total,
        done: 0,
        refused: 0,
        position: None,
        error: None,
        cancel_requested: false,
        created_at: now,
        created_by: errand.actor.label().to_owned(),
        created_by_id: errand.actor.id(),
        scope: errand.write(),
        started_at: None,
        finished_at: None,
    };
    let queued = caller
        .write_on(job.id.as_uuid(), async move |tx| {
            queue(tx, &order, &job, privileges).await
        })
        .await?;
    caller.app().jobs().wake();
    Ok(queued)
}

async fn queue(tx: &mut Tx, order: &Order, job: &Job, privileges: PrivilegeSet) -> Result<Job, Failure> {
    // Says at once, not row by row, that a policy or a user does not exist.
    order.resolve(tx, privileges, &[]).await.map_err(within_arguments)?;
    jobs::insert(tx, job).await?;
    Ok(job.clone())
}

fn within_arguments(failure: Failure) -> Failure {
    let Failure::Validation(errors) = failure else {
        return failure;
    };
    let moved = |error: claviger_api::FieldError| claviger_api::FieldError {
        pointer: format!("/arguments{}", error.pointer),
        ..error
    };
    Failure::Validation(errors.into_iter().map(moved).collect())
}

/// What the job needs to know.
fn arguments(order: &Order, chosen: &Chosen, privileges: PrivilegeSet) -> Json {
    let held: Vec<&str> = privileges.iter().map(claviger_domain::Privilege::as_str).collect();
    json!({ "order": order::write(order), "selection": chosen.write(), "privileges": held })
}

async fn exactly(caller: &Caller<InventoryRead>, selection: Selection) -> Result<u64, Failure> {
    let tenant = caller.tenant();
    let scan = async move |reader: &mut claviger_store::Reader| count_in(reader, tenant, &selection).await;
    caller.app().store().scan(scan).await
}

async fn count_in(
    reader: &mut claviger_store::Reader,
    tenant: TenantId,
    selection: &Selection,
) -> Result<u64, Failure> {
    match selection.clone().chosen() {
        Chosen::Filter(filter) => Ok(security_keys::count_exact(reader, tenant, &filter).await?),
        Chosen::Ids(ids) => {
            let mut count = 0;
            for chunk in ids.chunks(500) {
                let found = security_keys::get_many(reader, tenant, chunk).await?;
                count += u64::try_from(found.len()).unwrap_or(u64::MAX);
            }
            Ok(count)
        }
    }
}
