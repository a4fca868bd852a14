//! From a credential to an identity: the cache first, then one read of the store.

use std::sync::Arc;

use axum::http::HeaderMap;

use super::{Identity, bearer, cookies};
use crate::{App, Failure};

/// Who sends these headers.
///
/// # Errors
/// [`Failure::Unauthenticated`] without a credential that holds now.
pub async fn identify(app: &App, headers: &HeaderMap) -> Result<Arc<Identity>, Failure> {
    let _ = (app, bearer::presented(headers), cookies::session(headers));
    Err(Failure::Unauthenticated("Sign in first."))
}
