//! The history of a key.

use claviger_api as wire;
use claviger_domain::SecurityKeyId;
use uuid::Uuid;

use crate::{
    actions::security_keys as actions,
    auth::Caller,
    rest::{Answer, Path, Query, guard::InventoryRead, history::HistoryPage},
};

/// What befell a key: its own events, those of its import, those of bulk jobs it took part in; newest first.
#[utoipa::path(
    get, path = "/security-keys/{id}/events", operation_id = "security_key_events", tag = "security keys",
    params(("id" = Uuid, Path, description = "The key"), HistoryPage),
    responses((status = 200, body = wire::Page<wire::SecurityKeyEvent>)),
)]
pub(super) async fn events(
    caller: Caller<InventoryRead>,
    Path(id): Path<Uuid>,
    Query(wanted): Query<HistoryPage>,
) -> Answer {
    let (page, limit) = (wanted.page()?, wanted.limit()?);
    let history = actions::history(&caller, SecurityKeyId::from_uuid(id), page, limit).await?;
    caller.answer(history)
}
