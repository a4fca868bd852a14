//! What needs attention, each kind from a counter or a count with a bound. A further kind is one more line in [`items`].

use claviger_domain::{
    Privilege, PrivilegeSet, TenantId, Timestamp,
    security_key::{Removal, Status},
    user::UserStatus,
};
use claviger_store::{
    Reader, api_tokens, break_glass,
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
    /// An Owner signed in beside the identity provider, and nobody else has taken note.
    BreakGlass,
    /// Keys in use of users who are disabled.
    DisabledUserKeys,
    /// API tokens that are left of administrators who may not act any more.
    DisabledAdministratorTokens,
    /// Keys whose PIN tries are used up.
    Locked,
    /// Keys in use that have another policy than they should.
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
            Self::BreakGlass => "break_glass",
            Self::DisabledUserKeys => "disabled_user_keys",
            Self::DisabledAdministratorTokens => "disabled_administrator_tokens",
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
            Self::Drift => Some(&[("tab", "inventory"), ("drift", "true")]),
            Self::RemovalFailed => Some(&[("removal", "failed")]),
            Self::PendingRemoval => Some(&[("removal", "pending")]),
            Self::FailedMail => Some(&[("mail", "failed")]),
            Self::BreakGlass | Self::DisabledAdministratorTokens | Self::SingleOwner => None,
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
    /// When the newest of them happened, of those that are events.
    pub newest: Option<Timestamp>,
}

/// What the caller may know of, the worst first. Keys are counted by the filter that lists them.
pub(super) async fn items(
    reader: &mut Reader,
    (tenant, now): (TenantId, Timestamp),
    privileges: PrivilegeSet,
    drifting: u64,
) -> Result<Vec<Item>, Failure> {
    let exactly = |count| Total { count, capped: false };
    let mut all = Vec::new();
    for (kind, removal) in [
        (Kind::RemovalFailed, Removal::Failed),
        (Kind::PendingRemoval, Removal::Pending),
    ] {
        let owed = Filter {
            removals: vec![removal],
            ..Filter::default()
        };
        all.push((kind, security_keys::total(reader, tenant, &owed).await?));
    }
    let mut newest = None;
    if privileges.contains(Privilege::AuditRead) {
        let open = break_glass::open(reader, tenant, now).await?;
        newest = open.newest;
        all.push((Kind::BreakGlass, open.count));
    }
    if privileges.contains(Privilege::UserRead) {
        all.extend(about_users(reader, tenant).await?);
    }
    if privileges.contains(Privilege::ApiTokenRead) {
        let orphaned = api_tokens::orphaned(reader, tenant, now).await?;
        all.push((Kind::DisabledAdministratorTokens, orphaned));
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
    Ok(some
        .map(|(kind, count)| Item {
            kind,
            count,
            newest: newest.filter(|_| kind == Kind::BreakGlass),
        })
        .collect())
}

async fn about_users(reader: &mut Reader, tenant: TenantId) -> Result<[(Kind, Total); 2], Failure> {
    let not_told = Filter {
        mail_failed: Some(true),
        ..Filter::default()
    };
    let left = Filter {
        user_status: Some(UserStatus::Disabled),
        statuses: vec![Status::Ready, Status::Configured, Status::Enrolled, Status::Suspended],
        ..Filter::default()
    };
    Ok([
        (Kind::FailedMail, security_keys::total(reader, tenant, &not_told).await?),
        (
            Kind::DisabledUserKeys,
            security_keys::total(reader, tenant, &left).await?,
        ),
    ])
}
