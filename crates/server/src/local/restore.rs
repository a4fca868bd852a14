//! Backups taken and put back, with the mark against rollback and a word on what the key-encryption key opens.

use std::{io, path::Path};

use claviger_domain::TenantId;
use claviger_store::{
    Reader, Store, Tx,
    audit::AuditEntry,
    backup::{self, Summary},
    guard::Guard,
    secrets::{self, data_keys},
};
use serde_json::json;

use super::{LocalError, rollback, scope};
use crate::{Config, ports::Clock, secrets::Keyring};

/// What was put back.
#[derive(Debug)]
pub struct Restored {
    /// The backup.
    pub summary: Summary,
    /// Kinds and numbers of secrets that stay sealed, since their key-encryption key is not here.
    pub sealed: Vec<(String, i64)>,
}

/// Writes a backup to a new file. The mark moves on afterwards: put back later, this backup counts as old.
///
/// # Errors
/// When database or file fail.
pub async fn backup(config: &Config, store: &Store, clock: &Clock, file: &Path) -> Result<Summary, LocalError> {
    let summary = store
        .backup(file, clock.now())
        .await
        .map_err(|error| taken(error, file))?;
    record(store, clock, "store.backed_up", file, &summary).await?;
    rollback::move_on(&config.data, store, clock, 0).await?;
    Ok(summary)
}

/// A backup is not written over another file.
fn taken(error: claviger_store::Error, file: &Path) -> LocalError {
    let claviger_store::Error::File { cause, .. } = &error else {
        return error.into();
    };
    if cause.kind() != io::ErrorKind::AlreadyExists {
        return error.into();
    }
    LocalError::Refused(format!(
        "{} exists already and is left as it is; name a new file, or move that one away first",
        file.display()
    ))
}

/// Puts a backup into an empty database.
///
/// # Errors
/// Refuses a database in use, a damaged backup, and, without `accept_rollback`, one older than this place has seen.
pub async fn restore(
    config: &Config,
    store: &Store,
    clock: &Clock,
    file: &Path,
    accept_rollback: bool,
) -> Result<Restored, LocalError> {
    let header = backup::inspect(file)?.header;
    let seen = rollback::seen(&config.data)?;
    let behind = match (seen, header.store_id) {
        (Some(seen), Some(store_id)) => Guard {
            store_id,
            generation: header.generation,
        }
        .is_behind(&seen),
        (seen, None) => seen.is_some(),
        (None, Some(_)) => false,
    };
    if behind && !accept_rollback {
        return Err(LocalError::Refused(format!(
            "this backup is older than the database that last ran here, or of another one: changes and revocations since \
             then would be undone. If that is what you want, add --accept-rollback ({} remembers)",
            config.data.join(rollback::FILE).display()
        )));
    }
    let summary = backup::restore(store, scope(TenantId::SYSTEM, clock), file).await?;
    record(store, clock, "store.restored", file, &summary).await?;
    rollback::accept(&config.data, store, clock).await?;
    Ok(Restored {
        summary,
        sealed: sealed_without_key(config, store).await?,
    })
}

/// Kinds and numbers of secrets that the key-encryption key of these settings does not open.
async fn sealed_without_key(config: &Config, store: &Store) -> Result<Vec<(String, i64)>, LocalError> {
    let kek = config
        .kek
        .load(false)
        .map_err(|error| LocalError::Refused(error.to_string()))?;
    let old = config
        .kek
        .load_old()
        .map_err(|error| LocalError::Refused(error.to_string()))?;
    let keyring = Keyring::new(kek).with_old(old);
    let job = async |reader: &mut Reader| {
        Ok::<_, LocalError>((data_keys::all(reader).await?, secrets::count_by_kind(reader).await?))
    };
    let (keys, counts) = store.read(job).await?;
    let open = keys.iter().all(|(_, key)| keyring.opens(key));
    Ok(if open { Vec::new() } else { counts })
}

async fn record(
    store: &Store,
    clock: &Clock,
    action: &'static str,
    file: &Path,
    summary: &Summary,
) -> Result<(), LocalError> {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
    let after =
        json!({ "rows": summary.rows, "made_at": summary.header.made_at, "generation": summary.header.generation });
    let job = async move |tx: &mut Tx| {
        let (object_label, after) = (name.clone(), Some(after.clone()));
        tx.record(AuditEntry {
            action,
            object_kind: "store",
            object_label,
            after,
            ..AuditEntry::default()
        });
        Ok::<(), LocalError>(())
    };
    store.write(scope(TenantId::SYSTEM, clock), job).await
}
