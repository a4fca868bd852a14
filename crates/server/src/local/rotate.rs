//! New keys: data keys with all that they seal, and the key-encryption key. Killed at any step, nothing is lost: until the
//! last step both the old and the new open, and the same order again finishes what was begun.

use std::{ops::ControlFlow, path::Path, sync::Arc};

use claviger_domain::TenantId;
use claviger_store::{
    Reader, Store, Tx,
    audit::AuditEntry,
    secrets::{
        self,
        data_keys::{self, DataKey},
    },
};
use serde_json::json;

use super::{LocalError, lock, scope};
use crate::{
    Config, Failure,
    ports::Clock,
    secrets::{Keyring, kek, seeds, vault},
};

/// Secrets sealed anew in one commit.
const CHUNK: i64 = 100;

/// Which keys change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// The data keys of all tenants.
    DataKeys,
    /// The key-encryption key.
    Kek,
}

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rotated {
    /// Data keys that were made, or wrapped anew.
    pub keys: usize,
    /// Secrets that were sealed anew.
    pub secrets: usize,
}

/// Changes keys, alone on the data folder. `step` is told of each step after it is kept, and may end the work there.
///
/// # Errors
/// Refuses while a server runs, without its key-encryption key, and where some secret does not open.
pub async fn rotate(
    config: &Config,
    store: &Store,
    clock: &Clock,
    rotation: Rotation,
    step: &mut dyn FnMut() -> ControlFlow<()>,
) -> Result<Rotated, LocalError> {
    let _lock = lock::alone(&config.data)?;
    let mut work = Work {
        config,
        store,
        clock,
        step,
        done: Rotated::default(),
    };
    let ended = match rotation {
        Rotation::DataKeys => work.data_keys().await,
        Rotation::Kek => work.kek().await,
    };
    ended.map_err(told)?;
    Ok(work.done)
}

/// How many secrets there are, and how many of them do not open.
///
/// # Errors
/// When the key-encryption key or the database cannot be used.
pub async fn unopened(config: &Config, store: &Store) -> Result<(usize, usize), LocalError> {
    let keyring = Arc::new(keyring(config).map_err(told)?);
    let count = async move |reader: &mut Reader| {
        let (mut all, mut shut) = (0, 0);
        for (tenant, key) in data_keys::all(reader).await? {
            for secret in secrets::under_key(reader, tenant, key.version, i64::MAX).await? {
                all += 1;
                shut += usize::from(vault::opened(&keyring, reader, tenant, &secret).await.is_err());
            }
            let (more, more_shut) = seeds::unopened(&keyring, reader, tenant, key.version).await?;
            all += more;
            shut += more_shut;
        }
        Ok::<_, Failure>((all, shut))
    };
    store.scan(count).await.map_err(told)
}

struct Work<'a> {
    config: &'a Config,
    store: &'a Store,
    clock: &'a Clock,
    step: &'a mut dyn FnMut() -> ControlFlow<()>,
    done: Rotated,
}

impl Work<'_> {
    async fn data_keys(&mut self) -> Result<(), Failure> {
        let keyring = Arc::new(keyring(self.config)?);
        let mut tenants: Vec<_> = all(self.store).await?.into_iter().map(|(tenant, _)| tenant).collect();
        tenants.dedup();
        for tenant in tenants {
            if self.renew(&keyring, tenant).await? {
                self.done.keys += 1;
                self.told()?;
            }
            while let Some(count) = self.reseal(&keyring, tenant).await? {
                self.done.secrets += count;
                self.told()?;
            }
            self.drop_retired(tenant).await?;
            self.told()?;
        }
        Ok(())
    }

    /// Adds a data key, unless one was added before and the keys it follows are still there.
    async fn renew(&self, keyring: &Arc<Keyring>, tenant: TenantId) -> Result<bool, Failure> {
        let keyring = Arc::clone(keyring);
        let job = async move |tx: &mut Tx| {
            let keys = data_keys::list(tx, tenant).await?;
            if keys.iter().any(|key| key.retired_at.is_some()) {
                return Ok::<_, Failure>(false);
            }
            let next = keys.last().map_or(1, |key| key.version + 1);
            keyring.add(tx, tenant, next).await?;
            for key in &keys {
                data_keys::retire(tx, tenant, key).await?;
            }
            tx.record(entry("secrets.data_key_made", json!({ "version": next })));
            Ok(true)
        };
        self.store.write(scope(tenant, self.clock), job).await
    }

    /// Seals some secrets of retired keys anew; nothing when there are none.
    async fn reseal(&self, keyring: &Arc<Keyring>, tenant: TenantId) -> Result<Option<usize>, Failure> {
        let keyring = Arc::clone(keyring);
        let job = async move |tx: &mut Tx| {
            for key in retired(tx, tenant).await? {
                let some = secrets::under_key(tx, tenant, key.version, CHUNK).await?;
                for secret in &some {
                    vault::reseal(&keyring, tx, secret).await?;
                }
                let mut count = some.len();
                if count == 0 {
                    count = seeds::reseal(&keyring, tx, key.version, CHUNK).await?;
                }
                if count > 0 {
                    return Ok::<_, Failure>(Some(count));
                }
            }
            Ok(None)
        };
        self.store.write(scope(tenant, self.clock), job).await
    }

    async fn drop_retired(&self, tenant: TenantId) -> Result<(), Failure> {
        let job = async move |tx: &mut Tx| {
            for key in retired(tx, tenant).await? {
                data_keys::delete(tx, tenant, &key).await?;
                tx.record(entry("secrets.data_key_deleted", json!({ "version": key.version })));
            }
            Ok::<_, Failure>(())
        };
        self.store.write(scope(tenant, self.clock), job).await
    }

    async fn kek(&mut self) -> Result<(), Failure> {
        let path = self.file()?;
        if self.config.kek.load_old().map_err(unusable)?.is_none() {
            kek::set_aside(&path).map_err(unusable)?;
            self.told()?;
        }
        if kek::is_unchanged(&path).map_err(unusable)? {
            kek::exchange(&path).map_err(unusable)?;
            self.told()?;
        }
        self.rewrap().await?;
        self.told()?;
        let (_, shut) = unopened(self.config, self.store).await.map_err(Failure::internal)?;
        if shut > 0 {
            let detail = format!("{shut} secrets do not open; both key-encryption keys are kept");
            return Err(Failure::refused("damaged", "rotate-keys", detail));
        }
        kek::forget_old(&path).map_err(unusable)
    }

    fn file(&self) -> Result<Box<Path>, Failure> {
        let path = self.config.kek.path();
        path.map(Into::into).ok_or_else(|| {
            let detail =
                "the key-encryption key comes from the environment; put it into a file, and name that with --kek-file";
            Failure::refused("given", "rotate-keys", detail)
        })
    }

    /// All data keys in one commit, with its audit event.
    async fn rewrap(&mut self) -> Result<(), Failure> {
        let keyring = Arc::new(keyring(self.config)?);
        let job = async move |tx: &mut Tx| {
            let keys = data_keys::all(tx).await?;
            let mut count = 0;
            for (tenant, key) in keys.iter().filter(|(_, key)| !keyring.is_current(key)) {
                keyring.rewrap(tx, *tenant, key).await?;
                count += 1;
            }
            if count > 0 {
                tx.record(entry("secrets.kek_changed", json!({ "data_keys": count })));
            }
            Ok::<_, Failure>(count)
        };
        self.done.keys = self.store.write(scope(TenantId::SYSTEM, self.clock), job).await?;
        Ok(())
    }

    fn told(&mut self) -> Result<(), Failure> {
        match (self.step)() {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Failure::refused("stopped", "rotate-keys", "stopped on the way")),
        }
    }
}

async fn all(store: &Store) -> Result<Vec<(TenantId, DataKey)>, Failure> {
    store
        .read(async |reader: &mut Reader| Ok(data_keys::all(reader).await?))
        .await
}

async fn retired(tx: &mut Tx, tenant: TenantId) -> Result<Vec<DataKey>, Failure> {
    let mut keys = data_keys::list(tx, tenant).await?;
    keys.retain(|key| key.retired_at.is_some());
    Ok(keys)
}

fn keyring(config: &Config) -> Result<Keyring, Failure> {
    let kek = config.kek.load(false).map_err(unusable)?.ok_or(Failure::Sealed)?;
    Ok(Keyring::new(Some(kek)).with_old(config.kek.load_old().map_err(unusable)?))
}

fn entry(action: &'static str, after: serde_json::Value) -> AuditEntry {
    AuditEntry {
        action,
        object_kind: "store",
        after: Some(after),
        ..AuditEntry::default()
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
fn unusable(error: kek::KekError) -> Failure {
    Failure::refused("unusable", "rotate-keys", error.to_string())
}

fn told(failure: Failure) -> LocalError {
    if let Failure::Store(error) = failure {
        return LocalError::Store(error);
    }
    if matches!(failure, Failure::Sealed) {
        return LocalError::Refused("the key-encryption key is missing".to_owned());
    }
    if let Failure::Refused { detail, .. } = failure {
        return LocalError::Refused(detail);
    }
    LocalError::Refused(format!("{failure:?}"))
}
