//! Messages to others, put down in the transaction of the change and sent after it, again until taken.

mod due;
mod look;

use claviger_domain::Timestamp;
use claviger_domain::ids::TenantId;
use uuid::Uuid;

use crate::{Error, Row, Tx, security_keys};

pub use due::{Lane, claim, due, give_up_due, lanes_due, postpone, postpone_due, settle};
pub use look::newest;

/// Kind of the mail that tells a user of a revocation. Keys keep whether the newest of it was given up.
pub const REVOKED_MAIL: &str = "mail.security_key_revoked";

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// To be sent, now or later.
    Waiting,
    /// Taken by the other side.
    Sent,
    /// Given up.
    Failed,
    /// Could not even be tried; says why.
    NotSent,
}

/// A message that waits or has been dealt with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Whose it is.
    pub tenant: TenantId,
    /// The message.
    pub id: Uuid,
    /// What to do with it.
    pub kind: String,
    /// The object it is about.
    pub subject: Option<Uuid>,
    /// JSON.
    pub payload: String,
    /// Where it stands.
    pub state: State,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next, while it waits.
    pub next_try_at: Timestamp,
    /// When no more is tried; never without it.
    pub give_up_at: Option<Timestamp>,
    /// When it last failed, not counting tries that met nobody.
    pub failed_at: Option<Timestamp>,
    /// What the last try met.
    pub last_error: Option<String>,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Grows with each change.
    pub revision: i64,
}

/// A message to put down.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// The message.
    pub id: Uuid,
    /// What to do with it.
    pub kind: &'a str,
    /// The object it is about.
    pub subject: Option<Uuid>,
    /// JSON.
    pub payload: &'a str,
    /// When no more is tried; never without it.
    pub give_up_at: Option<Timestamp>,
    /// Why it cannot be sent as things are: then it is only noted.
    pub not_sent: Option<&'a str>,
}

const INSERT: &str = "INSERT INTO outbox (tenant_id, id, kind, subject_id, payload, state, attempts, next_try_at,
    give_up_at, last_error, created_at, updated_at, revision)
    VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, $7, $7, 1)";
const RETRY: &str = "UPDATE outbox SET state = 'waiting', next_try_at = $4, give_up_at = $5, updated_at = $4,
    revision = revision + 1 WHERE tenant_id = $1 AND id = $2 AND revision = $3 AND state <> 'sent'";

impl State {
    const ALL: [Self; 4] = [Self::Waiting, Self::Sent, Self::Failed, Self::NotSent];

    /// The word in storage and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::NotSent => "not_sent",
        }
    }
}

/// Puts a message down for the job's tenant, to be sent at once.
///
/// # Errors
/// What the database meets.
pub async fn insert(tx: &mut Tx, draft: &Draft<'_>) -> Result<(), Error> {
    let state = if draft.not_sent.is_some() {
        State::NotSent
    } else {
        State::Waiting
    };
    let values = [
        tx.tenant().into(),
        draft.id.into(),
        draft.kind.into(),
        draft.subject.into(),
        draft.payload.into(),
        state.as_str().into(),
        tx.now().into(),
        draft.give_up_at.into(),
        draft.not_sent.into(),
    ];
    tx.execute(INSERT, &values).await?;
    about_key(tx, draft.kind, draft.subject).await
}

/// Lets a message that was not taken be tried again at once, until `give_up_at`.
///
/// # Errors
/// [`Error::Stale`] when it was sent, or changed meanwhile.
pub async fn retry(tx: &mut Tx, message: &Message, give_up_at: Option<Timestamp>) -> Result<(), Error> {
    let values = [
        message.tenant.into(),
        message.id.into(),
        message.revision.into(),
        tx.now().into(),
        give_up_at.into(),
    ];
    tx.guarded(RETRY, &values).await?;
    about_key(tx, &message.kind, message.subject).await
}

/// Keeps on the key how mail about it stands, so that keys whose user was not told are found.
async fn about_key(tx: &mut Tx, kind: &str, subject: Option<Uuid>) -> Result<(), Error> {
    let (tenant, Some(key)) = (tx.tenant(), subject.filter(|_| kind == REVOKED_MAIL)) else {
        return Ok(());
    };
    let newest = newest(tx, tenant, key, kind).await?;
    let failed = newest.is_some_and(|message| message.state == State::Failed);
    security_keys::mark_mail(tx, key, failed).await
}

fn from_row(row: &Row) -> Result<Message, Error> {
    let word: String = row.get("state")?;
    let state = State::ALL.into_iter().find(|state| state.as_str() == word);
    Ok(Message {
        tenant: row.get("tenant_id")?,
        id: row.get("id")?,
        kind: row.get("kind")?,
        subject: row.get("subject_id")?,
        payload: row.get("payload")?,
        state: state.ok_or_else(|| Error::inconsistent(format!("outbox.state is {word}")))?,
        attempts: row.get("attempts")?,
        next_try_at: row.get("next_try_at")?,
        give_up_at: row.get("give_up_at")?,
        failed_at: row.get("failed_at")?,
        last_error: row.get("last_error")?,
        updated_at: row.get("updated_at")?,
        revision: row.get("revision")?,
    })
}
