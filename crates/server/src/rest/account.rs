//! `/account`: one's own name, password, passkeys, sessions.

use claviger_api::{
    AccountChange, AccountSession, Ceremony, Page, Passkey as View, PasskeyRegistration, PasswordChange,
    SessionAdministrator,
};
use claviger_domain::{PasskeyId, SessionId};
use claviger_store::{passkeys::Passkey, sessions::Session};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    extract::{Json, Path},
    guard::{SignedIn, guarded},
    reply::{Answer, Reply, whole},
    time::time,
};
use crate::{
    App, actions,
    auth::{Caller, authenticate},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded::<SignedIn>(routes!(account_show, account_update)))
        .routes(guarded::<SignedIn>(routes!(account_password_change)))
        .routes(guarded::<SignedIn>(routes!(account_passkey_list, account_passkey_add)))
        .routes(guarded::<SignedIn>(routes!(account_passkey_begin)))
        .routes(guarded::<SignedIn>(routes!(account_passkey_remove)))
        .routes(guarded::<SignedIn>(routes!(account_session_list)))
        .routes(guarded::<SignedIn>(routes!(account_session_end)))
}

impl Reply for Passkey {
    type Body = View;
    fn body(&self) -> Option<View> {
        Some(View {
            id: self.id.as_uuid(),
            name: self.name.clone(),
            created_at: time(self.created_at),
            last_used_at: self.last_used_at.map(time),
        })
    }
}

fn session(session: &Session, current: SessionId) -> AccountSession {
    AccountSession {
        id: session.id.as_uuid(),
        current: session.id == current,
        method: authenticate::method(&session.method),
        user_agent: session.user_agent.clone().unwrap_or_default(),
        address: session.source.clone().unwrap_or_default(),
        created_at: time(session.created_at),
        last_seen_at: time(session.last_seen_at),
        expires_at: time(session.expires_at),
    }
}

/// My own account.
#[utoipa::path(get, path = "/account", operation_id = "account_show", tag = "Account", responses((status = 200, body = SessionAdministrator)))]
async fn account_show(caller: Caller<SignedIn>) -> Answer {
    caller.signed_in()?;
    let session = actions::session::show(&caller).await?;
    caller.answer(session.administrator)
}

/// Changes my name or language.
#[utoipa::path(patch, path = "/account", operation_id = "account_update", tag = "Account", request_body = AccountChange,
    responses((status = 200, body = SessionAdministrator)))]
async fn account_update(caller: Caller<SignedIn>, Json(change): Json<AccountChange>) -> Answer {
    let account = actions::account::update(&caller, change).await?;
    caller.answer(account)
}

/// Changes my password; my other sessions end.
#[utoipa::path(post, path = "/account/password", operation_id = "account_password_change", tag = "Account",
    request_body = PasswordChange, responses((status = 204)))]
async fn account_password_change(caller: Caller<SignedIn>, Json(change): Json<PasswordChange>) -> Answer {
    actions::account::change_password(&caller, change).await?;
    caller.answer(())
}

/// My passkeys.
#[utoipa::path(get, path = "/account/passkeys", operation_id = "account_passkey_list", tag = "Account",
    responses((status = 200, body = Page<View>)))]
async fn account_passkey_list(caller: Caller<SignedIn>) -> Answer {
    let all = actions::account::list_passkeys(&caller).await?;
    caller.answer(whole(all.iter().filter_map(Reply::body).collect()))
}

/// Begins registering a passkey.
#[utoipa::path(post, path = "/account/passkeys/registration", operation_id = "account_passkey_begin", tag = "Account",
    responses((status = 200, body = Ceremony)))]
async fn account_passkey_begin(caller: Caller<SignedIn>) -> Answer {
    let ceremony = actions::account::begin_passkey(&caller).await?;
    caller.answer(ceremony)
}

/// Registers a passkey.
#[utoipa::path(post, path = "/account/passkeys", operation_id = "account_passkey_add", tag = "Account",
    request_body = PasskeyRegistration, responses((status = 201, body = View)))]
async fn account_passkey_add(caller: Caller<SignedIn>, Json(sent): Json<PasskeyRegistration>) -> Answer {
    let passkey = actions::account::add_passkey(&caller, sent).await?;
    caller.answer(passkey)
}

/// Removes one of my passkeys.
#[utoipa::path(delete, path = "/account/passkeys/{id}", operation_id = "account_passkey_remove", tag = "Account",
    params(("id" = Uuid, Path)), responses((status = 204)))]
async fn account_passkey_remove(caller: Caller<SignedIn>, Path(id): Path<Uuid>) -> Answer {
    actions::account::remove_passkey(&caller, PasskeyId::from_uuid(id)).await?;
    caller.answer(())
}

/// My sessions.
#[utoipa::path(get, path = "/account/sessions", operation_id = "account_session_list", tag = "Account",
    responses((status = 200, body = Page<AccountSession>)))]
async fn account_session_list(caller: Caller<SignedIn>) -> Answer {
    let (current, all) = actions::account::list_sessions(&caller).await?;
    caller.answer(whole(all.iter().map(|one| session(one, current)).collect()))
}

/// Ends one of my sessions.
#[utoipa::path(delete, path = "/account/sessions/{id}", operation_id = "account_session_end", tag = "Account",
    params(("id" = Uuid, Path)), responses((status = 204)))]
async fn account_session_end(caller: Caller<SignedIn>, Path(id): Path<Uuid>) -> Answer {
    actions::account::end_session(&caller, SessionId::from_uuid(id)).await?;
    caller.answer(())
}
