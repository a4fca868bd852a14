//! What other settings ask about a tenant's provider.

use claviger_domain::TenantId;
use claviger_store::{Reader, Tx, sign_in_providers};

use super::document::Document;
use crate::Failure;

/// Whether a group of the tenant's provider leads to the role.
///
/// # Errors
/// What the store meets.
pub(crate) async fn leads_to(reader: &mut Reader, tenant: TenantId, role: &str) -> Result<bool, Failure> {
    let Some(provider) = sign_in_providers::get(reader, tenant).await? else {
        return Ok(false);
    };
    Ok(Document::parse(&provider.document)?.roles().any(|named| named == role))
}

/// Leads groups to the role under its new name.
///
/// # Errors
/// What the store meets.
pub(crate) async fn rename_role(tx: &mut Tx, old: &str, new: &str) -> Result<(), Failure> {
    let tenant = tx.tenant();
    if old == new || !leads_to(tx, tenant, old).await? {
        return Ok(());
    }
    let Some(provider) = sign_in_providers::get(tx, tenant).await? else {
        return Ok(());
    };
    let renamed = Document::parse(&provider.document)?.renamed(old, new);
    Ok(sign_in_providers::save(tx, &provider, &renamed.written()?).await?)
}
