//! The keys of a list, as a file.

use axum::{extract::RawQuery, response::IntoResponse as _};
use futures_util::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;

use super::wanted::KeyFilter;
use crate::{
    actions::security_keys as actions,
    auth::Caller,
    rest::{Answer, Query, csv, guard::Export},
};

/// The list as CSV, all columns, sent while it is read. Import takes the file back.
#[utoipa::path(
    get, path = "/security-keys/export.csv", operation_id = "security_key_export", tag = "security keys",
    params(KeyFilter),
    responses((status = 200, content_type = "text/csv", body = String)),
)]
pub(super) async fn export(
    caller: Caller<Export>,
    Query(query): Query<KeyFilter>,
    RawQuery(asked): RawQuery,
) -> Answer {
    let wanted = query.check()?;
    let file = actions::export(&caller, wanted.filter, wanted.sort, asked.unwrap_or_default())?;
    let pieces = ReceiverStream::new(file).map(|piece| piece.map_err(|failure| csv::broken(&failure)));
    Ok(csv::file("security-keys.csv", pieces).into_response())
}
