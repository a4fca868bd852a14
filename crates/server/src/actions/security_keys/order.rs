//! An order to a key: what an operator asks for, with the arguments he gives. One order serves one key or a hundred
//! thousand; the domain decides for each.

use std::collections::{BTreeSet, HashMap};

use claviger_domain::{
    PolicyId, Privilege, PrivilegeSet, Timestamp, UserId,
    role::Standing,
    security_key::{Command, PolicyToLink, Refusal, RevocationReason, RevokeOrder, SecurityKey, Tombstone, Verb},
    text::{Note, Reason},
    user::UserStatus,
};
use claviger_store::{Tx, policies, users};
use serde_json::{Value as Json, json};

use crate::{Failure, auth::roles};

/// What an operator asks of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Link a policy in its newest version.
    LinkPolicy(PolicyId),
    /// Take the policy away.
    UnlinkPolicy,
    /// Give to a user.
    Assign(UserId),
    /// Take back from the user.
    Unassign,
    /// Put aside.
    Quarantine(Reason),
    /// Put back in stock.
    Release(Option<Reason>),
    /// Destroy or wipe.
    Dispose,
    /// Pause.
    Suspend,
    /// End the pause.
    Resume,
    /// End for good.
    Revoke(Revocation),
    /// Remove from stock.
    Delete,
}

/// Why a key is revoked, and who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// Why.
    pub reason: RevocationReason,
    /// In the operator's words.
    pub note: Option<Note>,
    /// Whether its user is told; the tenant's setting when absent.
    pub notify: Option<bool>,
}

/// An order with everything read that it refers to; good for the keys it was resolved for, in one transaction.
#[derive(Debug)]
pub(crate) struct Resolved {
    what: What,
    /// Users who may do more than the operator.
    above: BTreeSet<UserId>,
}

#[derive(Debug)]
enum What {
    /// The same command for every key, but for how its holder stands to the operator.
    Command(Box<Command>),
    /// Resuming depends on each key's holder.
    Resume(HashMap<UserId, UserStatus>),
    /// Deleting is no command: nothing is left that could be in a state.
    Delete,
}

/// What came of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decided {
    /// The key is now so.
    Changed(Box<SecurityKey>),
    /// The key is gone.
    Deleted(Tombstone),
}

impl Order {
    /// The word for it.
    #[must_use]
    pub const fn verb(&self) -> Verb {
        match self {
            Self::LinkPolicy(_) => Verb::LinkPolicy,
            Self::UnlinkPolicy => Verb::UnlinkPolicy,
            Self::Assign(_) => Verb::Assign,
            Self::Unassign => Verb::Unassign,
            Self::Quarantine(_) => Verb::Quarantine,
            Self::Release(_) => Verb::Release,
            Self::Dispose => Verb::Dispose,
            Self::Suspend => Verb::Suspend,
            Self::Resume => Verb::Resume,
            Self::Revoke(_) => Verb::Revoke,
            Self::Delete => Verb::Delete,
        }
    }

    /// What the operator must hold.
    #[must_use]
    pub const fn privilege(&self) -> Privilege {
        self.verb().privilege()
    }

    /// Why, as the audit log keeps it.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Quarantine(reason) | Self::Release(Some(reason)) => Some(reason.as_str().to_owned()),
            Self::Revoke(order) => Some(match &order.note {
                Some(note) => format!("{}: {}", order.reason.as_str(), note.as_str()),
                None => order.reason.as_str().to_owned(),
            }),
            Self::LinkPolicy(_)
            | Self::UnlinkPolicy
            | Self::Assign(_)
            | Self::Unassign
            | Self::Release(None)
            | Self::Dispose
            | Self::Suspend
            | Self::Resume
            | Self::Delete => None,
        }
    }

    /// Reads what the order refers to.
    ///
    /// # Errors
    /// [`Failure::Validation`] when the policy or the user does not exist here.
    pub(crate) async fn resolve(
        &self,
        tx: &mut Tx,
        operator: PrivilegeSet,
        keys: &[SecurityKey],
    ) -> Result<Resolved, Failure> {
        let above = if self.acts_on_people() {
            let tenant = tx.tenant();
            roles::above(tx, tenant, operator).await?
        } else {
            BTreeSet::new()
        };
        let what = self.what(tx, &above, keys).await?;
        Ok(Resolved { what, above })
    }

    /// Whether the order does something to the user who holds the key, or is to hold it.
    const fn acts_on_people(&self) -> bool {
        match self {
            Self::Assign(_) | Self::Unassign | Self::Suspend | Self::Resume | Self::Revoke(_) => true,
            Self::LinkPolicy(_)
            | Self::UnlinkPolicy
            | Self::Quarantine(_)
            | Self::Release(_)
            | Self::Dispose
            | Self::Delete => false,
        }
    }

    async fn what(&self, tx: &mut Tx, above: &BTreeSet<UserId>, keys: &[SecurityKey]) -> Result<What, Failure> {
        // Of each key's holder once it is decided on.
        let standing = Standing::NotAbove;
        let command = match self {
            Self::LinkPolicy(id) => Command::LinkPolicy(policy(tx, *id).await?),
            Self::Assign(id) => Command::Assign {
                user: *id,
                status: status(tx, *id).await?,
                standing: of(above, Some(*id)),
            },
            Self::UnlinkPolicy => Command::UnlinkPolicy,
            Self::Unassign => Command::Unassign { standing },
            Self::Quarantine(reason) => Command::Quarantine { reason: reason.clone() },
            Self::Release(_) => Command::Release,
            Self::Dispose => Command::Dispose,
            Self::Suspend => Command::Suspend { standing },
            Self::Revoke(order) => Command::Revoke(RevokeOrder {
                reason: order.reason,
                note: order.note.clone(),
                standing,
            }),
            Self::Resume => return Ok(What::Resume(holders(tx, keys).await?)),
            Self::Delete => return Ok(What::Delete),
        };
        Ok(What::Command(Box::new(command)))
    }
}

impl Resolved {
    /// Lets the domain decide.
    ///
    /// # Errors
    /// What the domain refuses.
    pub(crate) fn decide(&self, key: &SecurityKey, now: Timestamp) -> Result<Decided, Refusal> {
        let holder = key.holder().map(|holder| holder.user);
        let standing = of(&self.above, holder);
        let changed = match &self.what {
            #[expect(clippy::wildcard_enum_match_arm, reason = "the others do nothing to a holder")]
            What::Command(command) => match command.as_ref() {
                Command::Unassign { .. } => key.apply(&Command::Unassign { standing }, now),
                Command::Suspend { .. } => key.apply(&Command::Suspend { standing }, now),
                Command::Revoke(order) => {
                    let order = RevokeOrder {
                        standing,
                        ..order.clone()
                    };
                    key.apply(&Command::Revoke(order), now)
                }
                command => key.apply(command, now),
            },
            What::Resume(holders) => {
                let status = holder.and_then(|holder| holders.get(&holder).copied());
                let status = status.unwrap_or(UserStatus::Disabled);
                key.apply(&Command::Resume { standing, status }, now)
            }
            What::Delete => return key.delete().map(Decided::Deleted),
        };
        changed.map(|key| Decided::Changed(Box::new(key)))
    }
}

fn of(above: &BTreeSet<UserId>, user: Option<UserId>) -> Standing {
    if user.is_some_and(|user| above.contains(&user)) {
        Standing::Above
    } else {
        Standing::NotAbove
    }
}

async fn policy(tx: &mut Tx, id: PolicyId) -> Result<PolicyToLink, Failure> {
    let tenant = tx.tenant();
    let found = policies::get(tx, tenant, id).await?;
    let found = found.ok_or_else(|| Failure::invalid("/policy_id", "there is no such policy"))?;
    Ok(PolicyToLink::of(&found))
}

async fn status(tx: &mut Tx, id: UserId) -> Result<UserStatus, Failure> {
    let found = users::lock(tx, id).await?;
    let found = found.ok_or_else(|| Failure::invalid("/user_id", "there is no such user"))?;
    Ok(found.status())
}

async fn holders(tx: &mut Tx, keys: &[SecurityKey]) -> Result<HashMap<UserId, UserStatus>, Failure> {
    let tenant = tx.tenant();
    let mut ids: Vec<UserId> = keys
        .iter()
        .filter_map(|key| key.holder().map(|holder| holder.user))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(users::by_ids(tx, tenant, &ids)
        .await?
        .into_iter()
        .map(|user| (user.id(), user.status()))
        .collect())
}

/// The audit event's action for an order that was carried out.
pub(crate) const fn past_tense(verb: Verb) -> &'static str {
    match verb {
        Verb::LinkPolicy => "security_key.policy_linked",
        Verb::UnlinkPolicy => "security_key.policy_unlinked",
        Verb::Assign => "security_key.assigned",
        Verb::Unassign => "security_key.unassigned",
        Verb::Quarantine => "security_key.quarantined",
        Verb::Release => "security_key.released",
        Verb::PrepareConfiguration => "security_key.configuration_prepared",
        Verb::ConfirmConfiguration => "security_key.configured",
        Verb::AbandonConfiguration => "security_key.configuration_abandoned",
        Verb::ApplyPolicy => "security_key.policy_applied",
        Verb::Enroll => "security_key.enrolled",
        Verb::Revoke => "security_key.revoked",
        Verb::Suspend => "security_key.suspended",
        Verb::Resume => "security_key.resumed",
        Verb::ExtendInitialPin => "security_key.initial_pin_extended",
        Verb::Reinstate => "security_key.reinstated",
        Verb::Dispose => "security_key.disposed",
        Verb::Delete => "security_key.deleted",
    }
}

/// An order as a job keeps it.
pub(crate) fn write(order: &Order) -> Json {
    let arguments = match order {
        Order::LinkPolicy(id) => json!({ "policy_id": id.as_uuid() }),
        Order::Assign(id) => json!({ "user_id": id.as_uuid() }),
        Order::Quarantine(reason) => json!({ "reason": reason.as_str() }),
        Order::Release(reason) => json!({ "reason": reason.as_ref().map(Reason::as_str) }),
        Order::Revoke(order) => json!({
            "reason": order.reason.as_str(),
            "note": order.note.as_ref().map(Note::as_str),
            "notify": order.notify,
        }),
        Order::UnlinkPolicy | Order::Unassign | Order::Dispose | Order::Suspend | Order::Resume | Order::Delete => {
            json!({})
        }
    };
    json!({ "verb": order.verb().as_str(), "arguments": arguments })
}

/// An order from what [`write()`] wrote; `None` when it is something else.
pub(crate) fn read(json: &Json) -> Option<Order> {
    let arguments = json.get("arguments")?;
    let text = |name: &str| arguments.get(name).and_then(Json::as_str);
    Some(match Verb::parse(json.get("verb")?.as_str()?)? {
        Verb::LinkPolicy => Order::LinkPolicy(text("policy_id")?.parse().ok()?),
        Verb::Assign => Order::Assign(text("user_id")?.parse().ok()?),
        Verb::Quarantine => Order::Quarantine(Reason::new(text("reason")?).ok()?),
        Verb::Release => Order::Release(text("reason").map(Reason::new).transpose().ok()?),
        Verb::Revoke => Order::Revoke(Revocation {
            reason: RevocationReason::parse(text("reason")?)?,
            note: text("note").map(Note::new).transpose().ok()?,
            notify: arguments.get("notify").and_then(Json::as_bool),
        }),
        Verb::UnlinkPolicy => Order::UnlinkPolicy,
        Verb::Unassign => Order::Unassign,
        Verb::Dispose => Order::Dispose,
        Verb::Suspend => Order::Suspend,
        Verb::Resume => Order::Resume,
        Verb::Delete => Order::Delete,
        Verb::PrepareConfiguration
        | Verb::ConfirmConfiguration
        | Verb::AbandonConfiguration
        | Verb::ApplyPolicy
        | Verb::Enroll
        | Verb::ExtendInitialPin
        | Verb::Reinstate => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_that_a_job_keeps_comes_back() {
        let reason = Reason::new("recall 7").unwrap();
        let revocation = Revocation {
            reason: RevocationReason::Stolen,
            note: Some(Note::new("a\nb").unwrap()),
            notify: Some(true),
        };
        let id = uuid::Uuid::from_u128(7);
        for order in [
            Order::LinkPolicy(PolicyId::from_uuid(id)),
            Order::UnlinkPolicy,
            Order::Assign(UserId::from_uuid(id)),
            Order::Unassign,
            Order::Quarantine(reason.clone()),
            Order::Release(Some(reason)),
            Order::Release(None),
            Order::Dispose,
            Order::Suspend,
            Order::Resume,
            Order::Revoke(revocation),
            Order::Revoke(Revocation {
                reason: RevocationReason::Lost,
                note: None,
                notify: None,
            }),
            Order::Delete,
        ] {
            assert_eq!(read(&write(&order)), Some(order));
        }
        assert_eq!(read(&json!({"verb": "enroll", "arguments": {}})), None);
    }
}
