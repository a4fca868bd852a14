//! Sealed seeds, for the change of data keys: all that one version seals, in the order of the ids.

use claviger_domain::ids::{OtpTokenId, TenantId};
use uuid::Uuid;

use crate::error::Error;
use crate::tx::{Reader, Tx};

const UNDER_KEY: &str = "SELECT id, seed FROM otp_tokens
    WHERE tenant_id = $1 AND key_version = $2 AND seed IS NOT NULL AND id > $3 ORDER BY id LIMIT $4";
/// Guarded by the bytes that were read: nothing else of the row is changed, so its revision stays.
const RESEAL: &str = "UPDATE otp_tokens SET key_version = $3, seed = $4 WHERE tenant_id = $1 AND id = $2 AND seed = $5";

/// Some seeds that a version of the data key seals, behind `after`.
///
/// # Errors
/// What the engine meets.
pub async fn under_key(
    reader: &mut Reader,
    tenant: TenantId,
    version: i64,
    after: Option<OtpTokenId>,
    limit: i64,
) -> Result<Vec<(OtpTokenId, Vec<u8>)>, Error> {
    let after = after.map_or(Uuid::nil(), |id| id.as_uuid());
    let values = [tenant.as_uuid().into(), version.into(), after.into(), limit.into()];
    let rows = reader.query(UNDER_KEY, &values).await?;
    rows.iter()
        .map(|row| Ok((OtpTokenId::from_uuid(row.get(0)?), row.get(1)?)))
        .collect()
}

/// Exchanges a sealed seed for the same one sealed anew.
///
/// # Errors
/// [`Error::Stale`] when it was exchanged or shredded meanwhile.
pub async fn reseal(tx: &mut Tx, id: OtpTokenId, was: &[u8], version: i64, sealed: &[u8]) -> Result<(), Error> {
    let values = [
        tx.tenant().as_uuid().into(),
        id.as_uuid().into(),
        version.into(),
        sealed.into(),
        was.into(),
    ];
    tx.guarded(RESEAL, &values).await
}
