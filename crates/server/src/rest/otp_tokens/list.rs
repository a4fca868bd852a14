//! The tokens of a tenant, filtered, searched and paged.

use claviger_api::{OtpToken, OtpTokenCounts, Page};

use super::wanted::TokenPage;
use crate::{
    actions::otp_tokens as actions,
    auth::Caller,
    rest::{Answer, Query, guard::OtpRead},
};

/// OTP tokens: searched, filtered, ordered, a page at a time. `?user=` lists the tokens of a user.
#[utoipa::path(
    get, path = "/otp-tokens", operation_id = "otp_token_list", tag = "OTP tokens",
    params(TokenPage),
    responses((status = 200, body = Page<OtpToken>)),
)]
pub(super) async fn list(caller: Caller<OtpRead>, Query(query): Query<TokenPage>) -> Answer {
    let (wanted, limit) = (query.check()?, query.limit()?);
    let page = actions::list(&caller, wanted.filter, wanted.sort, query.cursor, limit).await?;
    caller.answer(page)
}

/// How many tokens stand where.
#[utoipa::path(
    get, path = "/otp-tokens/counts", operation_id = "otp_token_counts", tag = "OTP tokens",
    responses((status = 200, body = OtpTokenCounts)),
)]
pub(super) async fn counts(caller: Caller<OtpRead>) -> Answer {
    let counts = actions::counts(&caller).await?;
    caller.answer(counts)
}
