//! Takes an import back while nobody has touched its keys.

use claviger_domain::BatchId;
use uuid::Uuid;

use crate::{
    actions::imports as actions,
    auth::Caller,
    rest::{Answer, Json, Path, guard::StockImport},
};

/// Undoes an import none of whose keys was touched since: all its keys are gone at once.
#[utoipa::path(
    post, path = "/imports/{id}/undo", operation_id = "import_undo", tag = "imports",
    params(("id" = Uuid, Path, description = "The import")),
    request_body = claviger_api::NoArguments,
    responses((status = 200, body = claviger_api::Import)),
)]
pub(super) async fn undo(
    caller: Caller<StockImport>,
    Path(id): Path<Uuid>,
    _none: Json<claviger_api::NoArguments>,
) -> Answer {
    let import = actions::undo(&caller, BatchId::from_uuid(id)).await?;
    caller.answer(import)
}
