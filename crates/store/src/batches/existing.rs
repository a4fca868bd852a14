//! What of a file is in the tenant already.

use claviger_domain::ids::{SecurityKeyId, TenantId};
use uuid::Uuid;

use super::range::{Span, hidden};
use crate::error::Error;
use crate::security_keys::{Shelf, shelf_of};
use crate::tx::Reader;

const EXISTING: &str = "SELECT id, serial_norm, device_name, version, shelf, policy_id FROM security_keys
    WHERE tenant_id = $1 AND serial_norm = ANY($2)";

/// A key that bears a serial number of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Existing {
    /// Which key.
    pub id: SecurityKeyId,
    /// Its serial number as compared.
    pub serial: String,
    /// What its model is called.
    pub device_name: String,
    /// Its FIDO version.
    pub version: String,
    /// Its status and whether somebody holds it.
    pub shelf: Shelf,
    /// The policy linked with it.
    pub policy: Option<Uuid>,
    /// Whether another import is writing it or taking it out just now.
    pub hidden: bool,
}

/// Keys of the tenant with these normalised serial numbers, in no order. At most 2,000 at once.
///
/// # Errors
/// What the engine meets.
pub async fn existing(reader: &mut Reader, tenant: TenantId, serials: Vec<String>) -> Result<Vec<Existing>, Error> {
    let rows = reader
        .query(EXISTING, &[tenant.as_uuid().into(), serials.into()])
        .await?;
    let spans = if rows.is_empty() {
        Vec::new()
    } else {
        hidden(reader, tenant).await?
    };
    let within = |id: Uuid| spans.iter().any(|Span { first, last }| *first <= id && id <= *last);
    rows.iter()
        .map(|row| {
            let id: Uuid = row.get("id")?;
            Ok(Existing {
                id: SecurityKeyId::from_uuid(id),
                serial: row.get("serial_norm")?,
                device_name: row.get("device_name")?,
                version: row.get("version")?,
                shelf: shelf_of(row, id)?,
                policy: row.get("policy_id")?,
                hidden: within(id),
            })
        })
        .collect()
}
