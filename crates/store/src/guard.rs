//! Notices a database that was put back from an older copy: its generation is behind the one that the
//! server wrote to a file of its own.

use claviger_domain::ids::TenantId;
use uuid::Uuid;

use crate::{Error, Reader, Tx};

/// Which store this is and how far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// Made once for each store; a backup carries it along.
    pub store_id: Uuid,
    /// Only grows.
    pub generation: i64,
}

impl Guard {
    /// Whether a store that once stood at `seen` has been rolled back to `self`, or exchanged for another.
    #[must_use]
    pub fn is_behind(&self, seen: &Self) -> bool {
        self.store_id != seen.store_id || self.generation < seen.generation
    }
}

const GET: &str = "SELECT store_id, generation FROM store_guard WHERE tenant_id = $1";
const INSERT: &str = "INSERT INTO store_guard (tenant_id, store_id, generation) VALUES ($1, $2, 1)
    ON CONFLICT (tenant_id) DO NOTHING";
const ADVANCE: &str = "UPDATE store_guard SET generation = $3 WHERE tenant_id = $1 AND generation = $2";

/// The store's guard; none before [`establish`].
///
/// # Errors
/// What the database meets.
pub async fn get(reader: &mut Reader) -> Result<Option<Guard>, Error> {
    let row = reader.query_opt(GET, &[TenantId::SYSTEM.into()]).await?;
    row.map(|row| {
        Ok(Guard {
            store_id: row.get(0)?,
            generation: row.get(1)?,
        })
    })
    .transpose()
}

/// Names the store, unless it has a name; answers its guard.
///
/// # Errors
/// What the database meets.
pub async fn establish(tx: &mut Tx, store_id: Uuid) -> Result<Guard, Error> {
    tx.execute(INSERT, &[TenantId::SYSTEM.into(), store_id.into()]).await?;
    get(tx).await?.ok_or(Error::Stale)
}

/// Moves the generation on, to at least `floor`; the server then writes it outside. Restoring a backup on
/// purpose passes the generation that was seen last as the floor.
///
/// # Errors
/// [`Error::Stale`] when another server moved it meanwhile.
pub async fn advance(tx: &mut Tx, floor: i64) -> Result<Guard, Error> {
    let guard = get(tx).await?.ok_or(Error::Stale)?;
    let generation = guard.generation.max(floor) + 1;
    tx.guarded(
        ADVANCE,
        &[TenantId::SYSTEM.into(), guard.generation.into(), generation.into()],
    )
    .await?;
    Ok(Guard { generation, ..guard })
}
