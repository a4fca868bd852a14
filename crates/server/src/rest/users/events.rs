//! The history of a user.

use claviger_api as wire;
use claviger_domain::UserId;
use uuid::Uuid;

use crate::{
    actions::users as actions,
    auth::Caller,
    rest::{Answer, Path, Query, guard::UserRead, history::HistoryPage},
};

/// What befell a user: changes of him, and imports that made or changed him; newest first.
#[utoipa::path(
    get, path = "/users/{id}/events", operation_id = "user_events", tag = "users",
    params(("id" = Uuid, Path, description = "The user"), HistoryPage),
    responses((status = 200, body = wire::Page<wire::SecurityKeyEvent>)),
)]
pub(super) async fn events(
    caller: Caller<UserRead>,
    Path(id): Path<Uuid>,
    Query(wanted): Query<HistoryPage>,
) -> Answer {
    let (page, limit) = (wanted.page()?, wanted.limit()?);
    let history = actions::history(&caller, UserId::from_uuid(id), page, limit).await?;
    caller.answer(history)
}
