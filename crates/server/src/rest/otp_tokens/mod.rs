//! `/otp-tokens`: hardware that shows codes.

mod add;
mod bulk;
mod codes;
mod commands;
mod events;
mod export;
mod get;
mod list;
mod render;
mod wanted;

use utoipa_axum::{router::OpenApiRouter, routes};

use super::guard::{Export, OtpRead, OtpSupport, OtpWrite, guarded};
use crate::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded::<OtpRead>(routes!(list::list)))
        .routes(guarded::<OtpWrite>(routes!(add::add)))
        .routes(guarded::<OtpRead>(routes!(list::counts)))
        .routes(guarded::<Export>(routes!(export::export)))
        .routes(guarded::<OtpWrite>(routes!(bulk::bulk)))
        .routes(guarded::<OtpWrite>(routes!(codes::find)))
        .routes(guarded::<OtpRead>(routes!(get::get)))
        .routes(guarded::<OtpRead>(routes!(events::events)))
        .routes(guarded::<OtpWrite>(routes!(commands::assign)))
        .routes(guarded::<OtpWrite>(routes!(commands::unassign)))
        .routes(guarded::<OtpSupport>(routes!(commands::disable)))
        .routes(guarded::<OtpSupport>(routes!(commands::enable)))
        .routes(guarded::<OtpWrite>(routes!(commands::compromise)))
        .routes(guarded::<OtpSupport>(routes!(commands::unlock)))
        .routes(guarded::<OtpSupport>(routes!(codes::resync)))
        .routes(guarded::<OtpSupport>(routes!(codes::test)))
}
