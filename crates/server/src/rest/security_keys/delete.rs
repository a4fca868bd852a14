//! Removes a key from stock.

use claviger_domain::SecurityKeyId;
use uuid::Uuid;

use crate::{
    actions::security_keys as actions,
    auth::Caller,
    rest::{Answer, Path, guard::StockDelete},
};

/// Deletes a key from stock; only one that was never assigned. Its serial number may come back.
#[utoipa::path(
    delete, path = "/security-keys/{id}", operation_id = "security_key_delete", tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    responses((status = 204, description = "Gone")),
)]
pub(super) async fn delete(caller: Caller<StockDelete>, Path(id): Path<Uuid>) -> Answer {
    actions::delete(&caller, SecurityKeyId::from_uuid(id)).await?;
    caller.answer(())
}
