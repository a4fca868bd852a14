//! The boundary: every request passes here once, on its way in and out.
//!
//! Gives it a name, bounds its time, turns panics and failures into problems, writes the security headers, counts and
//! logs. The private cause of a failure is logged here and nowhere else.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Instant};

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

pub(crate) async fn pass(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let entry = Entry::of(&app, &request);
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    request.extensions_mut().insert(entry.clone());
    let mut response = run(&app, request, next).await;
    let operation = response.extensions_mut().remove::<Arc<Operation>>();
    if let Some(draft) = response.extensions_mut().remove::<problem::Draft>() {
        if let Some(cause) = &draft.cause {
            tracing::error!(request_id = entry.request_id(), %method, path, cause, "request failed");
        }
        response = problem::finish(draft, response, entry.request_id());
    }
    let name = operation.map_or_else(|| "none".into(), |operation| operation.id.clone());
    let spent = began.elapsed();
    telemetry::request(name.clone(), response.status(), spent);
    log(&entry, &method, &path, &name, &response, spent);
    head(&app, response.headers_mut(), &path);
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

/// Reads that succeed are counted, not logged: they would drown everything else.
fn log(entry: &Entry, method: &Method, path: &str, operation: &str, response: &Response, spent: std::time::Duration) {
    let (status, micros) = (response.status().as_u16(), spent.as_micros());
    let (request_id, address) = (entry.request_id(), entry.address());
    if crate::auth::origin::is_safe(method) && status < 500 {
        tracing::debug!(request_id, %method, path, operation, status, %micros, %address, "request");
    } else {
        tracing::info!(request_id, %method, path, operation, status, %micros, %address, "request");
    }
}

fn head(app: &App, headers: &mut HeaderMap, path: &str) {
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
    if path.starts_with("/api/") {
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
