//! Requests as a client writes them.

use super::cbor::MapWriter;
use super::{COMMAND, Command, CoseKey, MAGIC, NO_PARAMETERS, PIN_UV_PROTOCOL, SubCommand};
use crate::pin_uv;

/// A request that is being made: a command, and what proves that it may be given.
#[derive(Clone)]
pub struct Envelope {
    sub: SubCommand,
    params: Option<Vec<u8>>,
    key_agreement: Option<Vec<u8>>,
    auth: Option<[u8; 32]>,
    admin_auth: Option<[u8; 32]>,
    pin_token_auth: Option<[u8; 32]>,
}

impl Envelope {
    /// A request without proofs.
    #[must_use]
    pub fn new(command: &Command) -> Self {
        Self {
            sub: command.sub(),
            params: command.params(),
            key_agreement: None,
            auth: None,
            admin_auth: None,
            pin_token_auth: None,
        }
    }

    /// With the caller's public key.
    #[must_use]
    pub fn key_agreement(mut self, key: &CoseKey) -> Self {
        self.key_agreement = Some(key.encode());
        self
    }

    /// With `AUTH` by the MAC key of a shared secret or by an admin token.
    #[must_use]
    pub fn authenticated(mut self, key: &[u8; 32]) -> Self {
        self.auth = Some(pin_uv::authenticate(key, self.sub, self.params()));
        self
    }

    /// With `AUTH` by a PIN token, for an enrolment that takes over a key in use.
    #[must_use]
    pub fn pin_token_authenticated(mut self, token: &[u8; 32]) -> Self {
        self.pin_token_auth = Some(pin_uv::authenticate(token, self.sub, self.params()));
        self
    }

    /// With an authorisation of the server.
    #[must_use]
    pub const fn authorised(mut self, admin_auth: [u8; 32]) -> Self {
        self.admin_auth = Some(admin_auth);
        self
    }

    /// The whole message: the command byte and the map. The PIN/UV protocol is always named.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let map = MapWriter::new()
            .number(1, self.sub.code())
            .given(self.params.as_deref(), |map, params| map.raw(2, params))
            .number(3, PIN_UV_PROTOCOL)
            .given(self.auth, |map, auth| map.bytes(4, &auth))
            .given(self.key_agreement.as_deref(), |map, key| map.raw(5, key))
            .bytes(6, &MAGIC)
            .given(self.admin_auth, |map, auth| map.bytes(7, &auth))
            .given(self.pin_token_auth, |map, auth| map.bytes(8, &auth));
        [&[COMMAND], map.end().as_slice()].concat()
    }

    fn params(&self) -> &[u8] {
        self.params.as_deref().unwrap_or(&NO_PARAMETERS)
    }
}
