//! The OpenAPI document, the page that browses it, and the page that lists the types of problems.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{Arc, LazyLock},
};

use axum::{
    Router,
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use claviger_api::{FieldError, Problem, ProblemKind};
use serde_json::Value;
use utoipa::{
    OpenApi,
    openapi::{
        OpenApi as Document, Server,
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
    },
};
use utoipa_axum::router::OpenApiRouter;

use super::{extract::Path, routes};
use crate::{App, Failure, auth::cookies};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Claviger",
        description = "Life-cycle management of authenticators. Problems: RFC 9457. `x-privilege` names the privilege that an operation demands.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    components(schemas(Problem, FieldError))
)]
struct Head;

/// The OpenAPI 3.1 document of this build.
#[must_use]
pub fn openapi() -> Document {
    let (_, mut document) = OpenApiRouter::<App>::with_openapi(Head::openapi())
        .nest("/api/v1", routes::operations())
        .split_for_parts();
    document.servers = Some(vec![Server::new("/")]);
    env!("CARGO_PKG_VERSION").clone_into(&mut document.info.version);
    let components = document.components.get_or_insert_default();
    components.add_security_scheme(
        "session",
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(cookies::NAME))),
    );
    components.add_security_scheme("api_token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    document
}

/// The document as pretty JSON with a final newline: what is committed as `docs/openapi.json`.
#[must_use]
pub fn json() -> String {
    let sorted = serde_json::to_value(openapi()).map(|document| sorted(opened(document)));
    sorted
        .and_then(|document| serde_json::to_string_pretty(&document))
        .map_or_else(|_| String::new(), |json| json + "\n")
}

/// An answer that holds a request's fields and more: the request refuses unknown fields, so the answer's
/// schema takes a copy of its fields that does not (JSON Schema: `additionalProperties` sees no sibling of `allOf`).
fn opened(mut document: Value) -> Value {
    let schemas = document.pointer("/components/schemas").cloned().unwrap_or_default();
    open(&mut document, &schemas);
    document
}

fn open(value: &mut Value, schemas: &Value) {
    if let Some(parts) = value.get_mut("allOf").and_then(Value::as_array_mut) {
        for part in parts {
            let path = part.get("$ref").and_then(Value::as_str);
            let name = path.and_then(|path| path.rsplit('/').next());
            if let Some(mut copy) = name.and_then(|name| schemas.get(name)).cloned() {
                copy.as_object_mut().map(|fields| fields.remove("additionalProperties"));
                *part = copy;
            }
        }
    }
    match value {
        Value::Object(fields) => fields.values_mut().for_each(|field| open(field, schemas)),
        Value::Array(items) => items.iter_mut().for_each(|item| open(item, schemas)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Keys in their order, so that the same code always says the same.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<String, Value> = fields.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            fields.into_iter().collect()
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

static JSON: LazyLock<String> = LazyLock::new(json);
static VIEWER: LazyLock<Arc<utoipa_swagger_ui::Config<'static>>> = LazyLock::new(|| {
    let config = utoipa_swagger_ui::Config::from("/api/v1/openapi.json")
        .try_it_out_enabled(false)
        .persist_authorization(false);
    Arc::new(config.deep_linking(true))
});

/// Swagger UI sets `style` attributes by script and has no other needs.
const VIEWER_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'",
);

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/api/v1/openapi.json", get(document))
        .route(
            "/api/docs",
            get(async || axum::response::Redirect::permanent("/api/docs/")),
        )
        .route("/api/docs/", get(async || viewer("")))
        .route("/api/docs/{*file}", get(async |Path(file): Path<String>| viewer(&file)))
        .route("/problems", get(problems))
        .route("/problems/{name}", get(problems))
}

async fn document() -> Response {
    ([(header::CONTENT_TYPE, super::reply::JSON)], JSON.as_str()).into_response()
}

fn viewer(file: &str) -> Response {
    match utoipa_swagger_ui::serve(file, Arc::clone(&VIEWER)) {
        Ok(Some(found)) => {
            let kind = HeaderValue::from_str(&found.content_type).unwrap_or(HeaderValue::from_static("text/plain"));
            let headers = [
                (header::CONTENT_TYPE, kind),
                (header::CONTENT_SECURITY_POLICY, VIEWER_POLICY),
            ];
            (headers, found.bytes.into_owned()).into_response()
        }
        Ok(None) => Failure::NotFound.into_response(),
        Err(error) => Failure::internal(error.to_string()).into_response(),
    }
}

async fn problems() -> Html<String> {
    let mut rows = String::new();
    for kind in ProblemKind::ALL {
        let _ = write!(
            rows,
            "<dt id=\"{0}\">{0} – {1}</dt><dd>{2} {3}</dd>",
            kind.name(),
            kind.title(),
            kind.status(),
            kind.remedy()
        );
    }
    Html(format!(
        "<!doctype html><html lang=\"en\"><title>Problems</title><h1>Types of problems</h1><dl>{rows}</dl></html>"
    ))
}

#[cfg(test)]
mod tests {
    #[test]
    #[expect(clippy::disallowed_methods, reason = "blessing is asked for by the environment")]
    fn the_committed_document_is_what_the_code_says() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
        if std::env::var_os("CLAVIGER_BLESS").is_some() {
            std::fs::write(path, super::json()).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            committed == super::json(),
            "run the tests once with CLAVIGER_BLESS=1 and commit docs/openapi.json"
        );
    }
}
