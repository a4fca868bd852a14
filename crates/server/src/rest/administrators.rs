//! `/administrators` and `/api-tokens`: who may sign in.

use claviger_api::{
    Administrator as View, AdministratorChange, AdministratorDraft, AdministratorSession, ApiToken as TokenView,
    ApiTokenDraft, ApiTokenStopped, Invitation, NewApiToken, Page, UserRef,
};
use claviger_domain::{AdministratorId, ApiTokenId, SessionId, user::UserStatus};
use claviger_store::sessions::Session;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    extract::{Json, Path, Query},
    guard::{AdministratorRead, AdministratorWrite, ApiTokenRead, ApiTokenWrite, guarded},
    reply::{Answer, Reply, whole},
    time::time,
    wanted::word,
};
use crate::{
    App,
    actions::{
        self,
        administrators::{Invited, Member},
        api_tokens::{Listed, Made},
    },
    auth::{Caller, authenticate, tokens::Stopped},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded::<AdministratorRead>(routes!(administrator_list)))
        .routes(guarded::<AdministratorWrite>(routes!(administrator_invite)))
        .routes(guarded::<AdministratorRead>(routes!(administrator_get)))
        .routes(guarded::<AdministratorWrite>(routes!(administrator_update)))
        .routes(guarded::<AdministratorWrite>(routes!(administrator_invite_again)))
        .routes(guarded::<AdministratorRead>(routes!(administrator_session_list)))
        .routes(guarded::<AdministratorWrite>(routes!(administrator_session_end_all)))
        .routes(guarded::<AdministratorWrite>(routes!(administrator_session_end)))
        .routes(guarded::<ApiTokenRead>(routes!(api_token_list)))
        .routes(guarded::<ApiTokenWrite>(routes!(api_token_create)))
        .routes(guarded::<ApiTokenWrite>(routes!(api_token_revoke)))
}

fn view(member: &Member) -> View {
    View {
        id: member.who.id.as_uuid(),
        revision: member.grant.revision,
        email: member.who.email.clone(),
        display_name: member.who.display_name.clone(),
        role: member.grant.role.clone(),
        active: member.who.last_sign_in_at.is_some(),
        disabled: member.grant.disabled_at.is_some(),
        user: member.user.as_ref().map(|user| UserRef {
            id: user.id().as_uuid(),
            user_name: user.user_name().as_str().to_owned(),
        }),
        linked: member.linked,
        last_sign_in_at: member.who.last_sign_in_at.map(time),
        created_at: time(member.who.created_at),
    }
}

fn session(session: &Session) -> AdministratorSession {
    AdministratorSession {
        id: session.id.as_uuid(),
        method: authenticate::method(&session.method),
        address: session.source.clone(),
        user_agent: session.user_agent.clone(),
        created_at: time(session.created_at),
        last_seen_at: time(session.last_seen_at),
        expires_at: time(session.expires_at),
    }
}

impl Reply for Member {
    type Body = View;
    fn body(&self) -> Option<View> {
        Some(view(self))
    }
}

impl Reply for Invited {
    type Body = Invitation;
    const SECRET: bool = true;
    fn body(&self) -> Option<Invitation> {
        Some(Invitation {
            administrator: view(&self.member),
            link: self.url.to_string(),
            expires_at: time(self.expires_at),
        })
    }
}

impl Reply for Made {
    type Body = NewApiToken;
    const SECRET: bool = true;
    fn body(&self) -> Option<NewApiToken> {
        Some(NewApiToken {
            id: self.row.id.as_uuid(),
            token: self.text.to_string(),
            name: self.row.name.clone(),
            role: self.row.role.clone(),
            created_at: time(self.row.created_at),
            expires_at: self.row.expires_at.map(time),
        })
    }
}

/// Which API tokens. All of them are on one page, so that whoever asks for pages is not refused.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TokenFilter {
    /// `active` or `disabled`: whether who made it may still act in this tenant.
    creator: Option<String>,
}

fn token(listed: &Listed) -> TokenView {
    let row = &listed.row;
    TokenView {
        id: row.id.as_uuid(),
        name: row.name.clone(),
        role: row.role.clone(),
        created_at: time(row.created_at),
        created_by: row.created_by.clone(),
        last_used_at: row.last_used_at.map(time),
        expires_at: row.expires_at.map(time),
        stopped: listed.stopped.map(|why| match why {
            Stopped::Expired => ApiTokenStopped::Expired,
            Stopped::MakerBarred => ApiTokenStopped::MakerBarred,
            Stopped::MakerMayLess => ApiTokenStopped::MakerMayLess,
        }),
    }
}

/// The tenant's administrators.
#[utoipa::path(get, path = "/administrators", operation_id = "administrator_list", tag = "Administrators",
    responses((status = 200, body = Page<View>)))]
async fn administrator_list(caller: Caller<AdministratorRead>) -> Answer {
    let all = actions::administrators::list(&caller).await?;
    caller.answer(whole(all.iter().map(view).collect()))
}

/// Invites an administrator; the link is shown once.
#[utoipa::path(post, path = "/administrators", operation_id = "administrator_invite", tag = "Administrators",
    request_body = AdministratorDraft, responses((status = 201, body = Invitation)))]
async fn administrator_invite(caller: Caller<AdministratorWrite>, Json(draft): Json<AdministratorDraft>) -> Answer {
    let invited = actions::administrators::invite(&caller, draft).await?;
    caller.answer(invited)
}

/// One administrator.
#[utoipa::path(get, path = "/administrators/{id}", operation_id = "administrator_get", tag = "Administrators",
    params(("id" = Uuid, Path)), responses((status = 200, body = View)))]
async fn administrator_get(caller: Caller<AdministratorRead>, Path(id): Path<Uuid>) -> Answer {
    let member = actions::administrators::get(&caller, AdministratorId::from_uuid(id)).await?;
    caller.answer(member)
}

/// Changes an administrator's role, bars him, or lets him in again.
#[utoipa::path(patch, path = "/administrators/{id}", operation_id = "administrator_update", tag = "Administrators",
    params(("id" = Uuid, Path)), request_body = AdministratorChange, responses((status = 200, body = View)))]
async fn administrator_update(
    caller: Caller<AdministratorWrite>,
    Path(id): Path<Uuid>,
    Json(change): Json<AdministratorChange>,
) -> Answer {
    let member = actions::administrators::update(&caller, AdministratorId::from_uuid(id), change).await?;
    caller.answer(member)
}

/// Makes a new link for an administrator who lost his, or his means of signing in; it is shown once.
#[utoipa::path(post, path = "/administrators/{id}/invitation", operation_id = "administrator_invite_again",
    tag = "Administrators", params(("id" = Uuid, Path)), responses((status = 201, body = Invitation)))]
async fn administrator_invite_again(caller: Caller<AdministratorWrite>, Path(id): Path<Uuid>) -> Answer {
    let invited = actions::administrators::invite_again(&caller, AdministratorId::from_uuid(id)).await?;
    caller.answer(invited)
}

/// An administrator's sessions in this tenant.
#[utoipa::path(get, path = "/administrators/{id}/sessions", operation_id = "administrator_session_list",
    tag = "Administrators", params(("id" = Uuid, Path)), responses((status = 200, body = Page<AdministratorSession>)))]
async fn administrator_session_list(caller: Caller<AdministratorRead>, Path(id): Path<Uuid>) -> Answer {
    let all = actions::administrators::sessions(&caller, AdministratorId::from_uuid(id)).await?;
    caller.answer(whole(all.iter().map(session).collect()))
}

/// Ends an administrator's sessions in this tenant.
#[utoipa::path(delete, path = "/administrators/{id}/sessions", operation_id = "administrator_session_end_all",
    tag = "Administrators", params(("id" = Uuid, Path)), responses((status = 204)))]
async fn administrator_session_end_all(caller: Caller<AdministratorWrite>, Path(id): Path<Uuid>) -> Answer {
    actions::administrators::end_all(&caller, AdministratorId::from_uuid(id)).await?;
    caller.answer(())
}

/// Ends one of an administrator's sessions in this tenant.
#[utoipa::path(delete, path = "/administrators/{id}/sessions/{session_id}", operation_id = "administrator_session_end",
    tag = "Administrators", params(("id" = Uuid, Path), ("session_id" = Uuid, Path)), responses((status = 204)))]
async fn administrator_session_end(
    caller: Caller<AdministratorWrite>,
    Path((id, session)): Path<(Uuid, Uuid)>,
) -> Answer {
    let (id, session) = (AdministratorId::from_uuid(id), SessionId::from_uuid(session));
    actions::administrators::end_one(&caller, id, session).await?;
    caller.answer(())
}

/// The tenant's API tokens; `stopped` says why one opens nothing, though nobody revoked it.
#[utoipa::path(get, path = "/api-tokens", operation_id = "api_token_list", tag = "API tokens", params(TokenFilter),
    responses((status = 200, body = Page<TokenView>)))]
async fn api_token_list(caller: Caller<ApiTokenRead>, Query(wanted): Query<TokenFilter>) -> Answer {
    let said = word(
        wanted.creator.as_deref(),
        "creator",
        "`active` or `disabled` is wanted",
        UserStatus::parse,
    )?;
    let all = actions::api_tokens::list(&caller, said.map(|status| status == UserStatus::Disabled)).await?;
    caller.answer(whole(all.iter().map(token).collect()))
}

/// Makes an API token; its text is shown once. It works while whoever made it works in the tenant, and may do as much.
#[utoipa::path(post, path = "/api-tokens", operation_id = "api_token_create", tag = "API tokens", request_body = ApiTokenDraft,
    responses((status = 201, body = NewApiToken)))]
async fn api_token_create(caller: Caller<ApiTokenWrite>, Json(draft): Json<ApiTokenDraft>) -> Answer {
    let made = actions::api_tokens::create(&caller, draft).await?;
    caller.answer(made)
}

/// Revokes an API token.
#[utoipa::path(delete, path = "/api-tokens/{id}", operation_id = "api_token_revoke", tag = "API tokens",
    params(("id" = Uuid, Path)), responses((status = 204)))]
async fn api_token_revoke(caller: Caller<ApiTokenWrite>, Path(id): Path<Uuid>) -> Answer {
    actions::api_tokens::revoke(&caller, ApiTokenId::from_uuid(id)).await?;
    caller.answer(())
}
