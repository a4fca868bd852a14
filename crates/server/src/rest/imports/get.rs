//! One import, with its faults and first rows.

use claviger_domain::BatchId;
use uuid::Uuid;

use crate::{
    actions::imports as actions,
    auth::Caller,
    rest::{Answer, Path, guard::ImportRead},
};

/// One import.
#[utoipa::path(
    get, path = "/imports/{id}", operation_id = "import_get", tag = "imports",
    params(("id" = Uuid, Path, description = "The import")),
    responses((status = 200, body = claviger_api::Import)),
)]
pub(super) async fn get(caller: Caller<ImportRead>, Path(id): Path<Uuid>) -> Answer {
    let import = actions::get(&caller, BatchId::from_uuid(id)).await?;
    caller.answer(import)
}
