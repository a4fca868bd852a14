//! A mark beside the database that only grows: a database put back from an older copy is behind it, and is noticed.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use claviger_domain::TenantId;
use claviger_store::{
    Reader, Store, Tx,
    guard::{self, Guard},
};
use uuid::Uuid;

use super::{LocalError, private, scope};
use crate::{
    actions::audit::checkpoint,
    ports::{self, Clock},
};

/// Name of the mark's file in the data folder.
pub const FILE: &str = "database-mark";

/// Checks the database against the mark and moves both on; to be done at every start, before anything is served.
///
/// # Errors
/// Refuses a database that is older than the mark says, or another one.
pub async fn at_start(data: &Path, store: &Store, clock: &Clock) -> Result<(), LocalError> {
    let seen = seen(data)?;
    let found = found(store).await?;
    if seen.is_some_and(|seen| found.is_none_or(|found| found.is_behind(&seen))) {
        return Err(LocalError::Refused(format!(
            "the database is older than the one this server last ran on, or another one ({} says so): changes and \
             revocations since then are missing. If this is what you want, run `claviger restore --accept-rollback`",
            data.join(FILE).display()
        )));
    }
    move_on(data, store, clock, 0).await
}

/// Accepts the database as it is: from now on it counts as the newest. Its checkpoints go on in a new file, since their
/// numbers repeat those of the history that is given up.
///
/// # Errors
/// When database or file fail.
pub async fn accept(data: &Path, store: &Store, clock: &Clock) -> Result<(), LocalError> {
    let floor = seen(data)?.map_or(0, |seen| seen.generation);
    set_checkpoints_aside(data, clock)?;
    move_on(data, store, clock, floor).await
}

/// Keeps the file of checkpoints under another name.
fn set_checkpoints_aside(data: &Path, clock: &Clock) -> Result<(), LocalError> {
    let path = data.join(checkpoint::FILE);
    let time = clock.now().to_string().replace(':', "-");
    let aside = data.join(format!("audit-checkpoints-{time}.jsonl"));
    match fs::rename(&path, aside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(LocalError::File(path, error)),
        _ => Ok(()),
    }
}

/// Moves the mark on, so that a copy taken before is behind it.
///
/// # Errors
/// When database or file fail.
pub async fn move_on(data: &Path, store: &Store, clock: &Clock, floor: i64) -> Result<(), LocalError> {
    let name = ports::new_id();
    let job = async move |tx: &mut Tx| {
        guard::establish(tx, name).await?;
        Ok::<_, LocalError>(guard::advance(tx, floor).await?)
    };
    let guard = store.write(scope(TenantId::SYSTEM, clock), job).await?;
    let path = data.join(FILE);
    keep(&path, &guard).map_err(|error| LocalError::File(path, error))
}

/// What the mark says; nothing where there is none.
///
/// # Errors
/// When a file is there and cannot be read.
pub fn seen(data: &Path) -> Result<Option<Guard>, LocalError> {
    let path: PathBuf = data.join(FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(LocalError::File(path, error)),
    };
    let guard = text.trim().split_once(' ').and_then(|(name, generation)| {
        Some(Guard {
            store_id: name.parse::<Uuid>().ok()?,
            generation: generation.parse().ok()?,
        })
    });
    guard
        .map(Some)
        .ok_or_else(|| LocalError::Refused(format!("{} is damaged", path.display())))
}

/// What the database says.
///
/// # Errors
/// When the database fails.
pub async fn found(store: &Store) -> Result<Option<Guard>, LocalError> {
    store
        .read(async |reader: &mut Reader| Ok::<_, LocalError>(guard::get(reader).await?))
        .await
}

fn keep(path: &Path, guard: &Guard) -> io::Result<()> {
    let new = path.with_added_extension("new");
    let mut file = private::anew(&new)?;
    writeln!(file, "{} {}", guard.store_id, guard.generation)?;
    file.sync_all()?;
    fs::rename(&new, path)
}
