//! The organisation's hold on a key.

use minicbor::{Decode, Encode};

use super::Policy;
use crate::secret::Secret;

/// Tries for an unlock before the key is admin-blocked (managed-key protocol §4).
pub const ADMIN_TRIES: u8 = 16;
/// Tries for the admin PIN (managed-key protocol §3).
pub const ADMIN_PIN_TRIES: u8 = 8;

/// What enrolment left on the key.
#[derive(Clone, Encode, Decode)]
#[cbor(map)]
pub struct Management {
    /// The device's management key, `K_dev`.
    #[n(0)]
    pub device_key: Secret<32>,
    /// Which of the device's keys this is.
    #[n(1)]
    pub key_version: u32,
    /// The first 16 bytes of SHA-256 of the admin PIN.
    #[n(2)]
    pub admin_pin_hash: Secret<16>,
    /// Unlocks that may still fail; 0 is *admin-blocked*.
    #[n(3)]
    pub admin_retries: u8,
    /// Tries left for the admin PIN.
    #[n(4)]
    pub admin_pin_retries: u8,
    /// What the organisation wants of the key.
    #[n(5)]
    pub policy: Policy,
}
