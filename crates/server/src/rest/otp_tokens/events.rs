//! The history of a token.

use claviger_api as wire;
use claviger_domain::OtpTokenId;
use uuid::Uuid;

use crate::{
    actions::otp_tokens as actions,
    auth::Caller,
    rest::{Answer, Path, Query, guard::OtpRead, history::HistoryPage},
};

/// What befell a token: its own events, those of its import, those of bulk jobs it took part in; newest first.
#[utoipa::path(
    get, path = "/otp-tokens/{id}/events", operation_id = "otp_token_events", tag = "OTP tokens",
    params(("id" = Uuid, Path, description = "The token"), HistoryPage),
    responses((status = 200, body = wire::Page<wire::SecurityKeyEvent>)),
)]
pub(super) async fn events(caller: Caller<OtpRead>, Path(id): Path<Uuid>, Query(wanted): Query<HistoryPage>) -> Answer {
    let (page, limit) = (wanted.page()?, wanted.limit()?);
    let history = actions::history(&caller, OtpTokenId::from_uuid(id), page, limit).await?;
    caller.answer(history)
}
