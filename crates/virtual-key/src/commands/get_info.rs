//! `authenticatorGetInfo`: CTAP §6.4.

use claviger_ctap::wire::entities::Parameter;
use claviger_ctap::wire::extensions::{CRED_BLOB, CRED_PROTECT, HMAC_SECRET, LARGE_BLOB_KEY, MIN_PIN_LENGTH};
use claviger_ctap::wire::get_info::Info;

use crate::attestation::AAGUID;
use crate::authenticator::LONGEST_MESSAGE;
use crate::crypto::{Algorithm, LONGEST_ID};
use crate::{Authenticator, Link, limits};

impl Authenticator {
    /// What the key is and what is set up, as it is told over this link.
    pub(crate) fn get_info(&self, link: Link) -> Info {
        let state = self.state();
        let settings = &state.settings;
        Info {
            versions: texts(&["FIDO_2_0", "FIDO_2_1"]),
            extensions: texts(&[CRED_PROTECT, HMAC_SECRET, LARGE_BLOB_KEY, CRED_BLOB, MIN_PIN_LENGTH]),
            aaguid: AAGUID,
            options: self.options(),
            max_msg_size: Some(LONGEST_MESSAGE.into()),
            pin_uv_auth_protocols: vec![2, 1],
            max_credential_count_in_list: Some(limits::LIST),
            max_credential_id_length: u32::try_from(LONGEST_ID).ok(),
            transports: texts(transports(link)),
            algorithms: Algorithm::ALL.map(|own| Parameter::public_key(own.cose())).to_vec(),
            max_serialized_large_blob_array: Some(limits::LARGE_BLOBS),
            force_pin_change: Some(settings.force_pin_change),
            min_pin_length: Some(settings.min_pin_length.into()),
            firmware_version: Some(1),
            max_cred_blob_length: Some(limits::CRED_BLOB),
            max_rpids_for_set_min_pin_length: Some(limits::MIN_PIN_RP_IDS),
            remaining_discoverable_credentials: Some(limits::remaining(state)),
            attestation_formats: texts(&["packed"]),
            ..Info::default()
        }
    }

    fn options(&self) -> Vec<(String, bool)> {
        let state = self.state();
        let settings = &state.settings;
        let options = [
            ("rk", true),
            ("up", true),
            ("plat", false),
            ("clientPin", state.pin.is_some()),
            ("pinUvAuthToken", true),
            ("credMgmt", true),
            ("authnrCfg", true),
            ("setMinPINLength", true),
            ("largeBlobs", true),
            ("ep", settings.enterprise_attestation),
            ("alwaysUv", settings.always_uv),
            // CTAP §7.2.4: while the user is always verified, no credential is made without.
            ("makeCredUvNotRqd", !settings.always_uv),
        ];
        options.map(|(name, is_set)| (name.to_owned(), is_set)).to_vec()
    }
}

/// By what platforms find the key again (WebAuthn §5.8.4). A key in a reader can be put on one that works by radio, and
/// there are platforms that take any reader for one; a key on a cable has no other way.
const fn transports(link: Link) -> &'static [&'static str] {
    match link {
        Link::Usb => &["usb"],
        Link::Contact | Link::Contactless | Link::Management => &["nfc", "smart-card"],
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
