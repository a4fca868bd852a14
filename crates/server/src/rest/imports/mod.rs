//! `/imports`: deliveries and seed files.

mod create;
mod get;
mod list;
mod rejected;
mod render;
mod tokens;
mod undo;

pub(super) use create::received;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::guard::{ImportRead, ImportUndo, OtpWrite, StockImport, guarded};
use crate::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded::<StockImport>(routes!(create::create)))
        .routes(guarded::<OtpWrite>(routes!(tokens::import)))
        .routes(guarded::<ImportRead>(routes!(list::list)))
        .routes(guarded::<ImportRead>(routes!(get::get)))
        .routes(guarded::<ImportRead>(routes!(rejected::rejected)))
        .routes(guarded::<ImportUndo>(routes!(undo::undo)))
}
