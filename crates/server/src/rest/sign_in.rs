//! `/sign-in-methods`, `/session/oidc`, `/settings/sign-in/oidc`: signing in through an identity provider.

use axum::{
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use claviger_api::{OidcDraft, OidcSettings, OidcTest, OidcTested, SignInMethods};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    entry::Entry,
    extract::{Json, Path, Query},
    guard::{SettingsRead, SettingsWrite, guarded, open},
    reply::{self, Answer},
    session::visitor,
};
use crate::{
    App, Failure, actions,
    actions::sign_in::{Purpose, Returned},
    auth::{Caller, cookies, oidc::Ticket, origin},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(open(routes!(sign_in_methods), "the sign-in page asks what to offer"))
        .routes(open(
            routes!(session_oidc_start),
            "a browser is sent to prove who it is",
        ))
        .routes(open(
            routes!(session_oidc_finish),
            "the provider's signed token is the credential",
        ))
        .routes(guarded::<SettingsRead>(routes!(sign_in_oidc_show)))
        .routes(guarded::<SettingsWrite>(routes!(sign_in_oidc_update)))
        .routes(guarded::<SettingsWrite>(routes!(sign_in_oidc_remove)))
        .routes(guarded::<SettingsWrite>(routes!(sign_in_oidc_test)))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Start {
    /// A path of the console to come back to.
    #[serde(default)]
    return_to: String,
    /// `sign_in` (default), `step_up` or `link`; the last two in a session.
    #[serde(default = "sign_in")]
    #[param(value_type = Option<String>)]
    purpose: Purpose,
}

const fn sign_in() -> Purpose {
    Purpose::SignIn
}

/// Providers add parameters of their own, so unknown ones are let pass.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Callback {
    /// What was given to the provider to repeat.
    #[serde(default)]
    state: String,
    /// The code to exchange.
    code: Option<String>,
}

fn seen(location: &str, cookies: impl IntoIterator<Item = Option<HeaderValue>>) -> Answer {
    let location = HeaderValue::from_str(location).map_err(Failure::internal)?;
    let mut response: Response = (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response();
    for cookie in cookies {
        let cookie = cookie.ok_or_else(|| Failure::internal("a cookie that is no header"))?;
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// By what means one may sign in here.
#[utoipa::path(get, path = "/sign-in-methods", operation_id = "sign_in_methods", tag = "Session",
    responses((status = 200, body = SignInMethods)))]
async fn sign_in_methods(entry: Entry) -> Answer {
    let methods = actions::sign_in::methods(entry.app()).await?;
    Ok(reply::json(StatusCode::OK, reply::bytes(&methods)?))
}

/// Sends a browser to the identity provider.
#[utoipa::path(get, path = "/session/oidc/{key}/start", operation_id = "session_oidc_start", tag = "Session",
    params(("key" = String, Path), Start), responses((status = 303, description = "To the provider's sign-in page")))]
async fn session_oidc_start(
    entry: Entry,
    headers: HeaderMap,
    Path(key): Path<String>,
    Query(start): Query<Start>,
) -> Answer {
    let visitor = visitor(&entry, &headers);
    if start.purpose != Purpose::SignIn {
        // It ends in a change of the session or of the account, though a browser can only be sent by GET: another site
        // must not make somebody's account known under a subject of its own.
        origin::check_cookie_request(&Method::POST, &headers, entry.app().origin())?;
    }
    match actions::sign_in::begin(&visitor, key, start.purpose, &start.return_to).await {
        Ok(begun) => seen(begun.address.as_str(), [begun.ticket.cookie()]),
        // A browser stands here, not a program: it gets a page and no problem document.
        Err(Failure::Unavailable(_)) => seen("/sign-in?problem=oidc_unavailable", []),
        Err(Failure::Unauthenticated(_)) => seen("/sign-in?problem=oidc_expired", []),
        Err(Failure::StepUpRequired) => seen("/sign-in?problem=oidc_step_up", []),
        Err(Failure::RateLimited(_)) => seen("/sign-in?problem=oidc_too_many", []),
        Err(other) => Err(other),
    }
}

/// Ends a sign-in at the identity provider.
#[utoipa::path(get, path = "/session/oidc/{key}/callback", operation_id = "session_oidc_finish", tag = "Session",
    params(("key" = String, Path), Callback), responses((status = 303, description = "Into the console",
        headers(("Set-Cookie" = String, description = "The session, a secret")))))]
async fn session_oidc_finish(
    entry: Entry,
    headers: HeaderMap,
    Path(key): Path<String>,
    Query(back): Query<Callback>,
) -> Answer {
    let visitor = visitor(&entry, &headers);
    let returned = Returned {
        key,
        state: back.state,
        code: back.code,
    };
    match actions::sign_in::finish(&visitor, returned, Ticket::of(&headers)).await? {
        Ok(arrived) => {
            let session = arrived.cookie.map(|cookie| cookies::set(&cookie));
            seen(&arrived.page, [Some(Ticket::clear()), session].into_iter().flatten())
        }
        Err(turned) => {
            let page = format!("/sign-in?problem={}", turned.as_str());
            seen(&page, [Ticket::clear()])
        }
    }
}

/// The tenant's identity provider.
#[utoipa::path(get, path = "/settings/sign-in/oidc", operation_id = "sign_in_oidc_show", tag = "Settings",
    responses((status = 200, body = OidcSettings)))]
async fn sign_in_oidc_show(caller: Caller<SettingsRead>) -> Answer {
    let settings = actions::sign_in::show(&caller).await?;
    caller.answer(settings)
}

/// Sets up the tenant's identity provider, or changes its settings.
#[utoipa::path(put, path = "/settings/sign-in/oidc", operation_id = "sign_in_oidc_update", tag = "Settings",
    request_body = OidcDraft, responses((status = 200, body = OidcSettings)))]
async fn sign_in_oidc_update(caller: Caller<SettingsWrite>, Json(draft): Json<OidcDraft>) -> Answer {
    let settings = actions::sign_in::keep(&caller, draft).await?;
    caller.answer(settings)
}

/// Takes the tenant's identity provider away.
#[utoipa::path(delete, path = "/settings/sign-in/oidc", operation_id = "sign_in_oidc_remove", tag = "Settings",
    responses((status = 204)))]
async fn sign_in_oidc_remove(caller: Caller<SettingsWrite>) -> Answer {
    actions::sign_in::forget(&caller).await?;
    caller.answer(())
}

/// Asks a provider for its description.
#[utoipa::path(post, path = "/settings/sign-in/oidc/test", operation_id = "sign_in_oidc_test", tag = "Settings",
    request_body = OidcTest, responses((status = 200, body = OidcTested)))]
async fn sign_in_oidc_test(caller: Caller<SettingsWrite>, Json(order): Json<OidcTest>) -> Answer {
    let tested = actions::sign_in::test(&caller, order).await?;
    caller.answer(tested)
}
