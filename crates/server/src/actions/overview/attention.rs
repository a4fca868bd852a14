//! What needs attention, each kind from a counter or a count with a bound. A further kind is one more line in [`items`].

use claviger_domain::{Privilege, PrivilegeSet, TenantId, security_key::Status, user::UserStatus};
use claviger_store::{
    Reader, outbox,
    pages::Total,
    security_keys::{self, Filter},
};

use crate::{Failure, actions::administrators::owners};

/// What is not as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Revoked here, still accepted there: the removal was refused.
    RemovalFailed,
    /// Revoked here, still accepted there: the removal waits.
    PendingRemoval,
    /// Mail that was given up.
    FailedMail,
    /// Keys in use of users who are disabled.
    DisabledUserKeys,
    /// Keys whose PIN tries are used up.
    Locked,
    /// Keys that have another policy than they should.
    Drift,
    /// One Owner alone can sign in.
    SingleOwner,
}

impl Kind {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RemovalFailed => "removal_failed",
            Self::PendingRemoval => "pending_removal",
            Self::FailedMail => "failed_mail",
            Self::DisabledUserKeys => "disabled_user_keys",
            Self::Locked => "locked",
            Self::Drift => "drift",
            Self::SingleOwner => "single_owner",
        }
    }

    /// The list of keys that it is about, as a query.
    #[must_use]
    pub const fn filter(self) -> Option<&'static [(&'static str, &'static str)]> {
        match self {
            Self::DisabledUserKeys => Some(&[
                ("user_status", "disabled"),
                ("status", "ready,configured,enrolled,suspended"),
            ]),
            Self::Locked => Some(&[("locked", "true")]),
            Self::Drift => Some(&[("drift", "true")]),
            Self::RemovalFailed | Self::PendingRemoval | Self::FailedMail | Self::SingleOwner => None,
        }
    }
}

/// So many things of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// What they are.
    pub kind: Kind,
    /// How many.
    pub count: Total,
}

/// What the caller may know of, the worst first.
pub(super) async fn items(
    reader: &mut Reader,
    tenant: TenantId,
    privileges: PrivilegeSet,
    drifting: u64,
) -> Result<Vec<Item>, Failure> {
    let exactly = |count| Total { count, capped: false };
    let messages = outbox::attention(reader, tenant).await?;
    let mut all = vec![
        (Kind::RemovalFailed, messages.failed_removals),
        (Kind::PendingRemoval, messages.pending_removals),
    ];
    if privileges.contains(Privilege::UserRead) {
        all.push((Kind::FailedMail, messages.failed_mail));
        let left = Filter {
            user_status: Some(UserStatus::Disabled),
            statuses: vec![Status::Ready, Status::Configured, Status::Enrolled, Status::Suspended],
            ..Filter::default()
        };
        all.push((
            Kind::DisabledUserKeys,
            security_keys::total(reader, tenant, &left).await?,
        ));
    }
    let locked = Filter {
        locked: Some(true),
        ..Filter::default()
    };
    all.push((Kind::Locked, security_keys::total(reader, tenant, &locked).await?));
    all.push((Kind::Drift, exactly(drifting)));
    if privileges.contains(Privilege::AdministratorRead) {
        let alone = owners::is_alone(reader, tenant).await?;
        all.push((Kind::SingleOwner, exactly(u64::from(alone))));
    }
    let some = all.into_iter().filter(|(_, count)| count.count > 0 || count.capped);
    Ok(some.map(|(kind, count)| Item { kind, count }).collect())
}
