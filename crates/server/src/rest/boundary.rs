//! The boundary: every request passes here once, on its way in and out.
//!
//! Gives it a name, bounds its time, turns panics and failures into problems, writes the security headers, counts and
//! logs. The private cause of a failure is logged here and nowhere else.

use std::{
    borrow::Cow,
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt as _;

use super::{entry::Entry, operation::Operation, problem, retry};
use crate::{App, Failure, telemetry};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request that takes longer is logged.
const SLOW: Duration = Duration::from_secs(1);

pub(crate) async fn pass(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let entry = Entry::of(&app, &request);
    let method = request.method().clone();
    let is_api = request.uri().path().starts_with("/api/");
    request.extensions_mut().insert(entry.clone());
    let mut response = run(&app, request, next).await;
    let operation = response.extensions_mut().remove::<Arc<Operation>>();
    let none = || (Cow::Borrowed("none"), Cow::Borrowed("none"));
    let (name, route) = operation.map_or_else(none, |operation| (operation.id.clone(), operation.path.clone()));
    let route: &str = &route;
    if let Some(draft) = response.extensions_mut().remove::<problem::Draft>() {
        if let Some(cause) = &draft.cause {
            tracing::error!(request_id = entry.request_id(), %method, route, cause, "request failed");
        }
        response = problem::finish(draft, response, entry.request_id());
    }
    let spent = began.elapsed();
    telemetry::request(name.clone(), response.status(), spent);
    log(&entry, &method, route, &name, &response, spent);
    head(&app, response.headers_mut(), is_api);
    if let Ok(id) = HeaderValue::from_str(entry.request_id()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

async fn run(app: &App, request: Request, next: Next) -> Response {
    let unbounded = retry::is_upload(request.headers());
    let work = AssertUnwindSafe(next.run(request)).catch_unwind();
    let outcome = if unbounded {
        work.await
    } else {
        match tokio::time::timeout(app.config().request_timeout, work).await {
            Ok(outcome) => outcome,
            Err(_) => return Failure::Timeout.into_response(),
        }
    };
    outcome.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        Failure::internal(format!("panic: {}", text.unwrap_or_default())).into_response()
    })
}

/// Requests are counted; one line each would drown everything else. What is slow or failed stands out. The route's
/// template and not its address: what somebody put into a query is nobody's business.
fn log(entry: &Entry, method: &Method, route: &str, operation: &str, response: &Response, spent: Duration) {
    let (status, micros) = (response.status().as_u16(), spent.as_micros());
    let milliseconds = format!("{}.{:03}", micros / 1_000, micros % 1_000);
    let (request_id, address) = (entry.request_id(), entry.address());
    if status >= 500 || spent >= SLOW {
        tracing::info!(request_id, %method, route, operation, status, milliseconds, %address, "request");
    } else {
        tracing::debug!(request_id, %method, route, operation, status, milliseconds, %address, "request");
    }
}

fn head(app: &App, headers: &mut HeaderMap, is_api: bool) {
    let fixed: [(HeaderName, &'static str); 5] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), publickey-credentials-get=(self), publickey-credentials-create=(self)",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    if is_api {
        headers
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
    }
    if app.speaks_tls() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=63072000"),
        );
    }
}
