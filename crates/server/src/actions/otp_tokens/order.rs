//! An order to an OTP token: what an operator asks for, with the arguments he gives. One order serves one token or all of
//! them; the domain decides for each.

use std::collections::{BTreeSet, HashMap};

use claviger_domain::{
    OtpTokenId, PrivilegeSet, Timestamp, UserId,
    otp::{Command, OtpToken, Refusal, Status, Verb},
    role::Standing,
    text::Reason,
    user::UserStatus,
};
use claviger_store::{Tx, otp_tokens, users};
use serde_json::{Value as Json, json};

use crate::{Failure, auth::roles};

/// What an operator asks of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Give to a user.
    Assign(UserId),
    /// Take back from the user.
    Unassign,
    /// Believe no more for now.
    Disable,
    /// Believe again.
    Enable,
    /// Devalue for good.
    Compromise(Reason),
    /// Try codes again after too many wrong ones.
    Unlock,
}

/// An order with everything read that it refers to; good for the tokens it was resolved for, in one transaction.
#[derive(Debug)]
pub(crate) struct Resolved {
    order: Order,
    /// Users who may do more than the operator.
    above: BTreeSet<UserId>,
    /// Whether the user who is to have them may be given anything.
    status: UserStatus,
    /// How many active tokens the holders have, behind their guards; told down as they are disabled.
    active: HashMap<UserId, u64>,
}

impl Order {
    /// The word for it.
    #[must_use]
    pub const fn verb(&self) -> Verb {
        match self {
            Self::Assign(_) => Verb::Assign,
            Self::Unassign => Verb::Unassign,
            Self::Disable => Verb::Disable,
            Self::Enable => Verb::Enable,
            Self::Compromise(_) => Verb::Compromise,
            Self::Unlock => Verb::Unlock,
        }
    }

    /// Why, as the audit log keeps it.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Compromise(reason) => Some(reason.as_str().to_owned()),
            Self::Assign(_) | Self::Unassign | Self::Disable | Self::Enable | Self::Unlock => None,
        }
    }

    /// Reads what the order refers to.
    ///
    /// # Errors
    /// [`Failure::Validation`] when the user does not exist here.
    pub(crate) async fn resolve(
        &self,
        tx: &mut Tx,
        operator: PrivilegeSet,
        tokens: &[OtpToken],
    ) -> Result<Resolved, Failure> {
        let tenant = tx.tenant();
        let above = roles::above(tx, tenant, operator).await?;
        let status = match self {
            Self::Assign(user) => status(tx, *user).await?,
            Self::Unassign | Self::Disable | Self::Enable | Self::Compromise(_) | Self::Unlock => UserStatus::Active,
        };
        let active = match self {
            Self::Disable => active(tx, tokens).await?,
            Self::Assign(_) | Self::Unassign | Self::Enable | Self::Compromise(_) | Self::Unlock => HashMap::new(),
        };
        Ok(Resolved {
            order: self.clone(),
            above,
            status,
            active,
        })
    }
}

impl Resolved {
    /// Lets the domain decide.
    ///
    /// # Errors
    /// What the domain refuses.
    pub(crate) fn decide(&mut self, token: &OtpToken, now: Timestamp) -> Result<OtpToken, Refusal> {
        let active = token.holder().and_then(|holder| self.active.get_mut(&holder));
        let others = active.as_ref().map_or(0, |active| active.saturating_sub(1));
        let command = match &self.order {
            Order::Assign(user) => Command::Assign {
                user: *user,
                status: self.status,
            },
            Order::Unassign => Command::Unassign,
            Order::Disable => Command::Disable { other_active: others },
            Order::Enable => Command::Enable,
            Order::Compromise(reason) => Command::Compromise { reason: reason.clone() },
            Order::Unlock => Command::Unlock,
        };
        let above = |user: UserId| self.above.contains(&user);
        let given = matches!(&self.order, Order::Assign(user) if above(*user));
        let standing = if given || token.holder().is_some_and(above) {
            Standing::Above
        } else {
            Standing::NotAbove
        };
        let after = token.apply(&command, standing, now)?;
        if let (Status::Disabled, Some(active)) = (after.status(), active) {
            *active = others;
        }
        Ok(after)
    }
}

async fn status(tx: &mut Tx, id: UserId) -> Result<UserStatus, Failure> {
    let found = users::lock(tx, id).await?;
    let found = found.ok_or_else(|| Failure::invalid("/user_id", "there is no such user"))?;
    Ok(found.status())
}

/// How many active tokens each holder has. Their guards are held in the order of their ids, so that nobody waits for one
/// who waits for him.
async fn active(tx: &mut Tx, tokens: &[OtpToken]) -> Result<HashMap<UserId, u64>, Failure> {
    let (tenant, now) = (tx.tenant(), tx.now());
    let holders: BTreeSet<UserId> = tokens.iter().filter_map(OtpToken::holder).collect();
    let mut active = HashMap::new();
    let none = OtpTokenId::from_uuid(uuid::Uuid::nil());
    for holder in holders {
        otp_tokens::hold(tx, holder).await?;
        active.insert(holder, otp_tokens::other_active(tx, tenant, holder, none, now).await?);
    }
    Ok(active)
}

/// The audit event's action for an order that was carried out.
pub(crate) const fn past_tense(verb: Verb) -> &'static str {
    match verb {
        Verb::Assign => "otp_token.assigned",
        Verb::Unassign => "otp_token.unassigned",
        Verb::Disable => "otp_token.disabled",
        Verb::Enable => "otp_token.enabled",
        Verb::Compromise => "otp_token.compromised",
        Verb::Resync => "otp_token.resynchronised",
        Verb::Unlock => "otp_token.unlocked",
        Verb::Test => "otp_token.tested",
    }
}

/// An order as a job keeps it.
pub(crate) fn write(order: &Order) -> Json {
    let arguments = match order {
        Order::Assign(user) => json!({ "user_id": user.as_uuid() }),
        Order::Compromise(reason) => json!({ "reason": reason.as_str() }),
        Order::Unassign | Order::Disable | Order::Enable | Order::Unlock => json!({}),
    };
    json!({ "verb": order.verb().as_str(), "arguments": arguments })
}

/// An order from what [`write()`] wrote; `None` when it is something else.
pub(crate) fn read(json: &Json) -> Option<Order> {
    let arguments = json.get("arguments")?;
    let text = |name: &str| arguments.get(name).and_then(Json::as_str);
    Some(match Verb::parse(json.get("verb")?.as_str()?)? {
        Verb::Assign => Order::Assign(text("user_id")?.parse().ok()?),
        Verb::Compromise => Order::Compromise(Reason::new(text("reason")?).ok()?),
        Verb::Unassign => Order::Unassign,
        Verb::Disable => Order::Disable,
        Verb::Enable => Order::Enable,
        Verb::Unlock => Order::Unlock,
        Verb::Resync | Verb::Test => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_that_a_job_keeps_comes_back() {
        for order in [
            Order::Assign(UserId::from_uuid(uuid::Uuid::from_u128(7))),
            Order::Unassign,
            Order::Disable,
            Order::Enable,
            Order::Compromise(Reason::new("box was open").unwrap()),
            Order::Unlock,
        ] {
            assert_eq!(read(&write(&order)), Some(order));
        }
        assert_eq!(read(&json!({"verb": "test", "arguments": {}})), None);
    }

    #[test]
    fn every_verb_has_its_own_event() {
        let names: BTreeSet<_> = Verb::ALL.iter().map(|verb| past_tense(*verb)).collect();
        assert_eq!(names.len(), Verb::ALL.len());
    }
}
