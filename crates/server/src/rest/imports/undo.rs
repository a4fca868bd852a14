//! Takes an import back while nobody has touched what it brought.

use claviger_domain::BatchId;
use uuid::Uuid;

use crate::{
    actions::imports as actions,
    auth::Caller,
    rest::{Answer, Json, Path, guard::ImportUndo},
};

/// Undoes an import nothing of which was touched since: all that it brought is gone at once.
#[utoipa::path(
    post, path = "/imports/{id}/undo", operation_id = "import_undo", tag = "imports",
    params(("id" = Uuid, Path, description = "The import")),
    request_body = claviger_api::NoArguments,
    responses((status = 200, body = claviger_api::Import)),
)]
pub(super) async fn undo(
    caller: Caller<ImportUndo>,
    Path(id): Path<Uuid>,
    _none: Json<claviger_api::NoArguments>,
) -> Answer {
    let import = actions::undo(&caller, BatchId::from_uuid(id)).await?;
    caller.answer(import)
}
