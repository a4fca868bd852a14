//! `/jobs`: long work.

mod cancel;
mod get;
mod list;
mod render;
mod results;
mod results_csv;

use utoipa_axum::{router::OpenApiRouter, routes};

use super::guard::{JobRead, guarded};
use crate::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded::<JobRead>(routes!(list::list)))
        .routes(guarded::<JobRead>(routes!(get::get)))
        .routes(guarded::<JobRead>(routes!(cancel::cancel)))
        .routes(guarded::<JobRead>(routes!(results::results)))
        .routes(guarded::<JobRead>(routes!(results_csv::results_csv)))
}
