//! `authenticatorGetAssertion` and `authenticatorGetNextAssertion`: CTAP §6.2, §6.3.

use super::cbor::{Entries, Fault, Fields, Value};
use super::entities::{Descriptor, LargeBlobKey, User};
use super::extensions::Assertion;
use super::make_credential::Options;
use super::{Body, Command, Request};

/// The request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetAssertion {
    /// 0x01.
    pub rp_id: String,
    /// 0x02: SHA-256 of the client data.
    pub client_data_hash: [u8; 32],
    /// 0x03: credentials of which one will do; empty for discoverable ones.
    pub allow_list: Vec<Descriptor>,
    /// 0x04.
    pub extensions: Option<Assertion>,
    /// 0x05; `rk` does not belong here.
    pub options: Options,
    /// 0x06. Empty to ask for a touch alone (CTAP §6.2.2 step 1).
    pub pin_uv_auth_param: Option<Vec<u8>>,
    /// 0x07.
    pub protocol: Option<u8>,
}

impl Request for GetAssertion {
    type Response = Response;
    const COMMAND: Command = Command::GetAssertion;
}

impl Body for GetAssertion {
    fn to_value(&self) -> Value {
        Entries::default()
            .put(0x01, &self.rp_id)
            .put(0x02, self.client_data_hash)
            .put_list(0x03, self.allow_list.iter().map(Body::to_value))
            .put_some(0x04, self.extensions.as_ref().map(Body::to_value))
            .put_some(0x05, self.options.value())
            .put_some(0x06, self.pin_uv_auth_param.as_ref())
            .put_some(0x07, self.protocol)
            .value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        Ok(Self {
            rp_id: fields.need(0x01, "rpId (0x01)")?,
            client_data_hash: fields.need(0x02, "clientDataHash (0x02)")?,
            allow_list: fields.list(0x03, "allowList (0x03)")?,
            extensions: fields.take(0x04, "extensions (0x04)")?,
            options: fields.take(0x05, "options (0x05)")?.unwrap_or_default(),
            pin_uv_auth_param: fields.take(0x06, "pinUvAuthParam (0x06)")?,
            protocol: fields.take(0x07, "pinUvAuthProtocol (0x07)")?,
        })
    }
}

/// The response, to both commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// 0x01: CTAP 2.0 leaves it out when one credential was allowed.
    pub credential: Option<Descriptor>,
    /// 0x02: as signed; [`super::auth_data::AuthenticatorData`] reads it.
    pub auth_data: Vec<u8>,
    /// 0x03: over authenticator data ‖ client data hash.
    pub signature: Vec<u8>,
    /// 0x04: of a discoverable credential.
    pub user: Option<User>,
    /// 0x05: how many there are, when there are several.
    pub number_of_credentials: Option<u32>,
    /// 0x06: the user chose on the key's own display.
    pub user_selected: Option<bool>,
    /// 0x07.
    pub large_blob_key: Option<LargeBlobKey>,
}

impl Body for Response {
    fn to_value(&self) -> Value {
        Entries::default()
            .put_some(0x01, self.credential.as_ref().map(Body::to_value))
            .put(0x02, &self.auth_data)
            .put(0x03, &self.signature)
            .put_some(0x04, self.user.as_ref().map(Body::to_value))
            .put_some(0x05, self.number_of_credentials)
            .put_some(0x06, self.user_selected)
            .put_some(0x07, self.large_blob_key.as_ref())
            .value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        Ok(Self {
            credential: fields.take(0x01, "credential (0x01)")?,
            auth_data: fields.need(0x02, "authData (0x02)")?,
            signature: fields.need(0x03, "signature (0x03)")?,
            user: fields.take(0x04, "user (0x04)")?,
            number_of_credentials: fields.take(0x05, "numberOfCredentials (0x05)")?,
            user_selected: fields.take(0x06, "userSelected (0x06)")?,
            large_blob_key: fields.take(0x07, "largeBlobKey (0x07)")?,
        })
    }
}
