//! authenticatorConfig (CTAP 2.1 §6.11): settings of a key.

use claviger_ctap::wire::{
    client_pin::Permissions,
    config::{SetMinPinLength, VendorPrototype},
};

use super::Key;
use crate::trouble::{Failed, Stage, Trouble};

/// The minimum length where the key says none (CTAP 2.1 §6.4).
const SHORTEST: u32 = 4;

/// A setting that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// setMinPINLength.
    MinPinLength {
        /// Characters; as it is when absent.
        length: Option<u8>,
        /// Relying parties that may read it; as they are when empty.
        rp_ids: Vec<String>,
        /// Whether the PIN has to be changed.
        force_change: bool,
    },
    /// toggleAlwaysUv, to this.
    AlwaysUv(bool),
    /// enableEnterpriseAttestation.
    EnterpriseAttestation,
    /// vendorPrototype, with the vendor's number of it.
    Vendor(u64),
}

impl Key {
    /// The fewest characters that a PIN may have.
    #[must_use]
    pub fn min_pin_length(&self) -> u32 {
        self.info().min_pin_length.unwrap_or(SHORTEST)
    }

    /// Whether the key has the setting already. Which relying parties it lets read the length, no key tells.
    #[must_use]
    pub fn has(&self, setting: &Setting) -> bool {
        match setting {
            Setting::MinPinLength {
                length,
                rp_ids,
                force_change,
            } => {
                let length_is = length.is_none_or(|length| u32::from(length) == self.min_pin_length());
                let change_is = !force_change || self.info().force_pin_change == Some(true);
                length_is && change_is && rp_ids.is_empty()
            }
            Setting::AlwaysUv(wanted) => self.info().option("alwaysUv") == Some(*wanted),
            Setting::EnterpriseAttestation => self.info().option("ep") == Some(true),
            Setting::Vendor(_) => false,
        }
    }

    /// Whether the key can have the setting at all; it is asked before anybody types a PIN.
    pub fn can(&self, setting: &Setting) -> Result<(), Trouble> {
        let unsupported = |what: &str| Trouble::Unsupported { what: what.to_owned() };
        if self.info().option("authnrCfg") != Some(true) {
            return Err(unsupported("authenticatorConfig"));
        }
        match setting {
            Setting::MinPinLength { length, rp_ids, .. } => {
                if self.info().option("setMinPINLength") != Some(true) {
                    return Err(unsupported("another minimum length of PINs"));
                }
                if length.is_some_and(|length| u32::from(length) < self.min_pin_length()) {
                    let now = self.min_pin_length();
                    return Err(Trouble::UnfitLength { now });
                }
                let room = self.info().max_rpids_for_set_min_pin_length.unwrap_or_default();
                if u32::try_from(rp_ids.len()).is_ok_and(|count| count > room) {
                    return Err(unsupported(&format!(
                        "more than {room} relying parties for the minimum length"
                    )));
                }
            }
            Setting::AlwaysUv(_) if self.info().option("alwaysUv").is_none() => {
                return Err(unsupported("always verifying its user"));
            }
            Setting::EnterpriseAttestation if self.info().option("ep").is_none() => {
                return Err(unsupported("enterprise attestation"));
            }
            Setting::Vendor(number) => {
                let listed = self
                    .info()
                    .vendor_prototype_config_commands
                    .as_deref()
                    .unwrap_or_default();
                if !listed.contains(number) {
                    return Err(unsupported(&format!("a vendor's setting of the number {number}")));
                }
            }
            Setting::AlwaysUv(_) | Setting::EnterpriseAttestation => {}
        }
        Ok(())
    }

    /// Whether a setting wants the PIN: a key without one takes settings from everybody (CTAP 2.1 §6.11, step 4).
    #[must_use]
    pub fn wants_pin(&self) -> bool {
        self.info().option("clientPin") == Some(true)
    }

    /// Writes the setting, and reads back what the key is now.
    pub fn configure(&mut self, pin: Option<&str>, setting: &Setting) -> Result<(), Failed> {
        let token = pin
            .map(|pin| self.token(pin, Permissions::AUTHENTICATOR_CONFIG))
            .transpose()?;
        let token = token.as_ref();
        self.during(Stage::Configuring, |client| match setting {
            Setting::MinPinLength {
                length,
                rp_ids,
                force_change,
            } => {
                let order = SetMinPinLength {
                    new_min_pin_length: length.map(u32::from),
                    rp_ids: rp_ids.clone(),
                    force_change_pin: force_change.then_some(true),
                };
                client.set_min_pin_length(&order, token)
            }
            Setting::AlwaysUv(_) => client.toggle_always_uv(token),
            Setting::EnterpriseAttestation => client.enable_enterprise_attestation(token),
            Setting::Vendor(number) => {
                let order = VendorPrototype {
                    command: *number,
                    others: Vec::new(),
                };
                client.vendor_prototype(&order, token)
            }
        })
    }
}
