//! What people see of the outbox: the newest message about an object, and what needs attention.

use claviger_domain::ids::TenantId;
use uuid::Uuid;

use super::{Message, from_row};
use crate::{Error, Reader, bounded, pages::Total};

/// What of a tenant's messages needs attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attention {
    /// Mail that was given up.
    pub failed_mail: Total,
    /// Credentials still accepted elsewhere, whose removal waits.
    pub pending_removals: Total,
    /// Credentials still accepted elsewhere, whose removal was refused and is tried again.
    pub failed_removals: Total,
}

const NEWEST: &str = "SELECT * FROM outbox WHERE tenant_id = $1 AND subject_id = $2 AND kind = $3
    ORDER BY id DESC LIMIT 1";
const FAILED_MAIL: &str = "SELECT COUNT(*) AS count FROM (SELECT 1 FROM outbox WHERE tenant_id = $1
    AND kind = 'mail.security_key_revoked' AND state = 'failed' LIMIT $2) counted";
const PENDING: &str = "SELECT COUNT(*) AS count FROM (SELECT 1 FROM outbox WHERE tenant_id = $1
    AND kind = 'identity_provider.remove_credential' AND state = 'waiting' AND failed_at IS NULL LIMIT $2) counted";
const FAILED: &str = "SELECT COUNT(*) AS count FROM (SELECT 1 FROM outbox WHERE tenant_id = $1
    AND kind = 'identity_provider.remove_credential' AND state = 'waiting' AND failed_at IS NOT NULL LIMIT $2) counted";

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

/// How many messages need attention.
///
/// # Errors
/// What the database meets.
pub async fn attention(reader: &mut Reader, tenant: TenantId) -> Result<Attention, Error> {
    Ok(Attention {
        failed_mail: bounded::total(reader, FAILED_MAIL, tenant).await?,
        pending_removals: bounded::total(reader, PENDING, tenant).await?,
        failed_removals: bounded::total(reader, FAILED, tenant).await?,
    })
}
