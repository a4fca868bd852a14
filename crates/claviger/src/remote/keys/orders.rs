//! Arguments that a command on one key and on many keys share.

use clap::{Args, ValueEnum};
use claviger_api::{
    Assign, ExtendInitialPin, LinkPolicy, Quarantine, Reinstate, ReinstateInto, Release, RevocationReason, Revoke,
    client::Client,
};
use uuid::Uuid;

use super::find;
use crate::{
    failure::Failure,
    remote::{users, words},
};

/// The policy to link.
#[derive(Debug, Clone, Args)]
pub(crate) struct Link {
    /// Policy, by name or id
    #[arg(long, value_name = "POLICY")]
    policy: String,
}

impl Link {
    pub(crate) fn body(&self, client: &Client) -> Result<LinkPolicy, Failure> {
        Ok(LinkPolicy {
            policy_id: find::policy(client, &self.policy)?,
        })
    }
}

/// The user to assign to.
#[derive(Debug, Clone, Args)]
pub(crate) struct To {
    /// User, by user name or id
    #[arg(long, value_name = "USER")]
    user: String,
}

impl To {
    pub(crate) fn body(&self, client: &Client) -> Result<Assign, Failure> {
        Ok(Assign {
            user_id: users::user(client, &self.user)?,
        })
    }
}

/// Why keys are put aside.
#[derive(Debug, Clone, Args)]
pub(crate) struct Aside {
    /// Why, 1 to 200 characters
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Aside {
    pub(crate) fn body(&self) -> Quarantine {
        Quarantine {
            reason: self.reason.clone(),
        }
    }
}

/// Why keys are put back.
#[derive(Debug, Clone, Args)]
pub(crate) struct Back {
    /// Why, up to 200 characters
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

impl Back {
    pub(crate) fn body(&self) -> Release {
        Release {
            reason: self.reason.clone(),
        }
    }
}

/// Who agreed that keys come back.
#[derive(Debug, Clone, Args)]
pub(crate) struct Agreed {
    /// Id of a second person's agreement, from `approvals request`; needed for keys that were stolen or compromised
    #[arg(long, value_name = "ID", value_parser = words::id)]
    approval: Option<Uuid>,
}

impl Agreed {
    pub(crate) fn body(&self) -> Reinstate {
        Reinstate {
            into: ReinstateInto::InStock,
            approval_id: self.approval,
        }
    }
}

/// For how long an initial PIN is shown, and why.
#[derive(Debug, Clone, Args)]
pub(crate) struct Longer {
    /// Why, 1 to 200 characters; it stands in the audit log
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// For how many days from now
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=365))]
    days: u16,
}

impl Longer {
    pub(crate) fn body(&self) -> ExtendInitialPin {
        ExtendInitialPin {
            reason: self.reason.clone(),
            days: self.days,
        }
    }
}

/// Why keys end for good.
#[derive(Debug, Clone, Args)]
pub(crate) struct End {
    /// Why
    #[arg(long, value_enum)]
    reason: Reason,
    /// A remark, up to 2,000 characters
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Tell the user by mail; the tenant's setting when neither this nor --no-notify is given
    #[arg(long, conflicts_with = "no_notify")]
    notify: bool,
    /// Do not tell the user
    #[arg(long)]
    no_notify: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Reason {
    /// Nobody knows where it is
    Lost,
    /// Somebody took it
    Stolen,
    /// Its secrets are known to somebody else
    Compromised,
    /// Its user has left
    Leaver,
    /// It is broken
    Damaged,
    /// Something else; --note says what
    Other,
}

impl End {
    pub(crate) fn body(&self) -> Revoke {
        let notify = if self.notify {
            Some(true)
        } else {
            self.no_notify.then_some(false)
        };
        Revoke {
            reason: self.reason.wire(),
            note: self.note.clone(),
            notify,
        }
    }
}

impl Reason {
    fn wire(self) -> RevocationReason {
        match self {
            Self::Lost => RevocationReason::Lost,
            Self::Stolen => RevocationReason::Stolen,
            Self::Compromised => RevocationReason::Compromised,
            Self::Leaver => RevocationReason::Leaver,
            Self::Damaged => RevocationReason::Damaged,
            Self::Other => RevocationReason::Other,
        }
    }
}
