//! The users of a list, as a file.

use axum::{extract::RawQuery, response::IntoResponse as _};
use futures_util::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;

use super::wanted::UserFilter;
use crate::{
    actions::users as actions,
    auth::Caller,
    rest::{Answer, Query, csv, guard::Export},
};

/// The list as CSV, all columns, sent while it is read. Import takes the file back. Needs `user.read` too.
#[utoipa::path(
    get, path = "/users/export.csv", operation_id = "user_export", tag = "users",
    params(UserFilter),
    responses((status = 200, content_type = "text/csv", body = String)),
)]
pub(super) async fn export(
    caller: Caller<Export>,
    Query(query): Query<UserFilter>,
    RawQuery(asked): RawQuery,
) -> Answer {
    let wanted = query.check()?;
    let file = actions::export(&caller, wanted.filter, wanted.sort, asked.unwrap_or_default())?;
    let pieces = ReceiverStream::new(file).map(|piece| piece.map_err(|failure| csv::broken(&failure)));
    Ok(csv::file("users.csv", pieces).into_response())
}
