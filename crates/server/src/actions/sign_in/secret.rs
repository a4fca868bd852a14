//! The client secret: sealed for its own row, opened to prove the server to the provider, never shown.

use claviger_domain::TenantId;
use claviger_store::{Reader, Tx, secrets};
use uuid::Uuid;

use crate::{
    Failure, ports,
    secrets::{Keyring, Place, Secret},
};

const KIND: &str = "oidc_client_secret";

/// Keeps a secret in place of the one before.
pub(super) async fn keep(tx: &mut Tx, keyring: &Keyring, provider: Uuid, text: &str) -> Result<(), Failure> {
    let tenant = tx.tenant();
    forget(tx, provider).await?;
    let (key, id) = (keyring.sealing(tx, tenant).await?, ports::new_id());
    let row = secrets::SealedSecret {
        id,
        kind: KIND.to_owned(),
        subject: provider,
        key_version: i64::from(key.version()),
        sealed: key.seal(place(tenant, &id), text.as_bytes())?,
        created_at: tx.now(),
        updated_at: tx.now(),
        revision: 1,
    };
    Ok(secrets::insert(tx, &row).await?)
}

/// Forgets the secret, if there is one.
pub(super) async fn forget(tx: &mut Tx, provider: Uuid) -> Result<(), Failure> {
    let tenant = tx.tenant();
    match secrets::get(tx, tenant, KIND, provider).await? {
        Some(kept) => Ok(secrets::delete(tx, &kept).await?),
        None => Ok(()),
    }
}

/// Whether there is one.
pub(super) async fn is_kept(reader: &mut Reader, tenant: TenantId, provider: Uuid) -> Result<bool, Failure> {
    Ok(secrets::get(reader, tenant, KIND, provider).await?.is_some())
}

/// The secret, to prove the server to the provider.
pub(super) async fn open(
    reader: &mut Reader,
    keyring: &Keyring,
    tenant: TenantId,
    provider: Uuid,
) -> Result<Option<Secret<Vec<u8>>>, Failure> {
    let Some(kept) = secrets::get(reader, tenant, KIND, provider).await? else {
        return Ok(None);
    };
    let version = u32::try_from(kept.key_version).map_err(Failure::internal)?;
    let key = keyring.opening(reader, tenant, version).await?;
    Ok(Some(key.open(place(tenant, &kept.id), &kept.sealed)?))
}

fn place(tenant: TenantId, id: &Uuid) -> Place<'_> {
    Place {
        tenant: tenant.as_uuid(),
        table: "sealed_secrets",
        column: "sealed",
        row: id.as_bytes(),
    }
}
