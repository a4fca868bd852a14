//! `authenticatorCredentialManagement`: CTAP §6.8.

use super::cbor::{Entries, Fault, Fields, Value};
use super::cose::CredentialKey;
use super::entities::{Descriptor, LargeBlobKey, RelyingParty, User};
use super::{Authorised, Body, Command, Request};

/// What is asked of the credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubCommand {
    /// 0x01 `getCredsMetadata`.
    Metadata,
    /// 0x02 `enumerateRPsBegin`.
    RelyingParties,
    /// 0x03 `enumerateRPsGetNextRP`.
    NextRelyingParty,
    /// 0x04 `enumerateCredentialsBegin`.
    Credentials,
    /// 0x05 `enumerateCredentialsGetNextCredential`.
    NextCredential,
    /// 0x06 `deleteCredential`.
    Delete,
    /// 0x07 `updateUserInformation`.
    UpdateUser,
    /// Any other byte.
    Other(u8),
}

impl SubCommand {
    /// The byte on the wire.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Metadata => 0x01,
            Self::RelyingParties => 0x02,
            Self::NextRelyingParty => 0x03,
            Self::Credentials => 0x04,
            Self::NextCredential => 0x05,
            Self::Delete => 0x06,
            Self::UpdateUser => 0x07,
            Self::Other(byte) => byte,
        }
    }
}

impl From<u8> for SubCommand {
    fn from(byte: u8) -> Self {
        match byte {
            0x01 => Self::Metadata,
            0x02 => Self::RelyingParties,
            0x03 => Self::NextRelyingParty,
            0x04 => Self::Credentials,
            0x05 => Self::NextCredential,
            0x06 => Self::Delete,
            0x07 => Self::UpdateUser,
            other => Self::Other(other),
        }
    }
}

impl From<SubCommand> for u8 {
    fn from(sub_command: SubCommand) -> Self {
        sub_command.byte()
    }
}

/// What a subcommand is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params {
    /// 0x01: SHA-256 of the relying party's id.
    pub rp_id_hash: Option<[u8; 32]>,
    /// 0x02.
    pub credential_id: Option<Descriptor>,
    /// 0x03.
    pub user: Option<User>,
}

impl Body for Params {
    fn to_value(&self) -> Value {
        Entries::default()
            .put_some(0x01, self.rp_id_hash)
            .put_some(0x02, self.credential_id.as_ref().map(Body::to_value))
            .put_some(0x03, self.user.as_ref().map(Body::to_value))
            .value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        Ok(Self {
            rp_id_hash: fields.take(0x01, "rpIDHash (0x01)")?,
            credential_id: fields.take(0x02, "credentialID (0x02)")?,
            user: fields.take(0x03, "user (0x03)")?,
        })
    }
}

/// The request.
pub type CredentialManagement = Authorised<SubCommand>;

impl CredentialManagement {
    /// A request without a token.
    #[must_use]
    pub fn new(sub_command: SubCommand, params: Option<&Params>) -> Self {
        Self::bare(sub_command, params.map(Body::to_value))
    }

    /// What the subcommand is about; empty where nothing was sent.
    pub fn params(&self) -> Result<Params, Fault> {
        self.params_of()
    }

    /// What the token authenticates: subCommand ‖ subCommandParams (CTAP §6.8.2 to §6.8.6).
    #[must_use]
    pub fn authenticated(&self) -> Vec<u8> {
        self.authenticated_after(Vec::new())
    }
}

impl Request for CredentialManagement {
    type Response = Response;
    const COMMAND: Command = Command::CredentialManagement;
}

/// The response; each subcommand answers some of its members.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// 0x01: how many discoverable credentials there are.
    pub existing_credentials: Option<u32>,
    /// 0x02: how many more fit.
    pub remaining_credentials: Option<u32>,
    /// 0x03. A key may have cut off the id to its last bytes (CTAP §6.8.7); the hash is of the whole.
    pub rp: Option<RelyingParty>,
    /// 0x04.
    pub rp_id_hash: Option<[u8; 32]>,
    /// 0x05.
    pub total_rps: Option<u32>,
    /// 0x06.
    pub user: Option<User>,
    /// 0x07.
    pub credential_id: Option<Descriptor>,
    /// 0x08.
    pub public_key: Option<CredentialKey>,
    /// 0x09.
    pub total_credentials: Option<u32>,
    /// 0x0A.
    pub cred_protect: Option<u8>,
    /// 0x0B.
    pub large_blob_key: Option<LargeBlobKey>,
}

impl Body for Response {
    fn to_value(&self) -> Value {
        Entries::default()
            .put_some(0x01, self.existing_credentials)
            .put_some(0x02, self.remaining_credentials)
            .put_some(0x03, self.rp.as_ref().map(Body::to_value))
            .put_some(0x04, self.rp_id_hash)
            .put_some(0x05, self.total_rps)
            .put_some(0x06, self.user.as_ref().map(Body::to_value))
            .put_some(0x07, self.credential_id.as_ref().map(Body::to_value))
            .put_some(0x08, self.public_key.as_ref().map(Body::to_value))
            .put_some(0x09, self.total_credentials)
            .put_some(0x0A, self.cred_protect)
            .put_some(0x0B, self.large_blob_key.as_ref())
            .value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        Ok(Self {
            existing_credentials: fields.take(0x01, "existingResidentCredentialsCount (0x01)")?,
            remaining_credentials: fields.take(0x02, "maxPossibleRemainingResidentCredentialsCount (0x02)")?,
            rp: fields.take(0x03, "rp (0x03)")?,
            rp_id_hash: fields.take(0x04, "rpIDHash (0x04)")?,
            total_rps: fields.take(0x05, "totalRPs (0x05)")?,
            user: fields.take(0x06, "user (0x06)")?,
            credential_id: fields.take(0x07, "credentialID (0x07)")?,
            public_key: fields.take(0x08, "publicKey (0x08)")?,
            total_credentials: fields.take(0x09, "totalCredentials (0x09)")?,
            cred_protect: fields.take(0x0A, "credProtect (0x0A)")?,
            large_blob_key: fields.take(0x0B, "largeBlobKey (0x0B)")?,
        })
    }
}
