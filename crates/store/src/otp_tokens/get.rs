//! Tokens by id, by serial number, by user. Tokens of an import that is going in or out are not there.

use claviger_domain::SerialNumber;
use claviger_domain::Timestamp;
use claviger_domain::ids::{JobId, OtpTokenId, TenantId, UserId};
use claviger_domain::otp::{OtpToken, Status};
use claviger_domain::user::UserStatus;
use uuid::Uuid;

use super::row::{self, BEHIND, COLUMNS};
use crate::composed::Composed;
use crate::error::Error;
use crate::row::Row;
use crate::tx::{Reader, Tx};

/// Tokens of imports that are going in or out are in no list, search or verification.
pub(super) const VISIBLE: &str =
    "AND NOT EXISTS (SELECT 1 FROM batches b WHERE b.tenant_id = t.tenant_id AND b.id = t.batch_id
    AND b.status IN ('applying', 'undoing'))";
/// Whether the token's holder may use it: asked for beside the token, so that a verification is one statement.
const BARRED: &str = "(SELECT u.status FROM users u WHERE u.tenant_id = t.tenant_id AND u.id = t.user_id) AS barred";
const HISTORY: &str = "SELECT job_id, at FROM otp_history WHERE tenant_id = $1 AND otp_token_id = $2
    ORDER BY job_id DESC";
const OTHERS: &str = "SELECT COUNT(*) AS count FROM (SELECT 1 AS one FROM otp_tokens
    WHERE tenant_id = $1 AND user_id = $2 AND id <> $3 AND status = $4
    AND (expires_at IS NULL OR expires_at > $5) LIMIT 100) others";
const USERS: &str = "SELECT id, status, user_name_folded FROM users
    WHERE tenant_id = $1 AND user_name_folded = ANY($2)";

/// A token with its sealed seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The token.
    pub token: OtpToken,
    /// Its seed, sealed; none once it is shredded.
    pub seed: Option<Vec<u8>>,
    /// Version of the data key that seals it.
    pub key_version: i64,
    /// Whether its holder is disabled: then it is not believed.
    pub holder_disabled: bool,
}

/// Whom codes are tried for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct User {
    /// Which user.
    pub id: UserId,
    /// Whether he may use anything.
    pub status: UserStatus,
}

/// A token by id.
///
/// # Errors
/// What the engine meets; [`Error::Inconsistent`] when its row contradicts itself.
pub async fn get(reader: &mut Reader, tenant: TenantId, id: OtpTokenId) -> Result<Option<Kept>, Error> {
    Ok(get_many(reader, tenant, &[id]).await?.pop())
}

/// Several tokens in one statement; those that do not exist are left out, the order is open. At most 2,000 at once.
///
/// # Errors
/// As [`get`].
pub async fn get_many(reader: &mut Reader, tenant: TenantId, ids: &[OtpTokenId]) -> Result<Vec<Kept>, Error> {
    let ids: Vec<Uuid> = ids.iter().map(OtpTokenId::as_uuid).collect();
    let mut sql = kept(tenant);
    match ids.as_slice() {
        [one] => sql.push("AND t.id =").bind(*one),
        _ => sql.push("AND t.id = ANY(").bind(ids).push(")"),
    };
    sql.push(VISIBLE);
    all(reader, &mut sql).await
}

/// The token with this serial number.
///
/// # Errors
/// As [`get`].
pub async fn by_serial(reader: &mut Reader, tenant: TenantId, serial: &SerialNumber) -> Result<Option<Kept>, Error> {
    let mut sql = kept(tenant);
    sql.push("AND t.serial_norm =").bind(serial.normalised()).push(VISIBLE);
    Ok(all(reader, &mut sql).await?.pop())
}

/// Users of these folded names, by their names.
pub(super) async fn users(
    reader: &mut Reader,
    tenant: TenantId,
    names: Vec<String>,
) -> Result<Vec<(String, User)>, Error> {
    let rows = reader.query(USERS, &[tenant.as_uuid().into(), names.into()]).await?;
    rows.iter()
        .map(|row| Ok((row.get("user_name_folded")?, user_of(row)?)))
        .collect()
}

/// Tokens with these serial numbers, and the active ones of these users, in the order of their ids: nobody else changes
/// them until the commit, and two jobs cannot wait for each other crosswise.
pub(super) async fn locked(
    tx: &mut Tx,
    tenant: TenantId,
    serials: Vec<String>,
    users: Vec<Uuid>,
) -> Result<Vec<Kept>, Error> {
    if serials.is_empty() && users.is_empty() {
        return Ok(Vec::new());
    }
    all(tx, &mut locking(tenant, serials, users)).await
}

/// The statement of [`locked`]; at least one serial number or user is given.
fn locking(tenant: TenantId, serials: Vec<String>, users: Vec<Uuid>) -> Composed {
    let mut sql = kept(tenant);
    match (serials.is_empty(), users.is_empty()) {
        (false, true) => of_serials(sql.push("AND"), serials),
        (true, _) => of_users(sql.push("AND"), users),
        (false, false) => {
            of_serials(sql.push("AND ("), serials);
            of_users(sql.push("OR"), users);
            sql.push(")");
        }
    }
    sql.push(VISIBLE).push("ORDER BY t.id FOR UPDATE");
    sql
}

/// One serial number is compared, not looked up in a list: SQLite knows nothing of a list's length, and would rather
/// walk all tokens in the order of their ids than sort.
fn of_serials(sql: &mut Composed, mut serials: Vec<String>) {
    match (serials.pop(), serials.is_empty()) {
        (Some(one), true) => sql.push("t.serial_norm =").bind(one),
        (last, _) => {
            serials.extend(last);
            sql.push("t.serial_norm = ANY(").bind(serials).push(")")
        }
    };
}

/// One user as one serial number.
fn of_users(sql: &mut Composed, users: Vec<Uuid>) {
    match users.as_slice() {
        [one] => sql.push("(t.user_id =").bind(*one),
        _ => sql.push("(t.user_id = ANY(").bind(users).push(")"),
    };
    sql.push("AND t.status =").bind(Status::Active.as_str()).push(")");
}

/// How many other tokens of a user are active (100 at most are counted). Asked behind [`super::hold`], it holds until
/// the commit.
///
/// # Errors
/// What the engine meets.
pub async fn other_active(
    reader: &mut Reader,
    tenant: TenantId,
    user: UserId,
    id: OtpTokenId,
    now: Timestamp,
) -> Result<u64, Error> {
    let values = [
        tenant.as_uuid().into(),
        user.as_uuid().into(),
        id.as_uuid().into(),
        Status::Active.as_str().into(),
        now.into(),
    ];
    reader.query_one(OTHERS, &values).await?.get("count")
}

/// Bulk jobs that changed a token, the newest first; each is one audit event.
///
/// # Errors
/// What the engine meets.
pub async fn jobs_of(reader: &mut Reader, tenant: TenantId, id: OtpTokenId) -> Result<Vec<(JobId, Timestamp)>, Error> {
    let rows = reader
        .query(HISTORY, &[tenant.as_uuid().into(), id.as_uuid().into()])
        .await?;
    rows.iter()
        .map(|row| Ok((JobId::from_uuid(row.get(0)?), row.get(1)?)))
        .collect()
}

/// A token that bears a serial number of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Existing {
    /// The token and its sealed seed.
    pub kept: Kept,
    /// Whether an import is writing it or taking it out just now.
    pub hidden: bool,
}

/// Tokens of the tenant with these normalised serial numbers, hidden ones too, in no order. At most 2,000 at once.
///
/// # Errors
/// As [`get`].
pub async fn existing(reader: &mut Reader, tenant: TenantId, serials: Vec<String>) -> Result<Vec<Existing>, Error> {
    let spans = crate::batches::hidden(reader, tenant).await?;
    let mut sql = kept(tenant);
    sql.push("AND t.serial_norm = ANY(").bind(serials).push(")");
    let rows = reader.select(&sql).await?;
    rows.iter()
        .map(|row| {
            let kept = kept_of(row)?;
            let id = kept.token.id().as_uuid();
            let hidden = spans.iter().any(|span| span.first <= id && id <= span.last);
            Ok(Existing { kept, hidden })
        })
        .collect()
}

fn kept(tenant: TenantId) -> Composed {
    let mut sql = Composed::new("SELECT");
    sql.push(COLUMNS).push(", t.seed, t.key_version,").push(BARRED);
    sql.push("FROM otp_tokens t WHERE t.tenant_id =").bind(tenant.as_uuid());
    sql
}

async fn all(reader: &mut Reader, sql: &mut Composed) -> Result<Vec<Kept>, Error> {
    let rows = reader.select(sql).await?;
    rows.iter().map(kept_of).collect()
}

pub(super) fn kept_of(row: &Row) -> Result<Kept, Error> {
    let barred: Option<String> = row.get(BEHIND + 2)?;
    Ok(Kept {
        token: row::token(row)?,
        seed: row.get(BEHIND)?,
        key_version: row.get(BEHIND + 1)?,
        holder_disabled: barred.is_some_and(|status| status != UserStatus::Active.as_str()),
    })
}

fn user_of(row: &Row) -> Result<User, Error> {
    let id: Uuid = row.get("id")?;
    let status = UserStatus::parse(row.text("status")?);
    Ok(User {
        id: UserId::from_uuid(id),
        status: status.ok_or_else(|| Error::inconsistent(format!("users.status of {id}")))?,
    })
}

#[cfg(test)]
mod tests {
    use claviger_domain::ids::TenantId;
    use uuid::Uuid;

    use super::locking;
    use crate::composed::Composed;
    use crate::config::StoreConfig;
    use crate::error::Error;
    use crate::store::Store;

    /// How SQLite goes about a statement, in its words.
    async fn plan(sql: Composed) -> String {
        let folder = tempfile::tempdir().unwrap();
        let config = StoreConfig::sqlite(folder.path().join("claviger.db"));
        let store = Store::open(&config).await.unwrap();
        let read = async move |reader: &mut crate::Reader| {
            let rows = reader.select(&sql.explained()).await?;
            let steps: Result<Vec<String>, Error> = rows.iter().map(|row| row.get("detail")).collect();
            steps.map(|steps| steps.join("\n"))
        };
        let plan = store.read::<_, Error, _>(read).await.unwrap();
        store.close().await;
        plan
    }

    /// A walk of all tokens costs 20 ms a code with 100,000 of them.
    #[tokio::test]
    async fn a_code_is_tried_without_walking_the_tokens() {
        let (tenant, user) = (TenantId::from_uuid(Uuid::max()), Uuid::max());
        let by_serial = plan(locking(tenant, vec!["0815".to_owned()], Vec::new())).await;
        assert!(by_serial.contains("(tenant_id=? AND serial_norm=?)"), "{by_serial}");
        let by_user = plan(locking(tenant, Vec::new(), vec![user])).await;
        assert!(
            by_user.contains("otp_tokens_by_user (tenant_id=? AND user_id=?)"),
            "{by_user}"
        );
    }
}
