//! What a key says of its management: getStatus of the managed-key protocol (§3, 01).

use claviger_ctap::client::{Client, Error};
use claviger_managed_key::message::{Command, Envelope, KeyStatus, ManagementState, Policy, StatusCode, succeeded};
use serde::Serialize;

use super::{Cabled, Key};
use crate::{
    pin_state::WayOut,
    trouble::{Stage, Trouble},
};

/// What came of asking a key for its management.
pub(super) enum Asked {
    /// The key told it.
    Told(Box<ManagedState>),
    /// The key does not know the managed-key protocol.
    NoProtocol,
    /// The key did not tell: it can be managed, or know the command byte for something of its maker's.
    Unclear(Trouble),
}

impl Asked {
    /// What the key told, if it did.
    pub(super) const fn state(&self) -> Option<&ManagedState> {
        if let Self::Told(state) = self {
            Some(state)
        } else {
            None
        }
    }

    /// What can be done when the key is locked.
    pub(super) fn way_out(&self) -> WayOut {
        match self {
            Self::Told(state) => state.way_out(),
            Self::NoProtocol => WayOut::Reset,
            Self::Unclear(_) => WayOut::Unknown,
        }
    }
}

/// What a key that knows the managed-key protocol says of its management.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ManagedState {
    /// `unmanaged`, `managed`, or `admin_blocked` when the tries for unlocking are used up.
    pub state: &'static str,
    /// The serial number; over contactless only after a touch.
    pub serial_number: Option<String>,
    /// The serial number as people read it aloud.
    pub device_id: Option<String>,
    /// Tries left for unlocking from afar.
    pub unlock_tries: Option<u8>,
    /// Tries left for the admin PIN.
    pub admin_pin_tries: Option<u8>,
    /// The version of the admin secret.
    pub key_version: Option<u32>,
    /// The check value of the admin secret, as people say it.
    pub check_value: Option<String>,
    /// How often the key was unlocked in its life.
    pub unlocks: Option<u32>,
    /// Whether a challenge waits for its answer.
    pub challenge_pending: Option<bool>,
    /// The policy that the organisation wrote to it.
    pub policy: Option<WrittenPolicy>,
}

/// The policy that an organisation wrote to a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a rule of its own, as the protocol numbers them"
)]
pub struct WrittenPolicy {
    /// Characters.
    pub min_pin_length: u8,
    /// Relying parties that may read it.
    pub min_pin_length_rp_ids: Vec<String>,
    /// Whether the PIN has to be changed.
    pub force_pin_change: bool,
    /// Whether every use verifies the user.
    pub always_uv: bool,
    /// Whether enterprise attestation is on.
    pub enterprise_attestation: bool,
    /// Whether the key takes a reset.
    pub reset_allowed: bool,
    /// The only services that the key works with; all when empty.
    pub allowed_services: Vec<String>,
}

impl ManagedState {
    /// Whether an organisation holds an admin secret of it.
    #[must_use]
    pub fn is_managed(&self) -> bool {
        self.state != word(ManagementState::Unmanaged)
    }

    /// What can be done when the key is locked.
    fn way_out(&self) -> WayOut {
        if self.state == word(ManagementState::AdminBlocked) {
            WayOut::OrganisationAtDesk
        } else if self.is_managed() {
            WayOut::Organisation
        } else {
            WayOut::Reset
        }
    }

    fn of(status: KeyStatus) -> Self {
        Self {
            state: word(status.state),
            serial_number: status.serial.as_ref().map(ToString::to_string),
            device_id: status.serial.as_ref().map(claviger_managed_key::Serial::device_id),
            unlock_tries: status.admin_retries,
            admin_pin_tries: status.admin_pin_retries,
            key_version: status.key_version.map(claviger_managed_key::keys::KeyVersion::get),
            check_value: status.kcv.map(|kcv| kcv.spoken()),
            unlocks: status.unlock_seq,
            challenge_pending: status.challenge_pending,
            policy: status.policy.map(WrittenPolicy::of),
        }
    }
}

impl WrittenPolicy {
    fn of(policy: Policy) -> Self {
        Self {
            min_pin_length: policy.min_pin_length,
            min_pin_length_rp_ids: policy.rp_ids,
            force_pin_change: policy.force_pin_change,
            always_uv: policy.always_uv,
            enterprise_attestation: policy.enterprise_attestation,
            reset_allowed: !policy.reset_disabled,
            allowed_services: policy.allowed_rp_ids,
        }
    }
}

const fn word(state: ManagementState) -> &'static str {
    match state {
        ManagementState::Unmanaged => "unmanaged",
        ManagementState::Managed => "managed",
        ManagementState::AdminBlocked => "admin_blocked",
    }
}

impl Key {
    /// Refuses a key that is managed with another admin secret than the one with this check value.
    pub fn expect_check_value(&self, expected: &str) -> Result<(), Trouble> {
        if let Asked::Unclear(trouble) = &self.management {
            return Err(trouble.clone());
        }
        let Some(state) = self.management().filter(|state| state.is_managed()) else {
            return Err(Trouble::Unsupported {
                what: "an admin secret: nobody manages it".to_owned(),
            });
        };
        // Over the air a key tells it after a touch alone.
        let told = state.check_value.as_deref().ok_or(Trouble::NoTouch)?;
        if folded(expected) == folded(told) {
            Ok(())
        } else {
            Err(Trouble::ForeignAdminSecret)
        }
    }
}

/// Symbols as people type them: see the managed-key protocol §2.
fn folded(typed: &str) -> String {
    let letters = typed.chars().filter(char::is_ascii_alphanumeric);
    letters
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

/// Asks for the state. Only a key that does not know the command for sure has none; an answer that cannot be read tells nothing.
pub(super) fn ask(client: &mut Client<Cabled>) -> Result<Asked, Trouble> {
    let message = Envelope::new(&Command::GetStatus).encode();
    let (command, body) = message.split_first().unwrap_or((&0, &[]));
    let result = match client.vendor(*command, body) {
        Ok(result) => result,
        Err(Error::Transport(trouble)) => return Err(trouble),
        Err(error)
            if error
                .status()
                .is_some_and(|status| status.byte() == StatusCode::InvalidCommand.code()) =>
        {
            return Ok(Asked::NoProtocol);
        }
        Err(error) => return Ok(Asked::Unclear(Trouble::of_client(error, Stage::Reading))),
    };
    Ok(match KeyStatus::parse(&succeeded(&result)) {
        Ok(status) => Asked::Told(Box::new(ManagedState::of(status))),
        Err(fault) => Asked::Unclear(Trouble::Malformed {
            what: format!("getStatus: {fault}"),
        }),
    })
}
