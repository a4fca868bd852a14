//! `authenticatorClientPIN`: CTAP §6.5. The cryptography around it stands in `pin`.

use std::ops::BitOr;

use super::cbor::{Entries, Fault, Fields, Value};
use super::cose::KeyAgreement;
use super::{Body, Command, Request};

/// What is asked of the PIN (CTAP §6.5.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubCommand {
    /// 0x01 `getPINRetries`.
    GetPinRetries,
    /// 0x02 `getKeyAgreement`.
    GetKeyAgreement,
    /// 0x03 `setPIN`.
    SetPin,
    /// 0x04 `changePIN`.
    ChangePin,
    /// 0x05 `getPinToken`: the one of CTAP 2.0, without permissions.
    GetPinToken,
    /// 0x06 `getPinUvAuthTokenUsingUvWithPermissions`.
    GetTokenUsingUv,
    /// 0x07 `getUVRetries`.
    GetUvRetries,
    /// 0x09 `getPinUvAuthTokenUsingPinWithPermissions`.
    GetTokenUsingPin,
    /// Any other byte.
    Other(u8),
}

impl SubCommand {
    /// The byte on the wire.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::GetPinRetries => 0x01,
            Self::GetKeyAgreement => 0x02,
            Self::SetPin => 0x03,
            Self::ChangePin => 0x04,
            Self::GetPinToken => 0x05,
            Self::GetTokenUsingUv => 0x06,
            Self::GetUvRetries => 0x07,
            Self::GetTokenUsingPin => 0x09,
            Self::Other(byte) => byte,
        }
    }
}

impl From<u8> for SubCommand {
    fn from(byte: u8) -> Self {
        match byte {
            0x01 => Self::GetPinRetries,
            0x02 => Self::GetKeyAgreement,
            0x03 => Self::SetPin,
            0x04 => Self::ChangePin,
            0x05 => Self::GetPinToken,
            0x06 => Self::GetTokenUsingUv,
            0x07 => Self::GetUvRetries,
            0x09 => Self::GetTokenUsingPin,
            other => Self::Other(other),
        }
    }
}

/// What a pinUvAuthToken is good for (CTAP §6.5.5.7), as bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Permissions(u8);

impl Permissions {
    /// `mc`: makeCredential; needs a relying party.
    pub const MAKE_CREDENTIAL: Self = Self(0x01);
    /// `ga`: getAssertion; needs a relying party.
    pub const GET_ASSERTION: Self = Self(0x02);
    /// `cm`: credentialManagement; may have a relying party.
    pub const CREDENTIAL_MANAGEMENT: Self = Self(0x04);
    /// `be`: bioEnrollment.
    pub const BIO_ENROLLMENT: Self = Self(0x08);
    /// `lbw`: writing largeBlobs.
    pub const LARGE_BLOB_WRITE: Self = Self(0x10);
    /// `acfg`: authenticatorConfig.
    pub const AUTHENTICATOR_CONFIG: Self = Self(0x20);
    /// `pcmr` of CTAP 2.2: reading credentialManagement, across power cycles.
    pub const PERSISTENT_CREDENTIAL_MANAGEMENT_READ_ONLY: Self = Self(0x40);

    /// The byte on the wire.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether all of the others are among these.
    #[must_use]
    pub const fn contains(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl From<u8> for Permissions {
    fn from(bits: u8) -> Self {
        Self(bits)
    }
}

impl BitOr for Permissions {
    type Output = Self;

    fn bitor(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }
}

/// The request. Which members a subcommand needs is in CTAP §6.5.5; absent ones are the authenticator's to refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientPin {
    /// 0x01: the PIN/UV auth protocol.
    pub protocol: Option<u8>,
    /// 0x02.
    pub sub_command: SubCommand,
    /// 0x03: the platform's half of the key agreement.
    pub key_agreement: Option<KeyAgreement>,
    /// 0x04.
    pub pin_uv_auth_param: Option<Vec<u8>>,
    /// 0x05: the new PIN, padded to 64 bytes and encrypted.
    pub new_pin_enc: Option<Vec<u8>>,
    /// 0x06: the first 16 bytes of the SHA-256 of the PIN, encrypted.
    pub pin_hash_enc: Option<Vec<u8>>,
    /// 0x09.
    pub permissions: Option<Permissions>,
    /// 0x0A: the relying party of the permissions.
    pub rp_id: Option<String>,
}

impl ClientPin {
    /// A request with nothing but its subcommand.
    #[must_use]
    pub fn new(sub_command: SubCommand) -> Self {
        Self {
            protocol: None,
            sub_command,
            key_agreement: None,
            pin_uv_auth_param: None,
            new_pin_enc: None,
            pin_hash_enc: None,
            permissions: None,
            rp_id: None,
        }
    }
}

impl Request for ClientPin {
    type Response = Response;
    const COMMAND: Command = Command::ClientPin;
}

impl Body for ClientPin {
    fn to_value(&self) -> Value {
        Entries::default()
            .put_some(0x01, self.protocol)
            .put(0x02, self.sub_command.byte())
            .put_some(0x03, self.key_agreement.as_ref().map(Body::to_value))
            .put_some(0x04, self.pin_uv_auth_param.as_ref())
            .put_some(0x05, self.new_pin_enc.as_ref())
            .put_some(0x06, self.pin_hash_enc.as_ref())
            .put_some(0x09, self.permissions.map(Permissions::bits))
            .put_some(0x0A, self.rp_id.as_ref())
            .value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        Ok(Self {
            protocol: fields.take(0x01, "pinUvAuthProtocol (0x01)")?,
            sub_command: fields.need::<u8>(0x02, "subCommand (0x02)")?.into(),
            key_agreement: fields.take(0x03, "keyAgreement (0x03)")?,
            pin_uv_auth_param: fields.take(0x04, "pinUvAuthParam (0x04)")?,
            new_pin_enc: fields.take(0x05, "newPinEnc (0x05)")?,
            pin_hash_enc: fields.take(0x06, "pinHashEnc (0x06)")?,
            permissions: fields.take::<u8>(0x09, "permissions (0x09)")?.map(Permissions::from),
            rp_id: fields.take(0x0A, "rpId (0x0A)")?,
        })
    }
}

/// The response; each subcommand answers some of its members.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// 0x01: the authenticator's half of the key agreement.
    pub key_agreement: Option<KeyAgreement>,
    /// 0x02: the pinUvAuthToken, encrypted.
    pub pin_uv_auth_token: Option<Vec<u8>>,
    /// 0x03: how many wrong PINs are left.
    pub pin_retries: Option<u32>,
    /// 0x04: nothing more is tried until the key was without power.
    pub power_cycle_state: Option<bool>,
    /// 0x05: how many failed verifications are left.
    pub uv_retries: Option<u32>,
}

impl Body for Response {
    fn to_value(&self) -> Value {
        Entries::default()
            .put_some(0x01, self.key_agreement.as_ref().map(Body::to_value))
            .put_some(0x02, self.pin_uv_auth_token.as_ref())
            .put_some(0x03, self.pin_retries)
            .put_some(0x04, self.power_cycle_state)
            .put_some(0x05, self.uv_retries)
            .value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        Ok(Self {
            key_agreement: fields.take(0x01, "keyAgreement (0x01)")?,
            pin_uv_auth_token: fields.take(0x02, "pinUvAuthToken (0x02)")?,
            pin_retries: fields.take(0x03, "pinRetries (0x03)")?,
            power_cycle_state: fields.take(0x04, "powerCycleState (0x04)")?,
            uv_retries: fields.take(0x05, "uvRetries (0x05)")?,
        })
    }
}
