//! The clients as they are kept: one document of the tenant; their secrets are sealed, one for each.

use claviger_domain::TenantId;
use claviger_store::{Reader, Tx, settings};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Failure;

/// The document's name.
pub(crate) const NAME: &str = "radius_clients";

/// What their secrets are called in the vault.
pub(crate) const SECRET: &str = "radius_secret";

/// A client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub name: String,
    /// As it was given; it was read once before it was kept.
    pub network: String,
    /// Microseconds since 1970.
    pub created_at: i64,
    /// Who added it.
    pub created_by: String,
    /// When it got its secret, in microseconds since 1970.
    pub rotated_at: i64,
    /// Rises with each change of it.
    pub revision: i64,
}

/// A tenant's clients, and the document's revision: 0 when there was never one.
pub(super) async fn load(reader: &mut Reader, tenant: TenantId) -> Result<(Vec<Client>, i64), Failure> {
    match settings::get(reader, tenant, NAME).await? {
        Some(kept) => Ok((read(&kept.value)?, kept.revision)),
        None => Ok((Vec::new(), 0)),
    }
}

/// Keeps the clients in place of those that were read; answers the new revision.
pub(super) async fn save(tx: &mut Tx, clients: &[Client], revision: i64) -> Result<i64, Failure> {
    let text = serde_json::to_string(clients).map_err(Failure::internal)?;
    let tenant = tx.tenant();
    Ok(settings::set(tx, tenant, NAME, &text, revision).await?)
}

/// Reads a document.
pub(crate) fn read(text: &str) -> Result<Vec<Client>, Failure> {
    serde_json::from_str(text).map_err(Failure::internal)
}
