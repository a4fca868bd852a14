//! `authenticatorConfig`, CTAP §6.11. A key that has a PIN wants a token with the permission `acfg`; one that protects
//! nothing yet takes the orders without.

use super::{Client, Error, Transport};
use crate::pin::PinUvAuthToken;
use crate::wire::Body as _;
use crate::wire::cbor::Value;
use crate::wire::config::{Config, SetMinPinLength, SubCommand, VendorPrototype};

impl<T: Transport> Client<T> {
    /// `enableEnterpriseAttestation` (§6.11.1). It stays on until the key is reset.
    pub fn enable_enterprise_attestation(&mut self, token: Option<&PinUvAuthToken>) -> Result<(), Error<T::Error>> {
        self.needs("ep", "enterprise attestation")?;
        self.configure(
            "enableEnterpriseAttestation",
            SubCommand::EnableEnterpriseAttestation,
            None,
            token,
        )
    }

    /// `toggleAlwaysUv` (§6.11.2). Which way it went, `info` says then.
    pub fn toggle_always_uv(&mut self, token: Option<&PinUvAuthToken>) -> Result<(), Error<T::Error>> {
        self.needs("alwaysUv", "alwaysUv")?;
        self.configure("toggleAlwaysUv", SubCommand::ToggleAlwaysUv, None, token)
    }

    /// `setMinPINLength` (§6.11.4). The minimum only ever grows, until the key is reset. One above the length of the PIN
    /// that is set forces a change: then `info` says so, tokens that are held die, and no other is given until the PIN is
    /// changed.
    pub fn set_min_pin_length(
        &mut self,
        order: &SetMinPinLength,
        token: Option<&PinUvAuthToken>,
    ) -> Result<(), Error<T::Error>> {
        self.needs("setMinPINLength", "setMinPINLength")?;
        let params = Some(order.to_value());
        self.configure("setMinPINLength", SubCommand::SetMinPinLength, params, token)
    }

    /// `vendorPrototype` (§6.11.3).
    pub fn vendor_prototype(
        &mut self,
        order: &VendorPrototype,
        token: Option<&PinUvAuthToken>,
    ) -> Result<(), Error<T::Error>> {
        let listed = self.info.vendor_prototype_config_commands.as_ref();
        if !listed.is_some_and(|listed| listed.contains(&order.command)) {
            return Err(Error::Unsupported("vendorPrototype command of this number"));
        }
        let params = Some(order.to_value());
        self.configure("vendorPrototype", SubCommand::VendorPrototype, params, token)
    }

    /// A key that can do it has the option, whether it is set or not.
    fn needs(&self, option: &str, name: &'static str) -> Result<(), Error<T::Error>> {
        self.info.option(option).map(drop).ok_or(Error::Unsupported(name))
    }

    fn configure(
        &mut self,
        asked: &'static str,
        order: SubCommand,
        params: Option<Value>,
        token: Option<&PinUvAuthToken>,
    ) -> Result<(), Error<T::Error>> {
        if self.info.option("authnrCfg") != Some(true) {
            return Err(Error::Unsupported("authenticatorConfig"));
        }
        let mut request = Config::new(order, params);
        request.protocol = token.map(|token| token.protocol().number());
        request.pin_uv_auth_param = token.map(|token| token.authenticate(&request.authenticated()));
        self.ask(asked, &request)?;
        self.reread()
    }
}
