//! Counting a selection, and putting a job in the queue that works through it.

use claviger_domain::{JobId, PrivilegeSet, TenantId};
use claviger_store::{
    Reader, Tx,
    jobs::{self, Job, Status},
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{Chosen, Orders, Selection};
use crate::{Failure, auth::Caller, jobs::errand::Errand, ports::new_id, rest::Guard};

/// How many ids are read at once, to be chosen.
const AT_ONCE: usize = 100_000;

/// How many things a selection holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count(pub u64);

/// Counts a selection exactly; nothing is changed.
///
/// # Errors
/// [`Failure::Lacks`] when the caller may not give the order.
pub(crate) async fn count<P: Guard, O: Orders>(
    caller: &Caller<P>,
    order: &O,
    selection: Selection<O::Filter>,
) -> Result<Count, Failure> {
    caller.require(order.privilege())?;
    let (tenant, selection) = (caller.tenant(), permitted::<P, O>(caller, selection)?);
    let scan = async move |reader: &mut Reader| exactly::<O>(reader, tenant, &selection).await;
    caller.app().store().scan(scan).await.map(Count)
}

/// Puts a job in the queue that gives the order to each thing of the selection.
///
/// # Errors
/// [`Failure::Miscounted`] when another number matches than was confirmed; [`Failure::Lacks`];
/// [`Failure::Validation`] when the order refers to something that does not exist.
pub(crate) async fn start<P: Guard, O: Orders>(
    caller: &Caller<P>,
    order: O,
    selection: Selection<O::Filter>,
) -> Result<Job, Failure> {
    caller.require(order.privilege())?;
    // Before they are read: one that changes from now on is told from one that was counted as it is.
    let now = caller.now();
    let (chosen, expected) = chosen::<P, O>(caller, permitted::<P, O>(caller, selection)?).await?;
    let (privileges, errand) = (caller.identity().privileges, Errand::of(caller));
    let job = Job {
        id: JobId::from_uuid(new_id()),
        tenant: caller.tenant(),
        revision: 1,
        kind: order.job(),
        status: Status::Queued,
        arguments: arguments(&order, &chosen, privileges),
        subject: None,
        total: chosen.count(),
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
            confirmed(expected, job.total)?;
            queue(tx, &order, &job, privileges).await
        })
        .await?;
    caller.app().jobs().wake();
    Ok(queued)
}

/// Asked only once a repeat was told from a new request: what the first one changed does not match any more.
fn confirmed(expected: Option<u64>, actual: u64) -> Result<(), Failure> {
    match expected {
        Some(expected) if expected != actual => Err(Failure::Miscounted { expected, actual }),
        _ => Ok(()),
    }
}

async fn queue<O: Orders>(tx: &mut Tx, order: &O, job: &Job, privileges: PrivilegeSet) -> Result<Job, Failure> {
    order.check(tx, privileges).await.map_err(within_arguments)?;
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
fn arguments<O: Orders>(order: &O, chosen: &Chosen, privileges: PrivilegeSet) -> Json {
    let held: Vec<&str> = privileges.iter().map(claviger_domain::Privilege::as_str).collect();
    json!({ "order": order.write(), "selection": chosen.write(), "privileges": held })
}

fn permitted<P, O: Orders>(
    caller: &Caller<P>,
    selection: Selection<O::Filter>,
) -> Result<Selection<O::Filter>, Failure> {
    Ok(match selection {
        Selection::Filter { filter, expected } => Selection::Filter {
            filter: Box::new(O::permitted(caller, *filter)?),
            expected,
        },
        named @ Selection::Ids(_) => named,
    })
}

/// The things themselves, and how many were confirmed.
async fn chosen<P: Guard, O: Orders>(
    caller: &Caller<P>,
    selection: Selection<O::Filter>,
) -> Result<(Chosen, Option<u64>), Failure> {
    let (filter, expected) = match selection {
        Selection::Ids(ids) => return Ok((Chosen::named(ids), None)),
        Selection::Filter { filter, expected } => (filter, expected),
    };
    let expected =
        expected.ok_or_else(|| Failure::invalid("/selection/expected_count", "say how many were seen to match"))?;
    let tenant = caller.tenant();
    let scan = async move |reader: &mut Reader| matching::<O>(reader, tenant, &filter).await;
    let ids = caller.app().store().scan(scan).await?;
    Ok((Chosen { ids, counted: true }, Some(expected)))
}

async fn matching<O: Orders>(reader: &mut Reader, tenant: TenantId, filter: &O::Filter) -> Result<Vec<Uuid>, Failure> {
    let mut ids: Vec<Uuid> = Vec::new();
    loop {
        let behind = ids.last().copied();
        let found = O::matching(reader, tenant, filter, behind, AT_ONCE).await?;
        let ended = found.len() < AT_ONCE;
        ids.extend(found);
        if ended {
            return Ok(ids);
        }
    }
}

async fn exactly<O: Orders>(
    reader: &mut Reader,
    tenant: TenantId,
    selection: &Selection<O::Filter>,
) -> Result<u64, Failure> {
    let ids = match selection {
        Selection::Filter { filter, .. } => return O::count(reader, tenant, filter).await,
        Selection::Ids(ids) => Chosen::named(ids.clone()).ids,
    };
    let mut count = 0;
    for chunk in ids.chunks(500) {
        count += O::present(reader, tenant, chunk).await?;
    }
    Ok(u64::try_from(count).unwrap_or(u64::MAX))
}
