//! The imports of a tenant, newest first.

use claviger_domain::BatchId;

use super::render;
use crate::{
    actions::imports as actions,
    auth::Caller,
    rest::{Answer, Query, guard::ImportRead, newest_first::NewestFirst},
};

/// Imports, the newest first.
#[utoipa::path(
    get, path = "/imports", operation_id = "import_list", tag = "imports",
    params(NewestFirst),
    responses((status = 200, body = claviger_api::Page<claviger_api::Import>)),
)]
pub(super) async fn list(caller: Caller<ImportRead>, Query(wanted): Query<NewestFirst>) -> Answer {
    let place = wanted.place()?;
    let imports = actions::list(&caller, place.after().map(BatchId::from_uuid), place.limit()).await?;
    caller.answer(place.page(imports, |import| import.batch.id.as_uuid(), render::summary))
}
