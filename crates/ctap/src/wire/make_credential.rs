//! `authenticatorMakeCredential`: CTAP §6.1.

use super::cbor::{Entries, Fault, Fields, Value};
use super::entities::{Descriptor, LargeBlobKey, Parameter, RelyingParty, User};
use super::extensions::Creation;
use super::{Body, Command, Request};

/// Options of both commands that use credentials; what is absent has the default of CTAP §6.1.2 or §6.2.2.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// `rk`: a discoverable credential.
    pub discoverable: Option<bool>,
    /// `up`: the user has to be there.
    pub user_presence: Option<bool>,
    /// `uv`: the built-in verification, which FIDO 2.1 leaves to tokens.
    pub user_verification: Option<bool>,
}

impl Options {
    /// The map, or nothing when it is empty.
    pub(super) fn value(self) -> Option<Value> {
        let entries = Entries::default()
            .put_some("rk", self.discoverable)
            .put_some("up", self.user_presence);
        entries.put_some("uv", self.user_verification).value_unless_empty()
    }
}

impl Body for Options {
    fn to_value(&self) -> Value {
        self.value().unwrap_or(Value::Map(Vec::new()))
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        Ok(Self {
            discoverable: fields.take("rk", "option rk")?,
            user_presence: fields.take("up", "option up")?,
            user_verification: fields.take("uv", "option uv")?,
        })
    }
}

/// The request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MakeCredential {
    /// 0x01: SHA-256 of the client data.
    pub client_data_hash: [u8; 32],
    /// 0x02.
    pub rp: RelyingParty,
    /// 0x03.
    pub user: User,
    /// 0x04: the preferred algorithm first.
    pub parameters: Vec<Parameter>,
    /// 0x05: credentials that must not be on the same key.
    pub exclude_list: Vec<Descriptor>,
    /// 0x06.
    pub extensions: Option<Creation>,
    /// 0x07.
    pub options: Options,
    /// 0x08. Empty to ask for a touch alone (CTAP §6.1.2 step 1).
    pub pin_uv_auth_param: Option<Vec<u8>>,
    /// 0x09.
    pub protocol: Option<u8>,
    /// 0x0A: 1 the vendor decides for which relying parties, 2 the platform did (CTAP §7.1).
    pub enterprise_attestation: Option<u64>,
    /// 0x0B of CTAP 2.2.
    pub attestation_formats_preference: Vec<String>,
}

impl Request for MakeCredential {
    type Response = Response;
    const COMMAND: Command = Command::MakeCredential;
}

impl Body for MakeCredential {
    fn to_value(&self) -> Value {
        Entries::default()
            .put(0x01, self.client_data_hash)
            .put(0x02, self.rp.to_value())
            .put(0x03, self.user.to_value())
            .put(0x04, Value::array(self.parameters.iter().map(Body::to_value)))
            .put_list(0x05, self.exclude_list.iter().map(Body::to_value))
            .put_some(0x06, self.extensions.as_ref().map(Body::to_value))
            .put_some(0x07, self.options.value())
            .put_some(0x08, self.pin_uv_auth_param.as_ref())
            .put_some(0x09, self.protocol)
            .put_some(0x0A, self.enterprise_attestation)
            .put_list(0x0B, &self.attestation_formats_preference)
            .value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        Ok(Self {
            client_data_hash: fields.need(0x01, "clientDataHash (0x01)")?,
            rp: fields.need(0x02, "rp (0x02)")?,
            user: fields.need(0x03, "user (0x03)")?,
            parameters: fields.need_list(0x04, "pubKeyCredParams (0x04)")?,
            exclude_list: fields.list(0x05, "excludeList (0x05)")?,
            extensions: fields.take(0x06, "extensions (0x06)")?,
            options: fields.take(0x07, "options (0x07)")?.unwrap_or_default(),
            pin_uv_auth_param: fields.take(0x08, "pinUvAuthParam (0x08)")?,
            protocol: fields.take(0x09, "pinUvAuthProtocol (0x09)")?,
            enterprise_attestation: fields.take(0x0A, "enterpriseAttestation (0x0A)")?,
            attestation_formats_preference: fields.list(0x0B, "attestationFormatsPreference (0x0B)")?,
        })
    }
}

/// The response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// 0x01: the format of the statement, such as `packed`.
    pub format: String,
    /// 0x02: as signed; [`super::auth_data::AuthenticatorData`] reads it.
    pub auth_data: Vec<u8>,
    /// 0x03; [`Packed`] reads the one of `packed`.
    pub statement: Value,
    /// 0x04: the statement is of enterprise attestation.
    pub enterprise_attestation: Option<bool>,
    /// 0x05.
    pub large_blob_key: Option<LargeBlobKey>,
}

impl Body for Response {
    fn to_value(&self) -> Value {
        Entries::default()
            .put(0x01, &self.format)
            .put(0x02, &self.auth_data)
            .put(0x03, self.statement.clone())
            .put_some(0x04, self.enterprise_attestation)
            .put_some(0x05, self.large_blob_key.as_ref())
            .value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        Ok(Self {
            format: fields.need(0x01, "fmt (0x01)")?,
            auth_data: fields.need(0x02, "authData (0x02)")?,
            statement: fields.need(0x03, "attStmt (0x03)")?,
            enterprise_attestation: fields.take(0x04, "epAtt (0x04)")?,
            large_blob_key: fields.take(0x05, "largeBlobKey (0x05)")?,
        })
    }
}

/// The statement of the format `packed` (WebAuthn §8.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// `alg`: the COSE number of the algorithm.
    pub algorithm: i64,
    /// `sig` over authenticator data ‖ client data hash.
    pub signature: Vec<u8>,
    /// `x5c`: certificates in DER, the signer's first; empty when the credential signed for itself.
    pub certificates: Vec<Vec<u8>>,
}

impl Body for Packed {
    fn to_value(&self) -> Value {
        let entries = Entries::default()
            .put("alg", self.algorithm)
            .put("sig", &self.signature);
        entries.put_list("x5c", &self.certificates).value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        Ok(Self {
            algorithm: fields.need("alg", "alg of attStmt")?,
            signature: fields.need("sig", "sig of attStmt")?,
            certificates: fields.list("x5c", "x5c of attStmt")?,
        })
    }
}
