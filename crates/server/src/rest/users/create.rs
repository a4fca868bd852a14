//! Making a user.

use claviger_api::{User, UserDraft};

use super::parse;
use crate::{
    actions::users as actions,
    auth::Caller,
    rest::{Answer, Json, guard::UserWrite},
};

/// Makes a user, active.
#[utoipa::path(
    post, path = "/users", operation_id = "user_create", tag = "users",
    request_body = UserDraft,
    responses((status = 201, body = User)),
)]
pub(super) async fn create(caller: Caller<UserWrite>, Json(draft): Json<UserDraft>) -> Answer {
    let user = actions::create(&caller, parse::details(&draft)?).await?;
    caller.answer(user)
}
