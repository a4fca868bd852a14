//! Requests for a second person's agreement.

use claviger_domain::{
    ApprovalId, TenantId, Timestamp,
    approval::{Answer, Approval, Kind, Party, State, Status},
    text::Reason,
};
use uuid::Uuid;

use crate::{Error, Reader, Row, Tx, Value, bounded, pages::Total};

const GET: &str = "SELECT * FROM approvals WHERE tenant_id = $1 AND id = $2";
// A request that nobody answered or used in time is expired, whatever its row says.
const LIST: &str = "SELECT * FROM approvals WHERE tenant_id = $1 AND id < $2 AND kind = ANY($3)
    AND ($4 = '' OR (CASE WHEN status IN ('pending', 'approved') AND expires_at <= $5 THEN 'expired' ELSE status END) = $4)
    ORDER BY id DESC LIMIT $6";
const COUNT: &str = "SELECT count(*) AS count FROM (SELECT 1 AS one FROM approvals WHERE tenant_id = $1
    AND kind = ANY($2) AND ($3 = '' OR (CASE WHEN status IN ('pending', 'approved') AND expires_at <= $4
    THEN 'expired' ELSE status END) = $3) LIMIT $5) AS counted";
const INSERT: &str = "INSERT INTO approvals
    (tenant_id, id, kind, security_key_id, requested_by_id, requested_by, reason, status, created_at, expires_at, revision)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
const UPDATE: &str = "UPDATE approvals SET status = $4, answered_by_id = $5, answered_by = $6, answered_at = $7,
    used_at = $8, expires_at = $9, revision = revision + 1 WHERE tenant_id = $1 AND id = $2 AND revision = $3";

/// A request by id.
///
/// # Errors
/// What the engine meets; [`Error::Inconsistent`] when its row contradicts itself.
pub async fn get(reader: &mut Reader, tenant: TenantId, id: ApprovalId) -> Result<Option<Approval>, Error> {
    let row = reader.query_opt(GET, &[tenant.into(), id.as_uuid().into()]).await?;
    row.as_ref().map(from_row).transpose()
}

/// Which requests.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Of these kinds.
    pub kinds: &'a [Kind],
    /// Of this status alone.
    pub status: Option<Status>,
    /// At what time.
    pub now: Timestamp,
}

impl Wanted<'_> {
    fn values(&self) -> [Value; 3] {
        let kinds: Vec<String> = self.kinds.iter().map(|kind| kind.as_str().to_owned()).collect();
        [
            kinds.into(),
            self.status.map_or("", Status::as_str).into(),
            self.now.into(),
        ]
    }
}

/// Requests, the newest first, behind the one named `after`.
///
/// # Errors
/// As [`get`].
pub async fn list(
    reader: &mut Reader,
    tenant: TenantId,
    wanted: Wanted<'_>,
    after: Option<ApprovalId>,
    limit: u32,
) -> Result<Vec<Approval>, Error> {
    let [kinds, status, now] = wanted.values();
    let before = after.map_or(Uuid::max(), |id| id.as_uuid());
    let values = [tenant.into(), before.into(), kinds, status, now, limit.into()];
    reader.query(LIST, &values).await?.iter().map(from_row).collect()
}

/// How many there are, counted up to a cap.
///
/// # Errors
/// What the engine meets.
pub async fn total(reader: &mut Reader, tenant: TenantId, wanted: Wanted<'_>) -> Result<Total, Error> {
    let [kinds, status, now] = wanted.values();
    let row = reader
        .query_one(COUNT, &[tenant.into(), kinds, status, now, bounded::most().into()])
        .await?;
    bounded::counted(&row)
}

/// Adds a request to the job's tenant.
///
/// # Errors
/// What the engine meets.
pub async fn insert(tx: &mut Tx, approval: &Approval) -> Result<(), Error> {
    let values = [
        tx.tenant().into(),
        approval.id.into(),
        approval.kind.as_str().into(),
        approval.security_key.into(),
        approval.requested_by.id.into(),
        approval.requested_by.person.as_str().into(),
        approval.reason.as_str().into(),
        word(&approval.state).into(),
        approval.created_at.into(),
        approval.expires_at.into(),
        approval.revision.into(),
    ];
    tx.execute(INSERT, &values).await.map(drop)
}

/// Writes how a request stands now; `approval.revision` is the one that was read.
///
/// # Errors
/// [`Error::Stale`] when it was answered or used meanwhile.
pub async fn save(tx: &mut Tx, approval: &Approval) -> Result<(), Error> {
    let (answer, used_at) = match &approval.state {
        State::Pending => (None, None),
        State::Approved(answer) | State::Declined(answer) => (Some(answer), None),
        State::Used { answer, at } => (Some(answer), Some(*at)),
    };
    let values = [
        tx.tenant().into(),
        approval.id.into(),
        approval.revision.into(),
        word(&approval.state).into(),
        answer.map(|answer| answer.by.id).into(),
        answer.map(|answer| answer.by.person.as_str()).into(),
        answer.map(|answer| answer.at).into(),
        used_at.into(),
        approval.expires_at.into(),
    ];
    tx.guarded(UPDATE, &values).await
}

const fn word(state: &State) -> &'static str {
    match state {
        State::Pending => Status::Pending.as_str(),
        State::Approved(_) => Status::Approved.as_str(),
        State::Declined(_) => Status::Declined.as_str(),
        State::Used { .. } => Status::Used.as_str(),
    }
}

fn from_row(row: &Row) -> Result<Approval, Error> {
    let id: Uuid = row.get("id")?;
    let bad = |column: &str| Error::inconsistent(format!("approvals.{column} of {id}"));
    Ok(Approval {
        id: ApprovalId::from_uuid(id),
        kind: Kind::parse(row.text("kind")?).ok_or_else(|| bad("kind"))?,
        security_key: row.get("security_key_id")?,
        requested_by: Party {
            id: row.get("requested_by_id")?,
            person: row.get("requested_by")?,
        },
        reason: Reason::new(row.text("reason")?).map_err(|_| bad("reason"))?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
        state: state(row)?.ok_or_else(|| bad("status"))?,
        revision: row.get("revision")?,
    })
}

fn state(row: &Row) -> Result<Option<State>, Error> {
    let (by, person): (Option<Uuid>, Option<String>) = (row.get("answered_by_id")?, row.get("answered_by")?);
    let (at, used): (Option<Timestamp>, Option<Timestamp>) = (row.get("answered_at")?, row.get("used_at")?);
    let answer = by.zip(person).zip(at).map(|((id, person), at)| Answer {
        by: Party { id, person },
        at,
    });
    Ok(match (row.text("status")?, answer, used) {
        ("pending", None, None) => Some(State::Pending),
        ("approved", Some(answer), None) => Some(State::Approved(answer)),
        ("declined", Some(answer), None) => Some(State::Declined(answer)),
        ("used", Some(answer), Some(at)) => Some(State::Used { answer, at }),
        _ => None,
    })
}
