//! One user.

use claviger_api::User;
use claviger_domain::UserId;
use uuid::Uuid;

use crate::{
    actions::users as actions,
    auth::Caller,
    rest::{Answer, Path, guard::UserRead},
};

/// One user. His keys: `/security-keys?user=…`.
#[utoipa::path(
    get, path = "/users/{id}", operation_id = "user_get", tag = "users",
    params(("id" = Uuid, Path, description = "The user")),
    responses((status = 200, body = User)),
)]
pub(super) async fn get(caller: Caller<UserRead>, Path(id): Path<Uuid>) -> Answer {
    let user = actions::get(&caller, UserId::from_uuid(id)).await?;
    caller.answer(user)
}
