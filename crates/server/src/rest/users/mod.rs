//! `/users`: people to whom authenticators are assigned.

mod change;
mod create;
mod events;
mod export;
mod get;
mod import;
mod list;
mod parse;
mod render;
mod wanted;

use utoipa_axum::{router::OpenApiRouter, routes};

use super::guard::{Export, UserRead, UserWrite, guarded};
use crate::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded::<UserRead>(routes!(list::list)))
        .routes(guarded::<UserWrite>(routes!(create::create)))
        .routes(guarded::<Export>(routes!(export::export)))
        .routes(guarded::<UserWrite>(routes!(import::import)))
        .routes(guarded::<UserRead>(routes!(get::get)))
        .routes(guarded::<UserWrite>(routes!(change::update)))
        .routes(guarded::<UserWrite>(routes!(change::disable)))
        .routes(guarded::<UserWrite>(routes!(change::enable)))
        .routes(guarded::<UserRead>(routes!(events::events)))
}
