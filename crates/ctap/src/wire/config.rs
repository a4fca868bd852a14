//! `authenticatorConfig`: CTAP §6.11.

use super::cbor::{Entries, Fault, Fields, Value};
use super::{Authorised, Body, Command, Nothing, Request};

/// What is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubCommand {
    /// 0x01 `enableEnterpriseAttestation`.
    EnableEnterpriseAttestation,
    /// 0x02 `toggleAlwaysUv`.
    ToggleAlwaysUv,
    /// 0x03 `setMinPINLength`, with [`SetMinPinLength`].
    SetMinPinLength,
    /// 0xFF `vendorPrototype`, with [`VendorPrototype`].
    VendorPrototype,
    /// Any other byte.
    Other(u8),
}

impl SubCommand {
    /// The byte on the wire.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::EnableEnterpriseAttestation => 0x01,
            Self::ToggleAlwaysUv => 0x02,
            Self::SetMinPinLength => 0x03,
            Self::VendorPrototype => 0xFF,
            Self::Other(byte) => byte,
        }
    }
}

impl From<u8> for SubCommand {
    fn from(byte: u8) -> Self {
        match byte {
            0x01 => Self::EnableEnterpriseAttestation,
            0x02 => Self::ToggleAlwaysUv,
            0x03 => Self::SetMinPinLength,
            0xFF => Self::VendorPrototype,
            other => Self::Other(other),
        }
    }
}

impl From<SubCommand> for u8 {
    fn from(sub_command: SubCommand) -> Self {
        sub_command.byte()
    }
}

/// The parameters of `setMinPINLength` (CTAP §6.11.4).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetMinPinLength {
    /// 0x01: the shortest PIN in code points; it only ever grows.
    pub new_min_pin_length: Option<u32>,
    /// 0x02: relying parties that are told the length by the extension `minPinLength`.
    pub rp_ids: Vec<String>,
    /// 0x03: the PIN has to be changed before it is good for anything.
    pub force_change_pin: Option<bool>,
}

impl Body for SetMinPinLength {
    fn to_value(&self) -> Value {
        Entries::default()
            .put_some(0x01, self.new_min_pin_length)
            .put_list(0x02, &self.rp_ids)
            .put_some(0x03, self.force_change_pin)
            .value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        Ok(Self {
            new_min_pin_length: fields.take(0x01, "newMinPINLength (0x01)")?,
            rp_ids: fields.list(0x02, "minPinLengthRPIDs (0x02)")?,
            force_change_pin: fields.take(0x03, "forceChangePin (0x03)")?,
        })
    }
}

/// The parameters of `vendorPrototype` (CTAP §6.11.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorPrototype {
    /// 0x01: the vendor's number of the command.
    pub command: u64,
    /// What else the vendor asks for.
    pub others: Vec<(Value, Value)>,
}

impl Body for VendorPrototype {
    fn to_value(&self) -> Value {
        Entries::default().put(0x01, self.command).put_all(&self.others).value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        Ok(Self {
            command: fields.need(0x01, "vendorCommandId (0x01)")?,
            others: fields.rest(),
        })
    }
}

/// The request.
pub type Config = Authorised<SubCommand>;

impl Config {
    /// A request without a token.
    #[must_use]
    pub const fn new(sub_command: SubCommand, sub_command_params: Option<Value>) -> Self {
        Self::bare(sub_command, sub_command_params)
    }

    /// The parameters; absent ones are as if the map were empty.
    pub fn params<T: Body>(&self) -> Result<T, Fault> {
        self.params_of()
    }

    /// What the token authenticates: 32 × 0xFF ‖ 0x0D ‖ subCommand ‖ subCommandParams (CTAP §6.11).
    #[must_use]
    pub fn authenticated(&self) -> Vec<u8> {
        let mut message = vec![0xFF; 32];
        message.push(Command::Config.byte());
        self.authenticated_after(message)
    }
}

impl Request for Config {
    type Response = Nothing;
    const COMMAND: Command = Command::Config;
}
