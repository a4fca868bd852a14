//! Users by id and by name.

use std::collections::HashMap;

use claviger_domain::ids::{TenantId, UserId};
use claviger_domain::text::UserName;
use claviger_domain::user::User;
use uuid::Uuid;

use super::page::{COLUMNS, Listed};
use super::row::user;
use crate::composed::Composed;
use crate::error::Error;
use crate::tx::{Reader, Tx};

const GET: &str = "SELECT id, revision, user_name, display_name, email, locale, status,
    disabled_at, created_at, updated_at
    FROM users WHERE tenant_id = $1 AND id = $2";
/// Whoever changes the user meanwhile waits: what is decided on his status holds until the commit.
const LOCK: &str = "SELECT id, revision, user_name, display_name, email, locale, status,
    disabled_at, created_at, updated_at
    FROM users WHERE tenant_id = $1 AND id = $2 FOR SHARE";
const BY_IDS: &str = "SELECT id, revision, user_name, display_name, email, locale, status,
    disabled_at, created_at, updated_at
    FROM users WHERE tenant_id = $1 AND id = ANY($2)";
const BY_NAME: &str = "SELECT id, revision, user_name, display_name, email, locale, status,
    disabled_at, created_at, updated_at
    FROM users WHERE tenant_id = $1 AND user_name_folded = $2";
const BY_NAMES: &str = "SELECT id, revision, user_name, user_name_folded, display_name, email, locale, status,
    disabled_at, created_at, updated_at
    FROM users WHERE tenant_id = $1 AND user_name_folded = ANY($2)";
/// In the order of the ids: two jobs cannot wait for each other crosswise.
const HOLDING: &str = "SELECT id, user_name_folded, disabled_at FROM users WHERE tenant_id = $1 AND id = ANY($2)
    ORDER BY id FOR SHARE";

/// What keys keep of their holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Holding {
    pub(crate) folded: String,
    pub(crate) disabled: bool,
}

/// A user by id.
///
/// # Errors
/// What the engine meets.
pub async fn get(reader: &mut Reader, tenant: TenantId, id: UserId) -> Result<Option<User>, Error> {
    let row = reader
        .query_opt(GET, &[tenant.as_uuid().into(), id.as_uuid().into()])
        .await?;
    row.as_ref().map(user).transpose()
}

/// A user by id, who stays as he is until the job is committed.
///
/// # Errors
/// What the engine meets.
pub async fn lock(tx: &mut Tx, id: UserId) -> Result<Option<User>, Error> {
    let tenant = tx.tenant().as_uuid();
    let row = tx.query_opt(LOCK, &[tenant.into(), id.as_uuid().into()]).await?;
    row.as_ref().map(user).transpose()
}

/// A user by id, with the number of keys in use.
///
/// # Errors
/// What the engine meets.
pub async fn listed(reader: &mut Reader, tenant: TenantId, id: UserId) -> Result<Option<Listed>, Error> {
    let mut sql = Composed::new("SELECT");
    sql.push(COLUMNS).push("FROM users u WHERE u.tenant_id =");
    sql.bind(tenant.as_uuid()).push("AND u.id =").bind(id.as_uuid());
    let rows = reader.select(&sql).await?;
    rows.first().map(Listed::try_from).transpose()
}

/// Several users at once; those that do not exist are left out.
///
/// # Errors
/// What the engine meets.
pub async fn by_ids(reader: &mut Reader, tenant: TenantId, ids: &[UserId]) -> Result<Vec<User>, Error> {
    let ids: Vec<Uuid> = ids.iter().map(UserId::as_uuid).collect();
    let rows = reader.query(BY_IDS, &[tenant.as_uuid().into(), ids.into()]).await?;
    rows.iter().map(user).collect()
}

/// A user by name, whatever the case.
///
/// # Errors
/// What the engine meets.
pub async fn by_name(reader: &mut Reader, tenant: TenantId, name: &UserName) -> Result<Option<User>, Error> {
    let row = reader
        .query_opt(BY_NAME, &[tenant.as_uuid().into(), name.folded().into()])
        .await?;
    row.as_ref().map(user).transpose()
}

/// The users of these names, whatever the case, by their folded names. At most 2,000 at once.
///
/// # Errors
/// What the engine meets.
pub async fn by_names(
    reader: &mut Reader,
    tenant: TenantId,
    folded: Vec<String>,
) -> Result<HashMap<String, User>, Error> {
    let rows = reader
        .query(BY_NAMES, &[tenant.as_uuid().into(), folded.into()])
        .await?;
    rows.iter()
        .map(|row| Ok((row.get("user_name_folded")?, user(row)?)))
        .collect()
}

/// What keys keep of their holders, who stay as they are until the job is committed.
pub(crate) async fn holding(tx: &mut Tx, ids: Vec<UserId>) -> Result<HashMap<UserId, Holding>, Error> {
    let ids: Vec<Uuid> = ids.iter().map(UserId::as_uuid).collect();
    let tenant = tx.tenant().as_uuid();
    let rows = tx.query(HOLDING, &[tenant.into(), ids.into()]).await?;
    rows.iter()
        .map(|row| {
            let holding = Holding {
                folded: row.get(1)?,
                disabled: row.get::<Option<i64>>(2)?.is_some(),
            };
            Ok((UserId::from_uuid(row.get(0)?), holding))
        })
        .collect()
}
