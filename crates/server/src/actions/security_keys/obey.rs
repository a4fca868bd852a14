//! One key obeys an order, or says why not: load, decide, save, record — one commit.

use claviger_domain::{
    PrivilegeSet, SecurityKeyId,
    security_key::{Command, SecurityKey},
    text::Reason,
};
use claviger_store::{Change, Tx, audit::AuditEntry, policies, security_keys};
use serde_json::{Value as Json, json};

use super::{
    Order, Shown,
    order::{Decided, past_tense},
    show,
};
use crate::{
    Failure,
    auth::{Caller, caller::Expected},
    rest::Guard,
};

/// Carries an order out on one key.
///
/// # Errors
/// [`Failure::NotFound`]; [`Failure::Stale`] when the caller expected another revision; [`Failure::Refused`] with the
/// domain's reason.
pub(super) async fn obey<P: Guard>(caller: &Caller<P>, id: SecurityKeyId, order: Order) -> Result<Shown, Failure> {
    let (expected, privileges) = (caller.expected(), caller.identity().privileges);
    caller
        .write_on(id.as_uuid(), async move |tx| {
            match carry_out(tx, id, &order, expected, privileges).await? {
                Decided::Changed(key) => show::shown(tx, *key, privileges).await,
                Decided::Deleted(_) => Err(Failure::NotFound),
            }
        })
        .await
}

/// Deletes one key.
///
/// # Errors
/// As [`obey`].
pub(super) async fn remove<P: Guard>(caller: &Caller<P>, id: SecurityKeyId) -> Result<(), Failure> {
    let (expected, privileges) = (caller.expected(), caller.identity().privileges);
    caller
        .write_on(id.as_uuid(), async move |tx| {
            carry_out(tx, id, &Order::Delete, expected, privileges).await.map(drop)
        })
        .await
}

/// A key that shall change, in the revision that the caller expects.
///
/// # Errors
/// [`Failure::NotFound`]; [`Failure::Stale`].
pub(super) async fn load(tx: &mut Tx, id: SecurityKeyId, expected: Expected) -> Result<SecurityKey, Failure> {
    let tenant = tx.tenant();
    let key = security_keys::get(tx, tenant, id).await?.ok_or(Failure::NotFound)?;
    expected.check(key.revision())?;
    Ok(key)
}

/// Applies one command to one key.
///
/// # Errors
/// As [`obey`].
pub(super) async fn apply<P: Guard>(
    caller: &Caller<P>,
    id: SecurityKeyId,
    command: Command,
    reason: Option<Reason>,
) -> Result<Shown, Failure> {
    let (expected, privileges) = (caller.expected(), caller.identity().privileges);
    let job = async move |tx: &mut Tx| {
        let before = load(tx, id, expected).await?;
        let after = before.apply(&command, tx.now())?;
        let said = Said {
            reason: reason.as_ref().map(|reason| reason.as_str().to_owned()),
            ..Said::new(past_tense(command.verb()))
        };
        keep_changed(tx, &before, &after, said).await?;
        show::shown(tx, after, privileges).await
    };
    caller.write_on(id.as_uuid(), job).await
}

/// What the audit log says of a change besides the key before and after.
pub(super) struct Said {
    action: &'static str,
    pub(super) reason: Option<String>,
    more: Json,
}

impl Said {
    pub(super) fn new(action: &'static str) -> Self {
        Self {
            action,
            reason: None,
            more: Json::Null,
        }
    }

    /// Facts beside those of the key.
    pub(super) fn with(self, more: Json) -> Self {
        Self { more, ..self }
    }
}

/// Keeps a change with its audit event, shreds what it made useless, and tells those who watch.
pub(super) async fn keep_changed(
    tx: &mut Tx,
    before: &SecurityKey,
    after: &SecurityKey,
    said: Said,
) -> Result<(), Failure> {
    security_keys::save(tx, before, after).await?;
    super::pins::shred_ended(tx, before, after).await?;
    tx.notify(Change {
        kind: "security_key",
        id: after.id().as_uuid(),
        revision: after.revision().get(),
    });
    let told = noted(tx, before, after, said).await?;
    tx.record(told);
    Ok(())
}

/// The audit event of something done with a key.
pub(super) async fn noted(
    tx: &mut Tx,
    before: &SecurityKey,
    after: &SecurityKey,
    said: Said,
) -> Result<AuditEntry, claviger_store::Error> {
    let mut now = facts(after, policy_name(tx, after).await?.as_deref());
    if let (Json::Object(now), Json::Object(more)) = (&mut now, said.more) {
        now.extend(more);
    }
    Ok(AuditEntry {
        action: said.action,
        object_kind: "security_key",
        object_id: Some(before.id().as_uuid()),
        object_label: Some(label(before)),
        before: Some(facts(before, policy_name(tx, before).await?.as_deref())),
        after: Some(now),
        reason: said.reason,
        ..AuditEntry::default()
    })
}

async fn carry_out(
    tx: &mut Tx,
    id: SecurityKeyId,
    order: &Order,
    expected: Expected,
    privileges: PrivilegeSet,
) -> Result<Decided, Failure> {
    let key = load(tx, id, expected).await?;
    let resolved = order.resolve(tx, privileges, std::slice::from_ref(&key)).await?;
    let decided = resolved.decide(&key, tx.now())?;
    keep(tx, &key, &decided, order).await?;
    let told = event(tx, order, &key, &decided).await?;
    tx.record(told);
    Ok(decided)
}

/// Writes what was decided.
async fn keep(tx: &mut Tx, before: &SecurityKey, decided: &Decided, order: &Order) -> Result<(), Failure> {
    match decided {
        Decided::Changed(after) => security_keys::save(tx, before, after).await?,
        Decided::Deleted(_) => security_keys::delete(tx, before).await?,
    }
    tell(tx, before, decided, order).await
}

/// Tells those who watch, and puts down what others have to be told.
pub(crate) async fn tell(tx: &mut Tx, before: &SecurityKey, decided: &Decided, order: &Order) -> Result<(), Failure> {
    let revision = match decided {
        Decided::Changed(after) => after.revision(),
        Decided::Deleted(_) => before.revision().next(),
    };
    if let Decided::Changed(after) = decided {
        super::pins::shred_ended(tx, before, after).await?;
    }
    if let Order::Revoke(revocation) = order {
        super::notify::put_down(tx, before, revocation).await?;
    }
    tx.notify(Change {
        kind: "security_key",
        id: before.id().as_uuid(),
        revision: revision.get(),
    });
    Ok(())
}

async fn event(
    tx: &mut Tx,
    order: &Order,
    before: &SecurityKey,
    decided: &Decided,
) -> Result<AuditEntry, claviger_store::Error> {
    let after = match decided {
        Decided::Changed(after) => facts(after, policy_name(tx, after).await?.as_deref()),
        // The tombstone: the row is gone, so what it was stands here.
        Decided::Deleted(tombstone) => json!({
            "status": "deleted",
            "device_name": tombstone.device_name.as_str(),
            "serial_number": tombstone.serial_number.given(),
            "version": before.version().as_str(),
            "imported_at": claviger_api::Time::from_micros(before.imported_at().as_micros()),
            "batch": before.batch().map(|id| id.as_uuid()),
        }),
    };
    Ok(AuditEntry {
        action: past_tense(order.verb()),
        object_kind: "security_key",
        object_id: Some(before.id().as_uuid()),
        object_label: Some(label(before)),
        before: Some(facts(before, policy_name(tx, before).await?.as_deref())),
        after: Some(after),
        reason: order.reason(),
        ..AuditEntry::default()
    })
}

/// Name of a key's policy, as it is called now.
async fn policy_name(tx: &mut Tx, key: &SecurityKey) -> Result<Option<String>, claviger_store::Error> {
    let Some(linked) = key.policy() else { return Ok(None) };
    let tenant = tx.tenant();
    let policy = policies::get(tx, tenant, linked.id).await?;
    Ok(policy.map(|policy| policy.name().as_str().to_owned()))
}

/// What people call a key.
pub(crate) fn label(key: &SecurityKey) -> String {
    format!("{} {}", key.device_name(), key.serial_number())
}

/// What an order can change.
pub(crate) fn facts(key: &SecurityKey, policy_name: Option<&str>) -> Json {
    let policy = key
        .policy()
        .map(|policy| json!({ "id": policy.id.as_uuid(), "name": policy_name, "version": policy.version.get() }));
    json!({
        "status": key.status().as_str(),
        "revision": key.revision().get(),
        "policy": policy,
        "user": key.holder().map(|holder| holder.user.as_uuid()),
    })
}

impl From<claviger_domain::security_key::Refusal> for Failure {
    fn from(refusal: claviger_domain::security_key::Refusal) -> Self {
        Self::refused(
            refusal.state().as_str(),
            refusal.command().as_str(),
            sentence(&refusal.to_string()),
        )
    }
}

/// The domain's words as a sentence.
pub(crate) fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    let stop = if words.ends_with('.') { "" } else { "." };
    first.into_iter().flatten().chain(letters).chain(stop.chars()).collect()
}

#[cfg(test)]
mod tests {
    use claviger_domain::security_key::Verb;

    use super::{past_tense, sentence};

    #[test]
    fn words_become_a_sentence() {
        assert_eq!(
            sentence("this key is REVOKED; nothing is left"),
            "This key is REVOKED; nothing is left."
        );
        assert_eq!(sentence(""), ".");
    }

    #[test]
    fn every_verb_has_its_own_event() {
        let names: std::collections::BTreeSet<_> = Verb::ALL.iter().map(|verb| past_tense(*verb)).collect();
        assert_eq!(names.len(), Verb::ALL.len());
    }
}
