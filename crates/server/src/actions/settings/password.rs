//! The password of a tenant's mail server: sealed like every secret, opened to sign in by it, never shown.

use claviger_domain::TenantId;
use claviger_store::{Reader, Tx, secrets};
use uuid::Uuid;

use crate::{
    Failure, ports,
    secrets::{Keyring, Place, Secret},
};

const KIND: &str = "mail_password";

/// Keeps a password in place of the one before.
pub(super) async fn keep(tx: &mut Tx, keyring: &Keyring, password: &str) -> Result<(), Failure> {
    let tenant = tx.tenant();
    let key = keyring.sealing(tx, tenant).await?;
    let version = i64::from(key.version());
    if let Some(kept) = secrets::get(tx, tenant, KIND, tenant.as_uuid()).await? {
        let sealed = key.seal(place(tenant, &kept.id), password.as_bytes())?;
        return Ok(secrets::reseal(tx, &kept, version, &sealed).await?);
    }
    let id = ports::new_id();
    let row = secrets::SealedSecret {
        id,
        kind: KIND.to_owned(),
        subject: tenant.as_uuid(),
        key_version: version,
        sealed: key.seal(place(tenant, &id), password.as_bytes())?,
        created_at: tx.now(),
        updated_at: tx.now(),
        revision: 1,
    };
    Ok(secrets::insert(tx, &row).await?)
}

/// Forgets the password, if there is one.
pub(super) async fn forget(tx: &mut Tx) -> Result<(), Failure> {
    let tenant = tx.tenant();
    match secrets::get(tx, tenant, KIND, tenant.as_uuid()).await? {
        Some(kept) => Ok(secrets::delete(tx, &kept).await?),
        None => Ok(()),
    }
}

/// The password, to sign in by it.
pub(crate) async fn open(
    reader: &mut Reader,
    keyring: &Keyring,
    tenant: TenantId,
) -> Result<Option<Secret<Vec<u8>>>, Failure> {
    let Some(kept) = secrets::get(reader, tenant, KIND, tenant.as_uuid()).await? else {
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
