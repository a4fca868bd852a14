//! One action on many keys, as a job.

use claviger_api::{Assign, Bulk, BulkAction, BulkCount, Job, LinkPolicy, NoArguments, Quarantine, Release, Revoke};
use claviger_domain::{PolicyId, UserId};
use serde::de::DeserializeOwned;

use super::{parse, wanted::KeyFilter};
use crate::{
    Failure,
    actions::security_keys::Order,
    auth::Caller,
    rest::{
        Answer, Json, Query,
        bulk::{self, Way, selection},
        extract::parse_query,
        guard::InventoryRead,
    },
};

/// Gives one order to many keys: answers with the job that carries it out. Needs the privilege of the order.
#[utoipa::path(
    post, path = "/security-keys/bulk", operation_id = "security_key_bulk", tag = "security keys",
    params(Way),
    request_body = Bulk,
    responses((status = 202, body = Job), (status = 200, description = "With `dry_run`", body = BulkCount)),
)]
pub(super) async fn bulk(caller: Caller<InventoryRead>, Query(way): Query<Way>, Json(body): Json<Bulk>) -> Answer {
    let check = |query: &str| Ok(parse_query::<KeyFilter>(query)?.check()?.filter);
    let (order, selection) = (order(&body)?, selection(&body.selection, check)?);
    bulk::answer(caller, &way, order, selection).await
}

fn order(body: &Bulk) -> Result<Order, Failure> {
    const AT: &str = "/arguments";
    Ok(match body.action {
        BulkAction::LinkPolicy => Order::LinkPolicy(PolicyId::from_uuid(arguments::<LinkPolicy>(body)?.policy_id)),
        BulkAction::Assign => Order::Assign(UserId::from_uuid(arguments::<Assign>(body)?.user_id)),
        BulkAction::Quarantine => Order::Quarantine(parse::reason(&arguments::<Quarantine>(body)?.reason, AT)?),
        BulkAction::Release => Order::Release(parse::optional_reason(
            arguments::<Release>(body)?.reason.as_deref(),
            AT,
        )?),
        BulkAction::Revoke => Order::Revoke(parse::revocation(&arguments::<Revoke>(body)?, AT)?),
        BulkAction::UnlinkPolicy => plain(body, Order::UnlinkPolicy)?,
        BulkAction::Unassign => plain(body, Order::Unassign)?,
        BulkAction::Delete => plain(body, Order::Delete)?,
        BulkAction::Dispose => plain(body, Order::Dispose)?,
        BulkAction::Suspend => plain(body, Order::Suspend)?,
        BulkAction::Resume => plain(body, Order::Resume)?,
    })
}

fn plain(body: &Bulk, order: Order) -> Result<Order, Failure> {
    arguments::<NoArguments>(body).map(|NoArguments {}| order)
}

fn arguments<T: DeserializeOwned>(body: &Bulk) -> Result<T, Failure> {
    bulk::arguments(body.arguments.as_ref())
}
