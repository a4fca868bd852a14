//! Whether a user can be told of a revocation, and whether he was.

use claviger_domain::{SecurityKeyId, UserId, security_key::Status};
use claviger_store::{
    Change, Tx,
    audit::AuditEntry,
    outbox::{self, State},
    security_keys::{self, Filter},
};
use serde_json::{Value as Json, json};

use super::{
    Shown,
    notify::{self, Hindrance},
    obey::label,
    show,
};
use crate::{
    Failure,
    actions::settings,
    auth::Caller,
    outbox::{MAIL_HOURS, REVOKED_MAIL},
    rest::guard::KeyRevoke,
};

/// What the window asks before a key is revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Why its user cannot be told by mail.
    pub hindrance: Option<Hindrance>,
    /// Whether the tenant wants users to be told.
    pub default_notify: bool,
    /// Whether its user has no other key left.
    pub last_key: bool,
    /// Whether a credential elsewhere has to go with it.
    pub removes_credential: bool,
}

/// What to know before a key is revoked.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn preview(caller: &Caller<KeyRevoke>, id: SecurityKeyId) -> Result<Preview, Failure> {
    let tenant = caller.tenant();
    caller
        .read(async move |reader| {
            let key = security_keys::get(reader, tenant, id).await?.ok_or(Failure::NotFound)?;
            let settings = settings::of(reader, tenant).await?;
            let user = key.holder().map(|holder| holder.user);
            let last_key = match user {
                Some(user) => {
                    let usable = Filter {
                        user: Some(user),
                        statuses: vec![Status::Ready, Status::Configured, Status::Enrolled, Status::Suspended],
                        ..Filter::default()
                    };
                    let held = security_keys::total(reader, tenant, &usable).await?.count;
                    held <= 1 && usable.statuses.contains(&key.status())
                }
                None => false,
            };
            Ok(Preview {
                hindrance: notify::hindrance(reader, tenant, user, &settings).await?,
                default_notify: settings.revoke_notifies,
                last_key,
                removes_credential: key.identity_provider().may_hold_credential(),
            })
        })
        .await
}

/// What to know before several keys are revoked: what holds for all of them, whoever has them.
///
/// # Errors
/// What the store meets.
pub async fn preview_many(caller: &Caller<KeyRevoke>) -> Result<Preview, Failure> {
    let tenant = caller.tenant();
    caller
        .read(async move |reader| {
            let settings = settings::of(reader, tenant).await?;
            Ok(Preview {
                hindrance: settings.mail.is_none().then_some(Hindrance::NoMailServer),
                default_notify: settings.revoke_notifies,
                last_key: false,
                removes_credential: false,
            })
        })
        .await
}

/// Lets the mail about a revocation be tried again at once, for another day.
///
/// # Errors
/// [`Failure::NotFound`]; [`Failure::Refused`] when there is no such mail, it was sent, or nobody can be told.
pub async fn retry_mail(caller: &Caller<KeyRevoke>, id: SecurityKeyId) -> Result<Shown, Failure> {
    let (expected, privileges) = (caller.expected(), caller.identity().privileges);
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        let key = security_keys::get(tx, tenant, id).await?.ok_or(Failure::NotFound)?;
        expected.check(key.revision())?;
        let refused = |state: &str, why: &str| Failure::refused(state, "retry_mail", why);
        let mail = outbox::newest(tx, tenant, id.as_uuid(), REVOKED_MAIL).await?;
        let mail = mail.ok_or_else(|| refused("none", "No mail was written about this key."))?;
        if mail.state == State::Sent {
            return Err(refused("sent", "The mail was sent already."));
        }
        let settings = settings::of(tx, tenant).await?;
        let payload: Json = serde_json::from_str(&mail.payload).map_err(Failure::internal)?;
        let user: Option<UserId> = payload
            .get("user")
            .and_then(Json::as_str)
            .and_then(|id| id.parse().ok());
        if let Some(hindrance) = notify::hindrance(tx, tenant, user, &settings).await? {
            return Err(refused(mail.state.as_str(), hindrance.hint()));
        }
        outbox::retry(tx, &mail, Some(tx.now().plus_seconds(MAIL_HOURS * 3_600))).await?;
        tx.record(AuditEntry {
            action: "security_key.mail_retried",
            object_kind: "security_key",
            object_id: Some(id.as_uuid()),
            object_label: Some(label(&key)),
            before: Some(json!({ "message": mail.id, "state": mail.state.as_str(), "attempts": mail.attempts })),
            ..AuditEntry::default()
        });
        tx.notify(Change {
            kind: "security_key",
            id: id.as_uuid(),
            revision: key.revision().get(),
        });
        show::shown(tx, key, privileges).await
    };
    let shown = caller.write_on(id.as_uuid(), job).await?;
    caller.app().outbox().wake();
    Ok(shown)
}
