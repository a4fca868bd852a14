//! The console's files, embedded; a page that says how to build them where they are not.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;

use crate::Failure;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// No inline script or style, nothing from elsewhere, no frame.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; \
     manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);
/// Vite names these files by their content.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// A file, or the console's page for every other path: its router takes it from there.
pub(super) fn serve(path: &str, headers: &HeaderMap) -> Response {
    let name = path.trim_start_matches('/');
    if let Some(file) = Files::get(name).filter(|_| !name.is_empty()) {
        return respond(name, &file, headers);
    }
    if name.starts_with("assets/") {
        return Failure::NotFound.into_response();
    }
    match Files::get("index.html") {
        Some(page) => respond("index.html", &page, headers),
        None => not_built(),
    }
}

fn respond(name: &str, file: &rust_embed::EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag = format!(
        "\"{}\"",
        data_encoding::HEXLOWER.encode(file.metadata.sha256_hash().get(..16).unwrap_or_default())
    );
    let mut response = if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes())
    {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        file.data.clone().into_owned().into_response()
    };
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let out = response.headers_mut();
    if let (Ok(kind), Ok(tag)) = (HeaderValue::from_str(kind.essence_str()), HeaderValue::from_str(&tag)) {
        out.insert(header::CONTENT_TYPE, kind);
        out.insert(header::ETAG, tag);
    }
    out.insert(
        header::CACHE_CONTROL,
        if name.starts_with("assets/") {
            FOREVER
        } else {
            ASK_AGAIN
        },
    );
    out.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    response
}

fn not_built() -> Response {
    const PAGE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Claviger</title>\
        <h1>The console is not built into this server</h1>\
        <p>Build it with <code>cargo xtask serve</code>, or <code>npm ci &amp;&amp; npm run build</code> in <code>web/</code>, then build the server again.</p>\
        <p>The API is here: <a href=\"/api/docs/\">/api/docs</a>.</p></html>";
    (
        [
            (header::CONTENT_SECURITY_POLICY, POLICY),
            (header::CACHE_CONTROL, ASK_AGAIN),
        ],
        axum::response::Html(PAGE),
    )
        .into_response()
}
