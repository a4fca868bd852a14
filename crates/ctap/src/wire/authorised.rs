//! What `authenticatorConfig` and `authenticatorCredentialManagement` have in common on the wire (CTAP §6.8, §6.11).

use super::Body;
use super::cbor::{Entries, Fault, Fields, Value};

/// A subcommand with its parameters, and a pinUvAuthToken's word that its holder wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorised<S> {
    /// 0x01.
    pub sub_command: S,
    /// 0x02, as it was sent: its bytes are authenticated. `params` reads it.
    pub sub_command_params: Option<Value>,
    /// 0x03.
    pub protocol: Option<u8>,
    /// 0x04: over what each command says.
    pub pin_uv_auth_param: Option<Vec<u8>>,
}

impl<S> Authorised<S> {
    /// A request without a token.
    pub(super) const fn bare(sub_command: S, sub_command_params: Option<Value>) -> Self {
        Self {
            sub_command,
            sub_command_params,
            protocol: None,
            pin_uv_auth_param: None,
        }
    }

    /// The parameters; absent ones are as if the map were empty.
    pub(super) fn params_of<T: Body>(&self) -> Result<T, Fault> {
        let params = self.sub_command_params.clone().unwrap_or(Value::Map(Vec::new()));
        T::from_fields(&mut Fields::of(params, "subCommandParams (0x02)")?)
    }

    /// The end of what a token authenticates: the subcommand, then its parameters as they were sent.
    pub(super) fn authenticated_after(&self, mut prefix: Vec<u8>) -> Vec<u8>
    where
        S: Copy + Into<u8>,
    {
        prefix.push(self.sub_command.into());
        prefix.extend(self.sub_command_params.iter().flat_map(Value::encode));
        prefix
    }
}

impl<S: Copy + From<u8> + Into<u8>> Body for Authorised<S> {
    fn to_value(&self) -> Value {
        Entries::default()
            .put(0x01, self.sub_command.into())
            .put_some(0x02, self.sub_command_params.clone())
            .put_some(0x03, self.protocol)
            .put_some(0x04, self.pin_uv_auth_param.as_ref())
            .value()
    }

    fn from_fields(fields: &mut Fields) -> Result<Self, Fault> {
        Ok(Self {
            sub_command: fields.need::<u8>(0x01, "subCommand (0x01)")?.into(),
            sub_command_params: fields.take(0x02, "subCommandParams (0x02)")?,
            protocol: fields.take(0x03, "pinUvAuthProtocol (0x03)")?,
            pin_uv_auth_param: fields.take(0x04, "pinUvAuthParam (0x04)")?,
        })
    }
}
