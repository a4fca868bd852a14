//! `/security-keys`: the inventory.

mod assign;
mod bulk;
mod configuration;
mod counts;
mod delete;
mod dispose;
mod enroll;
mod events;
mod export;
mod get;
mod initial_pin;
mod link_policy;
mod list;
mod mail_retry;
mod observations;
pub(super) mod parse;
mod quarantine;
mod reinstate;
mod release;
mod removal;
mod render;
mod resume;
mod revocation_preview;
mod revoke;
mod suspend;
mod unassign;
mod unlink_policy;
pub(super) mod wanted;

use utoipa_axum::{router::OpenApiRouter, routes};

use super::guard::{
    Export, InitialPinRead, InventoryRead, KeyAssign, KeyConfigure, KeyDispose, KeyEnroll, KeyReinstate, KeyRevoke,
    KeySuspend, Observe, StockDelete, StockLink, guarded,
};
use crate::App;

pub(super) use crate::actions::security_keys::sentence;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded::<InventoryRead>(routes!(list::list)))
        .routes(guarded::<InventoryRead>(routes!(counts::counts)))
        .routes(guarded::<Export>(routes!(export::export)))
        .routes(guarded::<InventoryRead>(routes!(bulk::bulk)))
        .routes(guarded::<InventoryRead>(routes!(get::get)))
        .routes(guarded::<StockDelete>(routes!(delete::delete)))
        .routes(guarded::<InventoryRead>(routes!(events::events)))
        .routes(guarded::<StockLink>(routes!(link_policy::link_policy)))
        .routes(guarded::<StockLink>(routes!(unlink_policy::unlink_policy)))
        .routes(guarded::<StockLink>(routes!(quarantine::quarantine)))
        .routes(guarded::<StockLink>(routes!(release::release)))
        .routes(guarded::<KeyAssign>(routes!(assign::assign)))
        .routes(guarded::<KeyAssign>(routes!(unassign::unassign)))
        .routes(guarded::<KeySuspend>(routes!(suspend::suspend)))
        .routes(guarded::<KeySuspend>(routes!(resume::resume)))
        .routes(guarded::<KeyRevoke>(routes!(revoke::revoke)))
        .routes(guarded::<KeyRevoke>(routes!(revocation_preview::revocation_preview)))
        .routes(guarded::<KeyRevoke>(routes!(
            revocation_preview::revocation_preview_many
        )))
        .routes(guarded::<KeyRevoke>(routes!(mail_retry::mail_retry)))
        .routes(guarded::<KeyRevoke>(routes!(removal::retry)))
        .routes(guarded::<KeyRevoke>(routes!(removal::confirm)))
        .routes(guarded::<KeyDispose>(routes!(dispose::dispose)))
        .routes(guarded::<KeyConfigure>(routes!(
            configuration::configure,
            configuration::abandon
        )))
        .routes(guarded::<KeyConfigure>(routes!(configuration::confirm)))
        .routes(guarded::<Observe>(routes!(observations::observe)))
        .routes(guarded::<KeyEnroll>(routes!(enroll::enroll)))
        .routes(guarded::<KeyReinstate>(routes!(reinstate::reinstate)))
        .routes(guarded::<InitialPinRead>(routes!(initial_pin::look)))
        .routes(guarded::<InitialPinRead>(routes!(initial_pin::show)))
        .routes(guarded::<KeyConfigure>(routes!(initial_pin::extend)))
}
