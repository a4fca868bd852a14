//! `/imports`: deliveries.

mod create;
mod get;
mod list;
mod rejected;
mod render;
mod undo;

pub(super) use create::received;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::guard::{InventoryRead, StockImport, guarded};
use crate::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded::<StockImport>(routes!(create::create)))
        .routes(guarded::<InventoryRead>(routes!(list::list)))
        .routes(guarded::<InventoryRead>(routes!(get::get)))
        .routes(guarded::<InventoryRead>(routes!(rejected::rejected)))
        .routes(guarded::<StockImport>(routes!(undo::undo)))
}
