//! The client secret: sealed for its own provider, opened to prove the server to it, never shown.

use claviger_domain::TenantId;
use claviger_store::{Reader, Tx};
use uuid::Uuid;

use crate::{
    Failure,
    secrets::{Keyring, Secret, vault},
};

const KIND: &str = "oidc_client_secret";

/// Keeps a secret in place of the one before.
pub(super) async fn keep(tx: &mut Tx, keyring: &Keyring, provider: Uuid, text: &str) -> Result<(), Failure> {
    vault::keep(keyring, tx, KIND, provider, text.as_bytes()).await
}

/// Forgets the secret, if there is one.
pub(super) async fn forget(tx: &mut Tx, provider: Uuid) -> Result<(), Failure> {
    vault::shred(tx, KIND, provider).await
}

/// Whether there is one.
pub(super) async fn is_kept(reader: &mut Reader, tenant: TenantId, provider: Uuid) -> Result<bool, Failure> {
    vault::holds(reader, tenant, KIND, provider).await
}

/// The secret, to prove the server to the provider.
pub(super) async fn open(
    reader: &mut Reader,
    keyring: &Keyring,
    tenant: TenantId,
    provider: Uuid,
) -> Result<Option<Secret<Vec<u8>>>, Failure> {
    vault::open(keyring, reader, tenant, KIND, provider).await
}
