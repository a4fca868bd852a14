//! `/session` and `/setup`: signing in and out, first run.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use claviger_api::{
    Ceremony, CeremonyAnswer, Credentials, Session, SessionChange, Setup, SetupLink, SetupLinkQuestion, SetupPasskey,
    SetupState, StepUp,
};
use claviger_domain::TenantId;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    entry::Entry,
    extract::Json,
    guard::{SignedIn, guarded, open},
    reply::{self, Answer},
};
use crate::{
    App, Failure, actions,
    actions::session::Opened,
    auth::{Caller, Visitor, bearer, cookies},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(open(
            routes!(setup_show),
            "a browser asks whether there is anyone to sign in as",
        ))
        .routes(open(routes!(setup_complete), "its one-time token is the credential"))
        .routes(open(routes!(setup_link), "its one-time token is the credential"))
        .routes(open(routes!(setup_passkey), "its one-time token is the credential"))
        .routes(open(routes!(session_open), "the password is the credential"))
        .routes(open(
            routes!(session_passkey_begin),
            "the ceremony that proves who it is begins here",
        ))
        .routes(open(
            routes!(session_passkey_finish),
            "the passkey's signature is the credential",
        ))
        .routes(guarded::<SignedIn>(routes!(session_show)))
        .routes(guarded::<SignedIn>(routes!(session_move)))
        .routes(guarded::<SignedIn>(routes!(session_close)))
        .routes(guarded::<SignedIn>(routes!(session_step_up)))
}

pub(super) fn visitor(entry: &Entry, headers: &HeaderMap) -> Visitor {
    Visitor {
        app: entry.app().clone(),
        address: entry.address(),
        user_agent: headers
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned),
        cookie: cookies::session(headers).map(bearer::digest),
        request_id: entry.request_id().to_owned(),
    }
}

fn opened(status: StatusCode, opened: &Opened) -> Answer {
    let response = reply::json(status, reply::bytes(&opened.session)?);
    with_cookie(response, cookies::set(&opened.cookie))
}

fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Answer {
    let cookie = cookie.ok_or_else(|| Failure::internal("a cookie that is no header"))?;
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Whether the server waits for its first administrator.
#[utoipa::path(get, path = "/setup", operation_id = "setup_show", tag = "Session", responses((status = 200, body = SetupState)))]
async fn setup_show(entry: Entry) -> Answer {
    let needed = actions::setup::needed(entry.app()).await?;
    Ok(reply::json(
        StatusCode::OK,
        serde_json::to_vec(&SetupState { needed }).map_err(Failure::internal)?,
    ))
}

/// Uses a one-time link: the first administrator with the first tenant, or an invited one.
#[utoipa::path(post, path = "/setup", operation_id = "setup_complete", tag = "Session", request_body = Setup,
    responses((status = 201, body = Session, headers(("Set-Cookie" = String, description = "The session, a secret")))))]
async fn setup_complete(entry: Entry, headers: HeaderMap, Json(order): Json<Setup>) -> Answer {
    opened(
        StatusCode::CREATED,
        &actions::setup::complete(&visitor(&entry, &headers), order).await?,
    )
}

/// Tells what a one-time link is for, without using it.
#[utoipa::path(post, path = "/setup/link", operation_id = "setup_link", tag = "Session", request_body = SetupLinkQuestion,
    responses((status = 200, body = SetupLink)))]
async fn setup_link(entry: Entry, headers: HeaderMap, Json(question): Json<SetupLinkQuestion>) -> Answer {
    let link = actions::setup::look(&visitor(&entry, &headers), question).await?;
    Ok(reply::json(
        StatusCode::OK,
        serde_json::to_vec(&link).map_err(Failure::internal)?,
    ))
}

/// Begins the passkey registration of somebody who holds a one-time link.
#[utoipa::path(post, path = "/setup/passkey", operation_id = "setup_passkey", tag = "Session", request_body = SetupPasskey,
    responses((status = 200, body = Ceremony)))]
async fn setup_passkey(entry: Entry, headers: HeaderMap, Json(order): Json<SetupPasskey>) -> Answer {
    let ceremony = actions::setup::begin_passkey(&visitor(&entry, &headers), order).await?;
    Ok(reply::json(StatusCode::OK, reply::bytes(&ceremony)?))
}

/// Signs in by password.
#[utoipa::path(post, path = "/session", operation_id = "session_open", tag = "Session", request_body = Credentials,
    responses((status = 200, body = Session, headers(("Set-Cookie" = String, description = "The session, a secret")))))]
async fn session_open(entry: Entry, headers: HeaderMap, Json(credentials): Json<Credentials>) -> Answer {
    opened(
        StatusCode::OK,
        &actions::session::by_password(&visitor(&entry, &headers), credentials).await?,
    )
}

/// Begins a passkey sign-in, or a step-up by passkey.
#[utoipa::path(post, path = "/session/passkey", operation_id = "session_passkey_begin", tag = "Session",
    responses((status = 200, body = Ceremony)))]
async fn session_passkey_begin(entry: Entry, headers: HeaderMap) -> Answer {
    let ceremony = actions::session::begin_passkey(&visitor(&entry, &headers)).await?;
    Ok(reply::json(StatusCode::OK, reply::bytes(&ceremony)?))
}

/// Ends a passkey sign-in.
#[utoipa::path(post, path = "/session/passkey/finish", operation_id = "session_passkey_finish", tag = "Session",
    request_body = CeremonyAnswer, responses((status = 200, body = Session, headers(("Set-Cookie" = String, description = "The session, a secret")))))]
async fn session_passkey_finish(entry: Entry, headers: HeaderMap, Json(answer): Json<CeremonyAnswer>) -> Answer {
    opened(
        StatusCode::OK,
        &actions::session::by_passkey(&visitor(&entry, &headers), answer).await?,
    )
}

/// Who am I, and what may I do.
#[utoipa::path(get, path = "/session", operation_id = "session_show", tag = "Session", responses((status = 200, body = Session)))]
async fn session_show(caller: Caller<SignedIn>) -> Answer {
    let session = actions::session::show(&caller).await?;
    caller.answer(session)
}

/// Moves the session to another tenant.
#[utoipa::path(patch, path = "/session", operation_id = "session_move", tag = "Session", request_body = SessionChange,
    responses((status = 200, body = Session)))]
async fn session_move(caller: Caller<SignedIn>, Json(change): Json<SessionChange>) -> Answer {
    let session = actions::session::move_to(&caller, TenantId::from_uuid(change.tenant_id)).await?;
    caller.answer(session)
}

/// Signs out.
#[utoipa::path(delete, path = "/session", operation_id = "session_close", tag = "Session", responses((status = 204)))]
async fn session_close(caller: Caller<SignedIn>) -> Answer {
    actions::session::end(&caller).await?;
    with_cookie(caller.answer(())?, cookies::clear())
}

/// Proves once more who sits there.
#[utoipa::path(post, path = "/session/step-up", operation_id = "session_step_up", tag = "Session", request_body = StepUp,
    responses((status = 200, body = Session)))]
async fn session_step_up(caller: Caller<SignedIn>, Json(order): Json<StepUp>) -> Answer {
    let session = actions::session::step_up(&caller, order).await?;
    caller.answer(session)
}
