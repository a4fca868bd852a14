//! Why a command was refused, in words that name the remedy.

use super::{Generation, RevocationReason, Status, Verb};
use crate::policy::PolicyKind;

/// A refused command: the key is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct Refusal {
    state: Status,
    command: Verb,
    cause: Cause,
}

/// What stood in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The state does not allow the command.
    #[error("not in this state")]
    State,
    /// Revoking twice changes nothing.
    #[error("this key is revoked already; nothing was changed")]
    AlreadyRevoked,
    /// The same holder again changes nothing.
    #[error("this user has the key already; nothing was changed")]
    AlreadyAssigned,
    /// The same policy version again changes nothing.
    #[error("this policy is linked already; nothing was changed")]
    AlreadyLinked,
    /// Another user has it.
    #[error("another user has this key; unassign it first")]
    OtherHolder,
    /// Nobody has it.
    #[error("nobody has this key; assign it to a user first")]
    NoHolder,
    /// Somebody has it.
    #[error("a user has this key; unassign it first")]
    HasHolder,
    /// It once was in somebody's hands, so its history stays.
    #[error("this key was assigned once, so its history stays; dispose of it instead")]
    EverAssigned,
    /// Its history of revoked generations stays.
    #[error("this key was in use before, so its history stays; dispose of it instead")]
    HasHistory,
    /// A credential would outlive the holding.
    #[error("credentials are registered with this key; revoke it instead")]
    HasCredentials,
    /// The user may not have keys.
    #[error("this user is disabled; enable the user first, or choose another")]
    UserDisabled,
    /// The identity provider is off.
    #[error("this identity provider is switched off; switch it on in the settings first")]
    ProviderInactive,
    /// The operator stands below.
    #[error("the user of this key holds privileges that you lack; ask somebody who holds them")]
    HolderAbove,
    /// The key cannot take the policy.
    #[error("{}", fit_sentence(*.kind))]
    PolicyDoesNotFit {
        /// The policy's type.
        kind: PolicyKind,
    },
    /// The policy is history.
    #[error("this policy is archived; restore it first, or choose another")]
    PolicyArchived,
    /// The key has another policy.
    #[error("another policy is linked to this key; link the wanted one first")]
    OtherPolicy,
    /// The version on offer is older than the pinned one.
    #[error("this policy version is older than the one on the key; apply the newest")]
    OlderPolicyVersion,
    /// Another key is plugged in.
    #[error("the key at the workstation has another serial number; plug in the right one")]
    OtherSerial,
    /// The configuration was made for an earlier life.
    #[error("this configuration is for another generation; the key is in generation {}; start again", .current.get())]
    OtherGeneration {
        /// The generation that the key is in.
        current: Generation,
    },
    /// Nothing to confirm or abandon.
    #[error("no configuration is pending; prepare one first")]
    NothingPending,
    /// Secrets may be on the key.
    #[error("a configuration of this key is pending; resume or abandon it at a workstation first")]
    ConfigurationPending,
    /// Admin mode is what an enterprise policy is made for.
    #[error("an enterprise policy is written with an admin PIN; ask for one")]
    AdminPinNeeded,
    /// The key has no admin mode.
    #[error("this key knows no admin PIN; it takes a key of version FIDO_2_1 or later")]
    NoAdminMode,
    /// Its PIN is another by now.
    #[error("the PIN of this key was changed since; its initial PIN is gone")]
    PinSuperseded,
    /// The key holds something else than was written.
    #[error("the key does not hold what was written; configure it again")]
    ReadBackDiffers,
    /// Old credentials may be on the key.
    #[error("the reset of this key is not proven; reset it at a workstation first")]
    ResetNotProven,
    /// The worst failure there is.
    #[error("the identity provider still accepts this key; wait until its removal is done")]
    StillAcceptedElsewhere,
    /// It was in strange hands.
    #[error("a key that was {} comes back only when a second person agrees; ask for approval", .reason.as_str())]
    SecondPersonNeeded {
        /// Why it was revoked.
        reason: RevocationReason,
    },
    /// Nobody approves his own request.
    #[error("nobody approves his own request; ask another person")]
    OwnApproval,
}

impl Refusal {
    pub(super) const fn new(state: Status, command: Verb, cause: Cause) -> Self {
        Self { state, command, cause }
    }

    /// The state in which the key was and is.
    #[must_use]
    pub const fn state(&self) -> Status {
        self.state
    }

    /// What was asked.
    #[must_use]
    pub const fn command(&self) -> Verb {
        self.command
    }

    /// What stood in the way.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        self.cause
    }

    /// Whether what was asked is so already: nothing was changed, and nothing needs to be done.
    #[must_use]
    pub const fn is_so_already(&self) -> bool {
        matches!(
            self.cause,
            Cause::AlreadyRevoked | Cause::AlreadyAssigned | Cause::AlreadyLinked
        )
    }

    fn sentence(&self) -> String {
        if self.cause == Cause::State {
            return format!("this key is {}; {}", self.state, needs(self.command));
        }
        self.cause.to_string()
    }
}

fn fit_sentence(kind: PolicyKind) -> &'static str {
    match kind {
        PolicyKind::Enterprise => {
            "an enterprise policy needs a key of version FIDO_2_1 or later; choose a standard policy"
        }
        PolicyKind::Standard => "a policy needs a key of version FIDO_2_0 or later; this key knows no policies",
    }
}

const fn needs(verb: Verb) -> &'static str {
    match verb {
        Verb::LinkPolicy => "a policy is linked to keys IN STOCK or READY only",
        Verb::UnlinkPolicy => "a policy is unlinked from READY keys only",
        Verb::Assign => "only READY or CONFIGURED keys can be assigned; link a policy first",
        Verb::Unassign => "only READY or CONFIGURED keys can be unassigned; revoke a key in use instead",
        Verb::Quarantine => "only keys IN STOCK or READY can be put aside; revoke a key in use instead",
        Verb::Release => "only QUARANTINED keys can be released",
        Verb::PrepareConfiguration | Verb::ConfirmConfiguration | Verb::AbandonConfiguration => {
            "only keys IN STOCK or READY are configured; release or reinstate the key first"
        }
        Verb::ApplyPolicy => "a newer policy version is applied to CONFIGURED or ENROLLED keys only",
        Verb::Enroll => "only CONFIGURED keys can be enrolled; configure the key first",
        Verb::Revoke => "it is gone already, and nothing is left to revoke",
        Verb::Suspend => "only ENROLLED keys can be suspended",
        Verb::Resume => "only SUSPENDED keys can be resumed",
        Verb::ExtendInitialPin => "an initial PIN is shown for longer on CONFIGURED, ENROLLED or SUSPENDED keys only",
        Verb::Reinstate => "only REVOKED keys can be reinstated",
        Verb::Dispose => "only keys IN STOCK, READY, QUARANTINED or REVOKED can be disposed of; revoke the key first",
        Verb::Delete => "only keys IN STOCK or READY can be deleted; revoke or dispose of the key instead",
    }
}
