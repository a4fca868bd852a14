//! What people see of the outbox: the newest message about an object.

use claviger_domain::ids::TenantId;
use uuid::Uuid;

use super::{Message, from_row};
use crate::{Error, Reader};

const NEWEST: &str = "SELECT * FROM outbox WHERE tenant_id = $1 AND subject_id = $2 AND kind = $3
    ORDER BY id DESC LIMIT 1";
/// The newest message of a kind about an object.
///
/// # Errors
/// What the database meets.
pub async fn newest(
    reader: &mut Reader,
    tenant: TenantId,
    subject: Uuid,
    kind: &str,
) -> Result<Option<Message>, Error> {
    let row = reader
        .query_opt(NEWEST, &[tenant.into(), subject.into(), kind.into()])
        .await?;
    row.as_ref().map(from_row).transpose()
}
