//! What a workstation saw on a key, as flags: each is one observation.

use clap::Args;
use claviger_api::{CredentialState, Observation, Observations, PinState, ReadBack, SecurityKeyMode};
use uuid::Uuid;

use crate::{failure::Failure, remote::words::named};

pub(super) const EXAMPLES: &str = "\
Examples:
  claviger keys observe 0012345678 --seen --pin-state ok --pin-retries 8 --firmware 5.7.1
  claviger keys observe 0012345678 --reset-proven
One look may report several things; they are noted together, or none of them.";

/// What was seen.
#[derive(Debug, Args)]
#[command(next_help_heading = "What was seen")]
#[group(id = "observations", multiple = true, required = true, args = [
    "seen", "pin_state", "pin_changed", "policy_applied", "firmware", "aaguid", "mode", "credential", "reset_proven",
])]
pub(crate) struct Look {
    /// The key is there
    #[arg(long)]
    seen: bool,
    /// How its PIN stands
    #[arg(long, value_name = "STATE", value_parser = named::<PinState>(&["ok", "blocked", "replug-needed", "unset"]))]
    pin_state: Option<PinState>,
    /// How many tries of the PIN are left
    #[arg(long, value_name = "N", requires = "pin_state")]
    pin_retries: Option<u8>,
    /// Its PIN is another than the initial one, which the server shreds then
    #[arg(long)]
    pin_changed: bool,
    /// This version of its policy was written; needs the right to configure too
    #[arg(long, value_name = "VERSION", requires = "read_back")]
    policy_applied: Option<u32>,
    /// What reading the policy back showed
    #[arg(long, value_name = "WHAT", requires = "policy_applied", value_parser = named::<ReadBack>(&["equal", "different"]))]
    read_back: Option<ReadBack>,
    /// Its firmware
    #[arg(long, value_name = "VERSION")]
    firmware: Option<String>,
    /// Its AAGUID
    #[arg(long, value_name = "AAGUID")]
    aaguid: Option<Uuid>,
    /// Whose admin secret is on it: ours, nobody's, somebody else's
    #[arg(long, value_name = "MODE", value_parser = named::<SecurityKeyMode>(&["managed", "unmanaged", "foreign"]))]
    mode: Option<SecurityKeyMode>,
    /// A credential at this identity provider
    #[arg(long, value_name = "NAME", requires = "credential_state")]
    credential: Option<String>,
    /// How that credential stands
    #[arg(long, value_name = "STATE", requires = "credential", value_parser = named::<CredentialState>(&["present", "pending", "failed"]))]
    credential_state: Option<CredentialState>,
    /// It was reset, and proved it: the server shreds its secrets
    #[arg(long)]
    reset_proven: bool,
}

impl Look {
    pub(crate) fn body(&self) -> Result<Observations, Failure> {
        let observations: Vec<_> = [
            self.seen.then_some(Observation::Seen {}),
            self.pin_state.map(|state| Observation::PinState {
                state,
                retries: self.pin_retries,
            }),
            self.pin_changed.then_some(Observation::PinChanged {}),
            self.policy_applied
                .zip(self.read_back)
                .map(|(version, read_back)| Observation::PolicyApplied { version, read_back }),
            self.firmware.clone().map(|firmware| Observation::Firmware { firmware }),
            self.aaguid.map(|aaguid| Observation::Aaguid { aaguid }),
            self.mode.map(|mode| Observation::Mode { mode }),
            self.credential
                .clone()
                .zip(self.credential_state)
                .map(|(identity_provider, state)| Observation::CredentialSeen {
                    identity_provider,
                    state,
                }),
            self.reset_proven.then_some(Observation::ResetProven {}),
        ]
        .into_iter()
        .flatten()
        .collect();
        if observations.is_empty() {
            return Err(Failure::usage("nothing was seen").hint("`claviger keys observe --help` lists what can be"));
        }
        Ok(Observations { observations })
    }
}
