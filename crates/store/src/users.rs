//! Users: people to whom authenticators are assigned. A user name is unique in its tenant, whatever the case.

use claviger_domain::ids::{TenantId, UserId};
use claviger_domain::text::{DisplayName, UserName};
use claviger_domain::user::UserStatus;
use claviger_domain::{Revision, Timestamp};
use uuid::Uuid;

use crate::error::Error;
use crate::row::Row;
use crate::tx::{Reader, Tx};

const INSERT: &str = "INSERT INTO users
    (tenant_id, id, user_name, user_name_folded, display_name, email, locale, status, created_at, updated_at, revision)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
const GET: &str = "SELECT * FROM users WHERE tenant_id = $1 AND id = $2";
const BY_IDS: &str = "SELECT * FROM users WHERE tenant_id = $1 AND id = ANY($2)";
const BY_NAME: &str = "SELECT * FROM users WHERE tenant_id = $1 AND user_name_folded = $2";
const FORWARD: &str = "SELECT * FROM users WHERE tenant_id = $1 AND user_name_folded >= $2 AND user_name_folded < $3
    AND user_name_folded > $4 ORDER BY user_name_folded LIMIT $5";
const UPDATE: &str = "UPDATE users SET user_name = $4, user_name_folded = $5, display_name = $6, email = $7,
    locale = $8, status = $9, updated_at = $10, revision = $11
    WHERE tenant_id = $1 AND id = $2 AND revision = $3";

/// A user as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Which user.
    pub id: UserId,
    /// Rises with every change.
    pub revision: Revision,
    /// The name by which a directory knows the user.
    pub user_name: UserName,
    /// How the person is called on screens.
    pub display_name: DisplayName,
    /// Where mail goes, if anywhere.
    pub email: Option<String>,
    /// Language of mail, such as `cs`.
    pub locale: Option<String>,
    /// Whether authenticators may be assigned.
    pub status: UserStatus,
    /// When the row was made.
    pub created_at: Timestamp,
    /// When the row was last changed.
    pub updated_at: Timestamp,
}

impl TryFrom<&Row> for User {
    type Error = Error;

    fn try_from(row: &Row) -> Result<Self, Error> {
        let id: Uuid = row.get("id")?;
        let bad = |column: &str| Error::inconsistent(format!("users.{column} of {id}"));
        Ok(Self {
            id: UserId::from_uuid(id),
            revision: Revision::new(row.get("revision")?),
            user_name: UserName::new(row.text("user_name")?).map_err(|_| bad("user_name"))?,
            display_name: DisplayName::new(row.text("display_name")?).map_err(|_| bad("display_name"))?,
            email: row.get("email")?,
            locale: row.get("locale")?,
            status: UserStatus::parse(row.text("status")?).ok_or_else(|| bad("status"))?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}

/// Adds a user.
///
/// # Errors
/// [`Error::Duplicate`] in `users` when the name is taken.
pub async fn insert(tx: &mut Tx, user: &User) -> Result<(), Error> {
    let values = [
        tx.tenant().as_uuid().into(),
        user.id.as_uuid().into(),
        user.user_name.as_str().into(),
        user.user_name.folded().into(),
        user.display_name.as_str().into(),
        user.email.clone().into(),
        user.locale.clone().into(),
        user.status.as_str().into(),
        user.created_at.into(),
        user.updated_at.into(),
        user.revision.get().into(),
    ];
    tx.execute(INSERT, &values).await.map(drop)
}

/// A user by id.
///
/// # Errors
/// What the engine meets.
pub async fn get(reader: &mut Reader, tenant: TenantId, id: UserId) -> Result<Option<User>, Error> {
    let row = reader
        .query_opt(GET, &[tenant.as_uuid().into(), id.as_uuid().into()])
        .await?;
    row.as_ref().map(User::try_from).transpose()
}

/// Several users at once; those that do not exist are left out.
///
/// # Errors
/// What the engine meets.
pub async fn by_ids(reader: &mut Reader, tenant: TenantId, ids: &[UserId]) -> Result<Vec<User>, Error> {
    let ids: Vec<Uuid> = ids.iter().map(UserId::as_uuid).collect();
    let rows = reader.query(BY_IDS, &[tenant.as_uuid().into(), ids.into()]).await?;
    rows.iter().map(User::try_from).collect()
}

/// A user by name, whatever the case.
///
/// # Errors
/// What the engine meets.
pub async fn by_name(reader: &mut Reader, tenant: TenantId, name: &UserName) -> Result<Option<User>, Error> {
    let row = reader
        .query_opt(BY_NAME, &[tenant.as_uuid().into(), name.folded().into()])
        .await?;
    row.as_ref().map(User::try_from).transpose()
}

/// Users whose name begins so, in the order of their names, behind the one named `after`.
///
/// # Errors
/// What the engine meets.
pub async fn list(
    reader: &mut Reader,
    tenant: TenantId,
    prefix: &str,
    after: Option<&UserName>,
    limit: u32,
) -> Result<Vec<User>, Error> {
    let prefix = claviger_domain::text::fold(prefix);
    let values = [
        tenant.as_uuid().into(),
        prefix.as_str().into(),
        format!("{prefix}\u{10ffff}").into(),
        after.map(UserName::folded).unwrap_or_default().into(),
        limit.into(),
    ];
    let rows = reader.query(FORWARD, &values).await?;
    rows.iter().map(User::try_from).collect()
}

/// Replaces `before` by `after`, and the name on the keys the user holds.
///
/// # Errors
/// [`Error::Stale`] when the row has changed since `before` was read; [`Error::Duplicate`] when the new name is taken.
pub async fn save(tx: &mut Tx, before: &User, after: &User) -> Result<(), Error> {
    let values = [
        tx.tenant().as_uuid().into(),
        before.id.as_uuid().into(),
        before.revision.get().into(),
        after.user_name.as_str().into(),
        after.user_name.folded().into(),
        after.display_name.as_str().into(),
        after.email.clone().into(),
        after.locale.clone().into(),
        after.status.as_str().into(),
        after.updated_at.into(),
        after.revision.get().into(),
    ];
    tx.guarded(UPDATE, &values).await?;
    if before.user_name.folded() != after.user_name.folded() {
        crate::security_keys::rename_holder(tx, before.id, &after.user_name.folded()).await?;
    }
    Ok(())
}
