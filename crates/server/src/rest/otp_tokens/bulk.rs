//! One action on many tokens, as a job.

use claviger_api::{Assign, BulkCount, Compromise, Job, NoArguments, OtpBulk, OtpBulkAction};
use claviger_domain::UserId;
use serde::de::DeserializeOwned;

use super::wanted::TokenFilter;
use crate::{
    Failure,
    actions::otp_tokens::Order,
    auth::Caller,
    rest::{
        Answer, Json, Query,
        bulk::{self, Way, selection},
        extract::parse_query,
        guard::OtpWrite,
        security_keys::parse,
    },
};

/// Gives one order to many tokens: answers with the job that carries it out.
#[utoipa::path(
    post, path = "/otp-tokens/bulk", operation_id = "otp_token_bulk", tag = "OTP tokens",
    params(Way),
    request_body = OtpBulk,
    responses((status = 202, body = Job), (status = 200, description = "With `dry_run`", body = BulkCount)),
)]
pub(super) async fn bulk(caller: Caller<OtpWrite>, Query(way): Query<Way>, Json(body): Json<OtpBulk>) -> Answer {
    let check = |query: &str| Ok(parse_query::<TokenFilter>(query)?.check()?.filter);
    let (order, selection) = (order(&body)?, selection(&body.selection, check)?);
    bulk::answer(caller, &way, order, selection).await
}

fn order(body: &OtpBulk) -> Result<Order, Failure> {
    Ok(match body.action {
        OtpBulkAction::Assign => Order::Assign(UserId::from_uuid(arguments::<Assign>(body)?.user_id)),
        OtpBulkAction::Compromise => {
            Order::Compromise(parse::reason(&arguments::<Compromise>(body)?.reason, "/arguments")?)
        }
        OtpBulkAction::Unassign => plain(body, Order::Unassign)?,
        OtpBulkAction::Disable => plain(body, Order::Disable)?,
        OtpBulkAction::Enable => plain(body, Order::Enable)?,
    })
}

fn plain(body: &OtpBulk, order: Order) -> Result<Order, Failure> {
    arguments::<NoArguments>(body).map(|NoArguments {}| order)
}

fn arguments<T: DeserializeOwned>(body: &OtpBulk) -> Result<T, Failure> {
    bulk::arguments(body.arguments.as_ref())
}
