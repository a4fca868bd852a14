//! A key whose answers are fixed: for what it says of itself, and for answers that no decent key gives.

use std::{cell::RefCell, rc::Rc};

use claviger_ctap::wire::{client_pin, get_info::Info, success};
use claviger_managed_key::{
    Serial,
    keys::{Kcv, KeyVersion},
    message::{KeyStatus, ManagementState, Policy},
};
use claviger_workstation::Trouble;

use super::{Device, Shared};

/// Fixed answers.
pub(crate) struct Canned {
    pub(crate) info: Info,
    pub(crate) retries: client_pin::Response,
    pub(crate) status: Option<KeyStatus>,
    /// The whole answer to one command byte, in place of what it would be.
    pub(crate) instead: Option<(u8, Result<Vec<u8>, Trouble>)>,
    /// The command byte before whose answer it waits for a touch.
    pub(crate) touched: Option<u8>,
}

impl Canned {
    /// A key with a PIN and 8 tries, that nobody can manage.
    pub(crate) fn plain() -> Self {
        let options = [
            ("rk", true),
            ("up", true),
            ("clientPin", true),
            ("credMgmt", true),
            ("authnrCfg", true),
        ];
        Self {
            info: Info {
                versions: vec!["U2F_V2".to_owned(), "FIDO_2_0".to_owned(), "FIDO_2_1".to_owned()],
                aaguid: *b"\x2f\xc0\x57\x9f\x81\x13\x47\xea\xb1\x16\xbb\x5a\x8d\xb9\x20\x2a",
                options: options.map(|(name, set)| (name.to_owned(), set)).to_vec(),
                pin_uv_auth_protocols: vec![2, 1],
                min_pin_length: Some(6),
                firmware_version: Some(328_706),
                remaining_discoverable_credentials: Some(23),
                ..Info::default()
            },
            retries: client_pin::Response {
                pin_retries: Some(8),
                ..client_pin::Response::default()
            },
            status: None,
            instead: None,
            touched: None,
        }
    }

    /// The same, managed by an organisation.
    pub(crate) fn managed(state: ManagementState) -> Self {
        let policy = Policy {
            min_pin_length: 6,
            enterprise_attestation: true,
            allowed_rp_ids: vec!["login.example.org".to_owned()],
            ..Policy::default()
        };
        let mut status = KeyStatus::new(state);
        status.serial = Some(Serial::new("4711000123").unwrap());
        status.admin_retries = Some(if state == ManagementState::AdminBlocked { 0 } else { 16 });
        status.admin_pin_retries = Some(8);
        status.key_version = KeyVersion::new(2);
        status.kcv = Some(Kcv::new([0x12, 0x34, 0x56]));
        status.unlock_seq = Some(3);
        status.policy = Some(policy);
        Self {
            status: Some(status),
            ..Self::plain()
        }
    }

    /// With so many tries left.
    pub(crate) fn tries(mut self, left: u32) -> Self {
        self.retries.pin_retries = Some(left);
        self
    }

    /// With this answer to a command in place of the right one.
    pub(crate) fn instead(mut self, command: u8, answer: Result<Vec<u8>, Trouble>) -> Self {
        self.instead = Some((command, answer));
        self
    }

    pub(crate) fn shared(self) -> Shared {
        Rc::new(RefCell::new(self))
    }
}

impl Device for Canned {
    fn exchange(&mut self, request: &[u8]) -> Result<Vec<u8>, Trouble> {
        if let Some((command, answer)) = &self.instead
            && request[0] == *command
        {
            return answer.clone();
        }
        Ok(match request[0] {
            0x04 => success(&self.info),
            0x06 => success(&self.retries),
            0xB4 => self.status.as_ref().map_or(vec![0x01], KeyStatus::encode),
            _ => vec![0x01],
        })
    }

    fn wants_touch(&self, request: &[u8]) -> bool {
        self.touched == Some(request[0])
    }

    fn power(&mut self, _: bool) {}
}
