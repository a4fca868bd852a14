//! The router: every resource's routes, the boundary round them, problems for everything else.

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::Method,
    middleware,
    response::{IntoResponse, Response},
};
use claviger_api::{Problem, ProblemKind};
use tower_http::compression::{
    CompressionLayer, Predicate as _, predicate::DefaultPredicate, predicate::NotForContentType,
};
use utoipa_axum::router::OpenApiRouter;

use super::{boundary, console, document, problem::Draft};
use crate::{App, Failure};

/// Every operation below `/api/v1`.
pub(super) fn operations() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(super::session::routes())
        .merge(super::sign_in::routes())
        .merge(super::account::routes())
        .merge(super::tenants::routes())
        .merge(super::roles::routes())
        .merge(super::administrators::routes())
        .merge(super::downloads::routes())
        .merge(super::radius_clients::routes())
        .merge(super::policies::routes())
        .merge(super::audit::routes())
        .merge(super::events::routes())
        .merge(super::security_keys::routes())
        .merge(super::users::routes())
        .merge(super::otp_tokens::routes())
        .merge(super::emergency_codes::routes())
        .merge(super::overview::routes())
        .merge(super::approvals::routes())
        .merge(super::imports::routes())
        .merge(super::jobs::routes())
        .merge(super::verifications::routes())
}

/// The whole server as a service.
pub(crate) fn router(app: &App) -> Router {
    let (api, _) = OpenApiRouter::new().nest("/api/v1", operations()).split_for_parts();
    let compressible = DefaultPredicate::new().and(NotForContentType::const_new("text/event-stream"));
    api.merge(document::router())
        .merge(super::system::router())
        .merge(super::compatible::router())
        .fallback(elsewhere)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::disable())
        .layer(CompressionLayer::new().compress_when(compressible))
        .layer(middleware::from_fn_with_state(app.clone(), boundary::pass))
        .with_state(app.clone())
}

async fn elsewhere(request: Request) -> Response {
    let path = request.uri().path();
    // A program that asks at a wrong place must not hear 200 and the console's page.
    let begins = |place: &str| {
        path.strip_prefix(place)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if ["/api", "/pi", "/validate"].into_iter().any(begins) {
        return Failure::NotFound.into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return wrong_method().await;
    }
    console::serve(path, request.headers())
}

async fn wrong_method() -> Response {
    let mut response = axum::http::StatusCode::METHOD_NOT_ALLOWED.into_response();
    let problem = Problem::new(
        ProblemKind::MethodNotAllowed,
        "This method is not supported here; see `Allow`.",
    );
    response.extensions_mut().insert(Draft { problem, cause: None });
    response
}
