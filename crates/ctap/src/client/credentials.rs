//! Making and using credentials: CTAP §6.1 to §6.3.

use super::{Client, Error, MOST_LISTED, Transport};
use crate::pin::PinUvAuthToken;
use crate::wire::Command;
use crate::wire::get_assertion::{self, GetAssertion};
use crate::wire::make_credential::{self, MakeCredential};

impl<T: Transport> Client<T> {
    /// `authenticatorMakeCredential`, authenticated by a token where there is one. Enterprise attestation (§7.1) is asked
    /// for only where it is enabled.
    pub fn make_credential(
        &mut self,
        mut request: MakeCredential,
        token: Option<&PinUvAuthToken>,
    ) -> Result<make_credential::Response, Error<T::Error>> {
        if request.enterprise_attestation.is_some() && self.info.option("ep") != Some(true) {
            return Err(Error::Unsupported("enterprise attestation that is enabled"));
        }
        if let Some(token) = token {
            request.protocol = Some(token.protocol().number());
            request.pin_uv_auth_param = Some(token.authenticate(&request.client_data_hash));
        }
        self.ask("makeCredential", &request)
    }

    /// `authenticatorGetAssertion`, and `authenticatorGetNextAssertion` for as many more as there are.
    pub fn get_assertions(
        &mut self,
        mut request: GetAssertion,
        token: Option<&PinUvAuthToken>,
    ) -> Result<Vec<get_assertion::Response>, Error<T::Error>> {
        if let Some(token) = token {
            request.protocol = Some(token.protocol().number());
            request.pin_uv_auth_param = Some(token.authenticate(&request.client_data_hash));
        }
        let asked = "getAssertion";
        let first = self.ask(asked, &request)?;
        let count = first.number_of_credentials.unwrap_or(1);
        if count > MOST_LISTED {
            let what = "more credentials than any key holds";
            return Err(Error::Absurd { asked, what });
        }
        let mut assertions = vec![first];
        for _ in 1..count {
            let next = [Command::GetNextAssertion.byte()];
            assertions.push(self.ask_message::<GetAssertion>("getNextAssertion", &next)?);
        }
        Ok(assertions)
    }
}
