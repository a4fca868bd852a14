//! One action on many keys, as a job.

use axum::http::StatusCode;
use claviger_api::{Assign, Bulk, BulkAction, BulkCount, Job, LinkPolicy, NoArguments, Quarantine, Release, Revoke};
use claviger_domain::{PolicyId, SecurityKeyId, UserId};
use serde::{Deserialize, de::DeserializeOwned};
use utoipa::IntoParams;

use super::{parse, wanted::KeyFilter};
use crate::{
    Failure,
    actions::{
        bulk::{self as actions, Count, Selection},
        security_keys::Order,
    },
    auth::Caller,
    rest::{
        Answer, Json, Query,
        extract::{parse_json, parse_query},
        guard::InventoryRead,
        reply::{self, Reply},
    },
};

/// Most ids of one selection.
const MAX_IDS: usize = 10_000;

/// Whether to carry the action out or only to count.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Way {
    /// Only counts the selection: answers 200 with `{count}`.
    #[serde(default)]
    dry_run: bool,
}

impl Reply for Count {
    type Body = BulkCount;

    fn body(&self) -> Option<BulkCount> {
        Some(BulkCount { count: self.0 })
    }
}

/// Gives one order to many keys: answers with the job that carries it out. Needs the privilege of the order.
#[utoipa::path(
    post, path = "/security-keys/bulk", operation_id = "security_key_bulk", tag = "security keys",
    params(Way),
    request_body = Bulk,
    responses((status = 202, body = Job), (status = 200, description = "With `dry_run`", body = BulkCount)),
)]
pub(super) async fn bulk(caller: Caller<InventoryRead>, Query(way): Query<Way>, Json(body): Json<Bulk>) -> Answer {
    let (order, selection) = (order(&body)?, selection(&body)?);
    if way.dry_run {
        let count = actions::count(&caller, &order, selection).await?;
        return Ok(reply::json(StatusCode::OK, reply::bytes(&count)?));
    }
    let caller = caller.answering(StatusCode::ACCEPTED);
    let job = actions::start(&caller, order, selection).await?;
    caller.answer(job)
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

/// The arguments as the command on one key takes them; faults are pointed at below `/arguments`.
fn arguments<T: DeserializeOwned>(body: &Bulk) -> Result<T, Failure> {
    let text = body
        .arguments
        .as_ref()
        .map_or_else(|| "{}".to_owned(), ToString::to_string);
    parse_json(text.as_bytes()).map_err(|failure| moved(failure, |pointer| format!("/arguments{pointer}")))
}

fn selection(body: &Bulk) -> Result<Selection, Failure> {
    let wanted = &body.selection;
    match (&wanted.ids, &wanted.filter) {
        (Some(ids), None) if wanted.expected_count.is_none() => {
            if ids.is_empty() || ids.len() > MAX_IDS {
                return Err(Failure::invalid(
                    "/selection/ids",
                    "1 to 10,000 ids are wanted; use a filter for more",
                ));
            }
            Ok(Selection::Ids(
                ids.iter().copied().map(SecurityKeyId::from_uuid).collect(),
            ))
        }
        (None, Some(filter)) => {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(filter)
                .finish();
            let checked = parse_query::<KeyFilter>(&query).and_then(|filter| filter.check());
            let at = |pointer: &str| format!("/selection/filter/{}", pointer.trim_start_matches('?'));
            let filter = Box::new(checked.map_err(|failure| moved(failure, at))?.filter);
            Ok(Selection::Filter {
                filter,
                expected: wanted.expected_count,
            })
        }
        (Some(_), _) | (None, None) => Err(Failure::invalid(
            "/selection",
            "either `ids`, or `filter` with `expected_count`, is wanted",
        )),
    }
}

fn moved(failure: Failure, to: impl Fn(&str) -> String) -> Failure {
    let Failure::Validation(errors) = failure else {
        return failure;
    };
    let moved = |error: claviger_api::FieldError| claviger_api::FieldError {
        pointer: to(&error.pointer),
        ..error
    };
    Failure::Validation(errors.into_iter().map(moved).collect())
}
