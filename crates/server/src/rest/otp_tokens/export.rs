//! The tokens of a list, as a file.

use axum::{extract::RawQuery, response::IntoResponse as _};
use futures_util::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;

use super::wanted::TokenFilter;
use crate::{
    actions::otp_tokens as actions,
    auth::Caller,
    rest::{Answer, Query, csv, guard::Export},
};

/// The list as CSV, sent while it is read. It has no seeds. Needs `otp.read` besides.
#[utoipa::path(
    get, path = "/otp-tokens/export.csv", operation_id = "otp_token_export", tag = "OTP tokens",
    params(TokenFilter),
    responses((status = 200, content_type = "text/csv", body = String)),
)]
pub(super) async fn export(
    caller: Caller<Export>,
    Query(query): Query<TokenFilter>,
    RawQuery(asked): RawQuery,
) -> Answer {
    let wanted = query.check()?;
    let file = actions::export(&caller, wanted.filter, wanted.sort, asked.unwrap_or_default())?;
    let pieces = ReceiverStream::new(file).map(|piece| piece.map_err(|failure| csv::broken(&failure)));
    Ok(csv::file("otp-tokens.csv", pieces).into_response())
}
