//! Emergency codes of users without a token: five at a time, kept as sealed digests, each used once.

use claviger_domain::Timestamp;
use claviger_domain::ids::{TenantId, UserId};
use uuid::Uuid;

use crate::dialect::{Bulk, Kind};
use crate::error::Error;
use crate::row::Row;
use crate::tx::{Reader, Tx};

/// A code as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Whose it is.
    pub user: UserId,
    /// Which of them, from 1 on.
    pub number: i64,
    /// SHA-256 of it, sealed.
    pub digest: Vec<u8>,
    /// Version of the data key that seals it.
    pub key_version: i64,
    /// When it was given out; part of what the seal covers.
    pub created_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
    /// How many wrong ones were tried in its place.
    pub failed_attempts: i64,
}

/// So many wrong codes, and the rest of them are worth nothing.
const MOST_FAILURES: i64 = 10;

const INSERT: Bulk = Bulk {
    table: "emergency_codes",
    columns: &[
        ("tenant_id", Kind::Uuid),
        ("user_id", Kind::Uuid),
        ("number", Kind::Int),
        ("digest", Kind::Bytes),
        ("key_version", Kind::Int),
        ("created_at", Kind::Int),
        ("expires_at", Kind::Int),
        ("failed_attempts", Kind::Int),
    ],
    on_conflict: "",
};
const OF_USER: &str = "SELECT * FROM emergency_codes WHERE tenant_id = $1 AND user_id = $2 ORDER BY number";
const OF_USERS: &str = "SELECT * FROM emergency_codes WHERE tenant_id = $1 AND user_id = ANY($2)
    ORDER BY user_id, number FOR UPDATE";
const REMOVE: &str = "DELETE FROM emergency_codes WHERE tenant_id = $1 AND user_id = $2";
/// The users of whom an import brings a token that works.
const RELIEVED: &str = "DELETE FROM emergency_codes WHERE tenant_id = $1 AND EXISTS
    (SELECT 1 FROM otp_tokens t WHERE t.tenant_id = $1 AND t.user_id = emergency_codes.user_id
    AND t.id >= $2 AND t.id <= $3 AND t.status = 'active')";
const USE: &str = "UPDATE emergency_codes SET used_at = $4
    WHERE tenant_id = $1 AND user_id = $2 AND number = $3 AND used_at IS NULL AND created_at = $5";
const FAIL: &str = "UPDATE emergency_codes SET failed_attempts = failed_attempts + 1
    WHERE tenant_id = $1 AND user_id = $2";
const UNDER_KEY: &str = "SELECT * FROM emergency_codes WHERE tenant_id = $1 AND key_version = $2
    ORDER BY user_id, number LIMIT $3";
const RESEAL: &str = "UPDATE emergency_codes SET key_version = $4, digest = $5
    WHERE tenant_id = $1 AND user_id = $2 AND number = $3 AND digest = $6";
const EXPIRED: &str = "DELETE FROM emergency_codes WHERE tenant_id = $1 AND expires_at < $2";

impl Kept {
    /// Whether it may still be used.
    #[must_use]
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.used_at.is_none() && now < self.expires_at && self.failed_attempts < MOST_FAILURES
    }
}

/// The codes of a user, used and expired ones too, in the order of their numbers.
///
/// # Errors
/// What the engine meets.
pub async fn of_user(reader: &mut Reader, tenant: TenantId, user: UserId) -> Result<Vec<Kept>, Error> {
    let values = [tenant.as_uuid().into(), user.as_uuid().into()];
    reader.query(OF_USER, &values).await?.iter().map(kept).collect()
}

/// The codes of users; nobody else changes them until the commit.
pub(crate) async fn of_users(tx: &mut Tx, tenant: TenantId, users: Vec<Uuid>) -> Result<Vec<Kept>, Error> {
    let values = [tenant.as_uuid().into(), users.into()];
    tx.query(OF_USERS, &values).await?.iter().map(kept).collect()
}

/// Puts a set in the place of the one that the user had.
///
/// # Errors
/// What the engine meets.
pub async fn replace(tx: &mut Tx, user: UserId, codes: Vec<Kept>) -> Result<(), Error> {
    remove(tx, user).await?;
    let tenant = tx.tenant().as_uuid();
    let row = |kept: Kept| {
        vec![
            tenant.into(),
            kept.user.as_uuid().into(),
            kept.number.into(),
            kept.digest.into(),
            kept.key_version.into(),
            kept.created_at.into(),
            kept.expires_at.into(),
            kept.failed_attempts.into(),
        ]
    };
    INSERT.insert(tx, codes.into_iter().map(row).collect()).await.map(drop)
}

/// Takes all codes of a user; answers how many there were.
///
/// # Errors
/// What the engine meets.
pub async fn remove(tx: &mut Tx, user: UserId) -> Result<u64, Error> {
    let values = [tx.tenant().as_uuid().into(), user.as_uuid().into()];
    tx.execute(REMOVE, &values).await
}

/// Takes all codes of users who hold a token that works and has an id in the range.
pub(crate) async fn remove_relieved(tx: &mut Tx, first: Uuid, last: Uuid) -> Result<(), Error> {
    let range = [tx.tenant().as_uuid().into(), first.into(), last.into()];
    tx.execute(RELIEVED, &range).await.map(drop)
}

/// Uses a code up.
///
/// # Errors
/// [`Error::Stale`] when it was used or replaced since it was read.
pub async fn use_up(tx: &mut Tx, kept: &Kept) -> Result<(), Error> {
    let values = [
        tx.tenant().as_uuid().into(),
        kept.user.as_uuid().into(),
        kept.number.into(),
        tx.now().into(),
        kept.created_at.into(),
    ];
    tx.guarded(USE, &values).await
}

/// Counts a wrong code against those that the user has.
///
/// # Errors
/// What the engine meets.
pub async fn fail(tx: &mut Tx, user: UserId) -> Result<(), Error> {
    let values = [tx.tenant().as_uuid().into(), user.as_uuid().into()];
    tx.execute(FAIL, &values).await.map(drop)
}

/// Some codes that a version of the data key seals: rotation asks until there are none.
///
/// # Errors
/// What the engine meets.
pub async fn under_key(reader: &mut Reader, tenant: TenantId, version: i64, limit: i64) -> Result<Vec<Kept>, Error> {
    let values = [tenant.as_uuid().into(), version.into(), limit.into()];
    reader.query(UNDER_KEY, &values).await?.iter().map(kept).collect()
}

/// Exchanges a sealed digest for the same one sealed anew.
///
/// # Errors
/// [`Error::Stale`] when it was exchanged or replaced meanwhile.
pub async fn reseal(tx: &mut Tx, kept: &Kept, version: i64, sealed: &[u8]) -> Result<(), Error> {
    let values = [
        tx.tenant().as_uuid().into(),
        kept.user.as_uuid().into(),
        kept.number.into(),
        version.into(),
        sealed.into(),
        kept.digest.as_slice().into(),
    ];
    tx.guarded(RESEAL, &values).await
}

/// Removes codes that were good until before then; answers how many.
///
/// # Errors
/// What the engine meets.
pub async fn remove_expired(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.execute(EXPIRED, &[tx.tenant().as_uuid().into(), before.into()])
        .await
}

fn kept(row: &Row) -> Result<Kept, Error> {
    Ok(Kept {
        user: UserId::from_uuid(row.get::<Uuid>("user_id")?),
        number: row.get("number")?,
        digest: row.get("digest")?,
        key_version: row.get("key_version")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
        used_at: row.get("used_at")?,
        failed_attempts: row.get("failed_attempts")?,
    })
}
