//! `/roles`: what administrators and programs may do.

use claviger_api::{Page, Role as View, RoleDraft};
use claviger_domain::{Privilege, Role};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{Json, Path},
    guard::{RoleRead, RoleWrite, guarded},
    reply::{Answer, Reply, whole},
};
use crate::{
    App,
    actions::{self, roles::Listed},
    auth::Caller,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded::<RoleRead>(routes!(role_list)))
        .routes(guarded::<RoleWrite>(routes!(role_create)))
        .routes(guarded::<RoleRead>(routes!(role_get)))
        .routes(guarded::<RoleWrite>(routes!(role_update)))
        .routes(guarded::<RoleWrite>(routes!(role_delete)))
}

fn view(listed: &Listed) -> View {
    let own = match &listed.role {
        Role::BuiltIn(_) => None,
        Role::Custom(role) => Some((role.id().as_uuid(), role.revision().get())),
    };
    View {
        id: own.map(|(id, _)| id),
        revision: own.map(|(_, revision)| revision),
        name: listed.role.name().to_owned(),
        built_in: own.is_none(),
        for_programs: listed.role.is_for_programs(),
        privileges: listed
            .role
            .privileges()
            .iter()
            .map(|privilege| Privilege::as_str(privilege).to_owned())
            .collect(),
        holders: listed.holders,
    }
}

impl Reply for Listed {
    type Body = View;
    fn body(&self) -> Option<View> {
        Some(view(self))
    }
}

/// The roles and what they allow.
#[utoipa::path(get, path = "/roles", operation_id = "role_list", tag = "Roles", responses((status = 200, body = Page<View>)))]
async fn role_list(caller: Caller<RoleRead>) -> Answer {
    let all = actions::roles::list(&caller).await?;
    caller.answer(whole(all.iter().map(view).collect()))
}

/// Makes a role; it may allow nothing that I may not do.
#[utoipa::path(post, path = "/roles", operation_id = "role_create", tag = "Roles", request_body = RoleDraft,
    responses((status = 201, body = View)))]
async fn role_create(caller: Caller<RoleWrite>, Json(draft): Json<RoleDraft>) -> Answer {
    let role = actions::roles::create(&caller, draft).await?;
    caller.answer(role)
}

/// One role.
#[utoipa::path(get, path = "/roles/{name}", operation_id = "role_get", tag = "Roles", params(("name" = String, Path)),
    responses((status = 200, body = View)))]
async fn role_get(caller: Caller<RoleRead>, Path(name): Path<String>) -> Answer {
    let role = actions::roles::get(&caller, name).await?;
    caller.answer(role)
}

/// Changes a role that was made here; whoever holds it holds the changed one.
#[utoipa::path(put, path = "/roles/{name}", operation_id = "role_update", tag = "Roles", params(("name" = String, Path)),
    request_body = RoleDraft, responses((status = 200, body = View)))]
async fn role_update(caller: Caller<RoleWrite>, Path(name): Path<String>, Json(draft): Json<RoleDraft>) -> Answer {
    let role = actions::roles::update(&caller, name, draft).await?;
    caller.answer(role)
}

/// Removes a role that nobody holds.
#[utoipa::path(delete, path = "/roles/{name}", operation_id = "role_delete", tag = "Roles", params(("name" = String, Path)),
    responses((status = 204)))]
async fn role_delete(caller: Caller<RoleWrite>, Path(name): Path<String>) -> Answer {
    actions::roles::delete(&caller, name).await?;
    caller.answer(())
}
