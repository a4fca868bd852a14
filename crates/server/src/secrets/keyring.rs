//! The keyring: data keys per tenant, versioned, wrapped by the key-encryption key.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use claviger_domain::TenantId;
use claviger_store::{Reader, Tx, secrets::data_keys};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::{Place, SealingKey, Secret, Unsealable};
use crate::{Failure, ports};

/// The server's keys; sealed without a key-encryption key.
pub struct Keyring {
    kek: Option<SealingKey>,
    /// The one before, while its file is there: a change of keys that was cut short goes on opening everything.
    old: Option<SealingKey>,
    opened: RwLock<HashMap<(TenantId, u32), SealingKey>>,
}

impl Keyring {
    /// A keyring under this key; without one the server runs sealed.
    #[must_use]
    pub fn new(kek: Option<SealingKey>) -> Self {
        Self {
            kek,
            old: None,
            opened: RwLock::default(),
        }
    }

    /// The same, which also opens what the key before wrapped.
    #[must_use]
    pub fn with_old(mut self, old: Option<SealingKey>) -> Self {
        self.old = old;
        self
    }

    /// Whether secrets can be neither kept nor shown.
    #[must_use]
    pub const fn is_sealed(&self) -> bool {
        self.kek.is_none()
    }

    /// The key that seals a tenant's new secrets, made in this transaction where there is none.
    ///
    /// # Errors
    /// [`Failure::Sealed`] without a key-encryption key.
    pub async fn sealing(&self, tx: &mut Tx, tenant: TenantId) -> Result<SealingKey, Failure> {
        self.kek()?;
        let newest = data_keys::list(tx, tenant)
            .await?
            .into_iter()
            .rfind(|key| key.retired_at.is_none());
        if let Some(row) = newest {
            return self.unwrap(tenant, &row);
        }
        self.add(tx, tenant, 1).await
    }

    /// The key of that version, if it was opened before: for those who cannot read.
    #[must_use]
    pub(crate) fn at_hand(&self, tenant: TenantId, version: i64) -> Option<SealingKey> {
        let version = u32::try_from(version).ok()?;
        let opened = self.opened.read().unwrap_or_else(PoisonError::into_inner);
        opened.get(&(tenant, version)).cloned()
    }

    /// The key of that version, to open what it sealed.
    ///
    /// # Errors
    /// [`Failure::Sealed`] without a key-encryption key.
    pub async fn opening(&self, reader: &mut Reader, tenant: TenantId, version: u32) -> Result<SealingKey, Failure> {
        self.kek()?;
        if let Some(key) = self
            .opened
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&(tenant, version))
        {
            return Ok(key.clone());
        }
        let row = data_keys::list(reader, tenant)
            .await?
            .into_iter()
            .find(|key| key.version == i64::from(version));
        self.unwrap(
            tenant,
            &row.ok_or_else(|| Failure::internal("a secret names a data key that does not exist"))?,
        )
    }

    /// Whether this key-encryption key is the one that a data key is wrapped by.
    #[must_use]
    pub fn opens(&self, key: &data_keys::DataKey) -> bool {
        self.wrapper(key).is_some()
    }

    /// Whether the key of today wraps a data key.
    pub(crate) fn is_current(&self, key: &data_keys::DataKey) -> bool {
        self.kek.as_ref().is_some_and(|kek| kek_id(kek) == key.kek_id)
    }

    /// Adds the next data key of a tenant: from this commit on it seals what is new.
    ///
    /// # Errors
    /// [`Failure::Sealed`] without a key-encryption key.
    pub(crate) async fn add(&self, tx: &mut Tx, tenant: TenantId, version: i64) -> Result<SealingKey, Failure> {
        let kek = self.kek()?;
        let number = u32::try_from(version).map_err(Failure::internal)?;
        let key = SealingKey::new(number, Secret::new(ports::random()?));
        let row = data_keys::DataKey {
            version,
            kek_id: kek_id(kek),
            wrapped: kek.seal(wrapping(tenant, &version.to_be_bytes()), key.material())?,
            created_at: tx.now(),
            retired_at: None,
            revision: 1,
        };
        data_keys::insert(tx, tenant, &row).await?;
        Ok(key)
    }

    /// Wraps a data key anew, under the key of today.
    ///
    /// # Errors
    /// [`Failure::Sealed`] without it; when the data key is not open to us.
    pub(crate) async fn rewrap(&self, tx: &mut Tx, tenant: TenantId, row: &data_keys::DataKey) -> Result<(), Failure> {
        let (kek, key) = (self.kek()?, self.unwrap(tenant, row)?);
        let wrapped = kek.seal(wrapping(tenant, &row.version.to_be_bytes()), key.material())?;
        Ok(data_keys::rewrap(tx, tenant, row, &kek_id(kek), &wrapped).await?)
    }

    fn wrapper(&self, key: &data_keys::DataKey) -> Option<&SealingKey> {
        let keks = [self.kek.as_ref(), self.old.as_ref()];
        keks.into_iter().flatten().find(|kek| kek_id(kek) == key.kek_id)
    }

    fn kek(&self) -> Result<&SealingKey, Unsealable> {
        self.kek.as_ref().ok_or(Unsealable::Sealed)
    }

    fn unwrap(&self, tenant: TenantId, row: &data_keys::DataKey) -> Result<SealingKey, Failure> {
        let kek = self.wrapper(row).map_or_else(|| self.kek(), Ok)?;
        let plain = kek.open(wrapping(tenant, &row.version.to_be_bytes()), &row.wrapped)?;
        let bytes: [u8; 32] = plain.using().as_slice().try_into().map_err(|_| Unsealable::Truncated)?;
        let version = u32::try_from(row.version).map_err(Failure::internal)?;
        let key = SealingKey::new(version, Secret::new(bytes));
        self.opened
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert((tenant, version), key.clone());
        Ok(key)
    }
}

fn wrapping(tenant: TenantId, version: &[u8]) -> Place<'_> {
    Place {
        tenant: tenant.as_uuid(),
        table: "data_keys",
        column: "wrapped",
        row: version,
    }
}

/// Names a key-encryption key without telling anything of it.
fn kek_id(kek: &SealingKey) -> String {
    let digest = Sha256::new()
        .chain_update(b"claviger/kek-id")
        .chain_update(kek.material())
        .finalize();
    HEXLOWER.encode(digest.get(..8).unwrap_or_default())
}
