//! Changing, disabling and enabling a user.

use claviger_api::{NoArguments, User, UserDraft};
use claviger_domain::UserId;
use uuid::Uuid;

use super::parse;
use crate::{
    actions::users as actions,
    auth::Caller,
    rest::{Answer, Json, Path, guard::UserWrite},
};

/// Says something else of the person; what is left out is taken away.
#[utoipa::path(
    put, path = "/users/{id}", operation_id = "user_update", tag = "users",
    params(("id" = Uuid, Path, description = "The user")), request_body = UserDraft,
    responses((status = 200, body = User)),
)]
pub(super) async fn update(caller: Caller<UserWrite>, Path(id): Path<Uuid>, Json(draft): Json<UserDraft>) -> Answer {
    let user = actions::update(&caller, UserId::from_uuid(id), parse::details(&draft)?).await?;
    caller.answer(user)
}

/// Gives the user no authenticators any more. His keys stay his: `/security-keys?user_status=disabled` lists them, to be
/// revoked or put back in stock.
#[utoipa::path(
    post, path = "/users/{id}/disable", operation_id = "user_disable", tag = "users",
    params(("id" = Uuid, Path, description = "The user")), request_body = NoArguments,
    responses((status = 200, body = User)),
)]
pub(super) async fn disable(
    caller: Caller<UserWrite>,
    Path(id): Path<Uuid>,
    Json(NoArguments {}): Json<NoArguments>,
) -> Answer {
    let user = actions::disable(&caller, UserId::from_uuid(id)).await?;
    caller.answer(user)
}

/// Lets the user be given authenticators again.
#[utoipa::path(
    post, path = "/users/{id}/enable", operation_id = "user_enable", tag = "users",
    params(("id" = Uuid, Path, description = "The user")), request_body = NoArguments,
    responses((status = 200, body = User)),
)]
pub(super) async fn enable(
    caller: Caller<UserWrite>,
    Path(id): Path<Uuid>,
    Json(NoArguments {}): Json<NoArguments>,
) -> Answer {
    let user = actions::enable(&caller, UserId::from_uuid(id)).await?;
    caller.answer(user)
}
