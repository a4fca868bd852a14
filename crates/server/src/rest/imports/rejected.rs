//! The rejected rows of an import, as a file to mend and send again.

use claviger_domain::BatchId;
use uuid::Uuid;

use crate::{
    actions::imports as actions,
    auth::Caller,
    rest::{Answer, Path, csv, guard::ImportRead},
};

/// The rejected rows as they were sent, with a column `error`.
#[utoipa::path(
    get, path = "/imports/{id}/rejected.csv", operation_id = "import_rejected", tag = "imports",
    params(("id" = Uuid, Path, description = "The import")),
    responses((status = 200, content_type = "text/csv", body = String)),
)]
pub(super) async fn rejected(caller: Caller<ImportRead>, Path(id): Path<Uuid>) -> Answer {
    let id = BatchId::from_uuid(id);
    let first = actions::rejected(&caller, id, 0).await?;
    Ok(csv::pieces("rejected.csv", first, move |number| {
        let caller = caller.clone();
        async move { actions::rejected(&caller, id, number).await }
    }))
}
