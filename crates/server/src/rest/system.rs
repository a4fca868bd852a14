//! What machines ask: alive, ready, figures.

use axum::{
    Router,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};

use crate::{App, Failure};

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(figures))
}

/// Ready: not stopping, and the database answers.
async fn ready(State(app): State<App>) -> Response {
    if app.is_stopping() {
        return Failure::Unavailable(std::time::Duration::from_secs(5)).into_response();
    }
    let answered = app
        .store()
        .read(async |reader| reader.query_one("SELECT 1 AS one", &[]).await.map_err(Failure::from))
        .await;
    match answered {
        Ok(_) => "ready\n".into_response(),
        Err(failure) => failure.into_response(),
    }
}

async fn figures(State(app): State<App>) -> Response {
    (
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4")],
        app.metrics().render(),
    )
        .into_response()
}
