//! The password of a tenant's mail server: sealed like every secret, opened to sign in by it, never shown.

use claviger_domain::TenantId;
use claviger_store::{Reader, Tx};

use crate::{
    Failure,
    secrets::{Keyring, Secret, vault},
};

const KIND: &str = "mail_password";

/// Keeps a password in place of the one before.
pub(super) async fn keep(tx: &mut Tx, keyring: &Keyring, password: &str) -> Result<(), Failure> {
    let subject = tx.tenant().as_uuid();
    vault::keep(keyring, tx, KIND, subject, password.as_bytes()).await
}

/// Forgets the password, if there is one.
pub(super) async fn forget(tx: &mut Tx) -> Result<(), Failure> {
    let subject = tx.tenant().as_uuid();
    vault::shred(tx, KIND, subject).await
}

/// The password, to sign in by it.
pub(crate) async fn open(
    reader: &mut Reader,
    keyring: &Keyring,
    tenant: TenantId,
) -> Result<Option<Secret<Vec<u8>>>, Failure> {
    vault::open(keyring, reader, tenant, KIND, tenant.as_uuid()).await
}
